"""Weekly statements: the list of weeks, one statement as a message and as a text to add up by hand, and the chart. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from actions.statements import Named, Statement, Weeks
from handlers.language import N_, _, aligned, day, duration, moment, money, n_
from handlers.screen import Button, Rows, Screen
from rules import statement as rules
from rules import statement_file
from rules.chart import PANELS_MAX, Chart, Panel
from rules.ledger import STUDENT_STATES, TIME
from rules.statement import OFFICE, Content
from rules.text import Text

CHART_WEEKS = 8
"""So many weeks fit a phone with figures that can be read."""
SHORT = 12
"""The first signs of a hash: enough to compare by eye; the files have all of it."""
BESIDE = {
    # Translators: A line of a statement: money that is not for an answer. {amount} may be below zero for a correction.
    "topup": N_("Top-up {amount}"),
    "bonus": N_("Bonus {amount}"),
    "adjustment": N_("Correction {amount}"),
    "forfeit": N_("Taken back {amount}"),
}
MOVES = {
    # Translators: What an amount did in a week; a statement lists them.
    "approval": N_("Approved {amount}"),
    "withholding": N_("Held back {amount}"),
    "release": N_("Released {amount}"),
    "payout": N_("Put into a payout {amount}"),
    "payment": N_("Paid {amount}"),
    "return": N_("Came back from a payout {amount}"),
}
STATES = {
    # Translators: The states that pay is in, as headings of a table.
    "pending": N_("Pending"),
    "approved": N_("Approved"),
    "in_payout": N_("In payout"),
    "paid": N_("Paid"),
    "withheld": N_("Held back"),
}
KINDS = {
    # Translators: Lines of an account in a text file, before an amount.
    "earning": N_("earned"),
    "reversal": N_("undone"),
    "approval": N_("approved"),
    "topup": N_("top-up"),
    "bonus": N_("bonus"),
    "adjustment": N_("correction"),
    "withholding": N_("held back"),
    "release": N_("released"),
    "forfeit": N_("taken back"),
    "payout": N_("into a payout"),
    "payment": N_("paid"),
    "return": N_("back from a payout"),
}


def listed(found: Weeks) -> Screen:
    """Show a student's weeks, newest first; a button leads to each statement."""
    text = Text().line(_("By week"), "bold").plain("\n")
    for opened in found.open:
        text.plain(f"{_monday(opened.week)}  ").bold(_sum(opened.content))
        # Translators: Beside the sum of a week that is not over.
        text.plain("  ").line(_("so far"), "italic")
    for closed in found.closed:
        text.plain(f"{_monday(closed.week)}  ").bold(_sum(closed.content)).plain("\n")
    if not found.open and not found.closed:
        text.line(_("Nothing yet."))
    text.plain("\n").plain(_("A week runs from Monday 00:00 to Monday 00:00 in the project's time zone."))
    if found.open:
        text.plain(" ").plain(_("Its statement comes soon after."))
    buttons = [Button(_monday(one.week), f"e:week:{one.week}") for one in found.closed]
    rows: Rows = [buttons[start : start + 3] for start in range(0, len(buttons), 3)]
    if found.before is not None:
        rows.append([Button(_("Older ▶"), f"e:weeks:{found.before}")])
    return Screen(text, [*rows, [Button(_("Chart"), "e:chart"), Button(_("Earnings"), "e:now")]])


def _monday(week: str) -> str:
    return day(rules.start_ms(week, "UTC"), "UTC")


def _sum(content: Content) -> str:
    """Say what a week brought: hours, and money of each currency."""
    sums = _by_asset(content)
    time = duration(max(0, sums.pop(TIME, 0)))
    return aligned(time, *(money(amount, asset) for asset, amount in sorted(sums.items())))


def _by_asset(content: Content) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for (_project, _kind, asset), amount in content.earned.items():
        sums[asset] += amount
    return sums


def message(found: Statement, time_zone: str) -> Screen:
    """Show a statement: what the week brought by project, what moved, and each balance before and after."""
    content = found.content
    text = Text().line(_("Statement · week of {day}", day=_monday(found.week)), "bold")
    text.line(_ends(found)).plain("\n")
    for project_id, named in sorted(found.projects.items()):
        if project_id != OFFICE and (project_id, "earning") in content.counts:
            _project(text, content, project_id, named)
    _kinds(text, content)
    text.plain("\n").line(_("Before → after"), "bold")
    for state in STUDENT_STATES:
        for (held, asset), after in sorted(content.closing.items()):
            before = content.opening[held, asset]
            if held == state and asset != TIME and (before or after):
                values = {
                    "state": _(STATES[state]),
                    "before": money(before, asset),
                    "after": money(after, asset),
                }
                # Translators: what a student's money in a state was before a week and after it: "pending: $1.00 → $2.00".
                text.line(_("{state}: {before} → {after}", **values))
    text.plain("\n")
    text.line(_("Closed {when}.", when=moment(found.closed_ms, time_zone)))
    text.plain(_("Fingerprint")).plain(" ").code(found.digest[:SHORT]).plain("\n")
    text.plain(_("Ledger")).plain(" ").code(found.head_hash[:SHORT])
    rows = [
        [
            Button(_("Text file"), f"e:text:{found.week}"),
            Button(_("Spreadsheet (CSV)"), f"e:csv:{found.week}"),
        ],
        [Button(_("By week"), "e:weeks"), Button(_("By item"), "e:items")],
    ]
    return Screen(text, rows)


def _ends(found: Statement) -> str:
    zones = sorted({named.time_zone for one, named in found.projects.items() if one != OFFICE}) or ["UTC"]
    return _("Monday to Monday, 00:00, {zones}", zones=aligned(*zones))


def _project(text: Text, content: Content, project_id: int, named: Named) -> None:
    items = content.counts.get((project_id, "earning"), 0) - content.counts.get((project_id, "reversal"), 0)
    amounts: dict[str, int] = defaultdict(int)
    for (project, kind, asset), amount in content.earned.items():
        if project == project_id and kind in ("earning", "reversal"):
            amounts[asset] += amount
    time = duration(max(0, amounts.pop(TIME, 0)))
    pay = [money(amount, asset) for asset, amount in sorted(amounts.items())]
    text.line(aligned(named.title), "italic")
    said = aligned(n_("{n} item", "{n} items", items), time, *pay)
    text.line(f"  {said}")


def _kinds(text: Text, content: Content) -> None:
    """Add a line for each other thing that happened to money."""
    beside: dict[tuple[str, str], int] = defaultdict(int)
    for (_project, kind, asset), amount in content.earned.items():
        if kind in BESIDE:
            beside[kind, asset] += amount
    moved: dict[tuple[str, str], int] = defaultdict(int)
    for (_project, kind, _source, _destination, asset), amount in content.moved.items():
        if kind in MOVES and asset != TIME:
            moved[kind, asset] += amount
    for words, sums in ((BESIDE, beside), (MOVES, moved)):
        for kind, said in words.items():
            for (one, asset), amount in sorted(sums.items()):
                if one == kind and amount:
                    text.line(_(said, amount=money(amount, asset)))


def notice(found: Statement, time_zone: str) -> Screen:
    """Give the message that brings a statement, silently: it is there to be looked at when its reader likes."""
    screen = message(found, time_zone)
    return Screen(screen.text, [screen.rows[0], [Button(_("Earnings"), "e:now")]], silent=True)


def text_file(found: Statement) -> str:
    """Write a statement as plain text: each account from its beginning to its end, every line exact, to be added up by hand."""
    content = found.content
    lines = [_("Veritap · statement of pay"), _("Week of {day}", day=found.week), ""]
    for project_id, named in sorted(found.projects.items()):
        end = moment(named.end_ms, named.time_zone)
        title = named.title or _("Payouts and corrections")
        # Translators: {title} is a project's, {when} the moment at which a week ended there.
        lines.append(_("{title}: until {when}", title=title, when=f"{end} {named.time_zone}"))
        if (project_id, "earning") in content.counts:
            items, undone = (content.counts.get((project_id, kind), 0) for kind in ("earning", "reversal"))
            said = _("answers {given}, of them undone {undone}", given=items, undone=undone)
            lines.append(f"  {said}")
    for asset in sorted({asset for _state, asset in content.closing}, key=lambda one: (one == TIME, one)):
        lines += ["", asset if asset != TIME else _("Time, in seconds"), "=" * WIDTH]
        for state in STUDENT_STATES:
            lines += _account(found, state, asset)
    lines += ["", _("Head of the ledger at closing:"), found.head_hash]
    lines += [_("Fingerprint of this statement:"), found.digest, ""]
    return "\n".join(lines)


WIDTH = 60
"""Columns of the text file, which even a phone held upright nearly fits."""


def _account(found: Statement, state: str, asset: str) -> list[str]:
    content = found.content
    if (state, asset) not in content.closing:
        return []
    rows = [("", _("before"), content.opening[state, asset])]
    order = list(KINDS)
    moves = sorted(content.moved.items(), key=lambda one: (order.index(one[0][1]), one[0]))
    for (project, kind, source, destination, moved), amount in moves:
        if moved == asset and state in (source, destination):
            sign = 1 if destination == state else -1
            title = found.projects[project].title if project in found.projects else ""
            rows.append(("+" if sign > 0 else "−", ", ".join(filter(None, (_(KINDS[kind]), title))), amount))
    after = (("=", _("after"), content.closing[state, asset]),)
    return ["", _(STATES[state]), *(_row(*row, asset) for row in (*rows, *after))]


def _row(sign: str, what: str, amount: int, asset: str) -> str:
    figure = statement_file.exact(amount, asset)
    room = WIDTH - 4 - len(figure)
    return f"{sign:1} {what[:room]:<{room}}  {figure}"


def chart(weeks: Sequence[tuple[str, Content]]) -> Chart:
    """Give the chart of some weeks, oldest first: hours, and each currency below them."""
    sums = [_by_asset(content) for _week, content in weeks]
    currencies = sorted({asset for one in sums for asset in one} - {TIME})[: PANELS_MAX - 1]
    panels = [_panel("h", TIME, sums, "time")]
    hues = ("money", *["other"] * PANELS_MAX)
    panels += [_panel(asset, asset, sums, hue) for asset, hue in zip(currencies, hues, strict=False)]
    labels = tuple(f"{int(week[8:])}.{int(week[5:7])}" for week, _content in weeks)
    return Chart(labels, tuple(panels))


def _panel(title: str, asset: str, sums: Iterable[dict[str, int]], hue: str) -> Panel:
    values = tuple(max(0, one.get(asset, 0)) for one in sums)
    figures = (
        _figure(value, 3_600_000, 1) if asset == TIME else _figure(value, 1_000_000, 2) for value in values
    )
    return Panel(title, values, tuple(figures), hue)


def _figure(value: int, unit: int, decimals: int) -> str:
    """Write a value with as many digits as fit above its bar: "0", "0.2", "33.35", "115.1", "1204"."""
    if value <= 0:
        return "0"
    whole = value // unit
    decimals = 0 if whole >= 1000 else min(decimals, 1) if whole >= 100 else decimals
    parts = 10**decimals
    least = max(1, (value * parts + unit // 2) // unit)
    return f"{least // parts}.{least % parts:0{decimals}d}" if decimals else str(least)


def chart_caption(weeks: Sequence[tuple[str, Content]]) -> str:
    """Say what the chart shows: how much in how many weeks, which was the fullest, and which brought nothing."""
    times = [max(0, _by_asset(content).get(TIME, 0)) for _week, content in weeks]
    totals: dict[str, int] = defaultdict(int)
    for _week, content in weeks:
        for asset, amount in _by_asset(content).items():
            totals[asset] += amount
    time = duration(totals.pop(TIME, 0))
    pay = " + ".join(money(amount, asset) for asset, amount in sorted(totals.items()))
    worked = sum(one > 0 for one in times)
    said = [
        n_(
            "The last {n} week: {time}, {pay}.",
            "The last {n} weeks: {time}, {pay}.",
            len(weeks),
            time=time,
            pay=pay or "0",
        )
    ]
    if worked > 1:
        best = max(range(len(weeks)), key=lambda place: times[place])
        said.append(
            _("Most in the week of {day}: {time}.", day=_monday(weeks[best][0]), time=duration(times[best]))
        )
    if worked < len(weeks):
        said.append(n_("{n} week without work.", "{n} weeks without work.", len(weeks) - worked))
    said.append(_("Below each bar is its Monday; the last week is not over."))
    return " ".join(said)


def no_chart() -> Screen:
    """Say that there is nothing to draw."""
    text = Text().plain(_("There is nothing to draw yet. Your first item starts the count: /work"))
    return Screen(text, [[Button(_("Earnings"), "e:now")]])
