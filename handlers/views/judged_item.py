"""An item with all that was answered to it, for whoever decides about it: laid out as students see it, page by page, the answers below its
last page. Pure: no name stands in it, since none came in."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence

from handlers.language import _
from handlers.screen import Button, Rows, Screen
from handlers.views import questions
from rules import card as layout
from rules import rich
from rules.card import Layout
from rules.kinds import Sheet, TextAnswer, Value
from rules.project_file import Project
from rules.rulings import Answers, Side
from rules.text import ENTITIES_MAX, MESSAGE_UNITS_MAX, Piece, Text, pages, units

Turn = Callable[[int], str]
"""Gives the callback data that opens a page."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sight:
    """An item as somebody reads it. `flipped`: of two answers to compare, the item's second one is read first."""

    definition: str
    fields: str
    flipped: bool = False
    is_rich: bool = False

    def laid_out(self, *, is_rich: bool) -> Layout:
        """Lay it out in one of its forms."""
        return layout.laid_out(self.definition, self.fields, flipped=self.flipped, is_rich=is_rich)

    @property
    def sheet(self) -> Sheet:
        """It as the rules of its questions see it."""
        return Sheet(json.loads(self.fields), self.flipped)


@dataclasses.dataclass(frozen=True, slots=True)
class Around:
    """What stands around an item. `top`: above each page; `said`: what was answered, after the item; `below`: what is asked, at the end.

    `rows`: the buttons of the last page; `always`: those under every page.
    """

    top: Text
    said: Text
    below: Text
    rows: Rows
    always: Rows


def screen(sight: Sight, page: int, around: Around, turn: Turn) -> Screen:
    """Show a page of an item with what stands around it, as a rich message too where its reader is served one."""
    plain = _classic(sight, page, around, turn)
    found = sight.laid_out(is_rich=True) if sight.is_rich else None
    if found is None or not found.is_rich:
        return plain
    place = min(page, found.last)
    is_last = place == found.last
    parts = [rich.from_pieces(around.top), layout.html_of(found.pages[place])]
    if is_last:
        parts += [rich.from_pieces(around.said), rich.from_pieces(around.below)]
    html = "".join(parts)
    if not rich.fits(html):
        return plain
    rows = _rows(around, place, found.last, turn)
    return dataclasses.replace(plain, rich=html, rich_rows=rows)


def _classic(sight: Sight, page: int, around: Around, turn: Turn) -> Screen:
    item = [layout.shown(one) for one in sight.laid_out(is_rich=False).pages]
    said = pages(around.said.pieces) if around.said.pieces else []
    body = [*item, *said]
    if len(said) == 1 and _fits(around, [*item[-1], *said[0]]):
        body = [*item[:-1], [*item[-1], Piece("\n\n"), *said[0]]]
    place, last = min(page, len(body) - 1), len(body) - 1
    text = Text(around.top.pieces).extend(body[place])
    if place == last:
        text.plain("\n\n").extend(around.below)
    return Screen(text, _rows(around, place, last, turn))


def _fits(around: Around, body: Sequence[Piece]) -> bool:
    """Tell whether an item's last page and what was answered stand in one message."""
    pieces = [*around.top.pieces, *body, *around.below.pieces]
    styled = sum(len(piece.style.split()) for piece in pieces)
    return (
        sum(units(piece.text) for piece in pieces) + GAPS_UNITS <= MESSAGE_UNITS_MAX
        and styled <= ENTITIES_MAX
    )


GAPS_UNITS = 8


def _rows(around: Around, place: int, last: int, turn: Turn) -> Rows:
    found: Rows = []
    if last:
        back = Button("◀", turn(place - 1)) if place else Button("·", "c:nothing")
        forth = Button("▶", turn(place + 1)) if place < last else Button("·", "c:nothing")
        found.append([back, Button(f"{place + 1}/{last + 1}", "c:nothing"), forth])
    if place == last:
        found += around.rows
    return [*found, *around.always]


def said(project: Project, sides: Sequence[Side], sheet: Sheet) -> Text:
    """Say what was answered and why: the answers that stand against each other, the commonest first, each with its reasons."""
    text = Text()
    for place, side in enumerate(sides):
        if place:
            text.plain("\n\n")
        label = questions.said(project, side.verdict, sheet) or _("no answer to this")
        text.bold(f"{side.count} × {begun(label)}")
        for reason, count in side.reasons:
            why = reason_of(project, reason, sheet)
            if why:
                times = f"{count} × " if count > 1 else ""
                text.plain(f"\n• {times}{why}")
    return text


def begun(words: str) -> str:
    """Let words begin with a capital, as at the head of a line."""
    return words[:1].upper() + words[1:]


def reason_of(project: Project, reason: Answers, sheet: Sheet) -> str:
    """Say what somebody answered beside their verdict; words that they typed stand there whole."""
    parts = []
    for ask in project.ask:
        value: Value | None = reason.get(ask.id)
        if value is None or value == "":
            continue
        is_typed = isinstance(ask, TextAnswer)
        parts.append(f"“{value}”" if is_typed else questions.said(project, {ask.id: value}, sheet))
    return " · ".join(parts)
