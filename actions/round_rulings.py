"""Rulings on the items of a round: a coordinator answers each with the buttons that the students had, and says why in words. One tap more
makes an item with its ruling a training item that explains itself."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from actions import people, refusals, rounds, rulings
from actions.corrections import typed_words
from actions.people import Visitor
from actions.projects import Project
from actions.round_figures import Round
from actions.rounds import Asked
from rules import answers
from rules import rounds as rules
from rules.answers import Draft
from rules.kinds import GoldTrouble, Sheet
from storage.tx import Tx

AWAITS_WHY = "round:why"
GIVE_UP = "xg"
"""What a student may say of a chain of steps, and no ruling."""
ROLE = "coordinator"
RULED_IN = ("open", "closed")
"""A round whose results were told is not ruled on again: students have read the ruling."""


@dataclasses.dataclass(frozen=True, slots=True)
class Ruling:
    """An item of a round as its coordinator rules on it. `of`: the items of the round. `trained`: training items that the project has."""

    project: Project
    round: Round
    asked: Asked
    of: int
    trained: int = 0

    @property
    def draft(self) -> Draft:
        """The ruling under way."""
        return Draft.load(self.asked.item.draft)

    @property
    def sheet(self) -> Sheet:
        """The item as the rules of its questions see it; of two answers the item's first one is A."""
        return Sheet(json.loads(self.asked.item.fields))

    @property
    def step(self) -> int:
        """How many questions are answered: a button of an earlier look at the ruling carries another number."""
        return len(self.draft.answers)

    @property
    def is_complete(self) -> bool:
        """Whether only the words are missing."""
        return answers.question_now(rules.verdicts(self.project.rules), self.draft) is None


def see(tx: Tx, visitor: Visitor, round_id: int, place: int) -> Ruling:
    """Give one item of a round. Raises OutOfDate when there is none at that place."""
    _person, project, found = rounds.managed(tx, visitor, round_id)
    asked = rounds.items_of(tx, found)
    one = next((one for one in asked if one.item.place == place), None)
    if one is None:
        raise refusals.OutOfDate
    return Ruling(project, found, one, len(asked), tx.number("rounds.count_training", project_id=project.id))


def tap(tx: Tx, visitor: Visitor, round_id: int, place: int, step: int, operation: str) -> Ruling:
    """Take a tap on a ruling under way. With the last answer the words are waited for. An old or forged tap changes nothing."""
    seen = _rulable(tx, visitor, round_id, place)
    if step != seen.step or operation == GIVE_UP:
        return seen
    after = answers.after_tap(rules.verdicts(seen.project.rules), seen.draft, operation, seen.sheet)
    if after is None:
        return seen
    tx.run("rounds.set_draft", round_id=round_id, item_id=seen.asked.item.item_id, draft=after.dump())
    changed = see(tx, visitor, round_id, place)
    if changed.is_complete:
        person = people.require_role(tx, visitor, "coordinator")
        people.await_input(tx, person.id, AWAITS_WHY, f"{round_id}:{place}")
    return changed


def again(tx: Tx, visitor: Visitor, round_id: int, place: int) -> Ruling:
    """Begin a ruling anew; one that was made stands until the new one is complete."""
    seen = _rulable(tx, visitor, round_id, place)
    tx.run("rounds.set_draft", round_id=round_id, item_id=seen.asked.item.item_id, draft="")
    people.stop_awaiting(tx, people.require_role(tx, visitor, "coordinator").id)
    return see(tx, visitor, round_id, place)


def type_why(tx: Tx, visitor: Visitor, text: str) -> Ruling:
    """Take the words behind a ruling; with them it stands. Raises WordsOutOfBounds."""
    person = people.require_role(tx, visitor, "coordinator")
    awaited = people.awaited(tx, person.id)
    if awaited is None or awaited.kind != AWAITS_WHY:
        raise refusals.OutOfDate
    round_id, place = (int(part) for part in awaited.detail.split(":"))
    seen = _rulable(tx, visitor, round_id, place)
    if not seen.is_complete:
        raise refusals.OutOfDate
    why = typed_words(text, rules.WHY_LEAST, rules.WHY_MOST)
    people.stop_awaiting(tx, person.id)
    item, ruling = seen.asked.item, json.dumps(_gold(seen), ensure_ascii=False)
    tx.run(
        "rounds.rule",
        round_id=round_id,
        item_id=item.item_id,
        ruling=ruling,
        why=why,
        ruled_by=person.id,
        now_ms=tx.now_ms,
    )
    core = rules.core(seen.project.rules, json.loads(ruling))
    # What is right for the students is right for the data as well.
    rulings.rule(tx, seen.project, item.item_id, core, role=ROLE, person_id=person.id, reason=why)
    if item.training_item_id is not None:
        # It was ruled otherwise before, and a training item was made of that.
        tx.run(
            "items.replace",
            id=item.training_item_id,
            use="training",
            fields=item.fields,
            gold=ruling,
            explanation=why,
        )
    people.audit(tx, f"person:{person.id}", "ruled", f"round:{round_id}", f"item {place}")
    return see(tx, visitor, round_id, place)


def _gold(seen: Ruling) -> dict[str, Any]:
    try:
        return rules.ruled(seen.project.rules, seen.sheet.fields, seen.draft.answers)
    except GoldTrouble as trouble:
        raise refusals.OutOfDate from trouble


def teach(tx: Tx, visitor: Visitor, round_id: int, place: int) -> Ruling:
    """Make an item with its ruling a training item. It is a copy: the item itself stays work. Once an item; again changes nothing."""
    seen = see(tx, visitor, round_id, place)
    item = seen.asked.item
    if item.ruling is None:
        raise refusals.NotAllRuled
    if item.training_item_id is not None:
        return seen
    person = people.require_role(tx, visitor, "coordinator")
    training_id = tx.value(
        "items.add",
        project_id=seen.project.id,
        external_id=f"{item.external_id}:round-{seen.round.number}",
        use="training",
        fields=item.fields,
        gold=item.ruling,
        explanation=item.why,
        now_ms=tx.now_ms,
    )
    if training_id is None:
        raise refusals.OutOfDate
    tx.run("rounds.set_training", round_id=round_id, item_id=item.item_id, training_item_id=training_id)
    people.audit(tx, f"person:{person.id}", "made training item", f"round:{round_id}", f"item {place}")
    return see(tx, visitor, round_id, place)


def _rulable(tx: Tx, visitor: Visitor, round_id: int, place: int) -> Ruling:
    seen = see(tx, visitor, round_id, place)
    if seen.round.state not in RULED_IN:
        raise refusals.OutOfDate
    return seen
