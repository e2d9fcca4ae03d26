"""Small words that several views share."""

from __future__ import annotations


def count(number: int, word: str) -> str:
    """Write a number with its word: "1 student", "1,204 students"."""
    return f"{number:,} {word}{'s' * (number != 1)}"
