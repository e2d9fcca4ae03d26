"""Calibration rounds as students read them: that one is open, and afterwards each item with the spread, the ruling, why, and their own
answer. Pure; nobody's name is known here."""

from __future__ import annotations

import json

from actions.round_results import Open, Outcome, Results, Told
from handlers.language import _, about, aligned, day, moment, money, n_
from handlers.screen import Button, Rows, Screen, grid
from handlers.views import round_items
from rules.text import Text


def opened(found: Open) -> Screen:
    """Tell a student that a round is open: how many items, how long, what it pays, until when, and what they get from it."""
    pay = found.project.rules.pay
    terms = pay.terms(found.degree, "work")
    text = Text().line(aligned(found.project.title), "bold").plain("\n")
    text.line(
        n_(
            "A calibration round: {n} item, the same for everybody who takes part.",
            "A calibration round: {n} items, the same for everybody who takes part.",
            found.items,
        )
    )
    cost = money(terms.amount_micro(pay.expected_ms) * found.items, pay.currency)
    text.line(
        _("About {time}, about {pay}: paid as work.", time=about(found.items * pay.expected_ms), pay=cost)
    )
    text.line(_("Open until {when}.", when=moment(found.round.closes_ms or 0, found.time_zone))).plain("\n")
    text.line(_("These items come next in your work."))
    text.plain(
        _(
            "Afterwards you see how the answers spread, what a coordinator decided and why, and your own. No names."
        )
    )
    return Screen(text, [[Button(_("Begin"), f"p:go:{found.project.id}", style="success")]])


def told(found: Results) -> Screen:
    """Tell a student that the results of a round are there."""
    text = _heading(found).plain("\n")
    if found.answered:
        text.line(_alike(found))
    else:
        text.line(_("You left these items out."))
    text.plain(
        _(
            "Each item shows how the answers spread, the ruling and why. It is for learning: nothing is taken from your pay."
        )
    )
    return Screen(text, _item_buttons(found))


def _heading(found: Results) -> Text:
    told = {"project": found.project.title, "number": found.round.number}
    return Text().line(_("{project} · results of round {number}", **told), "bold")


def _alike(found: Results) -> str:
    share = round_items.share(found.alike, found.answered)
    return _("Your answer agrees with the ruling on {share}.", share=share)


def _item_buttons(found: Results) -> Rows:
    buttons = [
        Button(f"{place} {_sign(found, one)}".strip(), f"rd:one:{found.round.id}:{place}:-")
        for place, one in enumerate(found.outcomes, start=1)
    ]
    return [*grid(buttons, 5), [Button(_("All rounds"), f"rd:list:{found.project.id}")]]


def _sign(found: Results, one: Outcome) -> str:
    if one.own is None:
        return "–"
    return "✓" if one.is_alike(found.project) else "≠"


def item(found: Results, place: int, page: int | None = None) -> Screen:
    """Show one item of the results, counted from 1. `page`: None for where the answers are."""
    place = max(1, min(place, len(found.outcomes)))
    pages = round_items.pages(_shown(found, found.outcomes[place - 1]))
    at = len(pages) - 1 if page is None else max(0, min(page, len(pages) - 1))
    told = {"number": found.round.number, "place": place, "of": len(found.outcomes)}
    text = (
        Text().line(_("Round {number} · item {place} of {of}", **told), "bold").plain("\n").extend(pages[at])
    )
    base = f"rd:one:{found.round.id}"
    rows: Rows = []
    if len(pages) > 1:
        rows.append(
            [
                Button("◀", f"{base}:{place}:{max(0, at - 1)}"),
                Button(f"{at + 1}/{len(pages)}", "c:page"),
                Button("▶", f"{base}:{place}:{min(len(pages) - 1, at + 1)}"),
            ]
        )
    back = [Button(_("Previous item"), f"{base}:{place - 1}:-")] if place > 1 else []
    forth = [Button(_("Next item"), f"{base}:{place + 1}:-")] if place < len(found.outcomes) else []
    ends = [
        Button(_("All rounds"), f"rd:list:{found.project.id}"),
        Button(_("Go on"), f"p:go:{found.project.id}"),
    ]
    return Screen(text, [*rows, [*back, *forth], ends])


def _shown(found: Results, one: Outcome) -> round_items.Shown:
    return round_items.Shown(
        found.project.rules,
        found.project.definition,
        one.item.fields,
        one.answers,
        json.loads(one.item.ruling) if one.item.ruling is not None else None,
        one.item.why,
        own=one.own,
        flipped=one.flipped,
    )


def listing(found: Told) -> Screen:
    """List the rounds whose results a student can read, with how often theirs was the ruling: how one comes along."""
    text = Text().line(_("{project} · calibration rounds", project=found.project.title), "bold").plain("\n")
    if not found.rounds:
        text.plain(_("No results yet. When a round ends, they come here."))
    for one in found.rounds:
        when = day(one.round.told_ms or 0, found.time_zone)
        text.line(_("Round {number} · {day}", number=one.round.number, day=when), "bold")
        how = _alike(one) if one.answered else _("You left these items out.")
        text.line(f"   {how}")
    rounds = [
        Button(_("Round {number}", number=one.round.number), f"rd:one:{one.round.id}:1:-")
        for one in found.rounds
    ]
    return Screen(text, [*grid(rounds, 2), [Button(_("Back"), f"p:see:{found.project.id}")]])
