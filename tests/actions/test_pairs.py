"""Pairs to look at: the nightly look, what is kept of it, and what a coordinator decides; nobody's answers or pay change by any of it."""

from __future__ import annotations

import asyncio
import json
import sqlite3

import pytest

from actions import pairs, refusals, roles
from actions.people import Visitor
from actions.ports import Sources
from actions.projects import Project
from bot.suspicions import look_when_due
from rules.quality.suspicions import Found, Suspicion
from storage.database import open_sqlite
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import make
from tests.actions.suspects import copy_each_other

NIGHT_MS = pairs.EVERY_MS


def boss_of(db: Db) -> Visitor:
    return db.join(1, "admin")[0]


def looked(db: Db, project: Project) -> int:
    loaded = db.run(pairs.load, project.id)
    return db.run(pairs.keep, loaded, pairs.look(loaded))


def with_pair(db: Db) -> tuple[Project, Visitor]:
    project, boss = make(db, work_items=60), boss_of(db)
    copy_each_other(db, project)
    assert looked(db, project) == 1
    return project, boss


def kept(db: Db) -> list[tuple[object, ...]]:
    return db.rows("SELECT kind, people, state FROM suspicions ORDER BY id")


def test_two_who_share_a_sheet_are_found_with_the_evidence(db: Db) -> None:
    project, boss = make(db, work_items=60), boss_of(db)
    everybody = copy_each_other(db, project)
    assert db.run(pairs.due) == [project.id]
    before = db.rows("SELECT status, amount_micro, withheld_id FROM judgments")
    assert looked(db, project) == 1
    assert kept(db) == [("pair", f"{everybody[0].id}+{everybody[1].id}", "open")]
    assert db.rows("SELECT status, amount_micro, withheld_id FROM judgments") == before
    listed = db.run(pairs.of_project, boss, project.id)
    (one,) = listed.suspicions
    assert {one.one, one.other} == {everybody[0].pseudonym, everybody[1].pseudonym}
    assert (one.evidence["common"], one.evidence["same"]) == (60, 60)
    assert (one.surprise_milli or 0) >= 4_000
    assert (listed.open, listed.tested["pair"]) == (1, 28)
    seen = db.run(pairs.see, boss, one.id)
    assert len(seen.shared) == pairs.ITEMS_SHOWN
    for shared in seen.shared:
        # Six others answered each, most of them something else.
        assert sum(shared.others.values()) == 6
        assert max(shared.others, key=lambda word: shared.others[word]) != shared.answer


def test_a_project_is_looked_at_once_a_night_and_only_after_new_answers(db: Db) -> None:
    project, _boss = with_pair(db)
    assert db.run(pairs.due) == []
    db.clock.advance(NIGHT_MS)
    assert db.run(pairs.due) == [], "nobody answered since"
    db.connection.execute("UPDATE suspicion_looks SET through_id = through_id - 1")
    assert db.run(pairs.due) == [project.id]
    db.clock.advance(-1)
    assert db.run(pairs.due) == [], "the night is not over"


def test_what_was_decided_stays_decided_and_what_is_gone_fades(db: Db) -> None:
    project, boss = with_pair(db)
    loaded = db.run(pairs.load, project.id)
    (one,) = db.run(pairs.of_project, boss, project.id).suspicions
    found = Found((Suspicion("leak", (one.one_id,), 1e-5, {"golds": 9}),), {})
    db.clock.advance(NIGHT_MS)
    assert db.run(pairs.keep, loaded, found) == 1
    assert [row[2] for row in kept(db)] == ["faded", "open"]
    db.clock.advance(NIGHT_MS)
    assert looked(db, project) == 1, "the pair is found again, the leak is not"
    assert [row[2] for row in kept(db)] == ["open", "faded"]
    assert db.run(pairs.decide, boss, one.id, "no").suspicion.state == "dismissed"
    db.clock.advance(NIGHT_MS)
    assert looked(db, project) == 0
    assert [row[2] for row in kept(db)] == ["dismissed", "faded"]
    assert db.run(pairs.of_project, boss, project.id).decided == 1


def told(db: Db) -> list[tuple[object, ...]]:
    """Give the notices of looks: to whom and under which key."""
    return db.rows("SELECT person_id, lane FROM deliveries WHERE key LIKE 'pairs:%' ORDER BY id")


def test_what_is_new_is_told_once_to_who_looks_after_the_project(db: Db) -> None:
    project = make(db, work_items=60)
    boss, coordinator = db.join(1, "admin"), db.join(2, "coordinator")
    db.join(3, "coordinator")
    db.run(roles.let_manage, coordinator[1].id, project.id)
    copy_each_other(db, project)
    assert looked(db, project) == 1
    assert told(db) == [(coordinator[1].id, "notice")], "one notice, and nobody of other projects"
    _project, waiting = db.run(pairs.news, project.id, db.clock.now_ms)
    assert waiting == 1
    loaded = db.run(pairs.load, project.id)
    db.clock.advance(NIGHT_MS)
    assert looked(db, project) == 1
    assert len(told(db)) == 1, "the same pair is no news"
    db.clock.advance(NIGHT_MS)
    db.run(pairs.keep, loaded, Found((), {}))
    db.clock.advance(NIGHT_MS)
    assert looked(db, project) == 1
    assert len(told(db)) == 1, "nor is one that faded and came back"
    (one,) = db.run(pairs.of_project, boss[0], project.id).suspicions
    both = (one.one_id, one.other_id or 0)
    more = [Suspicion("leak", (person,), 1e-5, {"golds": 9}) for person in both]
    more.append(Suspicion("pair", both, 1e-5, one.evidence))
    db.clock.advance(NIGHT_MS)
    db.run(pairs.keep, loaded, Found(tuple(more), {}))
    assert len(told(db)) == 2, "two new ones are one notice"
    assert db.run(pairs.count_open, project.id) == 3
    assert db.run(pairs.news, project.id, db.clock.now_ms)[1] == 2
    for waits in db.run(pairs.of_project, boss[0], project.id).suspicions:
        db.run(pairs.decide, boss[0], waits.id, "no")
    assert db.run(pairs.news, project.id, db.clock.now_ms)[1] == 0, "what was decided is no longer told"


def test_a_decision_can_be_taken_back_and_is_on_record(db: Db) -> None:
    project, boss = with_pair(db)
    (one,) = db.run(pairs.of_project, boss, project.id).suspicions
    assert db.run(pairs.decide, boss, one.id, "yes").suspicion.state == "confirmed"
    db.run(pairs.decide, boss, one.id, "yes")
    assert db.run(pairs.decide, boss, one.id, "back").suspicion.state == "open"
    words = [
        row[0] for row in db.rows("SELECT deed FROM audit WHERE deed LIKE 'found suspicion%' ORDER BY id")
    ]
    assert words == ["found suspicion confirmed", "found suspicion open"], (
        "a second tap is not a second decision"
    )


def test_only_who_manages_the_project_sees_it(db: Db) -> None:
    project, boss = with_pair(db)
    (one,) = db.run(pairs.of_project, boss, project.id).suspicions
    student, stranger = db.join(50)[0], db.join(51, "coordinator")[0]
    for visitor, refusal in ((student, refusals.NotAllowed), (stranger, refusals.NotYourProject)):
        with pytest.raises(refusal):
            db.run(pairs.of_project, visitor, project.id)
        with pytest.raises(refusal):
            db.run(pairs.see, visitor, one.id)
        with pytest.raises(refusal):
            db.run(pairs.decide, visitor, one.id, "no")
    with pytest.raises(refusals.OutOfDate):
        db.run(pairs.see, boss, one.id + 1)


def test_pages_and_a_project_without_answers(db: Db) -> None:
    project, boss = make(db), boss_of(db)
    listed = db.run(pairs.of_project, boss, project.id)
    assert (listed.suspicions, listed.looked_ms, listed.pages) == ([], None, 1)
    assert db.run(pairs.due) == []
    assert looked(db, project) == 0
    people = [db.join(10 + number)[1] for number in range(8)]
    many = [Suspicion("script", (person.id,), None, {"answers": 50}) for person in people]
    db.run(pairs.keep, db.run(pairs.load, project.id), Found(tuple(many), {}))
    first, second = (db.run(pairs.of_project, boss, project.id, page) for page in (0, 1))
    assert (len(first.suspicions), len(second.suspicions), first.pages) == (6, 2, 2)
    assert db.run(pairs.of_project, boss, project.id, 99).page == 1


def test_undone_answers_and_words_without_classes_are_left_out(db: Db) -> None:
    project, _boss = with_pair(db)
    db.connection.execute("UPDATE judgments SET undone_ms = 1 WHERE id = 1")
    db.connection.execute("UPDATE judgments SET answers = ? WHERE id = 2", (json.dumps({"other": "x"}),))
    given = db.run(pairs.load, project.id).data.given
    assert len(given) == 60 * 8 - 1
    assert [one.label for one in given].count(-1) == 1


def test_the_store_itself_keeps_a_decision_to_a_human(db: Db) -> None:
    _project, _boss = with_pair(db)
    with pytest.raises(sqlite3.IntegrityError, match="suspicions_human"):
        db.connection.execute("UPDATE suspicions SET state = 'confirmed'")


async def test_a_night_finds_two_who_share_a_sheet_and_lets_the_bot_work_meanwhile(db: Db) -> None:
    project = make(db, work_items=60)
    copy_each_other(db, project)
    sources = Sources(lambda: db.clock.now_ms, lambda: 0.5, lambda: "id", db.clock.steady_ms)
    store = await open_sqlite(db.path, sources, db.vault)
    try:
        turns = 0
        night = asyncio.create_task(look_when_due(store))
        while not night.done():
            turns += 1
            await asyncio.sleep(0.002)
        await night
        assert turns > 3, "the loop went on while the look was under way"
        assert await store.read(pairs.count_open, project.id) == 1
        assert await store.read(pairs.due) == []
        before = db.rows("SELECT * FROM suspicion_looks")
        await look_when_due(store)
        assert db.rows("SELECT * FROM suspicion_looks") == before
    finally:
        await store.close()
