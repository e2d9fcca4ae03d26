"""Qualifications: a student's standing on a project. Finding projects, joining, leaving, and what a qualifying answer changes."""

from __future__ import annotations

import dataclasses

from actions import assignments, people, projects, refusals
from actions.people import Person, Visitor
from actions.projects import Project
from rules import audience, qualification
from rules.qualification import Progress
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """A student on a project: the road so far, the cursors through its items, the set under way."""

    person_id: int
    project_id: int
    standing: str
    attempt: int
    answered: int
    exam_right: int
    retry_ms: int | None
    queue_cursor: int
    returned_cursor: int
    gold_cursor: int
    exhausted_ms: int | None
    gold_right: int
    gold_wrong: int
    set_done: int
    set_credited_ms: int
    set_amount_micro: int

    @property
    def progress(self) -> Progress:
        """The part that the qualification rule decides on."""
        return Progress(self.standing, self.attempt, self.answered, self.exam_right, self.retry_ms)


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """A project as a student sees it: joined or not, the places left, and the degree that their rate may depend on."""

    project: Project
    standing: str | None
    seats_left: int
    degree: str = ""


def of(tx: Tx, person_id: int, project_id: int) -> Standing | None:
    """Give a student's standing on a project, or None when they never joined."""
    return tx.one("qualifications.of", Standing, person_id=person_id, project_id=project_id)


def offers(tx: Tx, visitor: Visitor) -> list[Offer]:
    """List the projects that a student works on or may join: their own first, then the open ones that fit their profile."""
    person = people.require_ready(tx, visitor)
    joined = tx.all("qualifications.joined_projects", Project, person_id=person.id)
    mine = {project.id for project in joined}
    profile = people.profile_of(tx, person)
    fitting = [
        project
        for project in tx.all("qualifications.open_projects", Project)
        if project.id not in mine and audience.mismatch(project.rules.audience.audience, profile) is None
    ]
    return [_offer(tx, person, project) for project in joined + fitting]


def _offer(tx: Tx, person: Person, project: Project) -> Offer:
    standing = of(tx, person.id, project.id)
    # Who was removed sees that here as well, and why, rather than a project that they could join.
    on_it = standing is not None and standing.standing != "left"
    degree = people.profile_of(tx, person).degree
    return Offer(project, standing.standing if standing and on_it else None, seats_left(tx, project), degree)


def offer(tx: Tx, visitor: Visitor, project_id: int) -> Offer:
    """Give one project as a student sees it."""
    person = people.require_ready(tx, visitor)
    return _offer(tx, person, known_project(tx, project_id))


def known_project(tx: Tx, project_id: int) -> Project:
    """Find a project by an id that came from a button; refuse when there is none."""
    project = tx.one("projects.by_id", Project, id=project_id)
    if project is None:
        raise refusals.OutOfDate
    return project


def seats_left(tx: Tx, project: Project) -> int:
    """Count the places that are free on a project."""
    return max(
        0, project.rules.audience.seats - tx.number("qualifications.seats_taken", project_id=project.id)
    )


def join(tx: Tx, visitor: Visitor, project_id: int) -> Standing:
    """Take a place on a project; joining again changes nothing. Refuses when it is not open, full, or for others."""
    person = people.require_ready(tx, visitor)
    project = known_project(tx, project_id)
    known = of(tx, person.id, project.id)
    if known is not None and known.standing != "left":
        tx.run("people.set_project", id=person.id, project_id=project.id)
        return known
    _check_open_to(tx, person, project)
    if known is None:
        tx.run(
            "qualifications.add",
            person_id=person.id,
            project_id=project.id,
            standing=qualification.begin(project.rules.qualification.plan).standing,
            gold_cursor=_somewhere_among_golds(tx, project.id),
            now_ms=tx.now_ms,
        )
    else:
        # Who comes back goes on where they left: a passed exam stays passed, a pause stays a pause.
        tx.run("qualifications.come_back", person_id=person.id, project_id=project.id, now_ms=tx.now_ms)
    tx.run("people.set_project", id=person.id, project_id=project.id)
    standing = of(tx, person.id, project.id)
    assert standing is not None
    return standing


def _check_open_to(tx: Tx, person: Person, project: Project) -> None:
    if project.state != "open":
        raise refusals.NotOpen
    what = audience.mismatch(project.rules.audience.audience, people.profile_of(tx, person))
    if what is not None:
        raise refusals.OutsideAudience(what=what)
    if seats_left(tx, project) == 0:
        raise refusals.NoSeatLeft


def _somewhere_among_golds(tx: Tx, project_id: int) -> int:
    """Start each student at another gold item, so that students who compare notes have met different ones."""
    count = tx.number("work.gold_count", project_id=project_id)
    if not count:
        return 0
    return tx.number("work.gold_at", project_id=project_id, place=int(tx.draw() * count)) - 1


def leave(tx: Tx, visitor: Visitor, project_id: int) -> Project:
    """Give up a place; what was earned stays. The items held go back."""
    person = people.require(tx, visitor)
    project = known_project(tx, project_id)
    tx.run("qualifications.leave", person_id=person.id, project_id=project.id, now_ms=tx.now_ms)
    assignments.release_all(tx, person.id, project.id)
    return project


def set_progress(tx: Tx, standing: Standing, progress: Progress) -> None:
    """Store where a student stands now."""
    tx.run(
        "qualifications.set_progress",
        person_id=standing.person_id,
        project_id=standing.project_id,
        now_ms=tx.now_ms,
        **dataclasses.asdict(progress),
    )


def current_project(tx: Tx, person: Person) -> Project | None:
    """Give the project that a bare /work goes on with: the last one worked on, else the only one joined."""
    if person.project_id is not None:
        standing = of(tx, person.id, person.project_id)
        if standing is not None and standing.standing not in ("left", "removed"):
            return projects.get(tx, person.project_id)
    joined = tx.all("qualifications.joined_projects", Project, person_id=person.id)
    return joined[0] if len(joined) == 1 else None
