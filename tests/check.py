"""The whole check, as `python3 run.py test` runs it: format, lint, types, floors and tests.

Every part runs, also after one failed, so that one run shows all there is to mend. With arguments, only
pytest runs, and gets them. What the parts demand is set in pyproject.toml; nothing of it lives here.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("bot", "handlers", "actions", "storage", "rules", "sandbox", "tests", "benchmarks")
CONCISE = ("--output-format", "concise")
TALKING = ("bot", "sandbox", "simulation")
"""Tests that talk to processes, browsers and servers spend their time waiting, so they run beside all the others."""
FLOORS = "from importlinter.cli import lint_imports_command as lint; lint()"


class Result(NamedTuple):
    """How a part of the check ended, and what it said unless that was shown at once."""

    name: str
    passed: bool
    seconds: float
    said: str = ""


def main(arguments: list[str]) -> int:
    """Run the check, or only pytest with the arguments given, and return the exit code."""
    if arguments:
        return subprocess.call(python("-m", "pytest", *arguments), cwd=ROOT, env=environment())
    began = time.perf_counter()
    results = run_all()
    print(f"\nThe whole check, {time.perf_counter() - began:.1f} s")
    for result in results:
        print(summary(result))
    return 0 if all(result.passed for result in results) else 1


def run_all() -> list[Result]:
    """Run every part; a part is shown when it ends, the tests while they run."""
    typed = [name for name in FOLDERS if any((ROOT / name).rglob("*.py"))]
    talking, others = test_paths()
    with ThreadPoolExecutor(max_workers=2) as beside:
        # The types take long and say little, so they are worked out beside all the rest.
        types = beside.submit(run_quietly, "types", "-m", "mypy", "--no-error-summary", *typed, "run.py")
        cache = ("-o", "cache_dir=.pytest_cache/talking")
        spoken = beside.submit(run_quietly, "talking", "-m", "pytest", *cache, *talking)
        return [
            show(run_quietly("format", "-m", "ruff", "format", "--check", *CONCISE, ".")),
            show(run_quietly("lint", "-m", "ruff", "check", "--quiet", *CONCISE, ".")),
            show(run_quietly("floors", "-c", FLOORS)),
            run_tests(others),
            show(spoken.result()),
            show(types.result()),
        ]


def test_paths() -> tuple[list[str], list[str]]:
    """List every folder and file of tests: those that talk, and all others."""
    found = [
        path
        for path in sorted((ROOT / "tests").iterdir())
        if path.match("test_*.py") or (path.is_dir() and any(path.rglob("test_*.py")))
    ]
    talking = [str(path) for path in found if path.name in TALKING]
    return talking, [str(path) for path in found if path.name not in TALKING]


def run_quietly(name: str, *arguments: str) -> Result:
    """Run a part and keep what it says for the case that it fails."""
    began = time.perf_counter()
    done = subprocess.run(
        python(*arguments),
        check=False,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return Result(name, done.returncode == 0, time.perf_counter() - began, done.stdout)


def run_tests(paths: list[str]) -> Result:
    """Run tests in plain sight, since they take the longest."""
    print("tests   ...", flush=True)
    began = time.perf_counter()
    code = subprocess.call(python("-m", "pytest", *paths), cwd=ROOT, env=environment())
    return show(Result("tests", code == 0, time.perf_counter() - began))


def show(result: Result) -> Result:
    """Print a part's line, and below it what a failed part said."""
    print(summary(result))
    if not result.passed and result.said:
        print("".join(f"    {line}\n" for line in result.said.strip().splitlines()))
    sys.stdout.flush()
    return result


def summary(result: Result) -> str:
    """Say in one line how a part ended and how long it took."""
    return f"{result.name:<8}{'ok' if result.passed else 'FAILED':<8}{result.seconds:6.1f} s"


def python(*arguments: str) -> list[str]:
    """Return the command that runs this environment's Python with the arguments."""
    return [sys.executable, *arguments]


def environment() -> dict[str, str]:
    """Return the variables without Veritap's own, so that no test ever meets somebody's real bot."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    own = set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))
    return {name: value for name, value in os.environ.items() if name not in own}


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
