"""`veritap export`, `verify`, `backup` and `migrate`: getting data out, proving it, keeping it."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from actions import exports, health, marks, projects
from actions.exports import Extent
from actions.ports import Store, Tx
from bot import verify as proof
from bot.cli_base import GOOD, WRONG, Halt, load_settings, say, shown, with_store
from bot.progress import Progress
from bot.sources import now_ms
from storage.database import prepare_file
from storage.vault import Vault


@dataclasses.dataclass(frozen=True, slots=True)
class _Written:
    lines: int
    extent: Extent


def export(arguments: argparse.Namespace) -> int:
    """`export SLUG --format judgments --out FILE`: all lines from one consistent view of the database."""
    target: Path = arguments.out
    bar = Progress("judgments")

    async def work(store: Store) -> _Written:
        with _replacing(target) as file:
            return await store.read(_write_judgments, arguments.slug, arguments.with_gold, file, bar)

    try:
        written = with_store(work)
    finally:
        bar.close()
    left_out = written.extent
    if left_out.left_out:
        say(
            f"Left out: {left_out.left_out:,} judgments of {left_out.left_out_students:,} students who withdrew "
            "their consent."
        )
    print(f"{written.lines:,} judgments in {target}")
    return GOOD


def _write_judgments(tx: Tx, slug: str, with_gold: bool, file: TextIO, bar: Progress) -> _Written:
    project = projects.by_slug(tx, slug)
    extent = exports.extent(tx, project.id)
    lines = 0
    for line in exports.all_judgments(tx, project.id, with_gold):
        file.write(line + "\n")
        lines += 1
        if lines % exports.PAGE == 0:
            bar(lines, extent.judgments - extent.left_out)
    return _Written(lines, extent)


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[TextIO]:
    """Write a file beside its final place; it takes that place only once it is whole and on the disk."""
    if target.is_dir():
        raise Halt(f"{target} is a folder; name the file to write: --out {target / 'judgments.jsonl'}")
    half = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with half.open("x", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)
    except FileNotFoundError as error:
        raise FileNotFoundError(error.errno, "There is no such folder", str(target.parent)) from None
    finally:
        half.unlink(missing_ok=True)


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
