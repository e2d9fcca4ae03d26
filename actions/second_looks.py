"""Second looks: a senior student has judged a disputed item on their own, sees what others answered, and may rule on it with one tap."""

from __future__ import annotations

import json

from actions import assignments, people, projects, qualifications, refusals, reviews, rulings, work
from actions.offers import Next, SecondLook
from actions.people import Person, Visitor
from actions.projects import Project
from actions.reviews import Review
from rules import rulings as rules
from rules import seniors
from rules.qualification import WORKING
from storage.tx import Tx

PASS, DOUBT, KEEP, CHANGE = "n", "d", "k", "c"


def see(tx: Tx, visitor: Visitor, token: str) -> SecondLook:
    """Give a second look that is still open, as for another page of it. Raises OutOfDate."""
    person, project, found = _own(tx, visitor, token)
    return reviews.shown(tx, person, project, found)


def decide(tx: Tx, visitor: Visitor, token: str, operation: str) -> tuple[str, Next]:
    """Take what a senior student decides, once: `k` keep, `c` with operations joined by dots change to that answer, `d` it can be read
    both ways, `n` no ruling. Give what became of it (kept, changed, doubted, passed) and what comes next.

    Raises OutOfDate for forged or repeated taps, or when the dispute was decided meanwhile.
    """
    person, project, found = _own(tx, visitor, token)
    state = _rule(tx, project, found, operation)
    if not tx.run("reviews.decide", token=token, state=state, now_ms=tx.now_ms):
        raise refusals.OutOfDate
    return state, after(tx, person, project)


def after(tx: Tx, person: Person, project: Project) -> Next:
    """Give what comes after a second look."""
    standing = qualifications.of(tx, person.id, project.id)
    if standing is None:
        raise refusals.OutOfDate
    return work.next_for(tx, person, project, standing, asked=True)


def _own(tx: Tx, visitor: Visitor, token: str) -> tuple[Person, Project, Review]:
    person = people.require_ready(tx, visitor)
    found = reviews.by_token(tx, token)
    if found is None or found.person_id != person.id:
        raise refusals.NotYours
    held = assignments.by_token(tx, token)
    project = projects.get(tx, found.project_id)
    if found.state != "given" or held is None or held.state != "judged":
        raise refusals.OutOfDate
    return person, project, found


def _rule(tx: Tx, project: Project, found: Review, operation: str) -> str:
    """Rule as the student says, and name what they did. Whom something speaks against by now has a view, but does not rule."""
    asked = reviews.questions_of(tx, project, found.item_id)
    if operation in (PASS, DOUBT) or not asked:
        return "doubted" if operation == DOUBT else "passed"
    own = rules.verdict_of(project.rules, asked, found.own)
    verdict, state, reason = own, "kept", rules.SENIOR_REASONS[0]
    if operation[:1] == CHANGE:
        fields = json.loads(str(tx.value("reviews.fields", item_id=found.item_id)))
        ruled = rules.ruled(project.rules, asked, fields, operation[1:].split("."))
        if ruled is None or len(ruled) < len(asked) or ruled == own:
            raise refusals.OutOfDate
        verdict, state, reason = ruled, "changed", rules.SENIOR_REASONS[1]
    elif operation != KEEP:
        raise refusals.OutOfDate
    if not rules.can_be_ruled(project.rules, verdict):
        raise refusals.OutOfDate
    figures = reviews.figures_of(tx, project.id, found.person_id)
    if figures is None or figures.standing not in WORKING or not figures.is_senior:
        return "passed"
    rulings.rule(
        tx,
        project,
        found.item_id,
        verdict,
        role="senior",
        person_id=found.person_id,
        reason=reason,
        told=seniors.confidence(figures.gold_right, figures.golds),
    )
    return state
