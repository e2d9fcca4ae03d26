"""Projects: finding them, making them from a file, opening, pausing and closing them, and who may do so."""

from __future__ import annotations

import dataclasses

from actions import people, refusals, roles
from actions.people import Person, Visitor
from rules import project_file, project_state
from rules.project_state import Stock
from storage.tx import Tx

COMMAND_LINE = "command line"


@dataclasses.dataclass(frozen=True, slots=True)
class Project:
    """A project as stored; `definition` is its checked file as canonical JSON. State: draft, open, paused or closed."""

    id: int
    slug: str
    title: str
    definition: str
    state: str
    owner_id: int | None

    @property
    def rules(self) -> project_file.Project:
        """The definition, parsed."""
        return project_file.load(self.definition)


@dataclasses.dataclass(frozen=True, slots=True)
class Created:
    """A new project, a draft."""

    project: Project


@dataclasses.dataclass(frozen=True, slots=True)
class Updated:
    """A known project with a new definition. `parts`: the top-level keys that differ."""

    project: Project
    parts: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Unchanged:
    """A known project whose file says what it said before."""

    project: Project


@dataclasses.dataclass(frozen=True, slots=True)
class StateSet:
    """A project in the state asked for. `changed` is False when it was in it before.

    `leases_ended`: items taken back that students had laid aside.
    """

    project: Project
    changed: bool
    leases_ended: int = 0


def by_slug(tx: Tx, slug: str) -> Project:
    """Find a project by its slug, or refuse."""
    project = tx.one("projects.by_slug", Project, slug=slug)
    if project is None:
        raise refusals.NoSuchProject(slug=slug)
    return project


def get(tx: Tx, project_id: int) -> Project:
    """Give a project that must exist."""
    project = tx.one("projects.by_id", Project, id=project_id)
    if project is None:
        raise LookupError(f"no project {project_id}")
    return project


def managed(tx: Tx, visitor: Visitor, slug: str) -> tuple[Person, Project]:
    """Give a coordinator and a project that they own or were added to; admins manage all. Refuse everybody else."""
    person = people.require_role(tx, visitor, "coordinator")
    project = by_slug(tx, slug)
    _require_manager(tx, person, project)
    return person, project


def managed_by_id(tx: Tx, visitor: Visitor, project_id: int) -> tuple[Person, Project]:
    """Do what `managed` does for a project named by its id, as buttons do."""
    person = people.require_role(tx, visitor, "coordinator")
    project = tx.one("projects.by_id", Project, id=project_id)
    if project is None:
        raise refusals.OutOfDate
    _require_manager(tx, person, project)
    return person, project


def _require_manager(tx: Tx, person: Person, project: Project) -> None:
    if not roles.manages(tx, person.id, project.id):
        raise refusals.NotYourProject(slug=project.slug)


def all_managed(tx: Tx, visitor: Visitor) -> list[Project]:
    """List the projects that a coordinator manages, the open ones first; an admin manages all."""
    person = people.require_role(tx, visitor, "coordinator")
    everything = int("admin" in people.roles(tx, person.id))
    return tx.all("projects.managed", Project, person_id=person.id, everything=everything)


def create_or_update(tx: Tx, actor: Visitor | None, text: str) -> Created | Updated | Unchanged:
    """Make a project from its file, or bring a known one up to date; the slug tells which.

    `actor`: the coordinator who sent the file; None is the command line. Raises ProjectTrouble for a file that cannot be used,
    NotYourProject, or NotChangeable when items or answers hang on what would change.
    """
    return keep(tx, actor, project_file.parse(text))


def keep(tx: Tx, actor: Visitor | None, definition: project_file.Project) -> Created | Updated | Unchanged:
    """Do what `create_or_update` does with a file that was parsed already."""
    person = None if actor is None else people.require_role(tx, actor, "coordinator")
    known = tx.one("projects.by_slug", Project, slug=definition.slug)
    if known is None:
        return _create(tx, person, definition)
    if person is not None:
        _require_manager(tx, person, known)
    return _update(tx, person, known, definition)


def _create(tx: Tx, person: Person | None, definition: project_file.Project) -> Created:
    project_id = tx.number(
        "projects.add",
        slug=definition.slug,
        title=definition.title,
        definition=project_file.dump(definition),
        owner_id=None if person is None else person.id,
        now_ms=tx.now_ms,
    )
    people.audit(tx, _actor(person), "made project", f"project:{project_id}")
    return Created(get(tx, project_id))


def _update(
    tx: Tx, person: Person | None, known: Project, definition: project_file.Project
) -> Updated | Unchanged:
    before = known.rules
    parts = tuple(
        name
        for name in project_file.Project.model_fields
        if getattr(before, name) != getattr(definition, name)
    )
    if not parts:
        return Unchanged(known)
    trouble = project_state.change_trouble(
        before,
        definition,
        imported=tx.number("projects.count_items", id=known.id) > 0,
        shown=tx.value("projects.was_shown", id=known.id) is not None,
    )
    if trouble:
        raise refusals.NotChangeable(slug=known.slug, why=trouble)
    if known.state == "open":
        _check_ready(definition, stock(tx, known.id))
    text = project_file.dump(definition)
    tx.run("projects.redefine", id=known.id, title=definition.title, definition=text, now_ms=tx.now_ms)
    if "quality" in parts:
        # What is asked of an item follows at once, not with the next twenty answers.
        tx.run("quality.ask_fit", project_id=known.id, now_ms=tx.now_ms)
    if "pay" in parts:
        tx.run("budgets.forget", project_id=known.id)
    people.audit(tx, _actor(person), "changed project", f"project:{known.id}", ", ".join(parts))
    return Updated(get(tx, known.id), parts)


def set_state(tx: Tx, actor: Visitor | None, slug: str, state: str) -> StateSet:
    """Open, pause or close a project (`state`: open, paused, closed). Doing it again changes nothing.

    `actor`: the coordinator; None is the command line. Closing takes back what students laid aside; a card that lies open can be
    answered until its lease ends. Raises NotReadyToOpen, which says what is
    missing, or NotOpen for pausing what is not open.
    """
    if actor is None:
        person, project = None, by_slug(tx, slug)
    else:
        person, project = managed(tx, actor, slug)
    if project.state == state:
        return StateSet(project, changed=False)
    if project.state not in project_state.MOVES[state]:
        raise refusals.NotOpen
    if state == "open":
        _check_ready(project.rules, stock(tx, project.id))
    tx.run("projects.set_state", id=project.id, state=state, now_ms=tx.now_ms)
    ended = tx.run("projects.end_leases", id=project.id, now_ms=tx.now_ms) if state == "closed" else 0
    people.audit(tx, _actor(person), f"set project {state}", f"project:{project.id}")
    return StateSet(get(tx, project.id), changed=True, leases_ended=ended)


def _check_ready(definition: project_file.Project, items: Stock) -> None:
    """Refuse what would leave students of an open project without the items that it promises."""
    missing = project_state.missing_to_open(definition, items)
    if missing:
        raise refusals.NotReadyToOpen(
            slug=definition.slug, missing="".join(f"\n• {line}" for line in missing)
        )


@dataclasses.dataclass(frozen=True, slots=True)
class _Use:
    use: str
    items: int


def stock(tx: Tx, project_id: int) -> Stock:
    """Count the items of a project by use."""
    uses = {row.use: row.items for row in tx.all("projects.count_uses", _Use, id=project_id)}
    work = tx.number("projects.count_items", id=project_id) - sum(uses.values())
    return Stock(uses.get("training", 0), uses.get("exam", 0), uses.get("gold", 0), work)


def _actor(person: Person | None) -> str:
    return COMMAND_LINE if person is None else f"person:{person.id}"
