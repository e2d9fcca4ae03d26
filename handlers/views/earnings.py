"""Hours and money, for the person who earned them. Pure."""

from __future__ import annotations

from fractions import Fraction

from actions.earnings import Line, Lines, Sum, Summary
from handlers.screen import Button, Rows, Screen, grid
from rules import calendar, credit, money
from rules.text import Text

TITLES = {"today": "Today", "week": "This week", "last_week": "Last week", "all": "All so far"}


def summary(found: Summary) -> Screen:
    """Show what was earned by period: money, hours, how much is pending and until when."""
    text = Text()
    if not found.periods["all"]:
        text.line("Nothing earned yet", "bold").plain("\n").plain("Your first item starts the count: /work")
        return Screen(text, [[Button("Projects", "p:list")]])
    text.line("Earnings", "bold").plain("\n")
    for name, title in TITLES.items():
        for one in found.periods[name]:
            text.bold(f"{title}  {money.show(one.amount_micro, one.currency)}")
            text.plain(f"   {credit.show(one.credited_ms)}\n")
            if name == "all":
                _states(text, one)
    if found.latest_settles_ms is not None:
        when = calendar.moment(found.latest_settles_ms, found.time_zone)
        text.plain("\n").plain(f"Pending pay is approved as items settle, all of it by {when} at the latest.")
    return Screen(text, [[Button("By item", "e:items"), Button("Refresh", "e:now")]])


def _states(text: Text, one: Sum) -> None:
    text.plain(f"  approved {money.show(one.approved_micro, one.currency)}")
    text.plain(f" · pending {money.show(_rest_micro(one), one.currency)}\n")


def _rest_micro(one: Sum) -> int:
    """Give what is pending so that, with what is approved, it makes up the sum as these are shown: rounded, each for itself."""
    unit = money.MICRO if one.currency in money.NO_CENTS else money.MICRO // 100
    whole, approved = (round(Fraction(amount, unit)) for amount in (one.amount_micro, one.approved_micro))
    return (whole - approved) * unit


def lines(found: Lines) -> Screen:
    """Show judgments one a line, newest first; a button leads to each."""
    text = Text().line("By item", "bold")
    project = None
    for line in found.lines:
        if line.project != project:
            text.plain("\n").line(line.project, "italic")
        project = line.project
        text.line(f"#{line.id} · {_time(line)} · {_money(line)} · {_state(line)}")
    if not found.lines:
        text.plain("\nNothing yet.")
    rows: Rows = grid([Button(f"#{line.id}", f"e:one:{line.id}") for line in found.lines], 4)
    if found.before is not None:
        rows.append([Button("Older ▶", f"e:items:{found.before}")])
    return Screen(text, [*rows, [Button("◀ Earnings", "e:now")]])


def line(found: Line, time_zone: str) -> Screen:
    """Show one judgment with each rule that touched it."""
    text = Text().line(f"#{found.id} · {found.project}", "bold").plain("\n")
    if found.stage != "work":
        text.line(f"{found.stage.capitalize()}: paid like work.")
    text.line(f"Answered {calendar.moment(found.answered_ms, time_zone)}")
    text.line(f"Time {_time(found)}")
    if found.spent_ms > found.cap_ms:
        text.line(f"Rule: an item is credited at most its cap, {credit.show(found.cap_ms)}.")
    text.line(
        f"Rate {money.show(found.rate_micro, found.currency)}/h → {money.exact(found.amount_micro)} {found.currency}"
    )
    if found.undone_ms is not None:
        text.line(
            "You took this answer back, and its pay with it; the answer you gave instead has its own line."
        )
    elif found.approved_ms is not None:
        text.line(f"Approved {calendar.moment(found.approved_ms, time_zone)}.")
    else:
        text.line("Pending: approved once the item has all its answers, at most seven days after yours.")
    text.plain("\n").plain("Not right? Ask the person who invited you, with this number.")
    return Screen(text, [[Button("◀ By item", "e:items")]])


def _time(line: Line) -> str:
    if line.spent_ms > line.cap_ms:
        return f"{credit.show(line.credited_ms)} of {credit.show(line.spent_ms)} (cap)"
    return credit.show(line.credited_ms)


def _money(line: Line) -> str:
    return money.show(line.amount_micro, line.currency)


def _state(line: Line) -> str:
    if line.undone_ms is not None:
        return "undone"
    return "approved" if line.approved_ms is not None else "pending"
