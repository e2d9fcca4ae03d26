"""Drafts of calibration rounds: the items on which answers part most, who takes part and for how long, until it is opened or dropped."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from actions import people, projects, refusals, round_candidates, rounds
from actions.people import Person, Visitor
from actions.projects import Project
from actions.round_figures import Round
from actions.rounds import Item, Listed, Seen, Student, see
from rules import rounds as rules
from rules.credit import DAY_MS
from storage.tx import Tx

CHOSEN_A_PAGE = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Cohort:
    """A page of the students that a draft may be for. `page` counts from 0."""

    project: Project
    round: Round
    students: list[Student]
    chosen: int
    page: int
    pages: int


def begin(tx: Tx, visitor: Visitor, project_id: int) -> Seen:
    """Draft a round on the items on which answers part most, however few; a draft that is there already is gone on with.

    Raises NoRoundQuestion where nothing is answered by buttons, and NotEnoughItems.
    """
    person, project = projects.managed_by_id(tx, visitor, project_id)
    draft = tx.one("rounds.draft_of", Round, project_id=project.id)
    if draft is not None:
        return see(tx, visitor, draft.id)
    if rules.leading(project.rules) is None:
        raise refusals.NoRoundQuestion
    found = round_candidates.parted(tx, project, rules.ITEMS_PROPOSED)
    if len(found) + len(round_candidates.others(tx, project, rules.ITEMS_LEAST)) < rules.ITEMS_LEAST:
        raise refusals.NotEnoughItems(least=rules.ITEMS_LEAST)
    round_id = tx.number(
        "rounds.add",
        project_id=project.id,
        number=tx.number("rounds.last_number", project_id=project.id) + 1,
        days=rules.DAYS_PROPOSED,
        created_by=person.id,
        now_ms=tx.now_ms,
    )
    draft = tx.one("rounds.draft_of", Round, project_id=project.id)
    assert draft is not None
    _put(tx, draft, found, 1)
    return see(tx, visitor, round_id)


def set_count(tx: Tx, visitor: Visitor, round_id: int, count: int) -> Seen:
    """Make a draft shorter, or longer by items on which answers part. A count out of bounds, or more than there is, changes as much as it
    can."""
    _person, project, found = _draft(tx, visitor, round_id)
    items = tx.all("rounds.items", Item, id=found.id)
    count = max(rules.ITEMS_LEAST, min(count, rules.ITEMS_MOST))
    for item in items[count:]:
        tx.run("rounds.take_item", round_id=found.id, item_id=item.item_id)
    _put(tx, found, round_candidates.parted(tx, project, max(0, count - len(items))), len(items) + 1)
    return see(tx, visitor, round_id)


def add_others(tx: Tx, visitor: Visitor, round_id: int, count: int) -> Seen:
    """Make a draft longer by items on which all agree, or which nobody has answered: a coordinator's choice, never made for them."""
    _person, project, found = _draft(tx, visitor, round_id)
    items = tx.all("rounds.items", Item, id=found.id)
    most = min(count, rules.ITEMS_MOST) - len(items)
    _put(tx, found, round_candidates.others(tx, project, max(0, most)), len(items) + 1)
    return see(tx, visitor, round_id)


def swap(tx: Tx, visitor: Visitor, round_id: int, place: int) -> Seen:
    """Put the next candidate in an item's place, one on which answers part where there is any; without one nothing changes. What was put
    aside does not come again."""
    _person, project, found = _draft(tx, visitor, round_id)
    item = next((one for one in tx.all("rounds.items", Item, id=found.id) if one.place == place), None)
    following = round_candidates.parted(tx, project, 1) or round_candidates.others(tx, project, 1)
    if item is not None and following:
        _put(tx, found, following, place)
        tx.run("rounds.set_aside", round_id=found.id, item_id=item.item_id)
    return see(tx, visitor, round_id)


def _put(tx: Tx, found: Round, items: Sequence[int], first: int) -> None:
    # Whatever a round has had, put aside or not, is no candidate any more.
    for place, item_id in enumerate(items, start=first):
        tx.run("rounds.put_item", round_id=found.id, item_id=item_id, place=place)


def set_days(tx: Tx, visitor: Visitor, round_id: int, days: int) -> Seen:
    """Say how long a draft will be open."""
    _draft(tx, visitor, round_id)
    if days not in rules.DAYS:
        raise refusals.OutOfDate
    tx.run("rounds.set_days", id=round_id, days=days)
    return see(tx, visitor, round_id)


def cohort(tx: Tx, visitor: Visitor, round_id: int, page: int) -> Cohort:
    """Give a page of the students that a draft may be for."""
    _person, project, found = _draft(tx, visitor, round_id)
    students = rounds.students(tx, found)
    pages = max(1, -(-len(students) // CHOSEN_A_PAGE))
    page = min(page, pages - 1)
    chosen = len(students) if found.everyone else sum(one.chosen for one in students)
    shown = students[page * CHOSEN_A_PAGE : (page + 1) * CHOSEN_A_PAGE]
    return Cohort(project, found, shown, chosen, page, pages)


def choose(tx: Tx, visitor: Visitor, round_id: int, person_id: int, page: int) -> Cohort:
    """Put a student into the cohort, or take them out. From everybody, the first tap leaves only that student out."""
    _person, _project, found = _draft(tx, visitor, round_id)
    students = {one.person_id: one for one in rounds.students(tx, found)}
    if person_id not in students:
        raise refusals.OutOfDate
    if found.everyone:
        tx.run("rounds.set_everyone", id=found.id, everyone=0)
        for one in students:
            tx.run("rounds.choose", round_id=found.id, person_id=one)
    takes_out = bool(found.everyone or students[person_id].chosen)
    tx.run("rounds.unchoose" if takes_out else "rounds.choose", round_id=found.id, person_id=person_id)
    return cohort(tx, visitor, round_id, page)


def choose_everyone(tx: Tx, visitor: Visitor, round_id: int, everyone: bool) -> Cohort:
    """Make a draft for everybody at work, or for nobody yet."""
    _person, _project, found = _draft(tx, visitor, round_id)
    for one in rounds.students(tx, found):
        tx.run("rounds.unchoose", round_id=found.id, person_id=one.person_id)
    tx.run("rounds.set_everyone", id=found.id, everyone=int(everyone))
    return cohort(tx, visitor, round_id, 0)


def open_round(tx: Tx, visitor: Visitor, round_id: int) -> int:
    """Open a draft and tell its cohort. Opening an open one changes nothing. Raises NotOpen, CohortTooSmall or NotEnoughItems."""
    person, project, found = rounds.managed(tx, visitor, round_id)
    if found.state != "draft":
        return found.id
    if project.state != "open":
        raise refusals.NotOpen
    members = rounds.members(tx, found)
    if len(members) < rules.COHORT_LEAST:
        raise refusals.CohortTooSmall(least=rules.COHORT_LEAST)
    if len(tx.all("rounds.items", Item, id=found.id)) < rules.ITEMS_LEAST:
        raise refusals.NotEnoughItems(least=rules.ITEMS_LEAST)
    _fix_cohort(tx, found, members)
    tx.run("rounds.open", id=found.id, now_ms=tx.now_ms, closes_ms=tx.now_ms + found.days * DAY_MS)
    for member in members:
        rounds.notify(tx, found.id, member, "round_open")
    people.audit(tx, f"person:{person.id}", "opened round", f"round:{found.id}", f"{len(members)} students")
    return found.id


def _fix_cohort(tx: Tx, found: Round, members: Sequence[int]) -> None:
    """Write down who is asked; whoever was chosen and left meanwhile is not."""
    for one in rounds.cohort_of(tx, found):
        if one not in members:
            tx.run("rounds.unchoose", round_id=found.id, person_id=one)
    for one in members:
        tx.run("rounds.choose", round_id=found.id, person_id=one)


def discard(tx: Tx, visitor: Visitor, round_id: int) -> Listed:
    """Drop a draft."""
    _person, project, found = rounds.managed(tx, visitor, round_id)
    tx.run("rounds.discard", id=found.id)
    return rounds.of_project(tx, visitor, project.id)


def _draft(tx: Tx, visitor: Visitor, round_id: int) -> tuple[Person, Project, Round]:
    person, project, found = rounds.managed(tx, visitor, round_id)
    if found.state != "draft":
        raise refusals.OutOfDate
    return person, project, found
