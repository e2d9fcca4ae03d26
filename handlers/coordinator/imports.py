"""Files from coordinators: a project file becomes a project; a file of items is checked, shown, and imported once they say so.

The file itself stays with Telegram; what is kept is its id, so a restart in between loses nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import json

from telegram import Document, Update

from actions import items, overview, people, projects, refusals
from actions.items import File, Way
from actions.people import Visitor
from actions.ports import Tx
from actions.projects import Created, Project, Unchanged, Updated
from handlers.admin import payouts
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import _, listed
from handlers.routing import Input, Route, Tap, Upload
from handlers.screen import Screen
from handlers.views import card, projects_managed
from handlers.views import imports as view
from rules import item_file, project_file
from rules.project_file import ProjectTrouble
from rules.text import Text

ITEMS_BYTES_MAX = 20_000_000
"""As much as Telegram lets a bot download."""
PROGRESS_EVERY = 10_000
ITEM_ENDINGS = ("jsonl", "json", "csv", "tsv")
"""Each may be gzipped: `.jsonl.gz`."""


async def document(update: Update, context: Context) -> None:
    """Any file: what it is for follows from its name."""
    found = update.effective_message.document if update.effective_message else None
    caption = (update.effective_message.caption or "") if update.effective_message else ""
    if found is not None and await payouts.took_file(context, found, caption):
        return
    if found is None or not await context.read(_is_coordinator, context.visitor):
        await context.say(Screen(Text().plain(_("I cannot take files from you. /help lists what I can do."))))
        return
    # The end of a long name is what tells files apart.
    name = (found.file_name or "file")[-80:]
    ending = name.casefold().removesuffix(".gz").rpartition(".")[2]
    if ending == "toml":
        await _project_file(context, found, name)
    elif ending in ITEM_ENDINGS:
        await _items_file(context, found, name)
    else:
        line = _(
            "I read project files (.toml) and files of items (.jsonl, .json, .csv, .tsv). This is neither by its name."
        )
        await context.say(Screen(Text().plain(line), [[projects_managed.example_button()]]))


def _is_coordinator(tx: Tx, visitor: Visitor) -> bool:
    return people.has_role(tx, people.require(tx, visitor).id, "coordinator")


async def _project_file(context: Context, found: Document, name: str) -> None:
    if (found.file_size or 0) > project_file.FILE_BYTES_MAX:
        await context.say(projects_managed.troubles(name, ProjectTrouble([project_file.TOO_LARGE])))
        return
    data = await context.services.api.download(found.file_id, project_file.FILE_BYTES_MAX)
    try:
        definition = project_file.parse_bytes(data)
    except ProjectTrouble as trouble:
        await context.say(projects_managed.troubles(name, trouble))
        return
    outcome = await context.write(projects.keep, context.visitor, definition)
    figures = await context.read(overview.of, context.visitor, outcome.project.id)
    await context.say(projects_managed.page(figures, _said(outcome)))


def _said(outcome: Created | Updated | Unchanged) -> str:
    match outcome:
        case Created(project):
            return _('Made "{slug}", a draft that nobody sees yet.', slug=project.slug)
        case Updated(project, parts):
            # Translators: {parts} are names of keys in the project file, in English.
            return _('Changed "{slug}": {parts}.', slug=project.slug, parts=listed(parts))
        case Unchanged(project):
            return _('"{slug}" says this already; nothing was changed.', slug=project.slug)


async def _items_file(context: Context, found: Document, name: str) -> None:
    if (found.file_size or 0) > ITEMS_BYTES_MAX:
        raise refusals.FileTooLarge(limit=f"{ITEMS_BYTES_MAX // 1_000_000} MB")
    tag = hashlib.sha256(found.file_unique_id.encode()).hexdigest()[:12]
    file = File(found.file_id, name, tag)
    candidates = await context.read(items.projects_for_file, context.visitor)
    if not candidates:
        await context.say(view.no_project())
        return
    if len(candidates) == 1:
        await _report(context, candidates[0], file)
    else:
        await context.say(view.which(candidates, name, tag))
    # Kept in mind last: after a crash in between, the file is reported once more rather than not at all.
    await context.write(items.remember_file, context.visitor, file)


async def into_tap(update: Update, context: Context) -> None:
    """The project that a file is for."""
    number, tag = tapped.parts(context, 2)
    _person, project = await context.read(projects.managed_by_id, context.visitor, context.number(number))
    file = await context.read(items.remembered_file, context.visitor, tag)
    await asyncio.gather(context.toast(), context.show(view.chosen(project, file.name)))
    await _report(context, project, file)


async def _report(context: Context, project: Project, file: File) -> None:
    """Check a file and say what is in it, beneath its first item as a student will see it."""
    await context.typing()
    checked = await _check(context, project, file)
    first = next((item for item in checked.good if item.use == "work"), None)
    if first is not None:
        await context.say(card.preview(project.rules, json.loads(first.fields)))
    if checked.bad_count > view.BAD_LINES_SHOWN:
        await context.send_file("bad-lines.txt", view.bad_lines(checked), _("Every bad line and its reason"))
    await context.say(view.report(project, file.name, checked, file.tag))


async def _check(context: Context, project: Project, file: File, *, gold: bool = False) -> items.Checked:
    data = await context.services.api.download(file.file_id, ITEMS_BYTES_MAX)
    way = Way(item_file.shape_of(file.name), gold=gold)
    return await items.check(project.rules, item_file.lines_of(data), way)


async def import_tap(update: Update, context: Context) -> None:
    """Import the good lines of the file that was checked; answers that came with it are left out."""
    await _import(context, gold=False)


async def import_gold_tap(update: Update, context: Context) -> None:
    """Import the good lines of the file that was checked, with the answers that came with it as their gold."""
    await _import(context, gold=True)


async def _import(context: Context, *, gold: bool) -> None:
    number, tag = tapped.parts(context, 2)
    visitor, store = context.visitor, context.services.store
    _person, project = await context.read(projects.managed_by_id, visitor, context.number(number))
    file = await context.read(items.remembered_file, visitor, tag)
    await context.toast(_("Importing"))
    checked = await _check(context, project, file, gold=gold)
    message_id = await context.show(view.progress(project, 0, len(checked.good)))

    async def show(done: int, of: int) -> None:
        if done % PROGRESS_EVERY == 0 and done < of:
            await context.edit(message_id, view.progress(project, done, of))

    result = await items.import_checked(store, visitor, project.slug, checked.good, progress=show)
    await context.write(items.forget_file, visitor, tag)
    await context.edit(message_id, view.imported(project, result, left_out=checked.bad_count))


async def drop_tap(update: Update, context: Context) -> None:
    """Cancel an import before it began."""
    await context.write(items.forget_file, context.visitor, tapped.parts(context, 1)[0])
    await asyncio.gather(context.toast(), context.show(view.dropped()))


async def items_tap(update: Update, context: Context) -> None:
    """How many items a project has; the next file is for it."""
    number = tapped.number(context)
    found = await context.write(items.await_file, context.visitor, number)
    await asyncio.gather(context.toast(), context.show(projects_managed.items(found)))


async def look_tap(update: Update, context: Context) -> None:
    """The first items of a project as students will see them."""
    number, place = tapped.parts(context, 2)
    project, found = await context.read(
        items.first_of_work, context.visitor, context.number(number), projects_managed.PREVIEWS
    )
    if not found:
        raise refusals.OutOfDate
    screen = projects_managed.preview(project, found, context.number(place))
    await asyncio.gather(context.toast(), context.show(screen))


async def nothing_tap(update: Update, context: Context) -> None:
    """A button of a preview."""
    await context.toast(_("A preview: nothing is recorded."))


async def text_instead(update: Update, context: Context) -> None:
    """Words where a file is awaited."""
    line = _(
        "Send the items as a file: .jsonl with one JSON object a line, or .csv or .tsv. /cancel forgets it."
    )
    await context.say(Screen(Text().plain(line)))


ROUTES: list[Route] = [
    Upload(document),
    Input(items.FOR_PROJECT, text_instead),
    Tap("c:into:", into_tap),
    Tap("c:import:", import_tap),
    Tap("c:golden:", import_gold_tap),
    Tap("c:drop:", drop_tap),
    Tap("c:items:", items_tap),
    Tap("c:look:", look_tap),
    Tap("c:nothing", nothing_tap),
]
