"""One item of a round before its coordinator: read it, swap it in a draft, rule on it with the students' own buttons, and say why. Pure."""

from __future__ import annotations

import json

from actions import projects
from actions.round_rulings import GIVE_UP, Ruling
from actions.work import Card
from handlers.language import _, n_
from handlers.screen import Button, Rows, Screen
from handlers.views import card as card_view
from handlers.views import questions, round_items
from rules import rounds as rules
from rules.kinds import Steps
from rules.project_file import dump
from rules.text import Text, clip

SAID_MAX = 300


def item(seen: Ruling, page: int | None = None) -> Screen:
    """Show an item with the answers to it. `page`: counted from 0; None for the last, where the answers are."""
    pages = round_items.pages(_shown(seen))
    at = len(pages) - 1 if page is None else max(0, min(page, len(pages) - 1))
    text = _heading(seen).plain("\n").extend(pages[at])
    return Screen(text, [*_turns(seen, at, len(pages)), *_moves(seen), *_ways(seen)])


def _shown(seen: Ruling) -> round_items.Shown:
    found = seen.asked.item
    return round_items.Shown(
        seen.project.rules,
        seen.project.definition,
        found.fields,
        seen.asked.answers,
        json.loads(found.ruling) if found.ruling is not None else None,
        found.why,
        is_coordinator=True,
    )


def _heading(seen: Ruling) -> Text:
    told = {"number": seen.round.number, "place": seen.asked.item.place, "of": seen.of}
    return Text().line(_("Round {number} · item {place} of {of}", **told), "bold")


def _turns(seen: Ruling, at: int, of: int) -> Rows:
    if of == 1:
        return []
    base = f"k:ritem:{seen.round.id}:{seen.asked.item.place}"
    return [
        [
            Button("◀", f"{base}:{max(0, at - 1)}"),
            Button(f"{at + 1}/{of}", "c:page"),
            Button("▶", f"{base}:{min(of - 1, at + 1)}"),
        ]
    ]


def _moves(seen: Ruling) -> Rows:
    found, number = seen.asked.item, seen.round.id
    if seen.round.state == "draft":
        return [[Button(_("Swap for another"), f"k:rswap:{number}:{found.place}")]]
    rows: Rows = []
    if seen.round.state in ("open", "closed"):
        label = _("Rule on it") if found.ruling is None else _("Rule anew")
        style = "success" if found.ruling is None else ""
        rows.append([Button(label, f"k:rrule:{number}:{found.place}:-", style=style)])
    if found.ruling is not None and found.training_item_id is None:
        rows.append([Button(_("Make it a training item"), f"k:rteach:{number}:{found.place}")])
    return rows


def _ways(seen: Ruling) -> Rows:
    number, place = seen.round.id, seen.asked.item.place
    back = Button("◀", f"k:ritem:{number}:{place - 1}:-") if place > 1 else Button("·", "c:page")
    forth = Button("▶", f"k:ritem:{number}:{place + 1}:-") if place < seen.of else Button("·", "c:page")
    return [[back, Button(_("Round {number}", number=seen.round.number), f"k:round:{number}"), forth]]


def ruling(seen: Ruling, page: int | None = None) -> Screen:
    """Show an item with the buttons that rule on it; once all is answered, ask for the words."""
    if seen.is_complete:
        return _ask_why(seen)
    card = _card(seen, page)
    shown = card_view.body(card, _top(seen))
    base = f"{seen.round.id}:{seen.asked.item.place}"
    rows = [
        [_remade(button, base, card.page) for button in row if not button.data.endswith(f":{GIVE_UP}")]
        for row in shown.rows
    ]
    again = [Button(_("Start again"), f"k:ragain:{base}")] if seen.draft.answers or seen.draft.marks else []
    return Screen(shown.text, [*rows, [*again, Button(_("Back"), f"k:ritem:{base}:-")]])


def _top(seen: Ruling) -> Text:
    text = _heading(seen)
    # Translators: how the students answered, such as "3 Correct · 2 Wrong".
    told = _("The students: {spread}", spread=round_items.in_short(seen.project.rules, seen.asked.answers))
    return text.line(told, "italic").plain("\n")


def _card(seen: Ruling, page: int | None) -> Card:
    """Lay the item out as a card all of which was read, with only the questions that a ruling answers."""
    asked = dump(rules.verdicts(seen.project.rules))
    stored = projects.Project(0, seen.project.slug, seen.project.title, asked, "open", None)
    currency = seen.project.rules.pay.currency
    card = Card(stored, "", seen.step, "work", seen.asked.item.fields, seen.draft, 0, 0, 1, 1, 0, currency)
    last = card.layout.last
    at = last if page is None else max(0, min(page, last))
    if page is None and isinstance(card.question, Steps):
        at = card.layout.end_of(len(seen.draft.marks))
    return Card(
        stored, "", seen.step, "work", seen.asked.item.fields, seen.draft, at, last, 1, 1, 0, currency
    )


def _remade(button: Button, base: str, page: int) -> Button:
    """Lead a card's button to the ruling: pages are turned there, everything else answers."""
    step, operation = button.data.split(":")[2:4]
    if operation[:1] == "g":
        return Button(button.label, f"k:rrule:{base}:{operation[1:]}")
    if operation == "b":
        return Button(button.label, f"k:rrule:{base}:{page}")
    return Button(button.label, f"k:rtap:{base}:{step}:{operation}", style=button.style)


def _ask_why(seen: Ruling) -> Screen:
    said = clip(questions.said(rules.verdicts(seen.project.rules), seen.draft.answers, seen.sheet), SAID_MAX)
    text = _heading(seen).plain("\n").bold(_("Ruling: {answer}", answer=said)).plain("\n\n")
    text.plain(
        _(
            "Now say why, in one message of {least} to {most} characters. Every student reads it beside their own answer.",
            least=rules.WHY_LEAST,
            most=rules.WHY_MOST,
        )
    )
    base = f"{seen.round.id}:{seen.asked.item.place}"
    return Screen(
        text, [[Button(_("Start again"), f"k:ragain:{base}"), Button(_("Back"), f"k:ritem:{base}:-")]]
    )


def taught(seen: Ruling) -> str:
    """Say that a training item was made, and how many each new student meets."""
    return n_(
        # Translators: The plural follows {n}, the training items that the project has.
        "Made. Training has {n} item now and asks {asked} of each student; those made in rounds come first.",
        "Made. Training has {n} items now and asks {asked} of each student; those made in rounds come first.",
        seen.trained,
        asked=seen.project.rules.qualification.training,
    )
