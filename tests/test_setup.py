"""Set-up as run.py does it: what it chooses, when it trusts an environment, and what it says when it fails.

Only its parts that need no network are tested here; making a whole environment is for a bare machine.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import run
from tests import check

ROOT = Path(run.__file__).parent
WANTED: dict[str, Any] = {
    "folder": "/home/ann/veritap",
    "python": "cpython-311 x86_64 /usr",
    "project": "p1",
    "runtime": "r1",
    "dev": "d1",
    "files": [],
}
STAMPED = WANTED | {"files": ["aiohttp", "telegram"]}
PRESENT = ["aiohttp", "telegram", "something_of_my_own"]


@pytest.mark.parametrize(
    ("arguments", "token_is_set", "expected"),
    [
        ([], True, ["run"]),
        ([], False, ["demo"]),
        (["demo"], True, ["demo"]),
        (["invite", "admin"], False, ["invite", "admin"]),
        (["invite", "--help"], False, ["invite", "--help"]),
    ],
)
def test_a_token_decides_between_telegram_and_the_demo(
    arguments: list[str], token_is_set: bool, expected: list[str]
) -> None:
    assert run.bot_arguments(arguments, token_is_set) == expected


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("TELEGRAM_BOT_TOKEN=1:a\n", "1:a"),
        ("\ufeffTELEGRAM_BOT_TOKEN=1:a\r\n", "1:a"),
        ("export TELEGRAM_BOT_TOKEN = '1:a' # mine\n", "1:a"),
        ('TELEGRAM_BOT_TOKEN="1:a#b"\n', "1:a#b"),
        ("TELEGRAM_BOT_TOKEN=1:a # mine", "1:a"),
        ("TELEGRAM_BOT_TOKEN=1:old\nTELEGRAM_BOT_TOKEN=1:new\n", "1:new"),
        ("#TELEGRAM_BOT_TOKEN=1:a\n", ""),
        ("TELEGRAM_BOT_TOKEN=   # not yet\n", ""),
        ("TELEGRAM_BOT_TOKEN=\nLOG_FORMAT=json\n", ""),
        ("OTHER_TELEGRAM_BOT_TOKEN=1:a\n", ""),
    ],
)
def test_the_token_is_read_from_the_settings_file(tmp_path: Path, text: str, token: str) -> None:
    settings = tmp_path / ".env"
    settings.write_bytes(text.encode())
    found = run.read_settings(settings)
    assert found.get("TELEGRAM_BOT_TOKEN", "") == token
    assert run.has_token({}, found) == bool(token)


def test_no_settings_file_means_no_settings(tmp_path: Path) -> None:
    assert run.read_settings(tmp_path / ".env") == {}


def test_a_settings_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(run.Trouble, match=r"\.env cannot be read"):
        run.read_settings(tmp_path / ".env")


def test_the_environment_wins_over_the_settings_file() -> None:
    settings = {"TELEGRAM_BOT_TOKEN": "1:file"}
    assert run.has_token({"TELEGRAM_BOT_TOKEN": "1:a"}, {})
    assert not run.has_token({"TELEGRAM_BOT_TOKEN": " "}, settings)


@pytest.mark.parametrize(
    ("found", "dev", "expected"),
    [
        (None, False, "make"),
        (STAMPED, False, "nothing"),
        (STAMPED, True, "nothing"),
        (STAMPED | {"folder": "/home/ann/elsewhere"}, False, "make"),
        (STAMPED | {"python": "cpython-312 x86_64 /usr"}, False, "make"),
        (STAMPED | {"files": ["aiohttp", "telegram", "aiosql"]}, False, "make"),
        (STAMPED | {"runtime": "r0"}, False, "install"),
        (STAMPED | {"project": "p0"}, False, "install"),
        (STAMPED | {"dev": ""}, False, "nothing"),
        (STAMPED | {"dev": ""}, True, "install"),
        (STAMPED | {"dev": "d0"}, True, "install"),
    ],
)
def test_an_environment_is_trusted_only_as_far_as_its_stamp(
    found: dict[str, Any] | None, dev: bool, expected: str
) -> None:
    assert run.remedy(found, WANTED, dev, PRESENT) == expected


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"folder": 1}', '"stamp"', "\udc80"])
def test_a_stamp_that_is_not_whole_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    place_environment(tmp_path, monkeypatch)
    run.STAMP.write_text(text, encoding="utf-8", errors="surrogateescape")
    assert run.read_stamp() is None


def test_a_stamp_counts_only_beside_its_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place_environment(tmp_path, monkeypatch)
    assert run.read_stamp() is None
    run.STAMP.write_text(json.dumps(STAMPED))
    assert run.read_stamp() == STAMPED
    run.environment_python().unlink()
    assert run.read_stamp() is None


def test_a_package_that_was_deleted_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place_environment(tmp_path, monkeypatch)
    assert run.installed_files() == []
    base = str(tmp_path)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": base, "platbase": base}))
    for name in ("telegram", "aiohttp", "__pycache__"):
        (packages / name).mkdir(parents=True)
    assert run.installed_files() == ["aiohttp", "telegram"]
    assert run.remedy(STAMPED, WANTED, False, run.installed_files()) == "nothing"
    (packages / "telegram").rmdir()
    assert run.remedy(STAMPED, WANTED, False, run.installed_files()) == "make"


def place_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let run.py find its environment in a folder of the test's own."""
    monkeypatch.setattr(run, "ENVIRONMENT", folder)
    monkeypatch.setattr(run, "STAMP", folder / "set-up.json")
    run.environment_python().parent.mkdir(parents=True)
    run.environment_python().touch()


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "mirror or proxy"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "apt install ca-cert"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "may not be written"),
        ("[Errno -3] Temporary failure in name resolution\nERROR: No matching distribution", "HTTPS_PROXY"),
        ("[Errno 101] Network is unreachable", "Check the network"),
        ("ReadTimeoutError: Read timed out.", "Check the network"),
        ("ERROR: No matching distribution found for cffi==2.1.1", "no ready-made form"),
        ("Segmentation fault", "last words"),
    ],
)
def test_a_failure_says_what_to_do_and_what_was_said(said: str, advice: str) -> None:
    first, *rest = run.explain("It failed.", f"WARNING: Retrying (Retry(total=4))\n{said}\n").splitlines()
    assert first.startswith("It failed. ")
    assert advice in first
    assert [line.strip() for line in rest] == said.splitlines()


def test_only_the_last_words_of_a_failure_are_shown() -> None:
    told = run.explain("It failed.", "\n".join(f"line {n}" for n in range(100))).splitlines()
    assert len(told) == 1 + run.SAID_LINES_MAX
    assert told[-1].strip() == "line 99"


def test_a_missing_or_old_pip_names_the_one_line_that_helps() -> None:
    package = f"apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert package in run.pip_advice(None)
    assert "pip 22.0 is too old (22.3 or newer" in run.pip_advice((22, 0))
    assert package in run.pip_advice((22, 0))


def test_pip_tells_its_version() -> None:
    assert run.pip_version("pip 23.0.1 from /usr/lib/python3/dist-packages/pip (python 3.11)") == (23, 0)
    assert run.pip_version("No module named pip") is None
    assert (22, 2) < run.PIP_OLDEST <= (22, 3)


def test_an_old_python_is_refused_in_one_sentence() -> None:
    run.require_python((3, 11))
    run.require_python((4, 0))
    with pytest.raises(run.Trouble, match=r"needs Python 3\.11 or newer, and this is 3\.9\."):
        run.require_python((3, 9))


def test_pip_keeps_to_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place_environment(tmp_path, monkeypatch)
    given = {"PIP_USER": "1", "PIP_TARGET": "/opt", "PYTHONPATH": "/opt", "HTTPS_PROXY": "p", "TMPDIR": "/t"}
    variables = run.pip_environment(given)
    assert variables["PIP_USER"] == "0"
    assert variables["HTTPS_PROXY"] == "p"
    assert variables["PIP_NO_CACHE_DIR"] == "1"
    assert Path(variables["TMPDIR"]).parent == tmp_path
    assert not {"PIP_TARGET", "PYTHONPATH"} & set(variables)


def test_one_set_up_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LOCK", tmp_path / ".setup.lock")
    with (tmp_path / ".setup.lock").open("a") as second:
        with run.alone():
            assert not run.take_lock(second.fileno())
        assert run.take_lock(second.fileno())


def test_a_set_up_that_never_ends_is_not_waited_for_in_vain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "LOCK", tmp_path / ".setup.lock")
    monkeypatch.setattr(run, "LOCK_WAIT_MAX_S", 0.0)
    with (tmp_path / ".setup.lock").open("a") as first:
        assert run.take_lock(first.fileno())
        with pytest.raises(run.Trouble, match="Stop it and run this again"), run.alone():
            pytest.fail("The lock was given twice.")


def test_help_needs_no_set_up(tmp_path: Path) -> None:
    done = run_alone_in(tmp_path, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "python3 run.py test" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.py"]


def test_a_copy_with_files_missing_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    done = run_alone_in(tmp_path)
    assert done.returncode == 1
    assert "pyproject.toml is missing or unreadable; this copy of Veritap is not whole." in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.py"]


def run_alone_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of run.py that has nothing beside it."""
    shutil.copy(ROOT / "run.py", folder)
    command = [sys.executable, "-B", "-W", "error", str(folder / "run.py"), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def pins(lock: str) -> dict[str, list[str]]:
    """Return the requirement lines of a lock, each with the lines that belong to it."""
    entries: dict[str, list[str]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if line[:1] not in (" ", "#", ""):
            entries[line.removesuffix(" \\")] = []
        elif entries:
            entries[list(entries)[-1]].append(line)
    return entries


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_by_version_and_hash(lock: str) -> None:
    entries = pins(lock)
    assert entries
    for pin, lines in entries.items():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; .+)?", pin), pin
        assert any(re.search(r"--hash=sha256:[0-9a-f]{64}", line) for line in lines), pin
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_the_check_runs_on_the_very_packages_of_the_bot() -> None:
    runtime, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert set(runtime) < set(dev)
    for pin in runtime:
        assert [line for line in runtime[pin] if "--hash" in line] == [
            line for line in dev[pin] if "--hash" in line
        ]


def test_the_locks_hold_what_the_project_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = asked["dependency-groups"]
    for lock, wanted in {
        "requirements.txt": asked["project"]["dependencies"] + groups["build"],
        "requirements-dev.txt": groups["dev"],
    }.items():
        names = {pin.split("==")[0] for pin in pins(lock)}
        assert {re.split(r"[<>=;\[ ]", line)[0].lower() for line in wanted} <= names


def test_each_setting_of_the_example_is_explained() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    names = {}
    for above, line in pairwise(lines):
        if match := re.match(r"#?([A-Z_]+)=", line):
            names[match[1]] = above
    assert set(names) == {
        *("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "DATABASE_URL", "VERITAP_KEY"),
        *("WEBHOOK_URL", "WEBHOOK_SECRET", "WEB_LISTEN", "LOG_FORMAT"),
    }
    assert all(re.match(r"# \S", above) for above in names.values()), names


def test_an_example_that_was_copied_as_it_is_means_the_demo() -> None:
    assert not run.has_token({}, run.read_settings(ROOT / ".env.example"))


def test_the_check_hides_the_settings_of_a_real_bot_from_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:real")
    monkeypatch.setenv("LANG", "C.UTF-8")
    variables = check.environment()
    assert "TELEGRAM_BOT_TOKEN" not in variables
    assert variables["LANG"] == "C.UTF-8"


def test_a_part_of_the_check_fails_when_its_command_does(capsys: pytest.CaptureFixture[str]) -> None:
    failed = check.show(check.run_quietly("lint", "-c", "import sys; sys.exit('two\\nwords')"))
    passed = check.show(check.run_quietly("lint", "-c", "print('chatter')"))
    assert (failed.passed, passed.passed) == (False, True)
    said = capsys.readouterr().out
    assert re.match(r"lint    FAILED +\d+\.\d s\n    two\n    words\n", said)
    assert "chatter" not in said


def test_continuous_integration_runs_the_command_that_people_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().rstrip().endswith("python3 run.py test")
