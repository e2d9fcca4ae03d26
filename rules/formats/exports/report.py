"""What is counted while a file is written, for its dataset card: rows, judgments, students, agreement, and what was left out and why.

Its memory grows with the students and the kinds of answers, not with the items or judgments.
"""

from __future__ import annotations

import dataclasses
from collections import Counter

from rules.agreement import Agreement, Value
from rules.formats.exports.formats import Format
from rules.formats.exports.judged import Judged, Plan
from rules.kinds import AnyQuestion, Scale, Span, Tags, TextAnswer
from rules.kinds import Value as Answer

Interval = tuple[float, float]
DIGITS = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Agreed:
    """The agreement on a question. `alpha`: None where no two answers differ, `ac1` only where there are no items; their intervals of
    95 %, None where items are too few or all answers alike; `judgments`: on items with two or more."""

    question: str
    measure: str
    alpha: float | None
    alpha_interval: Interval | None
    ac1: float | None
    ac1_interval: Interval | None
    items: int
    judgments: int


@dataclasses.dataclass(frozen=True, slots=True)
class Withheld:
    """Judgments that never reached the file: of students who withdrew their consent, and given after their item had settled."""

    withdrawn: int = 0
    withdrawn_students: int = 0
    late: int = 0


class Report:
    """The figures of one file."""

    def __init__(self, form: Format, plan: Plan) -> None:
        self.form, self.plan = form, plan
        self.rows = self.items = self.judgments = self.credited_ms = 0
        self.students: set[str] = set()
        self.statuses: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.depth: Counter[int] = Counter()
        self.first_ms = self.last_ms = 0
        self.sure = self.golds = 0
        self.confidence = 0.0
        self.withheld = Withheld()
        self._agreement = {ask.id: Agreement() for ask in plan.project.ask if _comparable(ask)}

    def see(self, item: Judged) -> None:
        """Count the judgments of an item, whether or not it makes rows."""
        self.judgments += len(item.given)
        for given in item.given:
            self.students.add(given.student)
            self.statuses[given.status] += 1
            self.credited_ms += given.credited_ms
            self.first_ms = min(self.first_ms or given.answered_ms, given.answered_ms)
            self.last_ms = max(self.last_ms, given.answered_ms)
        for ask in self.plan.project.ask:
            if ask.id in self._agreement:
                answers = [one.answers[ask.id] for one in item.counted if ask.id in one.answers]
                self._agreement[ask.id].add(_word(ask, answer) for answer in answers)

    def write(self, item: Judged, rows: int) -> None:
        """Count an item that made rows."""
        self.rows += rows
        self.items += 1
        self.depth[len(item.counted)] += 1
        sure = item.least_sure
        if sure is not None and sure.confidence is not None:
            self.sure += 1
            self.confidence += sure.confidence
            self.golds = max(self.golds, sure.golds)

    def leave_out(self, why: str) -> None:
        """Count an item that made none."""
        self.left_out[why] += 1

    def agreement(self) -> list[Agreed]:
        """Give the agreement on each question that can have one."""
        return [self._agreed(ask) for ask in self.plan.project.ask if ask.id in self._agreement]

    def _agreed(self, ask: AnyQuestion) -> Agreed:
        ordered = isinstance(ask, Scale)
        found = self._agreement[ask.id].measure(ordered=ordered)
        return Agreed(
            ask.id,
            "ordinal" if ordered else "nominal",
            _rounded(found.alpha),
            _interval(found.alpha_low, found.alpha_high),
            _rounded(found.ac1),
            _interval(found.ac1_low, found.ac1_high),
            found.items,
            found.answers,
        )


def _rounded(figure: float | None) -> float | None:
    # Adding nothing makes "-0.0" plain.
    return None if figure is None else round(figure, DIGITS) + 0.0


def _interval(low: float | None, high: float | None) -> Interval | None:
    if low is None or high is None:
        return None
    return round(low, DIGITS) + 0.0, round(high, DIGITS) + 0.0


def _comparable(ask: AnyQuestion) -> bool:
    """Tell whether answers to a question can be equal across items: quotes and free words cannot."""
    return not isinstance(ask, TextAnswer | Span)


def _word(ask: AnyQuestion, answer: Answer) -> Value:
    """Give an answer as one value: several tags as one, steps by the first wrong one."""
    if isinstance(ask, Tags) and isinstance(answer, list):
        return " ".join(sorted(map(str, answer)))
    value = ask.compared(answer)
    return value if isinstance(value, int | str) else str(value)
