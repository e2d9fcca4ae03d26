"""`veritap verify`, `backup` and `migrate`: proving the data and keeping it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from actions import health, marks
from actions.ports import Store
from bot import journal
from bot import verify as proof
from bot.cli_base import GOOD, WRONG, Halt, load_settings, say, shown, with_store
from bot.progress import Progress
from bot.sources import now_ms
from storage.database import prepare_file
from storage.vault import Vault


def verify(arguments: argparse.Namespace) -> int:
    """`verify [FILE]`: prove the books of the live database or of a backup, or write them as a journal for another tool to prove."""
    path: Path = arguments.file or load_settings().database_path
    if path.is_dir():
        raise Halt(f"{path} is a folder; name a database file in it.")
    if arguments.journal:
        return _journal(path, arguments.journal, arguments.out)
    if arguments.out:
        raise Halt("--out names the file of a journal; say which: --journal hledger or --journal beancount")
    bar = Progress("checks")
    try:
        report = proof.verify(path, bar, arguments.head)
    finally:
        bar.close()
    print(f"{shown(path)}\n{proof.describe(report)}")
    return GOOD if report.is_good else WRONG


def _journal(path: Path, form: str, out: Path | None) -> int:
    """Write the journal to a file, whole or not at all, or to standard output."""
    if out is None:
        journal.write(path, form, sys.stdout)
        return GOOD
    if out.exists():
        raise Halt(f"{out} exists already; a journal never overwrites.")
    half = out.with_name(f"{out.name}.part")
    try:
        with half.open("w", encoding="utf-8") as file:
            written = journal.write(path, form, file)
        half.rename(out)
    except OSError as error:
        raise Halt(f"{out}: {error.strerror}.") from error
    finally:
        half.unlink(missing_ok=True)
    tool = "bean-check" if form == "beancount" else "hledger check --strict -f"
    print(f"{shown(out)} ({written:,} lines). Prove it with: {tool} {shown(out)}")
    return GOOD


def backup(arguments: argparse.Namespace) -> int:
    """`backup FILE`: copy the live database, consistent, while the bot runs."""
    target: Path = arguments.file

    async def work(store: Store) -> None:
        say(f"Copying {shown(store.path)} …")
        await store.backup(target)
        await store.write(marks.touch, health.BACKUP)

    with_store(work)
    _seal(target)
    size = target.stat().st_size / 1_000_000
    print(
        f"{target} ({size:,.1f} MB). Keep the key apart from it; without the key nobody can read the names in it."
    )
    return GOOD


def _seal(target: Path) -> None:
    """Write the backup's SHA-256 beside it, so that `verify`, and sha256sum, notice each byte that changes afterwards."""
    try:
        proof.seal_of(target).write_text(f"{proof.digest(target)}  {target.name}\n", encoding="utf-8")
    except OSError as error:
        raise Halt(f"The backup was written, but not its seal: {error.strerror}.") from error


def migrate(arguments: argparse.Namespace) -> int:
    """`migrate`: make the database, or bring it up to this version; what is there is backed up before."""
    settings = load_settings()
    path = settings.database_path
    is_new = not path.exists()
    applied = prepare_file(path, now_ms(), Vault(settings.key()))
    for name in applied:
        say(name)
    if not applied:
        print(f"{shown(path)} is up to date.")
    elif is_new:
        print(f"{shown(path)} was made.")
    else:
        print(
            f"{shown(path)} was brought up to date; a copy from before is in {shown(path.parent / 'backups')}."
        )
    return GOOD
