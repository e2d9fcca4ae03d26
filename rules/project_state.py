"""The life of a project: which moves between states there are, what it needs before it opens, and what its file may still change once
items or answers hang on it. The sentences are for a coordinator to read."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping

from rules.kinds import AnyQuestion, Choice, Preference, Scale, Span, Steps, Tags, TextAnswer
from rules.project_file import Project

MOVES: Mapping[str, frozenset[str]] = {
    "open": frozenset({"draft", "paused", "closed"}),
    "paused": frozenset({"open"}),
    "closed": frozenset({"draft", "open", "paused"}),
}
"""State to the states from which a project may come to it. A closed project can be opened again; nothing is lost by closing."""


FEWEST_FOR_A_VIEW = 8
"""Gold items that every project with gold has at least: fewer say too little of a student, and are soon known."""


@dataclasses.dataclass(frozen=True, slots=True)
class Stock:
    """How many items of each use a project has."""

    training: int
    exam: int
    gold: int
    work: int


def gold_needed(share: float, work: int) -> int:
    """Give the fewest gold items to open with: a share of the work, but no more than it takes to form a view of one student."""
    return min(FEWEST_FOR_A_VIEW, max(1, math.ceil(share * work))) if share > 0 else 0


def golds_useful(confidence: float) -> int:
    """Give the fewest golds with which a label can be told to be as sure as a project wants: what n golds all bear out is believed
    (n + 1) / (n + 2), the rule of succession."""
    million = 1_000_000
    wanted = min(round(million * confidence), million - 1)
    return max(1, -(-(2 * wanted - million) // (million - wanted)))


def missing_to_open(project: Project, stock: Stock) -> list[str]:
    """Say what a project still needs before it can open, a sentence each; nothing when it is ready."""
    found = []
    if not stock.work:
        found.append("There are no items to work on. Import a file of items first.")
    for use, needed, present in (
        ("training", project.qualification.training, stock.training),
        ("exam", project.qualification.exam, stock.exam),
    ):
        if present < needed:
            found.append(
                f"{needed} {use} items are asked for and there are {present}: {needed - present} missing. "
                f'Import items with "use": "{use}" and a "gold" answer, or lower {use} in the project file.'
            )
    golds = gold_needed(project.quality.gold_share, stock.work)
    if stock.gold < golds:
        found.append(
            f"gold_share is {project.quality.gold_share} and there are {stock.gold} gold items: "
            f'{golds - stock.gold} missing. Import items with a "gold" answer, or set gold_share = 0.0.'
        )
    return found


def change_trouble(before: Project, after: Project, *, imported: bool, shown: bool) -> str | None:
    """Say why a definition may not take the place of another, or None when it may.

    `imported`: items were checked against the old one. `shown`: somebody has been shown an item, so that answers hang on it.
    """
    if shown and (before.show != after.show or before.ask != after.ask):
        part = "show" if before.show != after.show else "ask"
        return (
            f"[[{part}]] can no longer change: students have begun, and their answers belong to what they saw. "
            "Everything else may. For other questions, make a project with another slug."
        )
    if shown and before.pay.currency != after.pay.currency:
        return (
            f"currency can no longer change: students have begun, and are paid in {before.pay.currency}. "
            "For another currency, make a project with another slug."
        )
    if not imported:
        return None
    new = {field for field in after.fields if not _shown_alike(field, before, after)}
    if new:
        return (
            f'The items imported so far need not have "{min(new)}", which [[show]] now asks for. '
            "Make a project with another slug and import the items there."
        )
    for ask in before.ask:
        if not _still_fits(ask, after.asked(ask.id)):
            return (
                f'Gold answers imported so far may answer "{ask.id}" in a way that the new file does not offer. '
                "Keep its kind and its values; words and labels may change."
            )
    return None


def _shown_alike(field: str, before: Project, after: Project) -> bool:
    """Tell whether items that were checked for one definition have what another one shows of this field: a text, or a list of steps."""
    return field in before.fields and (before.fields[field] == "steps") == (after.fields[field] == "steps")


def _still_fits(before: AnyQuestion, after: AnyQuestion | None) -> bool:
    """Tell whether each answer to the old question is one to the new."""
    match before, after:
        case Scale(), Scale():
            return after.low <= before.low and before.high <= after.high
        case Choice(), Choice():
            return _values(before) <= _values(after)
        case Tags(), Tags():
            return _values(before) <= _values(after)
        case Preference(), Preference():
            return (before.a, before.b) == (after.a, after.b) and set(before.offered) <= set(after.offered)
        case Steps(), Steps():
            return before.field == after.field
        case Span(), Span():
            return (before.field, before.unit) == (after.field, after.unit)
        case TextAnswer(), TextAnswer():
            return after.least <= before.least and before.most <= after.most
    return False


def _values(ask: Choice | Tags) -> set[str]:
    return {option.value for option in ask.options}
