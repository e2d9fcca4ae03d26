"""The proof of the books: it passes on honest books, and each way of cooking them is found."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from actions import judgments, ledger, outcomes
from bot import verify
from rules.ledger import GENESIS
from storage.database import prepare_file
from tests.actions.conftest import START_MS, Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge, start, work_through

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with students, golds, an exam, approvals and an undone answer in it."""
    path = tmp_path_factory.mktemp("books") / "veritap.db"
    prepare_file(path, START_MS, None)
    db = Db(path)
    project = make(db, training=1, exam=2, golds=3, work_items=12, gold_share=0.3)
    visitor, following = start(db, project, 1)
    for _ in range(5):
        following = judge(db, visitor, card_of(following), "o0")
    card = card_of(following)
    assert isinstance(db.run(judgments.tap, visitor, card.token, card.step, "u"), outcomes.Undone)
    work_through(db, project, students=4)
    db.clock.advance(8 * 24 * 3_600_000)
    assert db.run(ledger.approve_due) > 10
    db.connection.execute("PRAGMA journal_mode=DELETE")
    db.connection.close()
    return path


@pytest.fixture
def books(worked: Path, tmp_path: Path) -> Path:
    """Give a copy of the worked file, to be cooked."""
    return Path(shutil.copyfile(worked, tmp_path / "books.db"))


def cook(path: Path, *statements: str) -> None:
    """Change a file behind the guards' back, and put the guards up again."""
    connection = sqlite3.connect(path, isolation_level=None)
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA ignore_check_constraints=ON")
    changed = sum(connection.execute(statement).rowcount for statement in statements)
    assert changed, "nothing was cooked"
    for _, sql in guards:
        connection.execute(sql)
    connection.close()


def test_honest_books_are_good(books: Path) -> None:
    report = verify.verify(books)
    assert report.findings == []
    assert report.is_good
    assert report.counts["judgments"] > 20
    assert report.counts["undone"] == 1
    assert report.counts["approved"] > 10
    assert report.head != GENESIS
    assert "OK" in verify.describe(report)


def test_nothing_is_written(books: Path) -> None:
    before = books.read_bytes()
    verify.verify(books)
    assert books.read_bytes() == before


def test_empty_books_are_good(tmp_path: Path) -> None:
    prepare_file(tmp_path / "new.db", START_MS, None)
    report = verify.verify(tmp_path / "new.db")
    assert (report.findings, report.head) == ([], GENESIS)


LIVE = "(SELECT MIN(id) FROM judgments WHERE undone_ms IS NULL AND use = 'work')"
COOKED = {
    "an amount raised": (
        ["UPDATE postings SET amount = amount + 1 WHERE entry_id = 5 AND line = 1"],
        "entry 5 (judgment:5) was changed after it was written",
    ),
    "a reason rewritten": (
        ["UPDATE entries SET reason = 'because' WHERE id = 5"],
        "entry 5 (judgment:5) was changed after it was written",
    ),
    "an entry cut out": (
        ["DELETE FROM postings WHERE entry_id = 3", "DELETE FROM entries WHERE id = 3"],
        "entry 4 (judgment:4) does not follow the entry before it",
    ),
    "an entry cut out, noticed by its judgment": (
        ["DELETE FROM postings WHERE entry_id = 5", "DELETE FROM entries WHERE id = 5"],
        "judgment 5 is not in the ledger",
    ),
    "an entry given to another person": (
        ["UPDATE entries SET person_id = person_id + 1 WHERE id = 5"],
        "entry 5 (judgment:5) names person",
    ),
    "a judgment that pays more": (
        [f"UPDATE judgments SET amount_micro = amount_micro + 1 WHERE id = {LIVE}"],
        "at its rate make",
    ),
    "a judgment in another currency": (
        [f"UPDATE judgments SET currency = 'EUR' WHERE id = {LIVE}"],
        "calls for",
    ),
    "time above the cap": (
        [f"UPDATE judgments SET credited_ms = 120001 WHERE id = {LIVE}"],
        "above its cap of 120000 ms",
    ),
    "time that never went by": (
        [f"UPDATE judgments SET shown_ms = answered_ms - 1 WHERE id = {LIVE}"],
        "ms within 1 ms from",
    ),
    "a kept sum that is too high": (
        ["UPDATE earned SET amount_micro = amount_micro + 1"],
        "cards sum",
    ),
    "two items at once": (
        ["UPDATE judgments SET shown_ms = 1000, answered_ms = 121000"],
        "ms within 120000 ms from 1000 on",
    ),
    "an undone answer that is live again": (
        ["UPDATE judgments SET undone_ms = NULL WHERE undone_ms IS NOT NULL"],
        "which was not undone",
    ),
    "a live answer marked undone": (
        [f"UPDATE judgments SET undone_ms = 1 WHERE id = {LIVE}"],
        "its pay was not taken back",
    ),
    "an approval that was never posted": (
        ["UPDATE judgments SET approved_ms = 1 WHERE undone_ms IS NOT NULL"],
        "its pay was not approved",
    ),
    "an approval of nothing": (
        ["UPDATE judgments SET approved_ms = NULL WHERE id = 3"],
        "approves judgment 3, which is undone or not approved",
    ),
    "an item judged too often": (
        [
            "UPDATE judgments SET item_id = (SELECT MIN(item_id) FROM judgments WHERE use = 'work') WHERE use = 'work'"
        ],
        "at most 4 were asked for",
    ),
    "an item judged twice by one student": (
        [f"UPDATE judgments SET item_id = (SELECT item_id FROM judgments WHERE id = {LIVE}) WHERE id > 5"],
        "times",
    ),
    "an answer on another item": (
        [f"UPDATE judgments SET item_id = 1 WHERE id = {LIVE}"],
        "does not belong to the assignment that it answers",
    ),
    "money from nowhere": (
        [
            "INSERT INTO entries (key, kind, person_id, actor, reason, recorded_ms, previous_hash, hash) "
            "VALUES ('gift:1', 'gift', 1, 'me', 'for me', 1, 'x', 'y')"
        ],
        "is of the kind 'gift', which no event makes",
    ),
    "an earning for no judgment": (
        [
            "INSERT INTO entries (key, kind, person_id, actor, reason, recorded_ms, previous_hash, hash) "
            "VALUES ('judgment:999', 'earning', 1, 'me', 'for me', 1, 'x', 'y')"
        ],
        "is about a judgment that is not there",
    ),
    "a balance below zero": (
        [
            "INSERT INTO postings (entry_id, line, source, destination, amount, asset) "
            "VALUES (5, 9, 'student:1:paid', 'student:2:paid', 5000000, 'USD')"
        ],
        "student:1:paid holds -5000000 USD",
    ),
    "a reference to nothing": (
        ["UPDATE assignments SET item_id = 9999 WHERE token = (SELECT MIN(token) FROM assignments)"],
        "points to something in items that is not there",
    ),
    "a guard taken down": (["DROP TRIGGER entries_no_update"], "the guard entries_no_update"),
}


@pytest.mark.parametrize("name", COOKED)
def test_cooked_books_are_found(books: Path, name: str) -> None:
    statements, words = COOKED[name]
    if statements[0].startswith("DROP"):
        sqlite3.connect(books, isolation_level=None).execute(statements[0]).connection.close()
    else:
        cook(books, *statements)
    report = verify.verify(books)
    assert not report.is_good
    assert any(words in finding for finding in report.findings), report.findings
    assert "WRONG" in verify.describe(report)


def test_each_check_is_broken_by_something(books: Path) -> None:
    """Every check in the list has found something in the tests above, so none of them is for show."""
    silent = set(verify.CHECKS)
    for statements, _ in COOKED.values():
        path = Path(shutil.copyfile(books, books.with_name("one.db")))
        if not statements[0].startswith("DROP"):
            cook(path, *statements)
        connection = sqlite3.connect(path)
        silent -= {check for check in silent if any(True for _ in check(connection))}
        connection.close()
    assert silent == set()


def test_a_lowered_overlap_leaves_earlier_judgments_standing(books: Path) -> None:
    cook(books, "UPDATE projects SET definition = json_set(definition, '$.quality.overlap[1]', 1)")
    assert any("at most 1" in finding for finding in verify.verify(books).findings)
    later = 2 * START_MS
    cook(
        books,
        "INSERT INTO audit (actor, deed, subject, detail, done_ms) "
        f"VALUES ('person:1', 'changed project', 'project:1', 'quality', {later})",
    )
    assert verify.verify(books).findings == []


def test_a_head_told_earlier_must_still_be_there(books: Path) -> None:
    connection = sqlite3.connect(books)
    earlier = connection.execute("SELECT hash FROM entries WHERE id = 3").fetchone()[0]
    connection.close()
    for known in (earlier, earlier.upper(), "", GENESIS):
        assert verify.verify(books, known_head=known).is_good
    assert "no longer holds" in verify.verify(books, known_head="ab" * 32).findings[0]


def test_a_damaged_file_is_found(books: Path) -> None:
    data = bytearray(books.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4096] = b"\xff" * 4096
    books.write_bytes(data)
    report = verify.verify(books)
    assert any("damaged" in finding for finding in report.findings)


@pytest.mark.parametrize("content", [b"", b"not a database at all, just some text" * 99])
def test_what_is_no_veritap_database_cannot_be_verified(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(content)
    with pytest.raises(verify.CannotVerify):
        verify.verify(path)
    with pytest.raises(verify.CannotVerify):
        verify.verify(tmp_path / "nowhere.db")


def test_it_runs_by_itself_with_the_standard_library_alone(books: Path) -> None:
    command = [sys.executable, "-I", "-S", "-c", "import sys; sys.path.insert(0, sys.argv.pop(1)); "]
    command[-1] += "from bot.verify import main; sys.exit(main(sys.argv[1:]))"
    good = subprocess.run([*command, str(ROOT), str(books)], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.splitlines()[-1].startswith("OK")
    cook(books, "UPDATE entries SET reason = 'because' WHERE id = 5")
    wrong = subprocess.run([*command, str(ROOT), str(books)], capture_output=True, text=True, check=False)
    assert wrong.returncode == 1
    missing = subprocess.run([*command, str(ROOT), "nowhere"], capture_output=True, text=True, check=False)
    assert (missing.returncode, missing.stderr) == (2, "There is no file nowhere.\n")
