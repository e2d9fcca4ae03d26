"""Figures: medians and quartiles of repeated measurements, and tables of them. Nothing here measures anything."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Write a median with its quartiles: "1.05 [0.98-1.12]"."""
    low, middle, high = quartiles(values)
    return f"{middle:,.{digits}f} [{low:,.{digits}f}-{high:,.{digits}f}]"


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Give the first quartile, the median and the third."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def ratios(above: Iterable[float], below: Iterable[float]) -> list[float]:
    """Divide measurements of the same rounds, pair by pair."""
    return [one / other for one, other in zip(above, below, strict=True)]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table, aligned for the terminal as well."""
    lines = [list(head), *[list(row) for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    written = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([written[0], rule, *written[1:]])
