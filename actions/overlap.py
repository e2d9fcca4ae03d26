"""Overlap: after each judgment of an item, see whether it is settled or wants more, and keep its slots in step."""

from __future__ import annotations

import dataclasses
import json

from actions import assignments, ledger
from actions.projects import Project
from rules import answers, overlap
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class _Answer:
    id: int
    answers: str


def review(tx: Tx, project: Project, item_id: int) -> None:
    """Settle an item that wants no more judgments, or hand out the slots that it still wants."""
    given = tx.all("work.answers_of", _Answer, item_id=item_id)
    least, most = project.rules.quality.overlap
    texts = [_verdict(project, one) for one in given]
    wanted = overlap.still_wanted(texts, least, most)
    if wanted == 0:
        _settle(tx, project, item_id, [one.id for one in given])
        return
    # An answer that was still out when the item settled can unsettle it.
    tx.run("work.unsettle", item_id=item_id)
    for _ in range(wanted - assignments.slots_out(tx, project.id, item_id)):
        tx.run("work.give_back", project_id=project.id, item_id=item_id)


def _verdict(project: Project, one: _Answer) -> str:
    """Give what judgments are held beside each other by; who gave up agrees with nobody."""
    given = json.loads(one.answers)
    if answers.gives_up(project.rules, given):
        return f"gave up: {one.id}"
    return answers.comparable(project.rules, given)


def _settle(tx: Tx, project: Project, item_id: int, judgment_ids: list[int]) -> None:
    tx.run("work.set_settled", item_id=item_id, settled_ms=tx.now_ms)
    tx.run("work.clear_returned", item_id=item_id)
    tx.run("work.clear_queued", project_id=project.id, item_id=item_id)
    for judgment_id in judgment_ids:
        ledger.plan_approval(tx, judgment_id)


def reopen(tx: Tx, item_id: int) -> None:
    """Take back that an item is settled, after one of its answers was undone."""
    tx.run("work.unsettle", item_id=item_id)
    tx.run("ledger.forget_approvals_of_item", item_id=item_id)
