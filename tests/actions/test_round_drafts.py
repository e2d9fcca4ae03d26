"""Drafts of calibration rounds: items on which answers part, others only when a coordinator adds them, and what is swapped or too few."""

from __future__ import annotations

import json

import pytest

from actions import refusals, round_drafts, rounds
from actions.people import Visitor
from actions.work import Card
from rules import rounds as rules
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import make
from tests.actions.test_rounds import NO, YES, crowd, drafted
from tests.actions.working import judge, start


@pytest.fixture
def boss(db: Db) -> Visitor:
    """Give an admin, who manages every project."""
    return db.join(9, "admin")[0]


def test_a_draft_takes_the_items_that_confuse_most(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=8)
    for number, taps in enumerate(([YES] * 8, [YES] * 5 + [NO] * 3)):
        visitor, following = start(db, project, 100 + number)
        for _ in range(8):
            if not isinstance(following, Card):
                break
            place = int(json.loads(following.fields)["sum"].split()[0])
            following = judge(db, visitor, following, taps[place])
    seen = db.run(round_drafts.begin, boss, project.id)
    assert {one.item.external_id for one in seen.items} == {"work-5", "work-6", "work-7"}, (
        "and none that agrees"
    )
    assert (seen.left.parted, seen.left.others) == (0, rules.ITEMS_PROPOSED)
    same = db.run(round_drafts.set_count, boss, seen.round.id, 5)
    assert len(same.items) == 3, "nothing that agrees comes in unasked"
    filled = db.run(round_drafts.add_others, boss, seen.round.id, 5)
    assert [one.item.item_id for one in filled.items[:3]] == [one.item.item_id for one in seen.items]
    assert len(filled.items) == rules.ITEMS_PROPOSED
    assert db.run(round_drafts.begin, boss, project.id).round.id == seen.round.id, (
        "a second tap finds the draft"
    )


def test_a_draft_without_items_to_part_on_is_empty_until_some_are_added(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=4)
    crowd(db, project, 3)
    seen = db.run(round_drafts.begin, boss, project.id)
    assert (seen.items, seen.left.parted, seen.left.others) == ([], 0, 4)
    with pytest.raises(refusals.NotEnoughItems):
        db.run(round_drafts.open_round, boss, seen.round.id)
    assert len(db.run(round_drafts.add_others, boss, seen.round.id, 3).items) == rules.ITEMS_LEAST
    assert db.run(rounds.see, boss, db.run(round_drafts.open_round, boss, seen.round.id)).left.others == 0


def test_two_items_are_too_few_for_a_draft(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=2)
    with pytest.raises(refusals.NotEnoughItems):
        db.run(round_drafts.begin, boss, project.id)


def test_a_draft_is_swapped_lengthened_and_shortened(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=7)
    seen = drafted(db, boss, project)
    first = seen.items[0].item.item_id
    swapped = db.run(round_drafts.swap, boss, seen.round.id, 1)
    assert swapped.items[0].item.item_id != first
    assert [one.item.place for one in swapped.items] == [1, 2, 3, 4, 5]
    longer = db.run(round_drafts.add_others, boss, seen.round.id, 99)
    assert len(longer.items) == 6, "seven items, one of them put aside"
    assert first not in {one.item.item_id for one in longer.items}
    unchanged = db.run(round_drafts.swap, boss, seen.round.id, 1)
    assert [one.item for one in unchanged.items] == [one.item for one in longer.items]
    assert len(db.run(round_drafts.set_count, boss, seen.round.id, 0).items) == rules.ITEMS_LEAST
    with pytest.raises(refusals.OutOfDate):
        db.run(round_drafts.set_days, boss, seen.round.id, 400)
