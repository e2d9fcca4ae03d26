"""What a task card shows of an item, and on how many pages. The item's own characters, all of them, in the project's order."""

from __future__ import annotations

import functools
import json
from typing import Any

from rules.project_file import Project, Show, load
from rules.text import PAGE_UNITS, Piece, pages, units

STYLES = {"plain": "", "markdown": "blockquote", "code": "pre"}


def body(project: Project, fields: dict[str, Any]) -> list[Piece]:
    """Lay out an item: each shown field under its heading; the first needs none."""
    pieces: list[Piece] = []
    for place, show in enumerate(project.show):
        if pieces:
            pieces.append(Piece("\n\n"))
        heading = show.label or (_heading(show) if place else "")
        if heading:
            pieces += [Piece(heading, "bold"), Piece("\n")]
        pieces.append(Piece(str(fields.get(show.field, "")).strip("\n"), STYLES[show.shown_as]))
    return pieces


def _heading(show: Show) -> str:
    words = show.field.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


HEADINGS_UNITS_MAX = 10 * (2 * 40 + 3)
"""Ten labels of forty characters, two units each, with the line ends around them."""


@functools.lru_cache(maxsize=512)
def paged(definition: str, fields: str) -> list[list[Piece]]:
    """Give the pages of an item, from the stored texts of its project and its fields. Cached: the same texts are the same pages."""
    laid_out = body(load(definition), json.loads(fields))
    if sum(units(piece.text) for piece in laid_out) <= PAGE_UNITS:
        return [laid_out]
    return pages(laid_out)


def page_count(definition: str, fields: str) -> int:
    """Tell on how many pages an item is read."""
    # No character takes more than two units and none is shorter in JSON, so a short item need not be laid out.
    if len(fields) * 2 + HEADINGS_UNITS_MAX <= PAGE_UNITS:
        return 1
    return len(paged(definition, fields))
