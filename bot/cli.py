"""The command line: what can be asked for, and what comes of trouble. Each command lives in a `cli_…` module.

Exit codes: 0 good, 1 something that was looked at is not right, 2 the command or a setting must be another,
3 the store is in trouble; `run` adds 75, start it again. Trouble is one sentence on stderr.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from bot import cli_data, cli_export, cli_projects, cli_quality, cli_run, journal
from bot.cli_base import GOOD, WRONG, misuse, say, told
from rules.formats import imports

PORT_MAX = 65535


class Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one line."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Say it and end."""
        misuse(self.prog, message)


def parser() -> Parser:
    """Describe every command."""
    top = Parser(
        prog="veritap",
        description="Students check what AI models write, in Telegram, and are paid for it.",
        epilog="Exit codes: 0 good, 1 something is not right, 2 wrong use or setting, 3 the store is in trouble.",
    )
    top.add_argument("--traceback", action="store_true", help="show where a fault came from")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True, dest="command")
    _add_running(commands)
    _add_projects(commands)
    _add_data(commands)
    _add_quality(commands)
    return top


def _command(commands: Any, name: str, function: Any, words: str, example: str) -> Parser:
    made: Parser = commands.add_parser(
        name, help=words, description=words[0].upper() + words[1:] + ".", epilog=f"example:\n  {example}"
    )
    made.set_defaults(function=function)
    return made


def _group(commands: Any, name: str, words: str) -> Any:
    made: Parser = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
    return made.add_subparsers(title="commands", metavar="COMMAND", required=True, dest="verb")


def _add_running(commands: Any) -> None:
    _command(commands, "run", cli_run.run, "run the bot on Telegram", "veritap run")
    demo = _command(
        commands,
        "demo",
        cli_run.demo,
        "run the bot with a chat page in the browser, offline",
        "veritap demo --project maths.toml --items maths.jsonl",
    )
    demo.add_argument("--project", type=Path, metavar="FILE", help="a project of your own (TOML)")
    demo.add_argument("--items", type=Path, metavar="FILE", help="its items (JSON lines, CSV or TSV)")
    demo.add_argument("--port", type=_port, metavar="N", help="the port of the page (0: any that is free)")
    demo.add_argument("--no-browser", action="store_true", help="do not open a browser")
    demo.add_argument("--keep", action="store_true", help="go on with the data of the last demo")
    _command(
        commands, "check", cli_run.check, "look over settings, disk, database and Telegram", "veritap check"
    )
    invite = _command(
        commands,
        "invite",
        cli_run.invite,
        "make an invitation; the last line is its link",
        "veritap invite student --project gsm8k --uses 25",
    )
    invite.add_argument(
        "role",
        choices=("student", "coordinator", "admin"),
        metavar="ROLE",
        help="student, coordinator or admin",
    )
    invite.add_argument("--project", metavar="SLUG", help="the project it leads to")
    invite.add_argument("--uses", type=_whole, default=1, metavar="N", help="how many people it serves (1)")
    invite.add_argument("--days", type=_days, metavar="N", help="how long it lasts (students 30, others 2)")


def _add_projects(commands: Any) -> None:
    project = _group(commands, "project", "make projects from files, open, pause and close them")
    add = _command(
        project,
        "add",
        cli_projects.add,
        "make a project from a file, or bring it up to date",
        "veritap project add maths.toml",
    )
    add.add_argument("file", type=Path, metavar="FILE", help="the project file (TOML)")
    for verb, words in (
        ("open", "let students work on a project"),
        ("pause", "give out no new items"),
        ("close", "end a project; nothing is lost, and it can be opened again"),
    ):
        made = _command(project, verb, cli_projects.set_state, words, f"veritap project {verb} gsm8k")
        made.add_argument("slug", metavar="SLUG", help="the project's slug")
    _command(project, "list", cli_projects.show_all, "list all projects", "veritap project list")
    items = _group(commands, "items", "bring items into a project")
    importing = _command(
        items,
        "import",
        cli_projects.import_items,
        "import items from a file, our own or another tool's",
        "veritap items import gsm8k items.jsonl --skip-bad",
    )
    importing.add_argument("slug", metavar="SLUG", help="the project's slug")
    importing.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="JSON lines or a JSON array; CSV or TSV by its name; .gz as well",
    )
    importing.add_argument(
        "--from",
        dest="source",
        choices=imports.NAMES,
        metavar="NAME",
        help=f"what its rows are, where they are not recognised: {', '.join(imports.NAMES)}",
    )
    importing.add_argument(
        "--gold",
        action="store_true",
        help="make known answers of foreign rows gold (PRM800K ratings, chosen, label …); otherwise they are left out",
    )
    importing.add_argument(
        "--skip-bad", action="store_true", help="leave bad lines out and import the others"
    )


def _add_data(commands: Any) -> None:
    export = _command(
        commands,
        "export",
        cli_export.export,
        "write a project's judgments or labels to a file",
        "veritap export gsm8k --format labels --settled-only --licence CC-BY-4.0 --out gsm8k/",
    )
    cli_export.add_arguments(export)
    verify = _command(
        commands,
        "verify",
        cli_data.verify,
        "prove the books, on the live database or a backup",
        "veritap verify backup.db",
    )
    verify.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="a backup; the live database otherwise"
    )
    verify.add_argument(
        "--head", default="", metavar="HASH", help="a head told earlier, which must still be there"
    )
    verify.add_argument(
        "--journal",
        choices=journal.FORMATS,
        help="write the ledger as a plain-text journal instead, for that tool to prove",
    )
    verify.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="the journal's file, not there yet; standard output otherwise",
    )
    backup = _command(
        commands,
        "backup",
        cli_data.backup,
        "copy the database while the bot runs",
        "veritap backup backup.db",
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="a file that is not there yet")
    _command(
        commands, "migrate", cli_data.migrate, "make the database or bring it up to date", "veritap migrate"
    )


def _add_quality(commands: Any) -> None:
    replay = _command(
        commands,
        "replay",
        cli_quality.replay,
        "measure how right the labels are, on answers that real people once gave",
        "veritap replay crowds/sentences crowds/weather --seeds 10 --plot calibration.png",
    )
    cli_quality.add_replay_arguments(replay)
    simulate = _command(
        commands,
        "simulate",
        cli_quality.simulate,
        "plan a project with an invented crowd: what it may cost, and what the rules catch",
        "veritap simulate --students 40 --items 1000 --crowd mixed --confidence 0.95",
    )
    cli_quality.add_simulate_arguments(simulate)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= PORT_MAX):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; write 0 to {PORT_MAX}")
    return int(text)


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = 0.0
    if not 0 < days <= 365:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 0 to 365")
    return days


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; what went wrong is told in a sentence."""
    given = parser().parse_args(arguments)
    try:
        code = int(given.function(given))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does; that is no trouble.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except (Exception, KeyboardInterrupt) as error:
        return _tell(error, given.traceback)
    return code


def _tell(error: BaseException, with_traceback: bool) -> int:
    trouble = told(error)
    if with_traceback:
        traceback.print_exception(error)
    if trouble is not None:
        say(trouble[0])
        return trouble[1]
    say(
        f"A fault in Veritap: {type(error).__name__}: {error}. `veritap --traceback …` shows where; please report it."
    )
    return WRONG


if __name__ == "__main__":
    sys.exit(main())
