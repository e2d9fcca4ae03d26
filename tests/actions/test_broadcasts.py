"""Broadcasts: nobody is called who should not be, each person at most once, and pausing and stopping hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from actions import broadcasts, calls, deliveries, items, projects, qualifications, refusals
from actions.broadcasts import Broadcast
from actions.calls import Survey
from actions.people import Visitor
from actions.ports import Sources, Store
from rules.audience import Profile
from rules.credit import HOUR_MS
from storage.database import open_sqlite
from storage.vault import Vault
from tests.actions import samples
from tests.actions.conftest import KEY, START_MS, Db

BOSS = 900


def opened(db: Db) -> tuple[Visitor, int]:
    """Make and open a project; give its coordinator and its id."""
    boss, _ = db.join(BOSS, "coordinator")
    project = db.run(projects.create_or_update, boss, samples.PROJECT).project
    db.run(items.import_batch, project.id, samples.items())
    db.run(projects.set_state, boss, "maths", "open")
    return boss, project.id


@pytest_asyncio.fixture
async def store(db: Db) -> AsyncIterator[Store]:
    sources = Sources(lambda: db.clock.now_ms, db.chance.random, lambda: "A" * 22)
    found = await open_sqlite(db.path, sources, Vault(KEY))
    yield found
    await found.close()


def rows(db: Db) -> list[tuple[int, str]]:
    """List the deliveries of broadcasts: to whom, and their state."""
    return [
        (person_id, state)
        for person_id, state in db.rows(
            "SELECT person_id, state FROM deliveries WHERE lane = 'broadcast' ORDER BY person_id"
        )
    ]


async def sent(store: Store, db: Db, schedule: str = "now") -> tuple[Visitor, Broadcast, Survey]:
    """Draft a broadcast and send it to whoever it reaches."""
    boss, project_id = opened(db)
    draft = db.run(broadcasts.draft, boss, project_id)
    survey = await calls.survey(store, boss, project_id)
    db.run(broadcasts.start, boss, draft.id, survey.recipients, schedule, 7)
    return boss, draft, survey


async def test_nobody_is_called_who_should_not_be(store: Store, db: Db) -> None:
    boss, project_id = opened(db)
    _, ann = db.join(1)
    _, ben = db.join(2, profile=Profile("master", "law", ("uk", "en"), "Asia/Kolkata"))
    db.join(3, profile=Profile("associate", "maths", ("en",), "UTC"))
    db.join(4, profile=Profile("bachelor", "maths", ("de",), "UTC"))
    db.join(5, state="suspended")
    db.join(6, consent=False)
    db.join(7, state="profiling")
    db.join(8)
    db.run(calls.mute, db.visitor(8), muted=True)
    _, gone = db.join(9)
    db.connection.execute("UPDATE people SET unreachable_ms = 1 WHERE id = ?", (gone.id,))
    working, _ = db.join(10)
    db.run(qualifications.join, working, project_id)
    left, _ = db.join(11)
    db.run(qualifications.join, left, project_id)
    db.run(qualifications.leave, left, project_id)
    db.join(12, "coordinator")
    db.join(13, state="erased")
    survey = await calls.survey(store, boss, project_id)
    assert [(one.person_id, one.time_zone) for one in survey.recipients] == [
        (ann.id, "Europe/Kyiv"),
        (ben.id, "Asia/Kolkata"),
    ]
    assert survey.students == 11
    assert survey.left_out == Counter(
        degree=1, language=1, suspended=1, joining=2, muted=1, unreachable=1, **{"on it": 1, "left": 1}
    )


async def test_many_students_are_looked_at_page_by_page(
    store: Store, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss, project_id = opened(db)
    people = [db.join(number)[1].id for number in range(1, 8)]
    monkeypatch.setattr(calls, "PAGE", 3)
    survey = await calls.survey(store, boss, project_id)
    assert [one.person_id for one in survey.recipients] == people


async def test_confirming_twice_sends_once(store: Store, db: Db) -> None:
    _, ann = db.join(1)
    boss, draft, survey = await sent(store, db)
    again = db.run(broadcasts.start, boss, draft.id, survey.recipients, "now", 7)
    assert again.again
    assert (again.progress.of, again.progress.ended) == (1, 0)
    assert rows(db) == [(ann.id, "waiting")]
    assert db.value("SELECT COUNT(*) FROM audit WHERE deed = 'sent broadcast'") == 1


async def test_a_confirmation_that_was_cut_off_is_finished_by_the_next(store: Store, db: Db) -> None:
    db.join(1)
    db.join(2)
    boss, project_id = opened(db)
    draft = db.run(broadcasts.draft, boss, project_id)
    survey = await calls.survey(store, boss, project_id)
    assert db.run(broadcasts.write_rows, boss, draft.id, survey.recipients[:1], "now") == 1
    assert db.run(deliveries.due, deliveries.BROADCAST, 10) == []
    started = db.run(broadcasts.start, boss, draft.id, survey.recipients, "now", 7)
    assert started.progress.of == 2
    assert len(db.run(deliveries.due, deliveries.BROADCAST, 10)) == 2


async def test_a_broadcast_that_reaches_nobody_is_refused(store: Store, db: Db) -> None:
    boss, project_id = opened(db)
    draft = db.run(broadcasts.draft, boss, project_id)
    with pytest.raises(refusals.NobodyToCall):
        db.run(broadcasts.start, boss, draft.id, [], "now", 7)
    assert db.value("SELECT state FROM broadcasts") == "draft"


def test_only_an_open_project_is_called_for_and_only_by_its_coordinators(db: Db) -> None:
    boss, project_id = opened(db)
    other, _ = db.join(901, "coordinator")
    student, _ = db.join(1)
    draft = db.run(broadcasts.draft, boss, project_id)
    for visitor, refusal in ((other, refusals.NotYourProject), (student, refusals.NotAllowed)):
        with pytest.raises(refusal):
            db.run(broadcasts.draft, visitor, project_id)
        with pytest.raises(refusal):
            db.run(broadcasts.start, visitor, draft.id, [], "now", 7)
        with pytest.raises(refusal):
            db.run(broadcasts.stop, visitor, draft.id)
        with pytest.raises(refusal):
            db.run(broadcasts.look, visitor, draft.id)
    db.run(projects.set_state, boss, "maths", "paused")
    with pytest.raises(refusals.NotOpenToCall):
        db.run(broadcasts.draft, boss, project_id)
    with pytest.raises(refusals.NotOpenToCall):
        db.run(broadcasts.start, boss, draft.id, [], "now", 7)


def test_a_draft_is_gone_on_with(db: Db) -> None:
    boss, project_id = opened(db)
    first = db.run(broadcasts.draft, boss, project_id)
    assert db.run(broadcasts.draft, boss, project_id).id == first.id
    db.run(broadcasts.stop, boss, first.id)
    assert db.run(broadcasts.draft, boss, project_id).id != first.id


async def test_pausing_and_stopping_hold_what_was_not_sent(store: Store, db: Db) -> None:
    db.join(1)
    boss, draft, _ = await sent(store, db)
    assert db.run(broadcasts.pause, boss, draft.id).broadcast.state == "paused"
    assert db.run(deliveries.due, deliveries.BROADCAST, 10) == []
    assert db.run(broadcasts.resume, boss, draft.id).broadcast.state == "sending"
    assert len(db.run(deliveries.due, deliveries.BROADCAST, 10)) == 1
    stopped = db.run(broadcasts.stop, boss, draft.id)
    assert stopped.broadcast.state == "stopped"
    assert stopped.counts == Counter(cancelled=1)
    assert db.run(broadcasts.resume, boss, draft.id).broadcast.state == "stopped"
    assert db.run(deliveries.due, deliveries.BROADCAST, 10) == []


async def test_a_call_can_wait_for_everybodys_own_morning(store: Store, db: Db) -> None:
    # 22:13:20 UTC on 14 November; in Kyiv it is 00:13 on the 15th, so tomorrow is the 16th.
    assert db.clock.now_ms == START_MS == 1_700_000_000_000
    db.join(1)
    db.join(2, profile=Profile("master", "law", ("en",), "America/New_York"))
    _, draft, _ = await sent(store, db, "morning")
    times = [row[0] for row in db.rows("SELECT not_before_ms FROM deliveries ORDER BY person_id")]
    assert times == [1_700_118_000_000, 1_700_056_800_000]
    assert db.run(broadcasts.progress, draft.id).first_due_ms == 1_700_056_800_000
    assert db.run(deliveries.due, deliveries.BROADCAST, 10) == []
    db.clock.advance(48 * HOUR_MS)
    assert len(db.run(deliveries.due, deliveries.BROADCAST, 10)) == 2


async def test_what_a_call_says_is_looked_up_when_it_is_sent(store: Store, db: Db) -> None:
    ann_visitor, ann = db.join(1)
    boss, project_id = opened(db)
    draft = db.run(broadcasts.draft, boss, project_id)
    db.run(broadcasts.set_text, boss, draft.id, " Exam week: every hour helps. ")
    db.run(broadcasts.start, boss, draft.id, [broadcasts.Recipient(ann.id, "UTC")], "now", 7)
    call = db.run(calls.call, ann.id, draft.id)
    assert call is not None
    assert (call.text, call.seats_left) == ("Exam week: every hour helps.", 3)
    db.run(calls.mute, ann_visitor, muted=True)
    assert db.run(calls.call, ann.id, draft.id) is None
    db.run(calls.mute, ann_visitor, muted=False)
    db.connection.execute("UPDATE consents SET withdrawn_ms = 1")
    assert db.run(calls.call, ann.id, draft.id) is None
    db.connection.execute("UPDATE consents SET withdrawn_ms = NULL")
    db.run(projects.set_state, boss, "maths", "paused")
    assert db.run(calls.call, ann.id, draft.id) is None
    db.run(projects.set_state, boss, "maths", "open")
    assert db.run(calls.call, ann.id, draft.id) is not None
    db.run(qualifications.join, ann_visitor, project_id)
    assert db.run(calls.call, ann.id, draft.id) is None


async def test_no_call_goes_out_when_all_places_are_taken(store: Store, db: Db) -> None:
    _, ann = db.join(1)
    _, draft, _ = await sent(store, db)
    for number in (11, 12, 13):
        db.run(qualifications.join, db.join(number)[0], draft.project_id)
    assert db.run(calls.call, ann.id, draft.id) is None


async def test_who_says_no_is_not_called_for_that_project_again(store: Store, db: Db) -> None:
    ann, person = db.join(1)
    boss, draft, _ = await sent(store, db)
    delivery = db.run(deliveries.due, deliveries.BROADCAST, 1)[0]
    db.run(deliveries.claim, delivery.id)
    db.run(deliveries.end, delivery.id, "sent", message_id=5)
    assert db.run(calls.decline, ann, draft.id).slug == "maths"
    survey = await calls.survey(store, boss, draft.project_id)
    assert survey.recipients == []
    assert survey.left_out == Counter(declined=1)
    assert rows(db) == [(person.id, "sent")]


def test_words_for_a_call_have_a_limit(db: Db) -> None:
    boss, project_id = opened(db)
    draft = db.run(broadcasts.draft, boss, project_id)
    for text in ("x" * 301, "1\n2\n3\n4\n5"):
        with pytest.raises(refusals.CallTooLong):
            db.run(broadcasts.set_text, boss, draft.id, text)
    db.run(broadcasts.await_text, boss, draft.id)
    assert db.run(broadcasts.awaited_draft, boss) == draft.id
    db.run(broadcasts.set_text, boss, draft.id, "x" * 300)
    with pytest.raises(refusals.OutOfDate):
        db.run(broadcasts.awaited_draft, boss)


async def test_the_words_of_a_broadcast_under_way_stay(store: Store, db: Db) -> None:
    db.join(1)
    boss, draft, _ = await sent(store, db)
    with pytest.raises(refusals.OutOfDate):
        db.run(broadcasts.set_text, boss, draft.id, "Too late")
    with pytest.raises(refusals.OutOfDate):
        db.run(broadcasts.await_text, boss, draft.id)


def test_a_forged_broadcast_is_out_of_date(db: Db) -> None:
    boss, _ = opened(db)
    with pytest.raises(refusals.OutOfDate):
        db.run(broadcasts.look, boss, 12345)


async def test_the_end_of_a_long_broadcast_is_reported_once_to_its_author(store: Store, db: Db) -> None:
    db.join(1)
    boss, draft, _ = await sent(store, db)
    db.clock.advance(broadcasts.LONG_MS)
    delivery = db.run(deliveries.due, deliveries.BROADCAST, 1)[0]
    db.run(deliveries.claim, delivery.id)
    assert not db.run(broadcasts.progress, draft.id).was_long
    db.run(deliveries.end, delivery.id, "sent", message_id=5)
    found = db.run(broadcasts.look, boss, draft.id)
    assert (found.broadcast.state, found.counts, found.was_long) == ("done", Counter(sent=1), True)
    for _ in range(2):
        db.run(broadcasts.report_end, draft.id, "1 of 1 sent")
    assert [one.person_id for one in db.run(deliveries.due, deliveries.NOTICE, 5)] == [
        found.broadcast.author_id
    ]
