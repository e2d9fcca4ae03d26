"""The command line: what each command does, its exit code, and that trouble is one sentence."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import cli, cli_base, settings
from bot.progress import Progress
from storage import database
from storage.vault import new_key
from tests.actions import samples
from tests.bot.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]


def test_every_command_has_help_with_an_example(veritap: Terminal) -> None:
    commands = [
        ["run"], ["demo"], ["check"], ["invite"], ["project", "add"], ["project", "open"], ["project", "pause"],
        ["project", "close"], ["project", "list"], ["items", "import"], ["export"], ["verify"], ["backup"], ["migrate"],
        ["replay"], ["simulate"],
    ]  # fmt: skip
    for words in commands:
        out, _ = veritap(*words, "--help")
        assert f"veritap {' '.join(words)}" in out.partition("example:")[2]
    out, _ = veritap("--help")
    assert all(words[0] in out for words in commands)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fly"], "invalid choice: 'fly'"),
        ([], "COMMAND"),
        (["project"], "COMMAND"),
        (["invite"], "ROLE"),
        (["invite", "king"], "'king'"),
        (["invite", "student", "--uses", "0"], "'0' is not a whole number above 0"),
        (["invite", "student", "--days", "1000"], "'1000' is not a number of days"),
        (["export", "maths"], "--out"),
        (["export", "maths", "--format", "xml", "--out", "x"], "'xml'"),
        (["demo", "--port", "70000"], "'70000' is not a port"),
        (["demo", "--project", "a.toml"], "belong together"),
        (["check", "--frobnicate"], "--frobnicate"),
    ],
)
def test_wrong_use_is_one_line_and_code_2(veritap: Terminal, words: list[str], said: str) -> None:
    line = veritap.refuses(*words)
    assert said in line
    assert "\n" not in line


def test_a_project_comes_from_a_file_and_is_brought_up_to_date(veritap: Terminal) -> None:
    path = veritap.file("maths.toml", samples.PROJECT)
    out, _ = veritap("project", "add", path)
    assert "Made maths: Check maths" in out
    assert "says the same" in veritap("project", "add", path)[0]
    path.write_text(samples.PROJECT.replace("Check maths", "Check sums"))
    assert "Changed maths: title" in veritap("project", "add", path)[0]
    assert "maths  draft   0 work" in veritap("project", "list")[0]


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        (samples.PROJECT.replace("seats", "places"), "audience.places is not a key that Veritap knows", 1),
        (samples.PROJECT.replace('"24.00"', '"a lot"'), '"a lot" is not an amount of money', 1),
        (samples.PROJECT.replace(', label = "Wrong"', ""), "label is missing", 1),
        ("= nonsense", "This is not TOML", 1),
        (b"\xff\xfe", "is not UTF-8 text", 1),
    ],
)
def test_a_bad_project_file_says_what_is_wrong(
    veritap: Terminal, text: str | bytes, said: str, code: int
) -> None:
    line = veritap.refuses("project", "add", veritap.file("bad.toml", text), code=code)
    assert said in line
    assert "bad.toml" in line


def test_a_file_that_is_not_there(veritap: Terminal) -> None:
    assert "nowhere.toml: No such file" in veritap.refuses("project", "add", "nowhere.toml")
    assert "Is a directory" in veritap.refuses("project", "add", veritap.folder)


def test_a_project_opens_pauses_and_closes(with_project: Terminal) -> None:
    assert "maths was already open" in with_project("project", "open", "maths")[0]
    assert "maths is paused" in with_project("project", "pause", "maths")[0]
    assert "maths is closed" in with_project("project", "close", "maths")[0]
    assert 'no project called "nope"' in with_project.refuses("project", "open", "nope")


def test_a_project_that_is_not_ready_says_what_is_missing(veritap: Terminal) -> None:
    veritap("project", "add", veritap.file("maths.toml", samples.PROJECT))
    line = veritap.refuses("project", "open", "maths", code=1)
    assert "There are no items to work on" in line


def test_items_with_bad_lines_stay_out_unless_told_otherwise(veritap: Terminal) -> None:
    veritap("project", "add", veritap.file("maths.toml", samples.PROJECT))
    lines = [*samples.lines(), '{"id": "x", "question": "q"}', "{broken"]
    path = veritap.file("items.jsonl", "\n".join(lines).encode() + b"\n\xff\xff")
    said = veritap.refuses("items", "import", "maths", path, code=1)
    assert f'line {len(lines) - 1}: has no "solution"' in said
    assert f"line {len(lines)}: is not JSON" in said
    assert f"line {len(lines) + 1}: is not UTF-8" in said
    assert f"Nothing was imported from {path}: 3 bad lines, {len(lines) - 2} good ones." in said
    assert veritap.rows("SELECT COUNT(*) FROM items") == [(0,)]
    out, _ = veritap("items", "import", "maths", path, "--skip-bad")
    assert f"Items: {len(lines) - 2} added, 3 bad lines left out." in out
    out, _ = veritap("items", "import", "maths", path, "--skip-bad")
    assert f"Items: 0 added, {len(lines) - 2} there before" in out


def test_an_invitation_ends_with_its_link(with_project: Terminal) -> None:
    with_project_name(with_project)
    out, _ = with_project("invite", "student", "--project", "maths", "--uses", "25", "--days", "3")
    words, link = out.splitlines()[-2:]
    assert words.startswith("Invitation for 25 students, to Check maths, until ")
    assert link.startswith("https://t.me/veritap_bot?start=")
    assert len(link.partition("start=")[2]) == 22
    assert with_project.rows("SELECT role, uses_left, expires_ms - created_ms FROM invitations") == [
        ("student", 25, 3 * 24 * 3_600_000)
    ]
    assert 'no project called "nope"' in with_project.refuses("invite", "student", "--project", "nope")
    assert "for one person" in with_project.refuses("invite", "admin", "--uses", "2")


def with_project_name(terminal: Terminal) -> None:
    connection = sqlite3.connect(terminal.database)
    connection.execute("INSERT INTO settings VALUES ('bot_username', 'veritap_bot')")
    connection.commit()
    connection.close()


def test_no_invitation_is_made_whose_link_cannot_be_told(veritap: Terminal) -> None:
    assert "Set TELEGRAM_BOT_TOKEN" in veritap.refuses("invite", "admin")
    assert not veritap.database.exists()
    veritap("migrate")
    assert "Set TELEGRAM_BOT_TOKEN" in veritap.refuses("invite", "admin")
    assert veritap.rows("SELECT COUNT(*) FROM invitations") == [(0,)]


def test_an_export_is_written_whole_or_not_at_all(with_project: Terminal) -> None:
    target = with_project.file("out.jsonl", "old")
    assert 'no project called "nope"' in with_project.refuses("export", "nope", "--out", target)
    assert target.read_text() == "old"
    out, _ = with_project("export", "maths", "--format", "judgments", "--out", target)
    assert "0 judgments" in out
    assert target.read_text() == ""
    assert [path.name for path in with_project.folder.iterdir() if "part" in path.name] == []
    assert "There is no such folder" in with_project.refuses("export", "maths", "--out", "no/where/out.jsonl")


def test_commands_that_read_do_not_make_a_database(veritap: Terminal) -> None:
    for words in (
        ["project", "list"],
        ["export", "maths", "--out", "x"],
        ["backup", "x"],
        ["project", "open", "m"],
    ):
        assert "There is no database" in veritap.refuses(*words)
    assert "There is no file" in veritap.refuses("verify")
    assert not veritap.database.exists()


def test_verify_tells_good_books_from_bad(with_project: Terminal) -> None:
    out, _ = with_project("verify")
    assert out.splitlines()[-1].startswith("OK")
    backup = with_project.folder / "copy.db"
    out, _ = with_project("backup", backup)
    assert "Keep the key apart" in out
    connection = sqlite3.connect(backup, isolation_level=None)
    connection.execute(
        "INSERT INTO entries (key, kind, actor, reason, recorded_ms, previous_hash, hash) "
        "VALUES ('gift:1', 'gift', 'me', '', 1, 'x', 'y')"
    )
    connection.close()
    out, _ = with_project("verify", backup, code=1)
    assert "WRONG" in out
    assert "exists already" in with_project.refuses("backup", backup)
    assert with_project.rows("SELECT COUNT(*) FROM settings WHERE name = 'backup_ms'") == [(1,)]


def test_migrate_makes_the_database_and_then_has_nothing_to_do(veritap: Terminal) -> None:
    assert "was made" in veritap("migrate")[0]
    assert "is up to date" in veritap("migrate")[0]


def test_check_looks_at_everything(veritap: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    out, _ = veritap("check")
    assert "none yet" in out
    assert "no token" in out
    veritap("migrate")
    assert "the key fits" in veritap("check")[0]
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456789:" + "A" * 35)
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")
    out, _ = veritap("check", code=1)
    assert "WRONG  telegram: Telegram cannot be reached at http://127.0.0.1:9" in out
    monkeypatch.setenv("VERITAP_KEY", new_key())
    assert "WRONG  database: VERITAP_KEY does not open" in veritap("check", code=2)[0]


def test_check_changes_nothing(veritap: Terminal) -> None:
    veritap("migrate")
    connection = sqlite3.connect(veritap.database, isolation_level=None)
    connection.execute("DELETE FROM migrations WHERE number > 1")
    connection.close()
    assert "to be brought up to date at the next start (0002_append_only" in veritap("check")[0]
    assert veritap.rows("SELECT number FROM migrations") == [(1,)]
    assert not (veritap.database.parent / "backups").exists()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE migrations SET number = number + 1000", "made by a newer Veritap"),
        ("UPDATE migrations SET digest = 'x'", "has been edited since"),
    ],
)
def test_a_store_in_trouble_is_code_3(veritap: Terminal, damage: str, said: str) -> None:
    veritap("migrate")
    connection = sqlite3.connect(veritap.database, isolation_level=None)
    connection.execute(damage)
    connection.close()
    assert said in veritap.refuses("project", "list", code=3)


def test_a_file_that_is_no_database_is_code_3(veritap: Terminal) -> None:
    veritap("migrate")
    veritap.database.write_bytes(b"this is not a database, whatever its name may say " * 100)
    assert "is damaged" in veritap.refuses("project", "list", code=3)


def test_a_locked_store_is_code_3(with_project: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.1)
    other = sqlite3.connect(with_project.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "is locked by another program" in with_project.refuses("project", "pause", "maths", code=3)
    other.execute("ROLLBACK")
    other.close()
    assert "maths is paused" in with_project("project", "pause", "maths")[0]


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, 3), (errno.EACCES, 2)])
def test_a_full_disk_is_the_stores_trouble_and_a_closed_door_is_not(number: int, code: int) -> None:
    trouble = cli_base.told(OSError(number, os.strerror(number), "out.jsonl"))
    assert trouble == (f"out.jsonl: {os.strerror(number)}.", code)


def test_a_bad_setting_is_code_2(veritap: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "not a token")
    line = veritap.refuses("run")
    assert line.startswith("TELEGRAM_BOT_TOKEN does not look like a bot token")
    assert "\n" not in line


def test_without_a_token_the_bot_does_not_run(veritap: Terminal) -> None:
    assert "veritap demo" in veritap.refuses("run")


def test_a_fault_is_one_line_unless_asked_for_more(
    veritap: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr(settings, "load", break_down)
    line = veritap.refuses("check", code=1)
    assert line.startswith("A fault in Veritap: ZeroDivisionError: by accident.")
    assert "\n" not in line
    assert cli.main(["--traceback", "check"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_the_real_command_in_a_process_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot"]
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/v.db",
        "TELEGRAM_BOT_TOKEN": "nonsense",
    }
    done = subprocess.run(
        [*command, "project", "list"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("TELEGRAM_BOT_TOKEN")


class _Screen:
    """A stream that is, or is not, a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        self.text = ""
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None: ...


def test_progress_draws_a_bar_on_a_terminal_and_few_lines_elsewhere() -> None:
    screen = _Screen(terminal=True)
    bar = Progress("items", screen)  # type: ignore[arg-type]
    bar(1200, 1200)
    assert screen.text == "\ritems 1,200 of 1,200 " + "▓" * 24
    bar.close()
    assert screen.text.endswith(" \r")
    file = _Screen(terminal=False)
    quiet = Progress("items", file)  # type: ignore[arg-type]
    for done in range(1000):
        quiet(done, 1000)
    quiet.close()
    assert file.text.count("\n") <= 1


def test_an_import_of_a_csv_goes_by_the_name(veritap: Terminal) -> None:
    veritap("project", "add", veritap.file("maths.toml", samples.PROJECT))
    gold = json.dumps({"correct": "no"}).replace('"', '""')
    table = f'id,question,solution,gold\n1,"a, b",c,\n2,d,e,"{gold}"\n'
    assert "Items: 2 added." in veritap("items", "import", "maths", veritap.file("items.csv", table))[0]
    assert veritap.rows("SELECT use FROM items ORDER BY external_id") == [("work",), ("gold",)]


def test_a_command_leaves_the_schema_to_migrate(veritap: Terminal) -> None:
    veritap("migrate")
    connection = sqlite3.connect(veritap.database)
    # As the version before left it.
    for table in ("text_marks", "text_twins", "stints", "position_counts"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("DELETE FROM migrations WHERE number = 4")
    connection.commit()
    connection.close()
    assert "veritap migrate" in veritap.refuses("project", "list", code=3)
    veritap("migrate")
    veritap("project", "list")
