"""Hours and money, for the person who earned them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from actions.earnings import Detail, Line, Lines, OfProject, Sum, Summary
from handlers.language import N_, _, aligned, day, duration, moment, money, n_
from handlers.screen import Button, Rows, Screen, grid
from rules import money as amounts
from rules.text import Text

TITLES = {
    # Translators: Headings before a sum of money and hours.
    "today": N_("Today"),
    "week": N_("This week"),
    "last_week": N_("Last week"),
    "all": N_("All so far"),
}
STATES = {
    # Translators: What became of an amount of money; it stands in a line with others like it.
    "pending": N_("pending {amount}"),
    "approved": N_("approved {amount}"),
    "in_payout": N_("in payout {amount}"),
    "paid": N_("paid {amount}"),
    "withheld": N_("held back {amount}"),
}
BESIDE = {
    # Translators: Money that is not for an answer, part of a sum.
    "topup": N_("top-up {amount}"),
    "bonus": N_("bonus {amount}"),
    "adjustment": N_("correction {amount}"),
    "forfeit": N_("taken back {amount}"),
}
STATE_WORDS = {
    # Translators: What became of the pay for one item.
    "undone": N_("undone"),
    "withheld": N_("held back"),
    "forfeited": N_("taken back"),
    "pending": N_("pending"),
    "approved": N_("approved"),
    "in_payout": N_("in payout"),
    "paid": N_("paid"),
}
STAGES = {
    "training": N_("Training: paid like work."),
    "exam": N_("Exam: paid like work."),
}
UNPAID_STAGES = {
    "training": N_("Training is not paid on this project; that was said before it began."),
    "exam": N_("The exam is not paid on this project; that was said before it began."),
}
PROJECTS_SHOWN = 6


def summary(found: Summary) -> Screen:
    """Show what was earned by period: money, hours, how much is in which state, and when the next payout is."""
    text = Text()
    if not found.periods["all"]:
        return _nothing(text)
    text.line(_("Earnings"), "bold").plain("\n")
    for name, title in TITLES.items():
        for one in found.periods[name]:
            text.bold(f"{_(title)}  {money(one.amount_micro, one.currency)}")
            text.plain(f"   {duration(one.credited_ms)}\n")
            if name != "today":
                _part(text, shares(one.states, one.currency), one.currency, STATES)
            _part(text, dict(one.beside), one.currency, BESIDE, _("of it"))
    if found.projects:
        text.plain("\n").line(_("By project"), "bold")
        for project in found.projects[:PROJECTS_SHOWN]:
            pay = money(project.amount_micro, project.currency)
            text.line(aligned(project.title, pay, *_rate(project)))
    _payouts(text.plain("\n"), found)
    return Screen(text, _buttons(Button(_("Hours"), "e:hours"), "e:now"))


def hours(found: Summary) -> Screen:
    """Show the same by time: hours first, then items and what an hour brought."""
    text = Text()
    if not found.periods["all"]:
        return _nothing(text)
    text.line(_("Hours"), "bold").plain("\n")
    for name, title in TITLES.items():
        for one in found.periods[name]:
            text.bold(f"{_(title)}  {duration(one.credited_ms)}")
            text.plain(f"   {money(one.amount_micro, one.currency)}\n")
            if one.judgments:
                text.plain(f"  {aligned(*_pace(one.judgments, one.credited_ms), *_rate(one))}\n")
    if found.projects:
        text.plain("\n").line(_("By project"), "bold")
        for project in found.projects[:PROJECTS_SHOWN]:
            text.line(aligned(project.title, duration(project.credited_ms), *_rate(project)))
    text.plain("\n").plain(
        _("Time is credited from the moment an item is shown to your answer, up to its cap.")
    )
    return Screen(text, _buttons(Button(_("Money"), "e:now"), "e:hours"))


def _nothing(text: Text) -> Screen:
    text.line(_("Nothing earned yet"), "bold").plain("\n")
    text.plain(_("Your first item starts the count: /work"))
    return Screen(text, [[Button(_("Projects"), "p:list")]])


def _buttons(other: Button, here: str) -> Rows:
    return [
        [Button(_("By item"), "e:items"), Button(_("By week"), "e:weeks")],
        [Button(_("Chart"), "e:chart"), other, Button(_("Refresh"), here)],
    ]


def _pace(judgments: int, credited_ms: int) -> list[str]:
    items = n_("{n} item", "{n} items", judgments)
    # Translators: {time} is how long one item took on average.
    return [items, _("{time} an item", time=duration(credited_ms // judgments))] if judgments else []


def _rate(one: Sum | OfProject) -> list[str]:
    # Translators: {rate} is an amount of money for an hour.
    return [_("{rate}/h", rate=money(one.rate_micro, one.currency))] if one.rate_micro is not None else []


def _part(
    text: Text, parts: Mapping[str, int], currency: str, words: Mapping[str, str], before: str = ""
) -> None:
    """Add a line with the parts of a sum, each with its word; nothing where they are all zero."""
    said = [_(words[name], amount=money(amount, currency)) for name, amount in parts.items() if amount]
    if said:
        text.plain(f"  {before}{' ' if before else ''}{aligned(*said)}\n")


def shares(parts: Mapping[str, int], currency: str) -> dict[str, int]:
    """Round the parts of a sum so that they make up the sum as it is shown: each is the sum up to it less the one before."""
    unit = amounts.MICRO if currency in amounts.NO_CENTS else amounts.MICRO // 100
    rounded, exact, before = {}, 0, 0
    for name, amount in parts.items():
        exact += amount
        upto = round(Fraction(exact, unit))
        rounded[name], before = (upto - before) * unit, upto
    return rounded


def _payouts(text: Text, found: Summary) -> None:
    if found.next_payout_ms is not None:
        ready = [
            money(one.approved_micro, one.currency) for one in found.periods["all"] if one.approved_micro > 0
        ]
        when = day(found.next_payout_ms, found.time_zone)
        if ready:
            text.line(_("Next payout {when}, about {amount}.", when=when, amount=" + ".join(ready)))
        else:
            text.line(_("Next payout {when}; nothing is approved yet.", when=when))
    if found.last_paid is not None:
        when = day(found.last_paid.settled_ms, found.time_zone)
        text.line(
            _("Last paid {when}, reference {reference}.", when=when, reference=found.last_paid.reference)
        )
    if found.latest_settles_ms is not None:
        when = moment(found.latest_settles_ms, found.time_zone)
        text.plain(
            _("Pending pay is approved as items settle, all of it by {when} at the latest.", when=when)
        )


def lines(found: Lines) -> Screen:
    """Show judgments one a line, newest first, under their project and its pay; a button leads to each."""
    text = Text().line(_("By item"), "bold")
    heading = None
    for line in found.lines:
        above = aligned(line.project, _terms(line))
        if above != heading:
            text.plain("\n").line(above, "italic")
        heading = above
        text.line(aligned(f"#{line.id}", _time(line), _money(line), _(STATE_WORDS[line.state])))
    if not found.lines:
        text.plain("\n").plain(_("Nothing yet."))
    rows: Rows = grid([Button(f"#{line.id}", f"e:one:{line.id}") for line in found.lines], 4)
    if found.before is not None:
        rows.append([Button(_("Older ▶"), f"e:items:{found.before}")])
    return Screen(text, [*rows, [Button(_("Earnings"), "e:now")]])


def _terms(line: Line) -> str:
    if not line.rate_micro and not line.piece_micro:
        # Translators: Items that are not paid, such as training on some projects.
        return _("not paid")
    if line.scheme == "hour":
        return _("{rate}/h", rate=money(line.rate_micro, line.currency))
    # Translators: {pay} is an amount of money for one item.
    return _("{pay} an item", pay=money(line.piece_micro, line.currency))


AS_DATA = {
    # Translators: Whether an answer is used as data; its pay does not depend on that.
    "held": N_("On hold: it does not count as data for now. Its pay stays."),
    "excluded": N_("Left out of the data. Its pay stays."),
}


def line(found: Detail) -> Screen:
    """Show one judgment with each rule that touched it."""
    one, zone = found.line, found.time_zone
    text = Text().line(aligned(f"#{one.id}", one.project), "bold").plain("\n")
    is_paid = bool(one.rate_micro or one.piece_micro)
    if one.stage != "work":
        text.line(_((STAGES if is_paid else UNPAID_STAGES)[one.stage]))
    text.line(_("Answered {when}", when=moment(one.answered_ms, zone)))
    text.line(_("Time {time}", time=_time(one)))
    if one.spent_ms > one.cap_ms:
        text.line(_("Rule: an item is credited at most its cap, {cap}.", cap=duration(one.cap_ms)))
    if is_paid:
        _price(text, found)
    text.line(_became(found))
    if one.undone_ms is None and one.status in AS_DATA:
        text.line(_(AS_DATA[one.status]))
    rows: Rows = [[Button(_("By item"), "e:items")]]
    if one.state == "withheld":
        # Of all items that were withheld together, so that one text is enough.
        rows[0].insert(0, Button(_("Ask a person"), f"q:withholding:{one.withheld_id}"))
    elif one.state != "undone":
        rows[0].insert(0, Button(_("Ask a person"), f"q:judgment:{one.id}"))
        text.plain("\n").plain(_("Not right? A person looks at it and answers you."))
    return Screen(text, rows)


def _price(text: Text, found: Detail) -> None:
    one, exact = found.line, amounts.exact(found.line.amount_micro)
    if one.scheme == "hour":
        rate = money(one.rate_micro, one.currency)
        # Translators: {rate} an hour comes to {exact}, an amount with six decimals, for this item.
        text.line(_("Rate {rate}/h → {exact} {currency}", rate=rate, exact=exact, currency=one.currency))
        return
    # Translators: {exact} is an amount with six decimals, the price of this item.
    text.line(_("Price of the item: {exact} {currency}", exact=exact, currency=one.currency))
    if one.scheme != "floor":
        return
    floor = money(one.rate_micro, one.currency)
    text.line(
        _(
            "Rule: where a week's items take longer than the price allows for, all are topped up to {floor} an hour.",
            floor=floor,
        )
    )
    if found.topup_micro:
        text.line(
            _(
                "Your items of that week were topped up by {amount} in all.",
                amount=money(found.topup_micro, one.currency),
            )
        )
    elif found.topup_micro is not None:
        text.line(_("That week needed no top-up."))


def _became(found: Detail) -> str:
    one, zone = found.line, found.time_zone
    match one.state:
        case "undone":
            return _(
                "You took this answer back, and its pay with it; the answer you gave instead has its own line."
            )
        case "withheld" | "forfeited":
            return _withheld(found)
        case "pending":
            return _("Pending: approved once the item has all its answers, at most seven days after yours.")
        case "in_payout":
            return _("In payout, reference {reference}.", reference=one.reference or "")
        case "paid":
            return _("Paid, reference {reference}.", reference=one.reference or "")
    if found.line.withheld_id is not None:
        return _("The pay was held back for a while, and released: it is approved.")
    # Only the day: gold is approved in the very moment of the work item after it.
    return _("Approved {when}.", when=day(one.approved_ms or one.answered_ms, zone))


def _withheld(found: Detail) -> str:
    zone = found.time_zone
    if found.forfeited is not None:
        when, reason = moment(found.forfeited.recorded_ms, zone), found.forfeited.reason
        return _("The pay was taken back for good {when}: {reason}", when=when, reason=reason)
    if found.withheld is None:
        return _("The pay for this item is held back.")
    when, reason = moment(found.withheld.recorded_ms, zone), found.withheld.reason
    if not found.withheld_by:
        return _("The pay was held back {when}: {reason}", when=when, reason=reason)
    return _("{name} held the pay back {when}: {reason}", name=found.withheld_by, when=when, reason=reason)


def _time(line: Line) -> str:
    if line.spent_ms > line.cap_ms:
        credited, spent = duration(line.credited_ms), duration(line.spent_ms)
        # Translators: So much of the time spent is paid, since an item has a cap.
        return _("{credited} of {spent} (cap)", credited=credited, spent=spent)
    return duration(line.credited_ms)


def _money(line: Line) -> str:
    return money(line.amount_micro, line.currency)
