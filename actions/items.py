"""Items: checking a file of them, and bringing the good ones into a project in an order that nobody can foresee.

An import is a row of small transactions, so that nobody's tap waits for it; each can be repeated without harm, so an interrupted import is
finished by importing the same file again.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

from actions import people, projects, refusals
from actions.people import Visitor
from actions.ports import Store
from actions.projects import Project
from rules import item_file, project_file
from rules.item_file import BadLine, Item
from rules.project_state import Stock
from storage.tx import Tx

BATCH_ITEMS = 500
"""Items in one transaction: about ten milliseconds of the writer's time."""
BATCH_ITEMS_MAX = 2_000
PAUSE_CHARACTERS = 32_000
"""So much text is checked before others have their turn: one or two milliseconds."""
BAD_LINES_KEPT = 10_000
BAD_LINES_MAX = 100_000
"""A file with so many bad lines is not a file of items; the rest of it is not read."""
FOR_PROJECT = "items"
"""What is awaited from a coordinator who is about to send a file of items."""
FILE = "items_file"
"""What is kept in mind of a coordinator's file until they say what becomes of it."""

Progress = Callable[[int, int], Awaitable[None]]
"""Told how many of how many items are in."""


@dataclasses.dataclass(frozen=True, slots=True)
class Imported:
    """What became of items. `present`: were there before; of these `replaced` took their new text, and `kept` their old one."""

    added: int
    present: int
    replaced: int = 0
    kept: int = 0

    def __add__(self, other: Imported) -> Imported:
        return Imported(
            self.added + other.added,
            self.present + other.present,
            self.replaced + other.replaced,
            self.kept + other.kept,
        )


NOTHING = Imported(0, 0)


@dataclasses.dataclass(frozen=True, slots=True)
class Way:
    """How a file is read. `ending`: jsonl, csv or tsv, see `item_file.shape_of`; `named`: its shape, where it is not to be recognised;
    `gold`: whether answers that came with foreign rows become gold."""

    ending: str = "jsonl"
    named: str | None = None
    gold: bool = False


AS_IT_COMES = Way()


@dataclasses.dataclass(slots=True)
class Checked:
    """A file that was read: its good items, and its bad lines, of which the first 10,000 are kept.

    The reading ends at 100,000 bad lines. `shape`: what it is, in words; None when it is in our own. `known`: good items that came with
    an answer that can be their gold, and are gold where that was asked for. `trouble`: why nothing of it can be an item here.
    """

    good: list[Item] = dataclasses.field(default_factory=list)
    bad: list[BadLine] = dataclasses.field(default_factory=list)
    bad_count: int = 0
    shape: str | None = None
    known: int = 0
    trouble: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """What an import of a file came to."""

    checked: Checked
    imported: Imported


async def import_lines(
    store: Store,
    visitor: Visitor | None,
    slug: str,
    lines: Iterable[str],
    way: Way | str = AS_IT_COMES,
    *,
    only_if_all_good: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Check a file's lines and import the good items, in a drawn order.

    `visitor`: the coordinator; None is the command line. `way`: how to read, or just the file's ending. With `only_if_all_good`, one bad
    line keeps everything out. Raises the refusals of `projects.managed`, and ProjectClosed.
    """
    project = await store.read(ready_for_items, visitor, slug)
    checked = await check(project.rules, lines, way)
    if only_if_all_good and checked.bad_count:
        return Report(checked, NOTHING)
    return Report(checked, await import_checked(store, visitor, slug, checked.good, progress=progress))


async def check(rules: project_file.Project, lines: Iterable[str], way: Way | str) -> Checked:
    """Read and check lines, letting others have their turn again and again."""
    how, read = Way(way) if isinstance(way, str) else way, _Tally(lines)
    reading = item_file.open_file(rules, read, how.ending, how.named, gold=how.gold)
    checked = Checked(shape=reading.title, trouble=reading.trouble)
    for found in reading.found:
        if isinstance(found, Item):
            checked.good.append(found)
        else:
            checked.bad_count += 1
            if len(checked.bad) < BAD_LINES_KEPT:
                checked.bad.append(found)
            if checked.bad_count >= BAD_LINES_MAX:
                break
        if read.characters >= PAUSE_CHARACTERS:
            read.characters = 0
            await asyncio.sleep(0)
    checked.known = reading.known
    return checked


class _Tally:
    """Lines, and how much text went by since somebody last looked."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.characters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.characters += len(line) + 100
        return line


async def import_checked(
    store: Store,
    visitor: Visitor | None,
    slug: str,
    items: Sequence[Item],
    *,
    progress: Progress | None = None,
) -> Imported:
    """Import items that were checked against the project's file, in a drawn order and in small transactions."""
    project = await store.read(ready_for_items, visitor, slug)
    ordered = await store.read(shuffled, items)
    total = NOTHING
    for start in range(0, len(ordered), BATCH_ITEMS):
        total += await store.write(import_batch, project.id, ordered[start : start + BATCH_ITEMS])
        if progress is not None:
            await progress(min(start + BATCH_ITEMS, len(ordered)), len(ordered))
    await store.write(_note_import, visitor, project.id, total)
    return total


def ready_for_items(tx: Tx, visitor: Visitor | None, slug: str) -> Project:
    """Give a project that items can be imported into by this visitor, or refuse."""
    project = projects.by_slug(tx, slug) if visitor is None else projects.managed(tx, visitor, slug)[1]
    if project.state == "closed":
        raise refusals.ProjectClosed
    return project


def shuffled(tx: Tx, items: Sequence[Item]) -> list[Item]:
    """Give the items in an order drawn by chance (Fisher and Yates), since walking a project by id must be walking at random."""
    order = list(items)
    for last in range(len(order) - 1, 0, -1):
        other = int(tx.draw() * (last + 1))
        order[last], order[other] = order[other], order[last]
    return order


def import_batch(tx: Tx, project_id: int, items: Sequence[Item]) -> Imported:
    """Insert at most 2,000 items in the order given; the work among them joins the queue.

    An item whose id is there already is left as it is, except that a draft project, which nobody has seen, takes its new text.
    """
    if len(items) > BATCH_ITEMS_MAX:
        raise ValueError(f"{len(items)} items in one transaction; at most {BATCH_ITEMS_MAX}")
    project = projects.get(tx, project_id)
    if project.state == "closed":
        raise refusals.ProjectClosed
    slots, total = project.rules.quality.overlap[0], NOTHING
    for item in items:
        total += _import_one(tx, project, item, slots)
    if total.added:
        tx.run("items.wake_students", project_id=project_id)
    return total


def _import_one(tx: Tx, project: Project, item: Item, slots: int) -> Imported:
    item_id = tx.value("items.add", project_id=project.id, now_ms=tx.now_ms, **dataclasses.asdict(item))
    if item_id is None:
        return _meet_again(tx, project, item, slots)
    if item.use == "work":
        tx.run("items.put_in_queue", project_id=project.id, item_id=item_id, slots=slots)
    return Imported(added=1, present=0)


@dataclasses.dataclass(frozen=True, slots=True)
class _Present:
    id: int
    use: str
    fields: str
    gold: str | None
    explanation: str | None


def _meet_again(tx: Tx, project: Project, item: Item, slots: int) -> Imported:
    present = tx.one("items.present", _Present, project_id=project.id, external_id=item.external_id)
    new = dataclasses.asdict(item)
    del new["external_id"]
    if present is None or all(getattr(present, name) == value for name, value in new.items()):
        return Imported(added=0, present=1)
    if project.state != "draft":
        return Imported(added=0, present=1, kept=1)
    tx.run("items.replace", id=present.id, **new)
    tx.run("items.take_from_queue", project_id=project.id, item_id=present.id)
    if item.use == "work":
        tx.run("items.put_in_queue", project_id=project.id, item_id=present.id, slots=slots)
    return Imported(added=0, present=1, replaced=1)


def _note_import(tx: Tx, visitor: Visitor | None, project_id: int, total: Imported) -> None:
    person = None if visitor is None else people.require(tx, visitor)
    actor = projects.COMMAND_LINE if person is None else f"person:{person.id}"
    detail = f"{total.added} added, {total.replaced} replaced, {total.present} present"
    people.audit(tx, actor, "imported items", f"project:{project_id}", detail)


@dataclasses.dataclass(frozen=True, slots=True)
class File:
    """A file that a coordinator sent; Telegram keeps it under `file_id`. `tag` ties a button to it."""

    file_id: str
    name: str
    tag: str


def projects_for_file(tx: Tx, visitor: Visitor) -> list[Project]:
    """List the projects that a coordinator's file of items may be for; only one when they were asked for its items."""
    person = people.require_role(tx, visitor, "coordinator")
    awaited = people.awaited(tx, person.id)
    found = [project for project in projects.all_managed(tx, visitor) if project.state != "closed"]
    if awaited is not None and awaited.kind == FOR_PROJECT:
        return [project for project in found if str(project.id) == awaited.detail] or found
    return found


def remember_file(tx: Tx, visitor: Visitor, file: File) -> None:
    """Keep a file of items in mind until it is imported or another one comes."""
    person = people.require_role(tx, visitor, "coordinator")
    people.await_input(tx, person.id, FILE, json.dumps(dataclasses.asdict(file)))


def remembered_file(tx: Tx, visitor: Visitor, tag: str) -> File:
    """Give the file that a button belongs to; refuse when another one took its place."""
    awaited = people.awaited(tx, people.require_role(tx, visitor, "coordinator").id)
    file = File(**json.loads(awaited.detail)) if awaited is not None and awaited.kind == FILE else None
    if file is None or file.tag != tag:
        raise refusals.FileGone
    return file


def forget_file(tx: Tx, visitor: Visitor, tag: str) -> None:
    """Put a file out of mind."""
    remembered_file(tx, visitor, tag)
    people.stop_awaiting(tx, people.require(tx, visitor).id)


def await_file(tx: Tx, visitor: Visitor, project_id: int) -> Stocked:
    """Take the next file of a coordinator for this project, and tell what the project has."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    if project.state != "closed":
        people.await_input(tx, person.id, FOR_PROJECT, str(project.id))
    return Stocked(project, projects.stock(tx, project.id))


@dataclasses.dataclass(frozen=True, slots=True)
class Stocked:
    """A project and how many items of each use it has."""

    project: Project
    stock: Stock


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """What a preview needs of an item."""

    external_id: str
    fields: str


def first_of_work(tx: Tx, visitor: Visitor, project_id: int, most: int) -> tuple[Project, list[Shown]]:
    """Give the first work items of a project to whoever manages it."""
    _, project = projects.managed_by_id(tx, visitor, project_id)
    return project, tx.all("items.first_of_work", Shown, project_id=project.id, most=most)
