"""Consent: asked once for each text, taken back at any time, and an erasure that leaves the books whole."""

from __future__ import annotations

import pytest

from actions import (
    consents,
    earnings,
    exports,
    inbox,
    judgments,
    ledger,
    outcomes,
    people,
    qualifications,
    refusals,
    work,
)
from actions.people import Visitor
from actions.projects import Project
from rules import consent
from rules.audience import Profile
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge


def newcomer(db: Db, telegram_id: int = 1) -> Visitor:
    """Add somebody who came by an invitation and has agreed to nothing."""
    return db.join(telegram_id, profile=Profile(), state="invited", consent=False)[0]


def at_work(db: Db, telegram_id: int = 1) -> tuple[Visitor, Project, work.Card]:
    """Let a student judge one item and hold another."""
    project = make(db)
    visitor, _ = db.join(telegram_id)
    db.run(qualifications.join, visitor, project.id)
    following = judge(db, visitor, card_of(db.run(work.go_on, visitor, project.id)), "o0", seconds=30)
    return visitor, project, card_of(following)


def state_of(db: Db, person_id: int = 1) -> str:
    return str(db.value("SELECT state FROM people WHERE id = :id", id=person_id))


def test_agreeing_is_recorded_with_the_text_agreed_to(db: Db) -> None:
    visitor = newcomer(db)
    assert db.run(consents.give, visitor) == Profile()
    assert db.rows("SELECT version, digest, given_ms, withdrawn_ms FROM consents") == [
        (consent.VERSION, consent.digest(), db.clock.now_ms, None)
    ]
    assert state_of(db) == "profiling"


def test_agreeing_twice_is_agreeing_once(db: Db) -> None:
    visitor = newcomer(db)
    db.run(consents.give, visitor)
    first = db.rows("SELECT * FROM consents")
    db.clock.advance(1_000)
    db.run(consents.give, visitor)
    assert db.rows("SELECT * FROM consents") == first


def test_a_new_text_is_agreed_to_anew_and_the_old_agreement_stays_on_record(
    db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = newcomer(db)
    db.run(consents.give, visitor)
    db.clock.advance(1_000)
    monkeypatch.setattr(consent, "VERSION", "next")
    db.run(consents.give, visitor)
    now = db.clock.now_ms
    rows = db.rows("SELECT version, given_ms, withdrawn_ms FROM consents ORDER BY id")
    assert [version for version, _, _ in rows][1] == "next"
    assert [row[1:] for row in rows] == [(now - 1_000, now), (now, None)]


def test_without_consent_there_is_no_work(db: Db) -> None:
    project = make(db)
    visitor = newcomer(db)
    for action, arguments in (
        (qualifications.join, (project.id,)),
        (qualifications.offers, ()),
        (work.go_on, ()),
        (judgments.tap, ("token", 0, "o0")),
    ):
        with pytest.raises(refusals.ConsentNeeded):
            db.run(action, visitor, *arguments)


def test_taking_consent_back_gives_the_item_back_and_keeps_the_pay(db: Db) -> None:
    visitor, project, card = at_work(db)
    db.run(consents.withdraw, visitor)
    assert state_of(db) == "withdrawn"
    assert db.value("SELECT COUNT(*) FROM assignments WHERE state = 'open'") == 0
    given_back = db.value("SELECT item_id FROM assignments WHERE token = :token", token=card.token)
    assert db.value("SELECT COUNT(*) FROM returned WHERE item_id = :id", id=given_back) == 2, (
        "both of its places"
    )
    with pytest.raises(refusals.ConsentNeeded):
        db.run(judgments.tap, visitor, card.token, card.step, "o0")
    assert db.run(ledger.balance, "student:1:pending", "USD") == 200_000
    assert db.run(exports.page, project, with_gold=False).items == []
    db.clock.advance(ledger.PENDING_MAX_MS + 1)
    assert db.run(ledger.approve_due) == 1, "what was earned is paid"


def test_taking_consent_back_twice_changes_nothing(db: Db) -> None:
    visitor, _, _ = at_work(db)
    db.run(consents.withdraw, visitor)
    before = db.rows("SELECT * FROM consents")
    db.clock.advance(5_000)
    db.run(consents.withdraw, visitor)
    assert db.rows("SELECT * FROM consents") == before


def test_coming_back_is_agreeing_again_and_the_road_goes_on(db: Db) -> None:
    visitor, project, card = at_work(db)
    db.run(consents.withdraw, visitor)
    profile = db.run(consents.give, visitor)
    assert profile.time_zone == "Europe/Kyiv"
    assert state_of(db) == "ready"
    assert len(db.run(exports.page, project, with_gold=False).items) == 1
    outcome = db.run(judgments.tap, visitor, card.token, card.step, "o0")
    assert isinstance(outcome, outcomes.LeaseEnded), "what was held went back when they left"
    assert card_of(outcome.next).token != card.token


def test_a_half_told_profile_is_gone_on_with(db: Db) -> None:
    visitor = newcomer(db)
    db.run(consents.give, visitor)
    db.run(consents.withdraw, visitor)
    db.run(consents.give, visitor)
    assert state_of(db) == "profiling"


def test_an_erasure_leaves_nothing_that_names_the_person(db: Db) -> None:
    visitor, _, _ = at_work(db)
    db.run(people.place_card, visitor, 99)
    with db.tx() as tx:
        people.await_input(tx, 1, "profile", "field")
    db.run(consents.erase, visitor)
    assert db.rows("SELECT person_key, contact, profile, state, muted_ms FROM people") == [
        (None, "", "", "erased", None)
    ]
    for table in ("roles", "cards", "awaited"):
        assert db.value(f"SELECT COUNT(*) FROM {table}") == 0
    assert db.run(people.find, visitor.key) is None
    with pytest.raises(refusals.Stranger):
        db.run(work.go_on, visitor)


def test_an_erasure_leaves_the_books_whole(db: Db) -> None:
    visitor, _, _ = at_work(db)
    before = db.rows("SELECT * FROM postings")
    db.run(consents.erase, visitor)
    assert db.rows("SELECT * FROM postings") == before
    assert db.value("SELECT COUNT(*) FROM judgments") == 1
    db.clock.advance(ledger.PENDING_MAX_MS + 1)
    assert db.run(ledger.approve_due) == 1


def test_the_last_admin_cannot_be_erased(db: Db) -> None:
    admin, _ = db.join(1, "admin")
    with pytest.raises(refusals.LastAdmin):
        db.run(consents.erase, admin)
    assert state_of(db) == "ready"
    db.join(2, "admin")
    db.run(consents.erase, admin)
    assert state_of(db) == "erased"


def test_who_is_suspended_still_has_a_say_about_their_data(db: Db) -> None:
    visitor, project, _ = at_work(db)
    with db.tx() as tx:
        tx.run("people.set_state", id=1, state="suspended")
    assert len(db.run(consents.own_data, visitor)["judgments"]) == 1
    assert len(db.run(earnings.lines, visitor).lines) == 1
    db.run(consents.withdraw, visitor)
    assert db.run(exports.page, project, with_gold=False).items == []
    assert state_of(db) == "suspended"
    with pytest.raises(refusals.Suspended):
        db.run(consents.give, visitor)
    db.run(consents.erase, visitor)
    assert state_of(db) == "erased"


def test_who_is_erased_leaves_no_message_behind(db: Db) -> None:
    for telegram_id in (1, 2):
        db.join(telegram_id)
        arrival = inbox.Arrival(telegram_id, f"u{telegram_id}", str(telegram_id), '{"text": "I am Ada"}')
        db.run(inbox.accept_aside, arrival, "it cannot be read")
    key = db.value("SELECT person_key FROM people WHERE id = 1")
    assert db.value("SELECT COUNT(*) FROM inbox WHERE person_key = :key AND payload <> ''", key=key) == 1
    db.run(consents.erase, db.visitor(1))
    assert db.rows("SELECT update_id, payload <> '', person_key <> '' FROM inbox ORDER BY update_id") == [
        (1, 0, 0),
        (2, 1, 1),
    ]


def test_ones_own_data_is_all_that_is_kept(db: Db) -> None:
    visitor, _, _ = at_work(db)
    found = db.run(consents.own_data, visitor)
    assert found["contact"]["telegram_id"] == 1
    assert found["profile"]["degree"] == "bachelor"
    assert found["roles"] == ["student"]
    assert [one["project"] for one in found["projects"]] == ["sums"]
    assert [one["amount_micro"] for one in found["judgments"]] == [200_000]
    nothing: dict[str, int] = {}
    assert found["balances"] == {
        "pending": {"TIME": 30_000, "USD": 200_000},
        **dict.fromkeys(("approved", "in_payout", "paid", "withheld"), nothing),
    }


def test_ones_own_data_does_not_tell_gold_from_work(db: Db) -> None:
    project = make(db, golds=6, work_items=20, gold_share=0.5)
    visitor, _ = db.join(1)
    db.run(qualifications.join, visitor, project.id)
    following = db.run(work.go_on, visitor, project.id)
    for _ in range(12):
        following = judge(db, visitor, card_of(following), "o0")
    uses = {use for (use,) in db.rows("SELECT use FROM judgments")}
    assert uses == {"gold", "work"}
    found = db.run(consents.own_data, visitor)
    assert "gold" not in repr(found)
    assert {key for one in found["judgments"] for key in one} & {"use", "correct", "item"} == set()
    assert all(one["answers"] == {"correct": "yes"} for one in found["judgments"])


def test_a_new_text_is_read_before_anybody_goes_on(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor, person = db.join(1)
    db.run(consents.give, visitor)
    assert db.run(consents.ask_again) == 0
    monkeypatch.setattr(consent, "VERSION", "another text")
    assert db.run(consents.ask_again) == 1
    with pytest.raises(refusals.ConsentNeeded):
        db.run(people.require_ready, visitor)
    db.run(consents.give, visitor)
    assert db.run(people.require_ready, visitor).id == person.id, "the profile is still there"
