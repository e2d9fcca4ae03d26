"""The task card: one message, edited in place for a whole set. Pure: a card in, a screen out.

Gold and work items go through the same lines here, with the same buttons in the same order.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from actions import projects as actions_projects
from actions.judgments import FLAG_REASONS
from actions.work import Card
from handlers.language import _, aligned, money
from handlers.screen import Button, Rows, Screen, grid
from handlers.views import questions
from rules import card as layout
from rules import rich
from rules.answers import EMPTY
from rules.card import MARGINS, Marks, Page
from rules.kinds import AnyQuestion, Span, Steps, TextAnswer
from rules.project_file import Project, dump
from rules.text import MESSAGE_UNITS_MAX, Piece, Text, clip, units

LINE_CHARACTERS = 38
"""So many fit on a line of a phone."""
BAR_CELLS = 6
WIDE_BAR_CELLS = 10
TITLE_MAX = 22


def screen(card: Card, note: str = "", hint: str = "") -> Screen:
    """Show a task with the buttons for the question asked now.

    `note`: a line above everything, in italics; `hint`: one right above the question, where it is seen on a card of any height.
    """
    if not card.layout.is_rich:
        return _classic(card, note, hint)
    # Whoever is not served the rich form reads the plain one, page by page.
    plain = _classic(dataclasses.replace(card, is_rich=False).on_a_page(), note, hint)
    page = _page(card)
    html = [rich.from_pieces(_top(card, note)), layout.html_of(page, _marks(card))]
    html.append(rich.from_pieces(_below(card, MESSAGE_UNITS_MAX, hint)))
    return Screen(
        plain.text, plain.rows, rich="".join(html), rich_rows=[*_answer_rows(card), _bottom_row(card)]
    )


def _classic(card: Card, note: str, hint: str) -> Screen:
    text = _with_page(_top(card, note), layout.shown(_page(card), _marks(card)))
    text.extend(_below(card, MESSAGE_UNITS_MAX - units(str(text)), hint))
    return Screen(text, [*_answer_rows(card), _bottom_row(card)])


def menu(card: Card) -> Screen:
    """Show the same card with the rarer things to do."""
    rows = [
        [_button(card, _("Flag a problem"), "F"), _button(card, _("Show raw"), "r")],
        [_button(card, _("Pause"), "p"), _button(card, _("Instructions"), "i")],
    ]
    if layout.wants_rich(card.project.definition, card.fields):
        label = _("Plain text") if card.is_rich else _("With formatting")
        rows.append([_button(card, label, "P" if card.is_rich else "R")])
    return _with_rows(screen(card), [*rows, [_back(card)]])


def flag_menu(card: Card) -> Screen:
    """Show the same card with the reasons for flagging it."""
    reasons = [_button(card, _(label), f"f{word}") for word, label in FLAG_REASONS.items()]
    return _with_rows(screen(card), [*grid(reasons, 2), [_back(card)]])


def _with_rows(shown: Screen, rows: Rows) -> Screen:
    return dataclasses.replace(shown, rows=rows, rich_rows=rows)


def instructions(card: Card) -> Screen:
    """Show what the coordinator asks for, with the way back to the card."""
    text = Text().bold(card.project.title).plain("\n\n").plain(card.project.rules.instructions)
    return Screen(text, [[_back(card)]])


def preview(project: Project, fields: dict[str, Any]) -> Screen:
    """Show an item as a student will see it, for its coordinator. The buttons answer nothing."""
    stored = actions_projects.Project(0, project.slug, project.title, dump(project), "draft", None)
    card = Card(stored, "", 0, "work", json.dumps(fields), EMPTY, 0, 0, 1, 20, 0, project.pay.currency)
    last = card.layout.last
    card = dataclasses.replace(card, pages_seen=last)
    text = _with_page(_top(card, ""), layout.shown(_page(card), _marks(card)))
    if last:
        text.italic(_("Page 1 of {count}; the buttons below come with the last.", count=last + 1)).plain(
            "\n\n"
        )
    text.extend(_below(card, MESSAGE_UNITS_MAX))
    return Screen(text, questions.rows(project.ask[0], card, _page(card), lambda operation: "c:nothing"))


def body(card: Card, top: Text) -> Screen:
    """Show a task under another header, with the buttons that answer it and none beside them."""
    text = _with_page(Text(top.pieces), layout.shown(_page(card), _marks(card)))
    text.extend(_below(card, MESSAGE_UNITS_MAX - units(str(text))))
    return Screen(text, _answer_rows(card))


def bar(done: int, of: int, cells: int = BAR_CELLS) -> str:
    """Draw progress: "▓▓▓░░░░░"."""
    filled = min(cells, done * cells // max(of, 1))
    return "▓" * filled + "░" * (cells - filled)


def _page(card: Card) -> Page:
    return card.layout.pages[min(card.page, card.layout.last)]


def _marks(card: Card) -> Marks:
    """Give the signs before steps and sentences. A chain is told up to the step that is rated, or that ended it."""
    ask, marks = card.question, card.draft.marks
    if isinstance(ask, Span):
        return Marks({int(mark): MARGINS["+"] for mark in marks})
    rated = next((one for one in card.project.rules.ask if isinstance(one, Steps)), None)
    if isinstance(ask, Steps):
        return Marks(_signs(marks), now=len(marks), until=len(marks))
    value = card.draft.answers.get(rated.id) if rated is not None else None
    if not isinstance(value, dict):
        return layout.NO_MARKS
    signs = {1: "+", 0: "o", -1: "-"}
    ratings = tuple(signs[rating] for rating in value["ratings"])
    return Marks(_signs(ratings), until=len(ratings) - 1 if value["end"] == "found_error" else None)


def _signs(ratings: tuple[str, ...]) -> dict[int, str]:
    return {place: MARGINS[rating] for place, rating in enumerate(ratings)}


def _top(card: Card, note: str) -> Text:
    text = Text()
    if note:
        text.line(note, "italic").plain("\n")
    # Translators: what kind of items a student is at, in the header of a card.
    stages = {"training": _("Training"), "exam": _("Exam"), "round": _("Round"), "practice": _("Practice")}
    where = stages.get(card.stage, _short(card.project.title))
    return text.extend(_header(where, card.place, card.of, money(card.today_micro, card.currency)))


def _header(where: str, place: int, of: int, today: str) -> Text:
    """Say where one is, on one line where a phone has room for it; else on two, rather than broken anywhere."""
    # Translators: what a student earned today, in the header of a card: "today $3.12".
    earned = _("today {money}", money=today)
    widest = len(f"{where} · {of}/{of} {bar(0, of)} · {earned}")
    joint, cells = (" ", BAR_CELLS) if widest <= LINE_CHARACTERS else ("\n", WIDE_BAR_CELLS)
    text = Text().bold(aligned(where, f"{place}/{of}")).plain(joint)
    return text.plain(f"{bar(place - 1, of, cells)} · {earned}\n\n")


def _with_page(text: Text, page: list[Piece]) -> Text:
    """Add a page and an empty line; a page that was cut between two paragraphs brings its own."""
    ends = "".join(piece.text for piece in page[-2:])
    return text.extend(page).plain("\n" * max(0, 2 - (len(ends) - len(ends.rstrip("\n")))))


def _short(title: str) -> str:
    return title if len(title) <= TITLE_MAX else title[: TITLE_MAX - 1].rstrip() + "…"


def _below(card: Card, room: int, hint: str = "") -> Text:
    """Say what was answered so far and what is asked now; while there is more to read first, that."""
    ask, text = card.question, Text()
    if ask is None:
        return text
    if not _may_answer(card, ask):
        return text.italic(_what_to_read(card, ask))
    wording, how = questions.wording(ask, card)
    so_far = questions.said(card.project.rules, card.draft.answers, card.sheet)
    left = room - units(wording) - units(how) - units(hint) - GAP_UNITS
    if so_far:
        answer = clip(so_far, max(left // 2, SO_FAR_UNITS_MIN))
        text.line(_("Your answer: {answer}", answer=answer)).plain("\n")
    if hint:
        text.line(hint, "italic").plain("\n")
    text.bold(wording)
    if how:
        text.plain("\n").plain(how)
    if isinstance(ask, TextAnswer) and card.draft.marks:
        text.plain("\n").add(clip(card.draft.marks[0], room - units(str(text)) - GAP_UNITS), "blockquote")
    return text


GAP_UNITS = 40
SO_FAR_UNITS_MIN = 60


def _may_answer(card: Card, ask: AnyQuestion) -> bool:
    """Tell whether the buttons of the question are shown: what it is about has been read, and stands on this page."""
    found, place = card.layout, len(card.draft.marks)
    if isinstance(ask, Steps):
        return card.page == found.end_of(place) and card.pages_seen >= found.end_of(place)
    if isinstance(ask, Span):
        return bool(_page(card).entries)
    return card.read_to >= found.last


def _what_to_read(card: Card, ask: AnyQuestion) -> str:
    if isinstance(ask, Steps):
        number = len(card.draft.marks) + 1
        return _("Step {number} is on page {page}.", number=number, page=card.layout.end_of(number - 1) + 1)
    if card.layout.first_of_side(2):
        return _("Read both answers to the end to compare them.")
    return _("Read to the last page to answer.")


def _answer_rows(card: Card) -> Rows:
    ask = card.question
    found = _page_rows(card)
    if ask is None or not _may_answer(card, ask):
        return found
    return [*found, *questions.rows(ask, card, _page(card), lambda operation: _data(card, operation))]


def _page_rows(card: Card) -> Rows:
    """Give the buttons that turn pages: two answers by name, everything else by number."""
    found = card.layout
    if not found.last:
        return []
    sides = [_side_button(card, side) for side in (1, 2)] if found.first_of_side(2) else []
    by_number = [
        _turn(card, -1, "◀"),
        _button(card, f"{card.page + 1}/{found.last + 1}", "b"),
        _turn(card, 1, "▶"),
    ]
    if not sides:
        return [by_number]
    return [sides] if found.last == 1 else [sides, by_number]


def _side_button(card: Card, side: int) -> Button:
    """Lead to one of two answers; the one in sight is marked, and the second one is read after the first."""
    first = card.layout.first_of_side(side)
    # Translators: buttons that show one of two answers to compare; at most 10 characters.
    label = _("Read A") if side == 1 else _("Read B")
    is_here = _page(card).side == side
    if is_here or first > card.pages_seen + 1:
        return _button(
            card, f"• {label}" if is_here else label, "b" if is_here else f"g{card.pages_seen + 1}"
        )
    return _button(card, label, f"g{first}")


def _turn(card: Card, by: int, label: str) -> Button:
    page, ask = card.page + by, card.question
    last = card.layout.end_of(len(card.draft.marks)) if isinstance(ask, Steps) else card.layout.last
    return _button(card, label, f"g{page}") if 0 <= page <= last else _button(card, "·", "b")


def _bottom_row(card: Card) -> list[Button]:
    # Translators: small buttons in one row under a task; at most 10 characters each.
    undo, skip = _button(card, _("Undo ↩"), "u"), _button(card, _("Skip"), "s")
    more = _button(card, "⋯", "m")
    if card.stage in ("training", "practice"):
        return [undo, more] if card.draft.answers or card.draft.marks else [more]
    return [undo, more] if card.stage == "exam" else [undo, skip, more]


def _back(card: Card) -> Button:
    return _button(card, _("Back"), "b")


def _data(card: Card, operation: str) -> str:
    return f"a:{card.token}:{card.step}:{operation}"


def _button(card: Card, label: str, operation: str) -> Button:
    return Button(label, _data(card, operation))
