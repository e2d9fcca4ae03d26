"""Projects as students see them: pay, expected time, cap and places left, before anything is asked. Pure."""

from __future__ import annotations

from actions.qualifications import Offer
from handlers.language import N_, _, aligned, duration, n_
from handlers.screen import Button, Rows, Screen, grid
from handlers.views import pay as pay_view
from handlers.views import position
from rules import credit
from rules.position import Bias
from rules.text import Text

OFFERS_SHOWN_MAX = 15
"""So many fit into one message, whatever their titles."""
STANDINGS = {
    # Translators: How a student stands on a project; the end of a line, or a line of its own (then with a capital).
    "training": N_("you are in training"),
    "exam": N_("exam not passed yet"),
    "active": N_("you work on this"),
    "watched": N_("you work on this"),
    "paused": N_("paused for you"),
    "removed": N_("you are no longer on this"),
}
CLOSED = {
    # Translators: of a project, at the end of a line: its coordinator has paused or ended it for all students.
    "paused": N_("paused for everybody"),
    "closed": N_("closed"),
}


def offers(found: list[Offer]) -> Screen:
    """List the projects that a student works on or may join, their own first."""
    if not found:
        text = Text().line(_("No project is open to you just now"), "bold").plain("\n")
        text.plain(_("Calls for new ones come here. Your profile decides what fits; see /settings."))
        return Screen(text, [[Button(_("Settings"), "s:show"), Button(_("Earnings"), "e:now")]])
    text = Text().line(_("Open to you"), "bold")
    shown = found[:OFFERS_SHOWN_MAX]
    for number, offer in enumerate(shown, start=1):
        text.plain("\n").line(aligned(f"{number}  {offer.project.title}"), "bold")
        text.line(aligned(_rate(offer), _place(offer))).line(_time(offer))
    if len(found) > len(shown):
        rest = len(found) - len(shown)
        text.plain("\n").plain(
            n_(
                "and {n} more, which comes up as these close.",
                "and {n} more, which come up as these close.",
                rest,
            )
        )
    return Screen(text, _ways(shown))


def _ways(shown: list[Offer]) -> Rows:
    """Lead on to each project; those that one works on have their details in reach as well."""
    rows: Rows = []
    others: list[Button] = []
    for number, offer in enumerate(shown, start=1):
        details = Button(_("{number} · Details", number=number), f"p:see:{offer.project.id}")
        onward = _onward(offer) if offer.standing else ""
        if onward:
            rows.append([Button(aligned(str(number), onward), f"p:go:{offer.project.id}"), details])
        else:
            others.append(details)
    return [*rows, *grid(others, 2)]


def welcome_back(offer: Offer) -> Screen:
    """Greet a student who is on a project already: one tap leads to the next task."""
    text = Text().line(_("Welcome back"), "bold").plain("\n")
    text.line(aligned(offer.project.title), "bold").line(aligned(_rate(offer), _place(offer)))
    text.line(_time(offer))
    onward = _onward(offer)
    rows: Rows = [[Button(onward, f"p:go:{offer.project.id}")]] if onward else []
    return Screen(text, [*rows, [Button(_("Projects"), "p:list"), Button(_("Earnings"), "e:now")]])


def details(offer: Offer, bias: Bias | None = None, *, has_rounds: bool = False) -> Screen:
    """Show one project in full, with what is told before the first item, and how its student chooses between two answers. `has_rounds`:
    results of calibration rounds can be read."""
    rules = offer.project.rules
    plan = rules.qualification
    text = Text().line(aligned(offer.project.title), "bold").plain("\n")
    text.line(rules.instructions).plain("\n")
    for line in pay_view.in_full(rules.pay, offer.degree):
        text.line(line)
    text.line(_("Time: about {time} an item", time=duration(rules.pay.expected_ms)))
    if rules.pay.scheme == "hour":
        text.line(_("Cap: at most {time} an item are paid", time=duration(rules.pay.cap_ms)))
    else:
        text.line(_("Cap: at most {time} an item are counted", time=duration(rules.pay.cap_ms)))
    if plan.training or plan.exam:
        training, exam = plan.training, plan.exam
        if rules.pay.training_paid and rules.pay.exam_paid:
            # Translators: Two numbers of items.
            text.line(
                _("First: {training} training + {exam} exam items, paid too", training=training, exam=exam)
            )
        else:
            # Translators: Two numbers of items.
            text.line(_("First: {training} training + {exam} exam items", training=training, exam=exam))
            text.line(pay_view.of_stages(rules.pay, training, exam))
    waits = duration(credit.lease_ms(rules.pay.cap_ms))
    text.line(_("Each item waits {time} for your answer", time=waits))
    text.line(_capitalised(_place(offer)))
    if bias is not None:
        text.plain("\n").plain(position.own(bias))
    rows: Rows = []
    if offer.standing:
        onward = _onward(offer)
        rows += [[Button(onward, f"p:go:{offer.project.id}")]] if onward else []
        rows.append([Button(_("How answers are checked"), f"n:mine:{offer.project.id}")])
        if has_rounds:
            rows.append([Button(_("Calibration rounds"), f"rd:list:{offer.project.id}")])
        if offer.standing != "removed":
            rows.append([Button(_("Leave this project"), f"p:leave:{offer.project.id}")])
    elif offer.project.state == "open" and offer.seats_left:
        rows.append([Button(_("Join"), f"p:join:{offer.project.id}")])
    return Screen(text, [*rows, [Button(_("Projects"), "p:list")]])


def confirm_leave(offer: Offer) -> Screen:
    """Ask before a place is given up."""
    text = (
        Text()
        .bold(_("Leave {project}?", project=offer.project.title))
        .plain("\n\n")
        .plain(_("Your place goes to somebody else. What you earned stays yours."))
    )
    number = offer.project.id
    leave = Button(_("Leave"), f"p:left:{number}", style="danger")
    return Screen(text, [[leave, Button(_("Stay"), f"p:see:{number}")]])


def _rate(offer: Offer) -> str:
    return pay_view.rate(offer.project.rules.pay, offer.degree)


def _time(offer: Offer) -> str:
    pay = offer.project.rules.pay
    expected, cap = duration(pay.expected_ms), duration(pay.cap_ms)
    if pay.scheme != "hour":
        return _("about {time} an item, at most {cap} counted", time=expected, cap=cap)
    return _("about {time} an item, at most {cap} paid", time=expected, cap=cap)


def _onward(offer: Offer) -> str:
    """Say what is behind the button of a project that one is on; empty while there is nothing to go on with."""
    if offer.standing == "removed":
        # Translators: A button: why a student was removed from a project, and whom they can ask.
        return _("Why, and whom to ask")
    if offer.project.state != "open":
        return ""
    return _("What ends the pause") if offer.standing == "paused" else _("Go on")


def _place(offer: Offer) -> str:
    if offer.project.state in CLOSED and offer.standing != "removed":
        return _(CLOSED[offer.project.state])
    if offer.standing:
        return _(STANDINGS.get(offer.standing, offer.standing))
    if offer.seats_left == 0:
        return _("no place left at the moment")
    return n_("{n} place left", "{n} places left", offer.seats_left)


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]
