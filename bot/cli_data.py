"""`veritap verify`, `backup` and `migrate`: proving the data and keeping it."""

from __future__ import annotations

import argparse
from pathlib import Path

from actions import health, marks
from actions.ports import Store
from bot import verify as proof
from bot.cli_base import GOOD, WRONG, Halt, load_settings, say, shown, with_store
from bot.progress import Progress
from bot.sources import now_ms
from storage.database import prepare_file
from storage.vault import Vault


def verify(arguments: argparse.Namespace) -> int:
    """`verify [FILE]`: prove the books of the live database or of a backup."""
    path: Path = arguments.file or load_settings().database_path
    if path.is_dir():
        raise Halt(f"{path} is a folder; name a database file in it.")
    bar = Progress("checks")
    try:
        report = proof.verify(path, bar, arguments.head)
    finally:
        bar.close()
    print(f"{shown(path)}\n{proof.describe(report)}")
    return GOOD if report.is_good else WRONG


def backup(arguments: argparse.Namespace) -> int:
    """`backup FILE`: copy the live database, consistent, while the bot runs."""
    target: Path = arguments.file

    async def work(store: Store) -> None:
        say(f"Copying {shown(store.path)} …")
        await store.backup(target)
        await store.write(marks.touch, health.BACKUP)

    with_store(work)
    size = target.stat().st_size / 1_000_000
    print(
        f"{target} ({size:,.1f} MB). Keep the key apart from it; without the key nobody can read the names in it."
    )
    return GOOD


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
