"""The proof of the books: it passes on honest books, and each way of cooking them is found."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot import verify
from bot.verify.base import KINDS
from rules.ledger import GENESIS
from storage.database import prepare_file
from tests.actions.conftest import START_MS
from tests.bot import lived_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with every kind of entry in it."""
    path = tmp_path_factory.mktemp("books") / "veritap.db"
    lived_in.live(path)
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
    connection = sqlite3.connect(books)
    kinds = {row[0] for row in connection.execute("SELECT DISTINCT kind FROM entries")}
    connection.close()
    assert kinds == set(KINDS.values()), "nothing is left out of what is proved"
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
        [
            "UPDATE assignments SET first_steady_ms = j.answered_steady_ms - 1 FROM judgments AS j "
            f"WHERE j.token = assignments.token AND j.id = {LIVE}"
        ],
        "ms within 1 ms from",
    ),
    "a kept sum that is too high": (
        ["UPDATE earned SET amount_micro = amount_micro + 1"],
        "cards sum",
    ),
    "two items at once": (
        [
            "UPDATE judgments SET answered_steady_ms = 121000",
            "UPDATE assignments SET first_steady_ms = 1000",
        ],
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
        "student:1:paid holds -5000000 USD after",
    ),
    "a reference to nothing": (
        ["UPDATE assignments SET item_id = 9999 WHERE token = (SELECT MIN(token) FROM assignments)"],
        "points to something in items that is not there",
    ),
    "a kept balance that is too high": (
        ["UPDATE balances SET amount = amount + 1 WHERE account = 'student:3:approved' AND asset = 'USD'"],
        "student:3:approved is kept as",
    ),
    "a payable that is lost": (
        ["DELETE FROM payables WHERE entry_id = (SELECT MAX(entry_id) FROM payables)"],
        "but is kept as",
    ),
    "a payable of nothing": (
        ["INSERT INTO payables VALUES (1, 3, 'USD', 5, NULL, NULL)"],
        "a payable is kept for entry 1",
    ),
    "a payout line that was raised": (
        [
            "UPDATE payout_lines SET amount_micro = amount_micro + 10000 WHERE state = 'paid'",
            "UPDATE payout_batches SET total_micro = total_micro + 10000 WHERE state = 'exported'",
        ],
        "is not what was frozen",
    ),
    "a payout to somebody else": (
        ["UPDATE payout_lines SET payee_digest = 'mine' WHERE state = 'paid'"],
        "is not what was frozen",
    ),
    "a batch that its drafter approved": (
        ["UPDATE payout_batches SET approved_by = drafted_by WHERE state = 'exported'"],
        "was approved by whoever drafted or froze it",
    ),
    "a returned line that is paid": (
        ["UPDATE payout_lines SET state = 'paid' WHERE state = 'returned'"],
        "is posted as paid",
    ),
    "an adjustment that was made larger": (
        ["UPDATE adjustments SET amount_micro = amount_micro * 2 WHERE amount_micro > 0"],
        "where adjustment 1 calls for",
    ),
    "an adjustment that nobody booked": (
        ["UPDATE adjustments SET state = 'discarded' WHERE id = 1"],
        "answers no adjustment that was booked",
    ),
    "a bonus without its entry": (
        ["INSERT INTO bonuses (grant_id, person_id) VALUES (1, 1)"],
        "is booked, but not in the ledger",
    ),
    "pay that is held for ever": (
        ["UPDATE withholdings SET state = 'held' WHERE state = 'released'"],
        "which its entries do not say",
    ),
    "pay that one person alone held back": (
        ["UPDATE withholdings SET confirmed_by = proposed_by"],
        "was not decided by two people",
    ),
    "a top-up that was cut": (
        ["UPDATE topup_weeks SET median_ms = median_ms - 1000"],
        "where its judgments make",
    ),
    "a top-up of another week": (
        ["UPDATE topup_weeks SET end_ms = end_ms + 3600000"],
        "does not end with a week",
    ),
    "an actor whom nobody knows": (
        ["UPDATE entries SET actor = 'person:999' WHERE kind = 'forfeit'"],
        "whom the books do not know",
    ),
    "a withholding that nobody decided": (
        ["UPDATE entries SET actor = 'system' WHERE kind = 'withholding'"],
        "where a person must decide",
    ),
    "a reason left out": (["UPDATE entries SET reason = '' WHERE kind = 'bonus'"], "has no reason"),
    "a return of more than was sent": (
        [
            "UPDATE postings SET amount = 2 * amount WHERE entry_id IN (SELECT id FROM entries WHERE kind = 'return')"
        ],
        "are left of its payout",
    ),
    "a scheme changed afterwards": (
        [f"UPDATE judgments SET scheme = 'item' WHERE id = {LIVE}"],
        "does not belong to the assignment that it answers",
    ),
    "a statement with another sum": (
        ["UPDATE statements SET content = REPLACE(content, 'earning', 'bonus')"],
        "is not what its postings make",
    ),
    "a statement of another head": (
        ["UPDATE statement_weeks SET head_hash = 'ab'"],
        "was closed under a head that the ledger no longer holds",
    ),
    "a statement that is gone": (
        ["DELETE FROM statements WHERE id = 1"],
        "has no statement of week",
    ),
    "a migration that was never made": (
        ["DELETE FROM migrations WHERE number = 3"],
        "which are not one after the other",
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
    cook(
        books, "UPDATE projects SET definition = json_set(definition, '$.quality.overlap[1]', 1) WHERE id = 1"
    )
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
