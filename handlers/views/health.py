"""The health of the house, as a screen. Pure."""

from __future__ import annotations

from handlers.language import _, duration, listed, n_, number
from handlers.screen import Button, Screen
from rules import credit
from rules.health import Figures, needs
from rules.text import Text

JUST_NOW_MS = 5 * credit.SECOND_MS


def health(figures: Figures) -> Screen:
    """Show the figures, and above them what needs somebody."""
    troubles = needs(figures)
    text = Text().line(_("Health · all well") if not troubles else _("Health · needs you"), "bold")
    for trouble in troubles:
        text.plain("\n⚠️ ").line(trouble)
    text.plain("\n")
    for name, words in _lines(figures):
        text.bold(f"{name}  ").line(words)
    return Screen(text, [[Button(_("Look again 🔄"), "h:now")]])


def _lines(figures: Figures) -> list[tuple[str, str]]:
    disk, free = _size(figures.database_bytes), _size(figures.disk_free_bytes)
    return [
        # Translators: {when} is "never", "just now", "5 s ago" …
        (_("Telegram"), _("heard {when}", when=_ago(figures, figures.heard_ms))),
        # Translators: Updates from Telegram that wait to be answered.
        (_("Inbox"), _inbox(figures)),
        (_("Messages"), _messages(figures)),
        # Translators: The ledger of pay.
        (_("Books"), _books(figures)),
        (
            _("Work"),
            n_("{n} judgments in 24 h", "{n} judgments in 24 h", figures.judgments_today),
        ),
        (_("People"), _people(figures)),
        (_("Database"), _("{size} · {free} free", size=disk, free=free)),
        (_("Backup"), _ago(figures, figures.backup_ms)),
    ]


def _books(figures: Figures) -> str:
    if figures.unbalanced:
        # Translators: The books do not balance in these currencies.
        return _("off in {assets}", assets=listed(figures.unbalanced))
    if figures.books_red_ms:
        # Translators: The books are wrong; {when} is "5 h ago".
        return _("wrong since the proof {when}", when=_ago(figures, figures.books_red_ms))
    if not figures.proven_ms:
        # Translators: The books balance.
        return _("balanced")
    # Translators: The books balance, and were last proved as a whole {when}: "never", "5 h ago".
    return _("balanced · proved {when}", when=_ago(figures, figures.proven_ms))


def _people(figures: Figures) -> str:
    ready, underway = figures.people_ready, figures.people_underway
    return _("{ready} ready · {underway} on their way in", ready=ready, underway=underway)


def _inbox(figures: Figures) -> str:
    oldest_ms = 0 if figures.inbox_oldest_ms is None else figures.now_ms - figures.inbox_oldest_ms
    # What is being answered now waits as well, so a moment's wait is none.
    parts = [_("nothing waits")]
    if oldest_ms >= JUST_NOW_MS:
        waiting, oldest = figures.inbox_waiting, duration(oldest_ms)
        parts = [_("{count} waiting, the oldest {time}", count=waiting, time=oldest)]
    if figures.set_aside:
        # Translators: {count} updates that could not be handled.
        parts.append(_("{count} set aside", count=figures.set_aside))
    return " · ".join(parts)


def _messages(figures: Figures) -> str:
    waiting, uncertain, failed = figures.deliveries_waiting, figures.uncertain, figures.failed
    if not uncertain and not failed:
        return _("{count} waiting · today all sent", count=waiting)
    if not failed:
        return _("{count} waiting · today {uncertain} uncertain", count=waiting, uncertain=uncertain)
    if not uncertain:
        return _("{count} waiting · today {failed} refused", count=waiting, failed=failed)
    return _(
        "{count} waiting · today {uncertain} uncertain · {failed} refused",
        count=waiting,
        uncertain=uncertain,
        failed=failed,
    )


def _ago(figures: Figures, moment_ms: int) -> str:
    if not moment_ms:
        return _("never")
    passed_ms = max(0, figures.now_ms - moment_ms)
    if passed_ms < JUST_NOW_MS:
        return _("just now")
    if passed_ms >= 2 * credit.DAY_MS:
        days = passed_ms // credit.DAY_MS
        return n_("{n} day ago", "{n} days ago", days)
    # Translators: {time} is a duration such as "41 s".
    return _("{time} ago", time=duration(passed_ms))


def _size(size_bytes: int) -> str:
    size = size_bytes / 1024
    for unit in ("kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{number(size, 1 if size < 10 else 0)} {unit}"
        size /= 1024
    raise AssertionError("unreachable")
