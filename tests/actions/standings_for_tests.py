"""A student at work whose answers the running check has read, for the tests of standings."""

from __future__ import annotations

from actions import judgments, projects, roles, standings, work
from actions.outcomes import Explained, Stepped
from actions.people import Visitor
from actions.projects import Project
from actions.work import Card
from tests.actions import projects_for_tests
from tests.actions.conftest import Db
from tests.actions.working import judge, start

NOW = "SELECT standing FROM qualifications WHERE person_id = :person"
STATUSES = "SELECT status FROM judgments WHERE person_id = :person AND use IN ('work', 'gold') ORDER BY id"


def at_work(db: Db, answers: int = 6, **items: int) -> tuple[Project, Visitor, int]:
    """Let a student give so many answers on a project without training or exam. Give both, and the student's number."""
    project = projects_for_tests.make(db, work_items=12)
    visitor, following = start(db, project, 100)
    for _ in range(answers):
        assert isinstance(following, Card), following
        following = judge(db, visitor, following, "o0")
    if items:
        projects_for_tests.fill(db, project.id, work=0, **items)
    person_id = db.value("SELECT id FROM people WHERE person_key = :key", key=visitor.key)
    return project, visitor, person_id


def ids(db: Db, person_id: int) -> list[int]:
    """List the answers of a student at work."""
    query = "SELECT id FROM judgments WHERE person_id = :person AND use IN ('work', 'gold') ORDER BY id"
    return [row[0] for row in db.rows(query, person=person_id)]


def read(
    db: Db, project: Project, person_id: int, log_e: float = 5.0, since: int | None = 2, compared: int = 9
) -> None:
    """Write down what a reading of somebody's answers would have found. `since`: where the bad run began, as a place in their answers."""
    since_id = None if since is None else ids(db, person_id)[since]
    db.connection.execute("DELETE FROM readings WHERE person_id = ? AND after_id = 0", (person_id,))
    db.connection.execute(
        "INSERT INTO readings (project_id, person_id, log_e_milli, since_id, golds_right, golds, peers_agreed, peers, stops, "
        "alpha_micro, answers, worth_milli, waits, after_id, read_ms) VALUES (?, ?, ?, ?, 1, 3, 2, ?, ?, 10000, 9, 1000, 0, 0, 0) "
        "ON CONFLICT (project_id, person_id) DO UPDATE SET log_e_milli = excluded.log_e_milli, since_id = excluded.since_id, "
        "stops = excluded.stops, golds = excluded.golds, golds_right = excluded.golds_right, peers = excluded.peers, "
        "peers_agreed = excluded.peers_agreed",
        (project.id, person_id, int(log_e * 1000), since_id, compared - 3, int(log_e >= 4.606)),
    )


def look(db: Db, project: Project) -> int:
    """Have the standings looked at, as a refit does."""
    return db.run(lambda tx: standings.look(tx, projects.get(tx, project.id)))


def paused(db: Db, answers: int = 6, **items: int) -> tuple[Project, Visitor, int]:
    """Let a student be paused for the answers from the third on."""
    project, visitor, person_id = at_work(db, answers, **items)
    read(db, project, person_id)
    assert look(db, project) == 1
    assert db.value(NOW, person=person_id) == "paused"
    return project, visitor, person_id


def statuses(db: Db, person_id: int) -> list[str]:
    """Give the status of each answer of a student at work."""
    return [row[0] for row in db.rows(STATUSES, person=person_id)]


def coordinator(db: Db, project: Project, telegram_id: int = 900) -> tuple[Visitor, int]:
    """Give a project a coordinator."""
    visitor, person = db.join(telegram_id, "coordinator")
    db.run(roles.let_manage, person.id, project.id)
    return visitor, person.id


def practise(db: Db, visitor: Visitor, project: Project, taps: list[str]) -> Explained:
    """Answer the items of the practice one after the other; "o0" is right. Give the last explanation."""
    told: Explained | None = None
    for tap in taps:
        following = db.run(work.begin_stage, visitor, project.id)
        assert isinstance(following, Card), following
        db.clock.advance(20_000)
        outcome = db.run(judgments.tap, visitor, following.token, following.step, tap)
        while isinstance(outcome, Stepped):
            step = "d" if outcome.card.draft.marks else "t0+"
            outcome = db.run(judgments.tap, visitor, outcome.card.token, outcome.card.step, step)
        assert isinstance(outcome, Explained), outcome
        told = outcome
    assert told is not None
    return told
