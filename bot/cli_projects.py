"""`veritap project …` and `veritap items import`: projects and their items from files."""

from __future__ import annotations

import argparse
from pathlib import Path

from actions import items, projects
from actions.items import Checked, Report, Way
from actions.ports import Store, Tx
from actions.projects import Created, Project, Unchanged, Updated
from bot.cli_base import GOOD, WRONG, Halt, read_text, say, with_store
from bot.progress import Progress
from rules import item_file
from rules.project_file import ProjectTrouble
from rules.project_state import Stock

BAD_LINES_SHOWN = 20
STATE_WORDS = {
    "open": "open: students can work on it",
    "paused": "paused: nobody gets new items",
    "closed": "closed",
}


def add(arguments: argparse.Namespace) -> int:
    """`project add FILE`: make a project, or bring it up to date."""
    text = read_text(arguments.file)

    async def work(store: Store) -> Created | Updated | Unchanged:
        return await store.write(projects.create_or_update, None, text)

    try:
        outcome = with_store(work, make=True)
    except ProjectTrouble as trouble:
        raise Halt("\n".join(f"{arguments.file}: {line}" for line in trouble.lines), WRONG) from None
    match outcome:
        case Created(project):
            print(f"Made {project.slug}: {project.title}. It is a draft.")
            print(
                f"Next: veritap items import {project.slug} FILE, then: veritap project open {project.slug}"
            )
        case Updated(project, parts):
            print(f"Changed {project.slug}: {', '.join(parts)}.")
        case Unchanged(project):
            print(f"{project.slug} says the same already.")
    return GOOD


def set_state(arguments: argparse.Namespace) -> int:
    """`project open|pause|close SLUG`."""
    state = {"open": "open", "pause": "paused", "close": "closed"}[arguments.verb]

    async def work(store: Store) -> projects.StateSet:
        return await store.write(projects.set_state, None, arguments.slug, state)

    outcome = with_store(work)
    print(f"{outcome.project.slug} {'is' if outcome.changed else 'was already'} {STATE_WORDS[state]}.")
    if outcome.leases_ended:
        print(
            f"{outcome.leases_ended} tasks that students had laid aside were taken back; open ones can be answered until their time ends."
        )
    return GOOD


def show_all(arguments: argparse.Namespace) -> int:
    """`project list`."""
    found = with_store(_read_all)
    if not found:
        print("There is no project yet. Make one with: veritap project add FILE")
        return GOOD
    width = max(len(project.slug) for project, _ in found)
    for project, stock in found:
        uses = f"{stock.work:,} work, {stock.gold:,} gold, {stock.exam:,} exam, {stock.training:,} training"
        print(f"{project.slug:<{width}}  {project.state:<6}  {uses}  {project.title}")
    return GOOD


async def _read_all(store: Store) -> list[tuple[Project, Stock]]:
    return await store.read(_all_with_stock)


def _all_with_stock(tx: Tx) -> list[tuple[Project, Stock]]:
    found = tx.all("projects.managed", Project, person_id=0, everything=1)
    return [(project, projects.stock(tx, project.id)) for project in found]


def import_items(arguments: argparse.Namespace) -> int:
    """`items import SLUG FILE`: check every line, then import; with bad lines only when told so."""
    path: Path = arguments.file
    way = Way(item_file.shape_of(path.name), arguments.source, arguments.gold)
    bar = Progress("items")

    async def progress(done: int, of: int) -> None:
        bar(done, of)

    async def work(store: Store) -> Report:
        with path.open("rb") as file:
            return await items.import_lines(
                store,
                None,
                arguments.slug,
                item_file.lines_from(file),
                way,
                only_if_all_good=not arguments.skip_bad,
                progress=progress,
            )

    try:
        report = with_store(work)
    finally:
        bar.close()
    return _tell(path, report, skip_bad=arguments.skip_bad, gold=arguments.gold)


def _tell(path: Path, report: Report, *, skip_bad: bool, gold: bool) -> int:
    checked, imported = report.checked, report.imported
    if checked.trouble is not None:
        say(f"Nothing was imported from {path}. {checked.trouble}")
        return WRONG
    for line in checked.bad[:BAD_LINES_SHOWN]:
        say(str(line))
    if checked.bad_count > BAD_LINES_SHOWN:
        say(f"… and {checked.bad_count - BAD_LINES_SHOWN:,} more bad lines")
    if not checked.good:
        say(f"Nothing was imported: {path} holds no item that can be used.")
        return WRONG
    if checked.bad_count and not skip_bad:
        say(
            f"Nothing was imported from {path}: {checked.bad_count:,} bad lines, {len(checked.good):,} good ones. "
            "Mend them, or import the good ones with --skip-bad."
        )
        return WRONG
    parts = [f"{imported.added:,} added"]
    parts += [f"{imported.present:,} there before"] if imported.present else []
    parts += [f"{imported.replaced:,} of those brought up to date"] if imported.replaced else []
    parts += [f"{imported.kept:,} of those kept as students saw them"] if imported.kept else []
    parts += [f"{checked.bad_count:,} bad lines left out"] if checked.bad_count else []
    if checked.shape is not None:
        print(f"Read as {checked.shape}{_known(checked, gold=gold)}.")
    print(f"Items: {', '.join(parts)}.")
    return GOOD


def _known(checked: Checked, *, gold: bool) -> str:
    """Say what became of the answers that came with foreign rows."""
    if not checked.known:
        return "; no row has a known answer to a question of this project" if gold else ""
    answers = f"; {checked.known:,} known {'answer' if checked.known == 1 else 'answers'}"
    return f"{answers} became gold" if gold else f"{answers} left out (--gold makes them gold)"
