"""One item of a calibration round: its text, how the answers spread as plain bars, the ruling and why. For coordinators and, with their own
answer marked, for students. Pure; nobody's name is known here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.language import N_, _, listed, n_, percent
from handlers.views import questions
from rules import card as layout
from rules import markdown
from rules import rounds as rules
from rules.kinds import AnyQuestion, Scale, Sheet, Steps, Tags, Value
from rules.project_file import Project
from rules.rounds import Spread
from rules.text import MESSAGE_UNITS_MAX, Text, clip, units

CELLS = 8
"""With the longest marks behind it a bar still fits into a line of a phone."""
LABEL_MAX = 30
SNIPPET_SOURCE_MAX = 500
"""More of a text is not read for its beginning."""
BARS_MOST = 12
BARS_UNITS = 1_600
"""Once so much was said, further questions are left out."""
QUESTION_MAX = 100
ROOM_UNITS = 200
"""What is left free beside an item and the answers to it, for the lines above them."""
# Translators: marks behind a bar: this answer is the coordinator's ruling; this answer is the reader's own.
RULING, OWN = N_("the ruling"), N_("yours")


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of an item. `own`: the reader's answer, None for a coordinator or who left it out; `few`: too few answered."""

    rules: Project
    definition: str
    fields: str
    answers: Sequence[Mapping[str, Value]]
    ruling: Mapping[str, Value] | None
    why: str
    own: Mapping[str, Value] | None = None
    flipped: bool = False
    is_coordinator: bool = False

    @property
    def sheet(self) -> Sheet:
        """The item as it was laid before the reader."""
        return Sheet(json.loads(self.fields), self.flipped)


def pages(shown: Shown) -> list[Text]:
    """Lay an item and the answers to it out: on one page where they fit, else the answers on a page of their own, which is the last."""
    found = layout.laid_out(shown.definition, shown.fields, flipped=shown.flipped)
    texts = [
        Text().extend(layout.shown(page, _marks(shown, page_has=bool(page.entries)))) for page in found.pages
    ]
    answers = told(shown)
    if units(str(texts[-1])) + units(str(answers)) + ROOM_UNITS <= MESSAGE_UNITS_MAX:
        texts[-1] = _apart(texts[-1]).extend(answers)
    else:
        texts.append(answers)
    return texts


def _apart(text: Text) -> Text:
    ends = str(text)
    return text.plain("\n" * max(0, 2 - (len(ends) - len(ends.rstrip("\n")))))


def _marks(shown: Shown, *, page_has: bool) -> layout.Marks:
    """Mark the first wrong step of a chain, where the ruling names one."""
    rated = next((ask for ask in shown.rules.ask if isinstance(ask, Steps)), None)
    wrong = shown.ruling.get(rated.id) if shown.ruling and rated is not None else None
    if page_has and isinstance(wrong, int) and wrong >= 0:
        return layout.Marks({wrong: layout.MARGINS["-"]})
    return layout.NO_MARKS


def told(shown: Shown) -> Text:
    """Say how the answers spread, what was ruled and why."""
    text = Text()
    least = 1 if shown.is_coordinator else rules.SHOWN_LEAST
    for spread in rules.spreads(shown.rules, shown.answers):
        if spread.given >= least and units(str(text)) < BARS_UNITS:
            _bars(text, shown, spread)
    if not text.pieces and not shown.is_coordinator:
        text.line(_("Too few answered this one to show how the answers spread."), "italic").plain("\n")
    if shown.ruling is not None:
        said = questions.said(shown.rules, shown.ruling, shown.sheet)
        # Translators: a coordinator's decision about an item, after a heading in bold.
        text.bold(_("Ruling: {answer}", answer=clip(said, 300))).plain("\n").line(shown.why)
    if not shown.is_coordinator:
        text.plain("\n" if shown.ruling is not None else "").plain(_own(shown))
    return text


def _own(shown: Shown) -> str:
    if shown.own is None:
        return _("You left this one out.")
    said = clip(questions.said(shown.rules, shown.own, shown.sheet), 300)
    return _("Your answer: {answer}", answer=said)


def _bars(text: Text, shown: Shown, spread: Spread) -> None:
    ask = shown.rules.asked(spread.question)
    assert ask is not None
    # Translators: {question} is a question of the project; {n} students answered it.
    text.line(
        n_(
            "{question} · {n} answer",
            "{question} · {n} answers",
            spread.given,
            question=clip(ask.text, QUESTION_MAX),
        ),
        "bold",
    )
    bars = list(spread.bars)
    if isinstance(ask, Tags) or len(bars) > BARS_MOST:
        # Of a long list only what somebody chose, the most chosen first.
        bars = sorted((bar for bar in bars if bar.count), key=lambda bar: -bar.count)[:BARS_MOST]
    for bar in bars:
        filled = round(CELLS * bar.count / spread.given)
        line = f"{'▓' * filled}{'░' * (CELLS - filled)} {bar.count} · {label(ask, bar.value, shown.sheet)}"
        marks = [
            _(word)
            for word, answers in ((RULING, shown.ruling), (OWN, shown.own))
            if answers is not None and _is(ask, answers.get(ask.id), bar.value)
        ]
        text.line(line + (f" ← {listed(marks)}" if marks else ""))
    text.plain("\n")


def _is(ask: AnyQuestion, given: Any, value: Value) -> bool:
    """Tell whether an answer is the one of a bar. Tags are several; a ruling on steps is stored as its first wrong one."""
    if given is None:
        return False
    if isinstance(given, list):
        return value in given
    return bool((ask.compared(given) if isinstance(given, dict) else given) == value)


def label(ask: AnyQuestion, value: Value, sheet: Sheet) -> str:
    """Say one answer to one question shortly, as its button does."""
    if isinstance(ask, Scale):
        return str(value)
    return clip(questions.said_one(ask, value, sheet), LABEL_MAX)


def in_short(project: Project, found: Sequence[Mapping[str, Value]]) -> str:
    """Say how answers to the leading question spread, in one line: "3 Correct, 2 Wrong"."""
    ask = rules.leading(project)
    spread = next(
        (one for one in rules.spreads(project, found) if ask is not None and one.question == ask.id), None
    )
    if ask is None or spread is None:
        return _("no answers yet")
    given = sorted((bar for bar in spread.bars if bar.count), key=lambda bar: -bar.count)
    return " · ".join(f"{bar.count} {label(ask, bar.value, Sheet())}" for bar in given[:3])


def snippet(fields: str, definition: Project) -> str:
    """Give the beginning of an item's first text in plain words, on one line."""
    values = json.loads(fields)
    name, first = next(((name, values[name]) for name in definition.fields if values.get(name)), ("", ""))
    source = str(first[0] if isinstance(first, list) and first else first)[:SNIPPET_SOURCE_MAX]
    # Also where a card shows a text as it stands, a list is read for what it is about; code means its signs.
    is_code = definition.fields.get(name) == "code"
    words = clip(" ".join(source.split()) if is_code else markdown.in_a_line(source), LABEL_MAX)
    # A formula's own dots and those of a shortened text are one sign.
    return words.replace("……", "…")


def share(alike: int, of: int) -> str:
    """Say a share of a few: "3 of 5 (60 %)"."""
    return _("{count} of {of} ({percent})", count=alike, of=of, percent=percent(alike / of if of else 0.0))
