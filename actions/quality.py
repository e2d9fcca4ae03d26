"""Quality: what an answer leaves behind for the models, what they saw of people and items, and which answers count.

A tap only looks its own item up anew (`note`); how models are brought up to date is `actions.refits`."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from actions import models, overlap, projects
from actions.projects import Project
from rules.quality.verdicts import Models, Told, Verdict
from storage.tx import Tx

ANSWERS_LEAST = 20
"""So many answers that count, or no longer count, are worth a refit."""
ITEMS_AT_ONCE = 100
"""So many items follow in the transaction in which their answers change: some ten milliseconds of the writer's. More wait for a refit."""
Status = str
"""counted, held or excluded."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What the last fit saw of one person on one project; figures are those of `rules.quality.evidence.Reading`.

    `since_id`: the judgment with which a run of bad evidence began, None where there is none. `stops`: the evidence is enough to pause
    them.
    `worth_milli`: what an answer of theirs tells, in thousandths of the median answer. `waits`: they let others go first.
    """

    project_id: int
    person_id: int
    log_e_milli: int
    since_id: int | None
    golds_right: int
    golds: int
    peers_agreed: int
    peers: int
    stops: int
    alpha_micro: int
    answers: int
    worth_milli: int
    waits: int
    after_id: int
    read_ms: int

    @property
    def worth(self) -> float:
        """What an answer of theirs tells beside the median answer."""
        return self.worth_milli / 1000


@dataclasses.dataclass(frozen=True, slots=True)
class Validation:
    """One decision about whether a judgment counts. `figures`: JSON; `decided_by`: None where a rule decided."""

    status: str
    rule: str
    version: int
    figures: str
    decided_ms: int
    decided_by: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Judgment:
    id: int
    person_id: int
    project_id: int
    item_id: int
    use: str
    status: str
    undone_ms: int | None


def note(tx: Tx, project: Project, item_id: int, use: str) -> None:
    """Take an answer that was just recorded into what is believed of its item; a gold item only counts one showing more."""
    if use == "work":
        overlap.review(tx, project, item_id)
    elif use == "gold":
        tx.run("quality.expose", item_id=item_id, more=1)


def forget(tx: Tx, project: Project, item_id: int, use: str) -> None:
    """Take an answer that was just undone out again."""
    if use == "work":
        overlap.reopen(tx, project, item_id)
    elif use == "gold":
        tx.run("quality.expose", item_id=item_id, more=-1)


def of_person(tx: Tx, project: Project, person_id: int) -> Reading | None:
    """Give what the last fit saw of a person; None before it saw any answer of theirs."""
    return tx.one("quality.reading", Reading, project_id=project.id, person_id=person_id)


def readings(tx: Tx, project_id: int) -> list[Reading]:
    """Give what the last fit saw of everybody."""
    return tx.all("quality.readings", Reading, project_id=project_id)


def beliefs_of(tx: Tx, item_id: int) -> list[Told]:
    """Give what is believed of a work item, for each question that decides."""
    return tx.all("quality.beliefs_of", Told, item_id=item_id)


def validations_of(tx: Tx, judgment_id: int) -> list[Validation]:
    """Give all decisions about a judgment, the oldest first."""
    return tx.all("quality.validations_of", Validation, judgment_id=judgment_id)


def set_status(
    tx: Tx,
    judgment_ids: Iterable[int],
    status: Status,
    rule: str,
    figures: Mapping[str, Any],
    decided_by: int | None = None,
    *,
    version: int = 1,
) -> int:
    """Let answers count, hold them or exclude them; what is believed of their items follows at once, or with the refit that this asks for
    where they are many. Their pay does not change.

    Each decision is written down with its rule, figures and version, and none is ever erased. Undone judgments are passed over. Return how
    many judgments have another status than before.
    """
    changed: dict[int, set[int]] = defaultdict(set)
    count = 0
    for judgment_id in judgment_ids:
        found = tx.one("quality.judgment", _Judgment, id=judgment_id)
        if found is None or found.undone_ms is not None or found.status == status:
            continue
        tx.run("quality.set_status", id=judgment_id, status=status)
        tx.run(
            "quality.add_validation",
            judgment_id=judgment_id,
            status=status,
            rule=rule,
            version=version,
            figures=json.dumps(dict(figures), ensure_ascii=False, sort_keys=True),
            now_ms=tx.now_ms,
            decided_by=decided_by,
        )
        count += 1
        changed[found.project_id] |= {found.item_id} if found.use == "work" else set()
    for project_id, items in changed.items():
        if len(items) <= ITEMS_AT_ONCE:
            look_again(tx, project_id, sorted(items))
        if decided_by is not None or count >= ANSWERS_LEAST:
            ask_refit(tx, project_id)
    return count


def look_again(
    tx: Tx, project_id: int, item_ids: Sequence[int], known: Mapping[int, Verdict] | None = None
) -> None:
    """Note anew what the answers of some work items come to, and settle or open them accordingly. `known`: what they come to, where it was
    just worked out from these very answers and models."""
    if not item_ids:
        return
    project = projects.get(tx, project_id)
    serving = models.of(tx, project)
    for item_id in item_ids:
        overlap.review(tx, project, item_id, serving, known.get(item_id) if known else None)


def ask_refit(tx: Tx, project_id: int) -> None:
    """Have a project's models brought up to date soon: a key changed, or answers count that did not."""
    tx.run("quality.ask_fit", project_id=project_id, now_ms=tx.now_ms)


def restart(tx: Tx, project_id: int, person_id: int) -> None:
    """Begin the evidence about a person anew, as for somebody who comes back: what they answered so far no longer speaks about them."""
    tx.run("quality.restart", project_id=project_id, person_id=person_id, now_ms=tx.now_ms)
    ask_refit(tx, project_id)


def serving(tx: Tx, project: Project) -> Models:
    """Give the models that are in force for a project."""
    return models.of(tx, project)
