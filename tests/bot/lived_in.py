"""A database that was lived in, with every kind of entry in its ledger, for the tests that prove books, damage them and write journals.

Answers, undos, approvals, top-ups, payouts and statements come from the real actions; corrections are written as their actions write them.
"""

from __future__ import annotations

from pathlib import Path

from actions import (
    judgments,
    ledger,
    outcomes,
    payout_details,
    payout_files,
    payout_reports,
    payouts,
    people,
    projects,
    qualifications,
    statements,
    topups,
    work,
)
from actions.people import Visitor
from actions.work import Card
from rules import ledger as books
from rules.credit import DAY_MS, HOUR_MS
from rules.payout_files import reports
from storage.database import prepare_file
from tests.actions import projects_for_tests
from tests.actions.conftest import START_MS, Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge, start, work_through

STUDENTS = 4
ROUNDS_MAX = 100
BY_FLOOR = (
    projects_for_tests.TOML.format(training=0, exam=0, gold_share=0.0)
    .replace('"sums"', '"floor"', 1)
    .replace(
        'rate_per_hour = "24.00"',
        'scheme = "item_with_floor"\nrate_per_item = "0.05"\nfloor_per_hour = "18.00"\ntime_zone = "Europe/Kyiv"',
    )
)


def live(path: Path) -> None:
    """Make a database file and let people live in it for some weeks. It ends as one file, without its log beside it."""
    prepare_file(path, START_MS, None)
    db = Db(path)
    admins = [db.join(9001, "admin")[0], db.join(9002, "admin")[0]]
    _work(db)
    _work_by_floor(db)
    # Held back before it was approved, so that its approval moves time only.
    _withhold(db, _student(db, STUDENTS - 1), "held")
    db.clock.advance(8 * DAY_MS)
    _run_timetable(db)
    _correct(db)
    _pay(db, admins)
    db.clock.advance(8 * DAY_MS)
    visitor = db.visitor(100)
    following = db.run(work.go_on, visitor, 1)
    if isinstance(following, Card):
        judge(db, visitor, following, "o0", 33)
    _run_timetable(db)
    db.connection.execute("PRAGMA journal_mode=DELETE")
    db.connection.close()


def _work(db: Db) -> None:
    project = make(db, training=1, exam=2, golds=3, work_items=14, gold_share=0.3)
    visitor, following = start(db, project, 1)
    for _ in range(5):
        following = judge(db, visitor, card_of(following), "o0")
    card = card_of(following)
    assert isinstance(db.run(judgments.tap, visitor, card.token, card.step, "u"), outcomes.Undone)
    work_through(db, project, students=STUDENTS)


def _work_by_floor(db: Db) -> None:
    """Let the same students work on a second project, which pays by the item and tops up to an hourly floor."""
    db.run(projects.create_or_update, None, BY_FLOOR)
    project = db.run(projects.by_slug, "floor")
    projects_for_tests.fill(db, project.id, work=6)
    for number in range(STUDENTS):
        visitor = db.visitor(100 + number)
        db.run(qualifications.join, visitor, project.id)
        following = db.run(work.begin_stage, visitor, project.id)
        for done in range(ROUNDS_MAX):
            if not isinstance(following, Card) or following.project.id != project.id:
                break
            following = judge(db, visitor, following, "o0", 11 + 17 * done)


def _run_timetable(db: Db) -> None:
    for chore in (ledger.approve_due, topups.settle_due, statements.close_due):
        for _ in range(ROUNDS_MAX):
            if not db.run(chore):
                break
        else:
            raise AssertionError(f"{chore} never comes to an end")


def _insert(db: Db, table: str, **values: object) -> int:
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    return db.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values).lastrowid or 0


def _post(db: Db, key: str, kind: str, person: int, postings: list[books.Posting]) -> None:
    assert db.run(
        ledger.post,
        key=key,
        kind=kind,
        person_id=person,
        actor="person:2",
        reason="well done",
        postings=postings,
    )


def _student(db: Db, number: int) -> int:
    return db.run(people.known, db.visitor(100 + number)).id


def _correct(db: Db) -> None:
    now_ms = db.clock.now_ms
    ids = [_student(db, number) for number in range(STUDENTS)]
    decided = {
        "needs_second": 1,
        "proposed_by": 1,
        "proposed_ms": now_ms,
        "decided_by": 2,
        "decided_ms": now_ms,
    }
    money = {"currency": "USD", "reason": "well done"}
    for person, amount in ((ids[0], 12_345_678), (ids[1], -100_001)):
        number = _insert(
            db, "adjustments", person_id=person, amount_micro=amount, state="booked", **money, **decided
        )
        moved = books.adjustment(person, abs(amount), "USD", gives=amount > 0)
        _post(db, f"adjust:{number}", "adjustment", person, moved)
    grant = _insert(
        db,
        "bonus_grants",
        project_id=1,
        amount_micro=7_500_000,
        students=STUDENTS,
        state="booked",
        **money,
        **decided,
    )
    for person in ids:
        number = _insert(db, "bonuses", grant_id=grant, person_id=person)
        _post(db, f"bonus:{number}", "bonus", person, books.bonus(1, person, 7_500_000, "USD"))
    for person, state in zip(ids, ("held", "released", "forfeited"), strict=False):
        _withhold(db, person, state)


def _withhold(db: Db, person: int, state: str) -> None:
    now_ms = db.clock.now_ms
    judgment, amount, approved_ms = db.rows(
        "SELECT id, amount_micro, approved_ms FROM judgments "
        "WHERE person_id = :person AND project_id = 1 AND undone_ms IS NULL AND amount_micro > 0 ORDER BY id DESC LIMIT 1",
        person=person,
    )[0]
    number = _insert(
        db,
        "withholdings",
        project_id=1,
        person_id=person,
        from_ms=0,
        until_ms=now_ms,
        reason="copied",
        state=state,
        proposed_by=1,
        proposed_ms=now_ms,
        confirmed_by=2,
        confirmed_ms=now_ms,
        decide_by_ms=now_ms + DAY_MS,
        decided_by=None if state == "held" else 2,
        decided_ms=None if state == "held" else now_ms,
    )
    held_in = "approved" if approved_ms is not None else "pending"
    _insert(
        db,
        "withheld",
        judgment_id=judgment,
        withholding_id=number,
        currency="USD",
        amount_micro=amount,
        held_in=held_in,
    )
    db.connection.execute("UPDATE judgments SET withheld_id = ? WHERE id = ?", (number, judgment))
    moved = books.withholding(person, amount, "USD", held_in="pending" if approved_ms is None else "approved")
    _post(db, f"withhold:{number}:{judgment}", "withholding", person, moved)
    if state == "released":
        _post(db, f"release:{number}:{judgment}", "release", person, books.release(person, amount, "USD"))
    if state == "forfeited":
        _post(db, f"forfeit:{number}:{judgment}", "forfeit", person, books.forfeit(1, person, amount, "USD"))


def _pay(db: Db, admins: list[Visitor]) -> None:
    """Pay a batch of which a line arrives, one comes back and one falls short; take a second one back; freeze a third."""
    for number in range(STUDENTS):
        visitor = db.visitor(100 + number)
        db.run(payout_details.begin, visitor, "paypal")
        db.run(payout_details.take_account, visitor, f"student{number}@example.org")
        db.run(payout_details.save, visitor)
    db.clock.advance(HOUR_MS)
    cancelled = _freeze(db, admins[0])
    db.run(payouts.cancel, admins[1], cancelled)
    batch = _freeze(db, admins[0])
    assert isinstance(db.run(payouts.approve, admins[1], batch), payouts.Page)
    db.run(payout_files.export, admins[0], batch)
    lines = db.run(payouts.page, admins[0], batch).lines
    states = ("Paid", "Returned", "Paid")
    rows = [
        f"{line.reference},{_units(line.amount_micro - (number == 2) * 10_000)},{state}"
        for number, (line, state) in enumerate(zip(lines, states, strict=False))
    ]
    report = reports.read("\n".join(["reference,amount,status", *rows]).encode())
    db.run(payout_reports.take, admins[0], report)
    _freeze(db, admins[1])


def _units(amount_micro: int) -> str:
    return f"{amount_micro // 1_000_000}.{amount_micro % 1_000_000 // 10_000:02d}"


def _freeze(db: Db, admin: Visitor) -> int:
    page = db.run(payouts.draft, admin, "USD")
    db.clock.advance(1_000)
    assert page.preview is not None
    return db.run(payouts.freeze, admin, page.batch.id, page.preview.fingerprint).batch.id
