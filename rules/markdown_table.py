"""Tables of Markdown, read from tokens and laid out for a phone: in columns where they fit, as records of "header: cell" where not."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

from markdown_it.token import Token

from rules.text import columns

WIDTH_MAX = 36
"""So many characters of a fixed width stand side by side on a phone."""
LABEL_COLUMNS_MAX = 40
"""A longer header is not said again in each row; a number stands for it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: its tokens, their text, and the side that it keeps to."""

    children: tuple[Token, ...] = ()
    text: str = ""
    side: str = ""


Row = list[Cell]


def read(stream: Sequence[Token], place: int) -> tuple[int, list[Row]]:
    """Read the table that opens at a place of the stream; the first row is its header. Return the place of its end too."""
    rows: list[Row] = []
    for end in range(place, len(stream)):
        token = stream[end]
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            side = str(stream[end - 1].attrs.get("style", "")).removeprefix("text-align:")
            children = tuple(token.children or ())
            rows[-1].append(Cell(children, "".join(map(_shown, children)), side))
        elif token.type == "table_close":
            return end, rows
    raise ValueError("a table that is opened is closed")


def _shown(token: Token) -> str:
    if token.type == "link_close":
        return ""
    shown = str(token.meta.get("shown", ""))
    return f"{token.content} ({shown}) " if shown else token.content


def laid_out(rows: Sequence[Row]) -> str | None:
    """Write a table in columns of one width each; None where it is wider than a phone, or holds what has no known width."""
    widths = [
        max(columns(cell.text) for cell in column)
        for column in itertools.zip_longest(*rows, fillvalue=Cell())
    ]
    if sum(widths) + 3 * (len(widths) - 1) > WIDTH_MAX or any(
        "\t" in cell.text for row in rows for cell in row
    ):
        return None
    lines = [" | ".join(map(_padded, row, widths)).rstrip() for row in rows]
    lines.insert(1, "-+-".join("-" * width for width in widths))
    return "\n".join(lines)


def _padded(cell: Cell, width: int) -> str:
    room = width - columns(cell.text)
    left = {"right": room, "center": room // 2}.get(cell.side, 0)
    return " " * left + cell.text + " " * (room - left)


def records(rows: Sequence[Row]) -> list[list[tuple[str, Cell]]]:
    """Give each row as pairs of label and cell. Where headers are too long to be labels, they are the first record, numbered."""
    header = rows[0]
    if len(rows) > 1 and all(columns(cell.text) <= LABEL_COLUMNS_MAX for cell in header):
        labels = [cell.text for cell in header]
        shown = rows[1:]
    else:
        labels = [str(number) for number in range(1, len(header) + 1)]
        shown = rows
    found = [list(itertools.zip_longest(labels, row, fillvalue=Cell())) for row in shown]
    return [[(str(label), cell) for label, cell in row if label or cell.text] for row in found]
