"""The task card: one message, edited in place for a whole set. Pure: a card in, a screen out.

Gold and work items go through the same lines here, with the same buttons in the same order.
"""

from __future__ import annotations

import json
from typing import Any

from actions.judgments import FLAG_REASONS
from actions.work import Card
from handlers.screen import Button, Rows, Screen, grid
from rules import answers, money
from rules import card as layout
from rules.answers import EMPTY, Draft
from rules.project_file import Choice, Project, Scale, Tags, dump
from rules.text import MESSAGE_UNITS_MAX, Piece, Text, clip, units

LINE_CHARACTERS = 38
"""So many fit on a line of a phone."""
BAR_CELLS = 6
WIDE_BAR_CELLS = 10
TITLE_MAX = 22
SHORT_LABEL = 16
STAGES = {"training": "Training", "exam": "Exam"}


def screen(card: Card, note: str = "") -> Screen:
    """Show a task with the buttons for the question asked now. `note`: a line above everything, in italics."""
    pages = layout.paged(card.project.definition, card.fields)
    text = _with_page(_top(card, note), pages[min(card.page, len(pages) - 1)])
    rows: Rows = [_page_row(card, len(pages))] if len(pages) > 1 else []
    if card.pages_seen < len(pages) - 1:
        text.italic("Read to the last page to answer.")
    else:
        _question(text, card)
        rows += _answer_rows(card)
    return Screen(text, [*rows, _bottom_row(card)])


def menu(card: Card) -> Screen:
    """Show the same card with the rarer things to do."""
    shown = screen(card)
    rows = [
        [_button(card, "Flag a problem", "F"), _button(card, "Show raw", "r")],
        [_button(card, "Pause", "p"), _button(card, "Instructions", "i")],
        [_button(card, "◀ Back", "b")],
    ]
    return Screen(shown.text, rows)


def flag_menu(card: Card) -> Screen:
    """Show the same card with the reasons for flagging it."""
    reasons = [_button(card, label, f"f{word}") for word, label in FLAG_REASONS.items()]
    return Screen(screen(card).text, [*grid(reasons, 2), [_button(card, "◀ Back", "b")]])


def instructions(card: Card) -> Screen:
    """Show what the coordinator asks for, with the way back to the card."""
    text = Text().bold(card.project.title).plain("\n\n").plain(card.project.rules.instructions)
    return Screen(text, [[_button(card, "◀ Back", "b")]])


def preview(project: Project, fields: dict[str, Any]) -> Screen:
    """Show an item as a student will see it, for its coordinator. The buttons answer nothing."""
    definition = dump(project)
    pages = layout.paged(definition, json.dumps(fields))
    header = _header(_short(project.title), 1, 20, money.show(0, project.pay.currency))
    text = _with_page(header, pages[0])
    if len(pages) > 1:
        text.italic(f"Page 1 of {len(pages)}; the buttons below come with the last.").plain("\n\n")
    ask = answers.question_now(project, EMPTY)
    assert ask is not None
    text.bold(_wording(ask))
    return Screen(text, _options(ask, EMPTY, lambda operation: "c:nothing"))


def bar(done: int, of: int, cells: int = BAR_CELLS) -> str:
    """Draw progress: "▓▓▓░░░░░"."""
    filled = min(cells, done * cells // max(of, 1))
    return "▓" * filled + "░" * (cells - filled)


def _top(card: Card, note: str) -> Text:
    text = Text()
    if note:
        text.line(note, "italic").plain("\n")
    where = STAGES.get(card.stage, _short(card.project.title))
    today = money.show(card.today_micro, card.currency)
    return text.extend(_header(where, card.place, card.of, today))


def _header(where: str, place: int, of: int, today: str) -> Text:
    """Say where one is, on one line where a phone has room for it; else on two, rather than broken anywhere."""
    widest = len(f"{where} · {of}/{of} {bar(0, of)} · today {today}")
    joint, cells = (" ", BAR_CELLS) if widest <= LINE_CHARACTERS else ("\n", WIDE_BAR_CELLS)
    text = Text().bold(f"{where} · {place}/{of}").plain(joint)
    return text.plain(f"{bar(place - 1, of, cells)} · today {today}\n\n")


def _with_page(text: Text, page: list[Piece]) -> Text:
    """Add a page and an empty line; a page that was cut between two paragraphs brings its own."""
    ends = "".join(piece.text for piece in page[-2:])
    return text.extend(page).plain("\n" * max(0, 2 - (len(ends) - len(ends.rstrip("\n")))))


def _short(title: str) -> str:
    return title if len(title) <= TITLE_MAX else title[: TITLE_MAX - 1].rstrip() + "…"


def _page_row(card: Card, count: int) -> list[Button]:
    back = _button(card, "◀", f"g{card.page - 1}") if card.page else _button(card, "·", "b")
    forth = _button(card, "▶", f"g{card.page + 1}") if card.page + 1 < count else _button(card, "·", "b")
    return [back, _button(card, f"{card.page + 1}/{count}", "b"), forth]


def _question(text: Text, card: Card) -> None:
    rules = card.project.rules
    ask = answers.question_now(rules, card.draft)
    wording = _wording(ask) if ask is not None else ""
    so_far = answers.words(rules, card.draft.answers)
    if so_far:
        said = "Your answer: "
        room = MESSAGE_UNITS_MAX - units(f"{text}{wording}{said}\n\n")
        text.line(said + clip(so_far, room)).plain("\n")
    text.bold(wording)


def _wording(ask: Choice | Tags | Scale) -> str:
    if isinstance(ask, Scale):
        return f"{ask.text}\n{ask.low} = {ask.low_label}, {ask.high} = {ask.high_label}"
    if isinstance(ask, Tags):
        return f"{ask.text} Tap all that apply, then Done."
    return ask.text


def _answer_rows(card: Card) -> Rows:
    ask = answers.question_now(card.project.rules, card.draft)
    if ask is None:
        return []
    return _options(ask, card.draft, lambda operation: _data(card, operation))


def _options(ask: Choice | Tags | Scale, draft: Draft, data: Any) -> Rows:
    match ask:
        case Scale():
            steps = [Button(str(value), data(f"v{value}")) for value in range(ask.low, ask.high + 1)]
            return grid(steps, 5 if len(steps) % 5 == 0 or len(steps) > 6 else len(steps))
        case Choice():
            choices = [Button(option.label, data(f"o{place}")) for place, option in enumerate(ask.options)]
            return grid(choices, _per_row(choices))
        case Tags():
            ticks = [
                Button(
                    f"✓ {option.label}" if option.value in draft.marks else option.label,
                    data(f"t{place}{'-' if option.value in draft.marks else '+'}"),
                )
                for place, option in enumerate(ask.options)
            ]
            ready = len(draft.marks) >= ask.at_least
            ended = "Done" if draft.marks else "None of these"
            done = Button(ended if ready else f"Done (choose {ask.at_least} or more)", data("d"))
            return [*grid(ticks, _per_row(ticks)), [done]]


def _per_row(buttons: list[Button]) -> int:
    return 2 if max(len(button.label) for button in buttons) <= SHORT_LABEL else 1


def _bottom_row(card: Card) -> list[Button]:
    more = _button(card, "⋯", "m")
    if card.stage == "training":
        return [more]
    undo = _button(card, "↩ Undo", "u")
    return [undo, more] if card.stage == "exam" else [undo, _button(card, "Skip", "s"), more]


def _data(card: Card, operation: str) -> str:
    return f"a:{card.token}:{card.step}:{operation}"


def _button(card: Card, label: str, operation: str) -> Button:
    return Button(label, _data(card, operation))
