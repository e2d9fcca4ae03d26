"""Leniency as its student reads it: a sentence a question, and whether chance explains it. Pure."""

from __future__ import annotations

from actions.leniency import Found
from handlers.language import _, number, percent
from rules.kinds import Choice, Scale
from rules.leniency import Leniency
from rules.project_file import Project


def own(found: Found) -> list[str]:
    """Say how mildly a student answers, in a paragraph for each question that tells something."""
    rules = found.project.rules
    return [f"{_figures(rules, one)} {_meaning(rules, one)}" for one in found.figures]


def _figures(project: Project, one: Leniency) -> str:
    ask = project.asked(one.question)
    if isinstance(ask, Scale):
        return _(
            "“{question}”: you rate {mine} on average; others rate the same {items} items {theirs}.",
            question=ask.text,
            mine=number(one.mine, 1),
            theirs=number(one.theirs, 1),
            items=one.items,
        )
    told = {"mine": percent(one.mine), "theirs": percent(one.theirs), "items": one.items}
    if isinstance(ask, Choice):
        return _(
            "You answer “{answer}” on {mine} of {items} items; others do on {theirs} of the same items.",
            answer=ask.options[0].label,
            **told,
        )
    return _(
        "You find no step wrong on {mine} of {items} items; others on {theirs} of the same items.", **told
    )


def _meaning(project: Project, one: Leniency) -> str:
    if not one.beyond_chance:
        return _("Chance alone can explain the difference.")
    ask = project.asked(one.question)
    if isinstance(ask, Choice):
        # Neither of two answers is known to be the mild one.
        return _("That is more than chance explains.")
    if isinstance(ask, Scale):
        higher = _("That is more than chance explains: you rate higher than the others.")
        return (
            higher
            if one.is_milder
            else _("That is more than chance explains: you rate lower than the others.")
        )
    milder = _("That is more than chance explains: you are milder than the others.")
    return (
        milder if one.is_milder else _("That is more than chance explains: you are stricter than the others.")
    )
