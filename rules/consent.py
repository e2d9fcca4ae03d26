"""The text that a student agrees to, with its version. A change of a word is a new version, and asks everybody again."""

from __future__ import annotations

import hashlib

VERSION = "2026-11-1"

POINTS = (
    (
        "What is kept",
        "your Telegram id and name, the profile you give next, your answers, and when you gave them.",
    ),
    (
        "What for",
        "your answers become data that trains and tests AI models. Your hours and pay are worked out from them.",
    ),
    ("Who sees it", "coordinators see your number and your answers. Exported data never holds your name."),
    ("How long", "until you ask us to erase it in /privacy. Entries about pay stay, without your name."),
    (
        "Your choice",
        "you can withdraw at any time in /privacy. New exports then leave your answers out; what you earned is paid.",
    ),
)


def digest() -> str:
    """Fingerprint the text agreed to, so that a record can be matched with its words."""
    return hashlib.sha256(repr((VERSION, POINTS)).encode()).hexdigest()
