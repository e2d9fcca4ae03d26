"""Exports: a project's judged items, a page at a time, without what may not leave the house. What a file looks like is `rules.formats`.

Left out are undone judgments and all judgments of students who took their consent back. Unless gold is asked for, an item gives only the
judgments that it wanted, whatever it was for, and a senior's: everybody meets gold items, so the rest of their judgments would tell
which ones they are.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

from actions import models, people, projects, quality
from actions.people import Visitor
from actions.projects import Project
from rules import project_file
from rules.formats.exports.judged import Given, Judged
from rules.formats.exports.report import Withheld
from rules.kinds import Value
from rules.labels import Sure
from rules.quality import questions, verdicts
from rules.quality.verdicts import MILLION, Models, Said
from storage.tx import Tx

PAGE = 200
"""Items read at once: their texts may be long."""


@dataclasses.dataclass(frozen=True, slots=True)
class Extent:
    """How many live judgments an export reads, and how many of them it may not hold."""

    judgments: int
    left_out: int
    left_out_students: int


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Some items. `last_id`: where the next page goes on, None after the last one; `read`: judgments looked at; `late`: those of
    agreeing students that came after their item had settled."""

    items: list[Judged]
    last_id: int | None
    read: int
    late: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Item:
    id: int
    external_id: str
    use: str
    fields: str
    gold: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Judgment:
    id: int
    person_id: int
    pseudonym: str
    answers: str
    correct: int | None
    flipped: int
    shown_ms: int
    answered_ms: int
    credited_ms: int
    amount_micro: int
    currency: str
    status: str
    agreed: int
    reviewed: int


def extent(tx: Tx, project_id: int, with_gold: bool = False) -> Extent:
    """Count what an export of a project will read and leave out."""
    counted = tx.one("exports.extent", Extent, project_id=project_id, everything=int(with_gold))
    return counted or Extent(0, 0, 0)


def withheld(extent: Extent, late: int) -> Withheld:
    """Say for a dataset card what never reached the file."""
    return Withheld(extent.left_out, extent.left_out_students, late)


def page(tx: Tx, project: Project, with_gold: bool, after_id: int = 0) -> Page:
    """Give the next items of a project that have judgments, in the order of their ids. `with_gold`: all of their judgments, and the
    items of training and exams as well."""
    rows = tx.all(
        "exports.judged_items",
        _Item,
        project_id=project.id,
        after_id=after_id,
        everything=int(with_gold),
        most=PAGE,
    )
    serving = models.of(tx, project)
    items, read, late = [], 0, 0
    for row in rows:
        live = tx.all("exports.judgments_of", _Judgment, item_id=row.id, use=row.use)
        ruled = _ruled(tx, row.id) if row.use == "work" else {}
        item, left = _judged(project.rules, serving, row, live, ruled, with_gold)
        read += len(live)
        late += left
        if item.given:
            items.append(item)
    return Page(items, rows[-1].id if len(rows) == PAGE else None, read, late)


def _judged(
    rules: project_file.Project,
    serving: Models,
    row: _Item,
    live: list[_Judgment],
    ruled: dict[str, Sure],
    with_gold: bool,
) -> tuple[Judged, int]:
    """Put an item together with the judgments that may be seen, and count those of agreeing students that were not wanted."""
    given = [json.loads(one.answers) for one in live]
    said = [
        Said(one.person_id, answers) if one.status == "counted" else None
        for one, answers in zip(live, given, strict=True)
    ]
    asked = questions.modelled(rules)
    deciding = questions.deciding(asked)
    wanted = len(live) if with_gold else verdicts.stops_at(rules, deciding, serving, said)
    agreed = [place for place, one in enumerate(live) if one.agreed]
    # A senior was asked once the item had all that it wanted, so their answer comes after that and belongs to it all the same.
    kept = [place for place in agreed if place < wanted or live[place].reviewed]
    counted = [one for place in kept if (one := said[place]) is not None]
    verdict = verdicts.verdict(rules, deciding, serving, counted)
    sure = {one.key: verdicts.sure_of(one, serving, counted) for one in asked} if serving.version else {}
    # A ruling is the label, also before there is any model.
    beliefs = {key: one for key, one in sure.items() if one is not None} | ruled
    item = Judged(
        project=rules,
        external_id=row.external_id,
        use=row.use,
        fields=json.loads(row.fields),
        gold=None if row.gold is None else json.loads(row.gold),
        given=tuple(_given(live[place], given[place]) for place in kept),
        is_settled=bool(counted) and (verdict.wanted == 0 or bool(ruled)),
        beliefs=beliefs,
        status="adjudicated" if ruled else _status(verdict),
    )
    return item, len(agreed) - len(kept)


def _status(verdict: verdicts.Verdict) -> str:
    """Give the state of an item: the worst of those of its questions that decide."""
    states = {told.state for told in verdict.told}
    return next((state for state in ("open", "unsure", "settled") if state in states), "")


def _ruled(tx: Tx, item_id: int) -> dict[str, Sure]:
    """Give what somebody ruled on an item. What a senior student ruled is their answer, and leaves with their consent."""
    if tx.value("exports.ruled_without_consent", item_id=item_id) is not None:
        return {}
    return {
        told.question: Sure(told.label, told.confidence / MILLION, told.low / MILLION, told.high / MILLION)
        for told in quality.beliefs_of(tx, item_id)
        if told.state == "adjudicated"
    }


def _given(row: _Judgment, said: dict[str, Value]) -> Given:
    return Given(
        id=row.id,
        student=row.pseudonym,
        answers=said,
        status=row.status,
        correct=None if row.correct is None else bool(row.correct),
        flipped=bool(row.flipped),
        shown_ms=row.shown_ms,
        answered_ms=row.answered_ms,
        credited_ms=row.credited_ms,
        amount_micro=row.amount_micro,
        currency=row.currency,
    )


def pages(tx: Tx, project: Project, with_gold: bool) -> Iterator[Page]:
    """Give all pages of a project from one view of the store."""
    after_id: int | None = 0
    while after_id is not None:
        found = page(tx, project, with_gold, after_id)
        yield found
        after_id = found.last_id


@dataclasses.dataclass(frozen=True, slots=True)
class Offered:
    """What a coordinator may export. `owns`: they may also ask for gold results, as the project's owner or an admin."""

    project: Project
    extent: Extent
    owns: bool


def offered(tx: Tx, visitor: Visitor, project_id: int, with_gold: bool = False) -> Offered:
    """Tell whoever manages a project what an export of it will hold and leave out."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    owns = project.owner_id == person.id or "admin" in people.roles(tx, person.id)
    return Offered(project, extent(tx, project.id, with_gold), owns)


def managed_page(tx: Tx, visitor: Visitor, project_id: int, with_gold: bool, after_id: int) -> Page:
    """Give whoever manages a project the next page of its export; rights are looked up anew for each."""
    found = offered(tx, visitor, project_id)
    return page(tx, found.project, with_gold and found.owns, after_id)


def note(tx: Tx, visitor: Visitor, project_id: int, words: str) -> None:
    """Write down who exported what."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    people.audit(tx, f"person:{person.id}", "exported", f"project:{project.id}", words)
