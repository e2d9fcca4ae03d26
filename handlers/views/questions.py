"""How each kind of question looks on a card: its words, its buttons, and an answer said back. Pure.

The buttons of a question keep their order always: what is shuffled are the two answers to compare, never the verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from actions.work import Card
from handlers.language import N_, _, listed, n_
from handlers.screen import Button, Rows, grid
from rules.card import MARGINS, Page
from rules.kinds import (
    AnyQuestion,
    Choice,
    Preference,
    Scale,
    Sheet,
    Span,
    Steps,
    Tags,
    TextAnswer,
    Value,
)
from rules.project_file import Project
from rules.text import clip

SHORT_LABEL = 16
NUMBERS_PER_ROW = 5
QUOTE_UNITS_MAX = 160
Data = Callable[[str], str]
"""Gives the callback data of an operation on a card."""

# Translators: verdicts on two answers, button labels; at most 14 characters.
PREFERENCES = {
    "w1": N_("A better"),
    "w2": N_("B better"),
    "wt": N_("Tie"),
    "wb": N_("Both bad"),
}
# Translators: verdicts on one step of a chain of reasoning, button labels; at most 12 characters.
RATINGS = {"+": N_("Good"), "o": N_("Neutral"), "-": N_("Wrong")}


def wording(ask: AnyQuestion, card: Card) -> tuple[str, str]:
    """Say a question as it stands on the card, and below it how it is answered; that may be empty."""
    match ask:
        case Scale():
            # The project's own words, in its own language and direction.
            return ask.text, f"{ask.low} = {ask.low_label}, {ask.high} = {ask.high_label}"
        case Tags() if ask.at_most > 1:
            return ask.text, _("Tap all that apply, then Done.")
        case TextAnswer():
            return ask.text, _how_to_type(ask, card)
        case Span():
            return ask.text, _how_to_pick(ask)
        case Steps():
            count = len(ask.steps(card.sheet.fields))
            step = _("Step {number} of {count}", number=len(card.draft.marks) + 1, count=count)
            return f"{step} · {ask.text}", ""
    return ask.text, ""


def _how_to_type(ask: TextAnswer, card: Card) -> str:
    if card.draft.marks:
        return _("Done keeps it; a new message replaces it.")
    return _("Type it as a message, {least} to {most} characters.", least=ask.least, most=ask.most)


def _how_to_pick(ask: Span) -> str:
    if ask.at_most == 1:
        return _("Tap its number.")
    return n_("Tap up to {n} number, then Done.", "Tap up to {n} numbers, then Done.", ask.at_most)


def rows(ask: AnyQuestion, card: Card, page: Page, data: Data) -> Rows:
    """Give the buttons that answer a question."""
    match ask:
        case Scale():
            steps = [Button(str(value), data(f"v{value}")) for value in range(ask.low, ask.high + 1)]
            return grid(steps, 5 if len(steps) % 5 == 0 or len(steps) > 6 else len(steps))
        case Choice():
            choices = [Button(option.label, data(f"o{place}")) for place, option in enumerate(ask.options)]
            return grid(choices, _per_row(choices))
        case Tags():
            return _tag_rows(ask, card, data)
        case Preference():
            verdicts = {"w1": True, "w2": True, "wt": ask.tie, "wb": ask.both_bad}
            return grid(
                [Button(_(PREFERENCES[one]), data(one)) for one, offered in verdicts.items() if offered], 2
            )
        case Steps():
            return _step_rows(ask, card, data)
        case TextAnswer():
            return _text_rows(ask, card, data)
        case Span():
            return _span_rows(ask, card, page, data)


def _tag_rows(ask: Tags, card: Card, data: Data) -> Rows:
    marks = card.draft.marks
    ticks = [
        Button(
            f"✓ {option.label}" if option.value in marks else option.label,
            data(f"t{place}{'-' if option.value in marks else '+'}"),
        )
        for place, option in enumerate(ask.options)
    ]
    offers_done = ask.at_most > 1 or ask.at_least == 0
    return [
        *grid(ticks, _per_row(ticks)),
        *([[_done(len(marks), ask.at_least, data)]] if offers_done else []),
    ]


def _done(ticked: int, at_least: int, data: Data) -> Button:
    if ticked < at_least:
        label = n_("Done (choose {n} or more)", "Done (choose {n} or more)", at_least)
    else:
        label = _("Done") if ticked else _("None of these")
    return Button(label, data("d"))


def _step_rows(ask: Steps, card: Card, data: Data) -> Rows:
    place = len(card.draft.marks)
    offered = [one for one in RATINGS if one != "o" or ask.neutral]
    verdicts = [Button(f"{_(RATINGS[one])} {MARGINS[one]}", data(f"k{place}{one}")) for one in offered]
    # Translators: ways to leave a chain of reasoning: its problem makes no sense; the student cannot judge it. At most 18 characters.
    return [verdicts, [Button(_("Bad problem"), data("xb")), Button(_("I give up"), data("xg"))]]


def _text_rows(ask: TextAnswer, card: Card, data: Data) -> Rows:
    if card.draft.marks:
        return [[Button(_("Done"), data("d")), Button(_("Clear"), data("c"))]]
    return [] if ask.required else [[Button(_("Leave it out"), data("n"))]]


def _span_rows(ask: Span, card: Card, page: Page, data: Data) -> Rows:
    picked = {int(mark) for mark in card.draft.marks}
    numbers = [
        Button(
            f"✓ {entry.index + 1}" if entry.index in picked else str(entry.index + 1),
            data(f"t{entry.index}{'-' if entry.index in picked else '+'}"),
        )
        for entry in page.entries
        if entry.begins
    ]
    found = grid(numbers, NUMBERS_PER_ROW)
    is_last = card.pages_seen >= card.layout.last
    if is_last and (ask.at_most > 1 or ask.at_least == 0):
        found.append([_done(len(picked), ask.at_least, data)])
    return found


def _per_row(buttons: list[Button]) -> int:
    return 2 if max(len(button.label) for button in buttons) <= SHORT_LABEL else 1


def said(project: Project, answers: Mapping[str, Value], sheet: Sheet) -> str:
    """Say an answer, or a gold one, with the words that the student saw: "Wrong · Arithmetic, Logic"."""
    scales = sum(isinstance(ask, Scale) for ask in project.ask)
    parts = []
    for ask in project.ask:
        if answers.get(ask.id) is not None:
            # Several scales on one card are told apart by their names: "Helpful 4 · Correct 5".
            name = f"{_name(ask)} " if isinstance(ask, Scale) and scales > 1 else ""
            parts.append(name + (str(answers[ask.id]) if name else said_one(ask, answers[ask.id], sheet)))
    return " · ".join(parts)


def _name(ask: AnyQuestion) -> str:
    words = ask.id.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def said_one(ask: AnyQuestion, value: Any, sheet: Sheet) -> str:
    """Say the answer to one question."""
    match ask:
        case Scale():
            return _("{value} of {high}", value=value, high=ask.high)
        case Choice() | Tags():
            labels = {option.value: option.label for option in ask.options}
            values = value if isinstance(value, list) else [value]
            # Translators: a student ticked none of the reasons.
            return listed([labels.get(str(one), str(one)) for one in values]) if values else _("nothing")
        case Preference():
            return _said_preference(value, sheet)
        case Steps():
            return said_steps(ask.compared(value) if isinstance(value, dict) else value)
        case TextAnswer():
            words = " / ".join(value) if isinstance(value, list) else value
            return f"“{clip(words, QUOTE_UNITS_MAX)}”" if words else _("no comment")
        case Span():
            text = str(sheet.fields.get(ask.field, ""))
            quotes = [f"“{clip(text[one['start'] : one['end']], QUOTE_UNITS_MAX)}”" for one in value]
            return ", ".join(quotes) or _("nothing")


def _said_preference(value: str, sheet: Sheet) -> str:
    read_first = "b" if sheet.flipped else "a"
    meant = {"tie": "wt", "both_bad": "wb"}.get(value, "w1" if value == read_first else "w2")
    return _(PREFERENCES[meant])


def said_steps(first_wrong: Value) -> str:
    """Say how a chain of reasoning was found. `first_wrong`: the index of its first wrong step, -1 for none, or how it was left."""
    if first_wrong == "bad_problem":
        return _("bad problem")
    if first_wrong == "give_up":
        return _("gave up")
    if isinstance(first_wrong, int) and first_wrong >= 0:
        return _("step {number} is wrong", number=first_wrong + 1)
    return _("no step is wrong")
