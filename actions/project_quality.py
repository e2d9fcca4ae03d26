"""The quality of a project as its coordinator sees it: a figure or two for each thing that has a page of its own. Only reads."""

from __future__ import annotations

import dataclasses

from actions import (
    agreements,
    disputes,
    gold_items,
    gold_proposals,
    models,
    pairs,
    people,
    projects,
    rounds,
    standings_managed,
)
from actions.agreements import Figure
from actions.gold_items import Health
from actions.people import Visitor
from actions.projects import Project
from storage.tx import Tx

SET_ASIDE_SHOWN = 12
SURE_FROM = (99, 95, 90, 80)
"""Where the groups of labels begin that are told apart by how sure they are, in hundredths."""


@dataclasses.dataclass(frozen=True, slots=True)
class Answers:
    """The live answers to work and gold: those that count, on hold, and left out. `to_work`: those of the first that went to work,
    `items`: to how many items of it."""

    counted: int
    held: int
    excluded: int
    to_work: int
    items: int

    @property
    def given(self) -> int:
        """All of them."""
        return self.counted + self.held + self.excluded

    @property
    def an_item(self) -> float | None:
        """How many answers an item of work has that counts any; None before the first."""
        return self.to_work / self.items if self.items else None


@dataclasses.dataclass(frozen=True, slots=True)
class Labels:
    """What is believed of the items by the first question that decides. Chances in millionths, over the settled ones.

    `golds`: how many stand behind the confidence, 0 where only agreement can be told; `of`: all work items. `complete`: where no question
    decides, so that nothing gets a label, how many items have all their answers; else None.
    """

    settled: int
    unsure: int
    open: int
    ruled: int
    confidence: int
    reach: int
    golds: int
    of: int
    complete: int | None = None

    @property
    def released(self) -> int:
        """Items that have their label."""
        return self.settled + self.ruled


@dataclasses.dataclass(frozen=True, slots=True)
class Quality:
    """A project's quality in figures. `golds_proposed`, `golds_leaked`: items; `people`: by standing; `pairs`: to look at.

    `fitted_ms`: when the models were brought up to date last, None before.
    """

    project: Project
    answers: Answers
    labels: Labels
    disputes: disputes.Queue
    agreement: Figure | None
    golds: Health
    golds_leaked: int
    golds_proposed: int
    people: dict[str, int]
    pairs: int
    rounds: rounds.Summary
    fitted_ms: int | None
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Status:
    status: str
    answers: int
    to_work: int
    items: int


@dataclasses.dataclass(frozen=True, slots=True)
class _State:
    state: str
    items: int
    confidence: int
    reach: int


def of(tx: Tx, visitor: Visitor, project_id: int) -> Quality:
    """Give a project's quality to whoever manages it."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    figures = agreements.of_project(tx, project, lead_only=True)
    fit = models.fit_of(tx, project.id)
    return Quality(
        project=project,
        answers=answers_of(tx, project.id),
        labels=labels_of(tx, project),
        disputes=disputes.queue_of(tx, project),
        agreement=figures[0] if figures else None,
        golds=gold_items.health(tx, project.id),
        golds_leaked=gold_items.count(tx, project.id, gold_items.LEAKED),
        golds_proposed=gold_proposals.count(tx, project),
        people=standings_managed.counts(tx, project.id),
        pairs=pairs.count_open(tx, project.id),
        rounds=rounds.summary(tx, project.id),
        fitted_ms=fit.fitted_ms if fit is not None else None,
        time_zone=people.profile_of(tx, person).time_zone,
    )


def answers_of(tx: Tx, project_id: int) -> Answers:
    """Count a project's answers by whether they count."""
    found = {row.status: row for row in tx.all("project_quality.answers", _Status, project_id=project_id)}
    counts = {status: row.answers for status, row in found.items()}
    to_work, items = (found["counted"].to_work, found["counted"].items) if "counted" in found else (0, 0)
    return Answers(counts.get("counted", 0), counts.get("held", 0), counts.get("excluded", 0), to_work, items)


def labels_of(tx: Tx, project: Project) -> Labels:
    """Sum up what is believed of a project's items."""
    decides = disputes.lead_of(project)
    lead = decides or ""
    rows = tx.all("project_quality.labels", _State, project_id=project.id, question=lead)
    found = {row.state: row for row in rows}
    counts = {state: row.items for state, row in found.items()}
    settled = found.get("settled")
    return Labels(
        settled=counts.get("settled", 0),
        unsure=counts.get("unsure", 0),
        open=counts.get("open", 0),
        ruled=counts.get("adjudicated", 0),
        confidence=settled.confidence if settled else 0,
        reach=settled.reach if settled else 0,
        golds=tx.number("project_quality.golds_behind", project_id=project.id, question=lead),
        of=projects.stock(tx, project.id).work,
        complete=tx.number("projects.count_settled", id=project.id) if decides is None else None,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class SetAside:
    """Answers that do not count, by the rule that decided and whether they are held or excluded."""

    rule: str
    status: str
    answers: int
    people: int


@dataclasses.dataclass(frozen=True, slots=True)
class AnswersPage:
    """A project's answers, and why some of them do not count."""

    project: Project
    answers: Answers
    set_aside: list[SetAside]


def answers_page(tx: Tx, visitor: Visitor, project_id: int) -> AnswersPage:
    """Give a project's answers and which rules set some of them aside."""
    _person, project = projects.managed_by_id(tx, visitor, project_id)
    found = tx.all("project_quality.set_aside", SetAside, project_id=project.id)
    return AnswersPage(project, answers_of(tx, project.id), found[:SET_ASIDE_SHOWN])


@dataclasses.dataclass(frozen=True, slots=True)
class _Sure:
    hundredths: int
    items: int


@dataclasses.dataclass(frozen=True, slots=True)
class LabelsPage:
    """A project's labels, and how many are how sure: (from so many hundredths, items), the surest first; 0 is the rest."""

    project: Project
    labels: Labels
    sure: list[tuple[int, int]]
    fitted_ms: int | None
    time_zone: str


def labels_page(tx: Tx, visitor: Visitor, project_id: int) -> LabelsPage:
    """Give a project's labels and how sure they are."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    lead = disputes.lead_of(project) or ""
    groups = dict.fromkeys((*SURE_FROM, 0), 0)
    for row in tx.all("project_quality.sureness", _Sure, project_id=project.id, question=lead):
        groups[next((least for least in SURE_FROM if row.hundredths >= least), 0)] += row.items
    fit = models.fit_of(tx, project.id)
    return LabelsPage(
        project,
        labels_of(tx, project),
        list(groups.items()),
        fit.fitted_ms if fit is not None else None,
        people.profile_of(tx, person).time_zone,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class AgreementPage:
    """How far answers agree beyond chance, question by question."""

    project: Project
    figures: list[Figure]


def agreement_page(tx: Tx, visitor: Visitor, project_id: int) -> AgreementPage:
    """Give a project's agreement on every question that has classes."""
    _person, project = projects.managed_by_id(tx, visitor, project_id)
    return AgreementPage(project, agreements.of_project(tx, project))
