"""Overlap: whenever an item's answers change, see what they come to, whether it is settled or wants more, and keep its slots in step."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from actions import assignments, ledger, models
from actions.projects import Project
from rules.quality import questions, verdicts
from rules.quality.verdicts import Models, Said, Verdict
from storage.tx import Tx

COUNTED = "counted"
ENOUGH = Verdict(0, 0, ())


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """A live judgment of an item."""

    id: int
    person_id: int
    answers: str
    status: str


def review(
    tx: Tx,
    project: Project,
    item_id: int,
    given_models: Models | None = None,
    known: Verdict | None = None,
) -> Verdict:
    """Note what an item's answers come to; settle it when it wants no more, or hand out the slots that it still wants.

    Held and excluded answers do not count, but their pay is approved with the others. `given_models`: for reviewing many items in one
    transaction; `known`: their verdict on this item, where it was just worked out.
    """
    given = tx.all("work.answers_of", Answer, item_id=item_id)
    if tx.value("work.is_apart", item_id=item_id) is not None:
        # It was made gold since these answers were asked for: whatever becomes of them, nobody else is to get it as work.
        _settle(tx, project, item_id, [one.id for one in given])
        return ENOUGH
    serving = models.of(tx, project) if given_models is None else given_models
    counted = [one for one in given if one.status == COUNTED]
    verdict = known or _verdict(project, serving, counted)
    ruled = not _believe(tx, project, item_id, verdict, serving.version) if counted else _forget(tx, item_id)
    if verdict.wanted == 0 or ruled:
        _settle(tx, project, item_id, [one.id for one in given])
        return verdict
    # An answer that was still out when the item settled can unsettle it, and so can a model that learned more.
    tx.run("work.unsettle", item_id=item_id)
    out = assignments.slots_out(tx, project.id, item_id)
    if out:
        tx.run("quality.set_urgency", item_id=item_id, urgency=verdict.urgency)
    for _ in range(verdict.wanted - out):
        tx.run("work.give_back", project_id=project.id, item_id=item_id)
    # Answers that count again leave less to ask for; a lease that is out stays.
    for _ in range(out - verdict.wanted):
        tx.run("work.take_back", item_id=item_id)
    return verdict


def _verdict(project: Project, serving: Models, counted: Sequence[Answer]) -> Verdict:
    deciding = questions.deciding(questions.of_definition(project.definition))
    said = [Said(one.person_id, json.loads(one.answers)) for one in counted]
    return verdicts.verdict(project.rules, deciding, serving, said)


def _believe(tx: Tx, project: Project, item_id: int, verdict: Verdict, version: int) -> bool:
    """Write down what is believed of an item. False where somebody ruled on it, which no answer changes."""
    kept = True
    for told in verdict.told:
        state = tx.value(
            "quality.believe",
            project_id=project.id,
            item_id=item_id,
            question=told.question,
            label=told.label,
            posterior=told.posterior,
            confidence=told.confidence,
            low=told.low,
            high=told.high,
            given=told.given,
            urgency=told.urgency,
            state=told.state,
            model_version=version,
            now_ms=tx.now_ms,
        )
        kept = kept and state is not None
    return kept


def _forget(tx: Tx, item_id: int) -> bool:
    """Take away what was believed of an item that has no counted answer left. True where somebody ruled on it."""
    tx.run("quality.forget_beliefs", item_id=item_id)
    return tx.value("quality.is_ruled", item_id=item_id) is not None


def _settle(tx: Tx, project: Project, item_id: int, judgment_ids: list[int]) -> None:
    tx.run("work.set_settled", item_id=item_id, settled_ms=tx.now_ms)
    tx.run("work.clear_returned", item_id=item_id)
    tx.run("work.clear_queued", project_id=project.id, item_id=item_id)
    for judgment_id in judgment_ids:
        ledger.plan_approval(tx, judgment_id)


def reopen(tx: Tx, project: Project, item_id: int) -> None:
    """Take back that an item is settled, after one of its answers was undone, whose place is still their student's."""
    tx.run("work.unsettle", item_id=item_id)
    tx.run("ledger.forget_approvals_of_item", item_id=item_id)
    review(tx, project, item_id)
