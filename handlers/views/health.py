"""The health of the house, as a screen. Pure."""

from __future__ import annotations

from handlers.screen import Button, Screen
from rules import credit
from rules.health import Figures, needs
from rules.text import Text

JUST_NOW_MS = 5 * credit.SECOND_MS


def health(figures: Figures) -> Screen:
    """Show the figures, and above them what needs somebody."""
    troubles = needs(figures)
    text = Text().line("Health · all well" if not troubles else "Health · needs you", "bold")
    for trouble in troubles:
        text.plain("\n⚠️ ").line(trouble)
    text.plain("\n")
    for name, words in _lines(figures):
        text.bold(f"{name}  ").line(words)
    return Screen(text, [[Button("🔄 Look again", "h:now")]])


def _lines(figures: Figures) -> list[tuple[str, str]]:
    balanced = f"off in {', '.join(figures.unbalanced)}" if figures.unbalanced else "balanced"
    return [
        ("Telegram", f"heard {_ago(figures, figures.heard_ms)}"),
        ("Inbox", _inbox(figures)),
        ("Messages", f"{figures.deliveries_waiting:,} waiting · today {_badly(figures)}"),
        ("Books", balanced),
        ("Work", f"{figures.judgments_today:,} judgments in 24 h"),
        ("People", f"{figures.people_ready:,} ready · {figures.people_underway:,} on their way in"),
        ("Database", f"{_size(figures.database_bytes)} · {_size(figures.disk_free_bytes)} free"),
        ("Backup", _ago(figures, figures.backup_ms)),
    ]


def _inbox(figures: Figures) -> str:
    oldest_ms = 0 if figures.inbox_oldest_ms is None else figures.now_ms - figures.inbox_oldest_ms
    aside = f" · {figures.set_aside:,} set aside" if figures.set_aside else ""
    # What is being answered now waits as well, so a moment's wait is none.
    if oldest_ms < JUST_NOW_MS:
        return f"nothing waits{aside}"
    return f"{figures.inbox_waiting:,} waiting, the oldest {credit.show(oldest_ms)}{aside}"


def _badly(figures: Figures) -> str:
    parts = [f"{figures.uncertain:,} uncertain"] if figures.uncertain else []
    parts += [f"{figures.failed:,} refused"] if figures.failed else []
    return " · ".join(parts) or "all sent"


def _ago(figures: Figures, moment_ms: int) -> str:
    if not moment_ms:
        return "never"
    passed_ms = max(0, figures.now_ms - moment_ms)
    if passed_ms < JUST_NOW_MS:
        return "just now"
    if passed_ms >= 2 * credit.DAY_MS:
        return f"{passed_ms // credit.DAY_MS} days ago"
    return f"{credit.show(passed_ms)} ago"


def _size(size_bytes: int) -> str:
    size = size_bytes / 1024
    for unit in ("kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.1f} {unit}" if size < 10 else f"{size:,.0f} {unit}"
        size /= 1024
    raise AssertionError("unreachable")
