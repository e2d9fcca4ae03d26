"""Projects as students see them: pay, expected time, cap and places left, before anything is asked. Pure."""

from __future__ import annotations

from actions.qualifications import Offer
from handlers.screen import Button, Rows, Screen, grid
from handlers.views.words import count
from rules import credit, money
from rules.text import Text

OFFERS_SHOWN_MAX = 15
"""So many fit into one message, whatever their titles."""


def offers(found: list[Offer]) -> Screen:
    """List the projects that a student works on or may join, their own first."""
    if not found:
        text = Text().line("No project is open to you just now", "bold").plain("\n")
        text.plain("Calls for new ones come here. Your profile decides what fits; see /settings.")
        return Screen(text, [[Button("Settings", "s:show"), Button("Earnings", "e:now")]])
    text = Text().line("Open to you", "bold")
    shown = found[:OFFERS_SHOWN_MAX]
    for number, offer in enumerate(shown, start=1):
        text.plain("\n").line(f"{number}  {offer.project.title}", "bold")
        text.line(f"{_rate(offer)} · {_place(offer)}").line(_time(offer))
    if len(found) > len(shown):
        text.plain(f"\nand {len(found) - len(shown)} more, which come up as these close.")
    return Screen(text, _ways(shown))


def _ways(shown: list[Offer]) -> Rows:
    """Lead on to each project; those that one works on have their details in reach as well."""
    rows: Rows = []
    others: list[Button] = []
    for number, offer in enumerate(shown, start=1):
        details = Button(f"{number} · Details", f"p:see:{offer.project.id}")
        if offer.standing:
            rows.append([Button(f"{number} · Go on", f"p:go:{offer.project.id}"), details])
        else:
            others.append(details)
    return [*rows, *grid(others, 2)]


def welcome_back(offer: Offer) -> Screen:
    """Greet a student who is on a project already: one tap leads to the next task."""
    text = Text().line("Welcome back", "bold").plain("\n")
    text.bold(offer.project.title).plain(f"\n{_rate(offer)} · {_place(offer)}\n{_time(offer)}")
    rows = [
        [Button("Go on", f"p:go:{offer.project.id}")],
        [Button("Projects", "p:list"), Button("Earnings", "e:now")],
    ]
    return Screen(text, rows)


def details(offer: Offer) -> Screen:
    """Show one project in full, with what is told before the first item."""
    rules = offer.project.rules
    plan = rules.qualification
    text = Text().line(offer.project.title, "bold").plain("\n").line(rules.instructions).plain("\n")
    text.line(f"Pay: {money.show(rules.pay.rate_micro, rules.pay.currency)} an hour of credited time")
    text.line(f"Time: about {credit.show(rules.pay.expected_ms)} an item")
    text.line(f"Cap: at most {credit.show(rules.pay.cap_ms)} an item are paid")
    if plan.training or plan.exam:
        text.line(f"First: {plan.training} training + {plan.exam} exam items, paid too")
    text.line(f"Each item waits {credit.show(credit.lease_ms(rules.pay.cap_ms))} for your answer")
    text.plain(_capitalised(_place(offer)))
    rows: Rows = []
    if offer.standing:
        rows.append([Button("Go on", f"p:go:{offer.project.id}")])
        rows.append([Button("Leave this project", f"p:leave:{offer.project.id}")])
    elif offer.project.state == "open" and offer.seats_left:
        rows.append([Button("Join", f"p:join:{offer.project.id}")])
    return Screen(text, [*rows, [Button("◀ Projects", "p:list")]])


def confirm_leave(offer: Offer) -> Screen:
    """Ask before a place is given up."""
    text = (
        Text()
        .bold(f"Leave {offer.project.title}?")
        .plain("\n\nYour place goes to somebody else. What you earned stays yours.")
    )
    number = offer.project.id
    return Screen(
        text, [[Button("Leave", f"p:left:{number}", style="danger"), Button("Stay", f"p:see:{number}")]]
    )


def _rate(offer: Offer) -> str:
    pay = offer.project.rules.pay
    return f"{money.show(pay.rate_micro, pay.currency)}/h"


def _time(offer: Offer) -> str:
    pay = offer.project.rules.pay
    return f"about {credit.show(pay.expected_ms)} an item, at most {credit.show(pay.cap_ms)} paid"


def _place(offer: Offer) -> str:
    words = {
        "training": "you are in training",
        "exam": "exam not passed yet",
        "active": "you work on this",
        "watched": "you work on this",
        "paused": "paused for you",
    }
    if offer.standing:
        return words.get(offer.standing, offer.standing)
    if offer.seats_left == 0:
        return "no place left at the moment"
    return f"{count(offer.seats_left, 'place')} left"


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]
