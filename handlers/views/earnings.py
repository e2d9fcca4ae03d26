"""Hours and money, for the person who earned them. Pure."""

from __future__ import annotations

from fractions import Fraction

from actions.earnings import Line, Lines, Sum, Summary
from handlers.language import N_, _, aligned, duration, moment, money
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
STAGES = {
    "training": N_("Training: paid like work."),
    "exam": N_("Exam: paid like work."),
}


def summary(found: Summary) -> Screen:
    """Show what was earned by period: money, hours, how much is pending and until when."""
    text = Text()
    if not found.periods["all"]:
        text.line(_("Nothing earned yet"), "bold").plain("\n")
        text.plain(_("Your first item starts the count: /work"))
        return Screen(text, [[Button(_("Projects"), "p:list")]])
    text.line(_("Earnings"), "bold").plain("\n")
    for name, title in TITLES.items():
        for one in found.periods[name]:
            text.bold(f"{_(title)}  {money(one.amount_micro, one.currency)}")
            text.plain(f"   {duration(one.credited_ms)}\n")
            if name == "all":
                _states(text, one)
    if found.latest_settles_ms is not None:
        when = moment(found.latest_settles_ms, found.time_zone)
        text.plain("\n").plain(
            _("Pending pay is approved as items settle, all of it by {when} at the latest.", when=when)
        )
    return Screen(text, [[Button(_("By item"), "e:items"), Button(_("Refresh"), "e:now")]])


def _states(text: Text, one: Sum) -> None:
    approved, pending = money(one.approved_micro, one.currency), money(_rest_micro(one), one.currency)
    # Translators: Two amounts of money.
    states = _("approved {approved} · pending {pending}", approved=approved, pending=pending)
    text.plain(f"  {states}\n")


def _rest_micro(one: Sum) -> int:
    """Give what is pending so that, with what is approved, it makes up the sum as these are shown: rounded, each for itself."""
    unit = amounts.MICRO if one.currency in amounts.NO_CENTS else amounts.MICRO // 100
    whole, approved = (round(Fraction(amount, unit)) for amount in (one.amount_micro, one.approved_micro))
    return (whole - approved) * unit


def lines(found: Lines) -> Screen:
    """Show judgments one a line, newest first; a button leads to each."""
    text = Text().line(_("By item"), "bold")
    project = None
    for line in found.lines:
        if line.project != project:
            text.plain("\n").line(aligned(line.project), "italic")
        project = line.project
        text.line(aligned(f"#{line.id}", _time(line), _money(line), _state(line)))
    if not found.lines:
        text.plain("\n").plain(_("Nothing yet."))
    rows: Rows = grid([Button(f"#{line.id}", f"e:one:{line.id}") for line in found.lines], 4)
    if found.before is not None:
        rows.append([Button(_("Older ▶"), f"e:items:{found.before}")])
    return Screen(text, [*rows, [Button(_("Earnings"), "e:now")]])


def line(found: Line, time_zone: str) -> Screen:
    """Show one judgment with each rule that touched it."""
    text = Text().line(aligned(f"#{found.id}", found.project), "bold").plain("\n")
    if found.stage != "work":
        text.line(_(STAGES[found.stage]))
    text.line(_("Answered {when}", when=moment(found.answered_ms, time_zone)))
    text.line(_("Time {time}", time=_time(found)))
    if found.spent_ms > found.cap_ms:
        text.line(_("Rule: an item is credited at most its cap, {cap}.", cap=duration(found.cap_ms)))
    rate, exact = money(found.rate_micro, found.currency), amounts.exact(found.amount_micro)
    # Translators: {rate} an hour comes to {exact}, an amount with six decimals, for this item.
    text.line(_("Rate {rate}/h → {exact} {currency}", rate=rate, exact=exact, currency=found.currency))
    text.line(_became(found, time_zone))
    text.plain("\n").plain(_("Not right? Ask the person who invited you, with this number."))
    return Screen(text, [[Button(_("By item"), "e:items")]])


def _became(found: Line, time_zone: str) -> str:
    if found.undone_ms is not None:
        return _(
            "You took this answer back, and its pay with it; the answer you gave instead has its own line."
        )
    if found.approved_ms is not None:
        return _("Approved {when}.", when=moment(found.approved_ms, time_zone))
    return _("Pending: approved once the item has all its answers, at most seven days after yours.")


def _time(line: Line) -> str:
    if line.spent_ms > line.cap_ms:
        credited, spent = duration(line.credited_ms), duration(line.spent_ms)
        # Translators: So much of the time spent is paid, since an item has a cap.
        return _("{credited} of {spent} (cap)", credited=credited, spent=spent)
    return duration(line.credited_ms)


def _money(line: Line) -> str:
    return money(line.amount_micro, line.currency)


def _state(line: Line) -> str:
    if line.undone_ms is not None:
        # Translators: What became of the pay for one item.
        return _("undone")
    # Translators: What became of the pay for one item.
    return _("approved") if line.approved_ms is not None else _("pending")
