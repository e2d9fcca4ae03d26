"""Health: whether the bot works, and its figures for a monitoring system. It only looks; the watchdog acts."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from typing import Any

from actions import deliveries, inbox, marks
from actions.ports import Store
from bot.delivery import Pump
from bot.desk import Desk
from bot.gate import Gate
from bot.intake import Intake
from bot.lanes import Lanes
from bot.pulse import Pulse
from bot.transport import Wire

CHECK_LIMIT_S = 5.0
QUIET_MAX_S = 120.0
"""A poll ends at least every half minute; no word from Telegram for so long is a sign."""


@dataclasses.dataclass(slots=True)
class Parts:
    """What is looked at. `pulse` is None where a webhook brings the updates: then silence means nothing."""

    store: Store
    wire: Wire
    gate: Gate
    lanes: Lanes
    desk: Desk
    intake: Intake
    pump: Pump
    pulse: Pulse | None


class Health:
    """Tells how the bot is."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._clock = asyncio.get_running_loop().time
        self._started_s = self._clock()

    async def check(self) -> dict[str, Any]:
        """See whether the store can be written and read and Telegram is heard. `status` is ok, or says what is not."""
        troubles = []
        try:
            async with asyncio.timeout(CHECK_LIMIT_S):
                written = await self._parts.store.write(marks.touch, marks.HEALTH)
                if await self._parts.store.read(marks.moment, marks.HEALTH) < written:
                    troubles.append("the store does not give back what was written")
        except Exception as error:
            troubles.append(f"the store: {str(error) or type(error).__name__}")
        if self._parts.gate.trouble:
            troubles.append(f"updates wait: {self._parts.gate.trouble}")
        quiet_s = self.quiet_s()
        if quiet_s > QUIET_MAX_S:
            troubles.append(f"Telegram was not heard for {quiet_s:.0f} s")
        return {"status": "; ".join(troubles) or "ok", "updates_waiting": self._parts.lanes.waiting}

    def quiet_s(self) -> float:
        """Tell for how long Telegram was not heard."""
        return self._clock() - self._parts.pulse.last_s if self._parts.pulse is not None else 0.0

    async def metrics(self) -> str:
        """Give the figures in Prometheus's text form."""
        parts = self._parts
        backlog = await parts.store.read(inbox.backlog)
        waiting = await parts.store.read(deliveries.counts)
        lines = _Lines()
        lines.add("counter", "updates_received_total", "Updates that Telegram gave.", parts.intake.received)
        lines.add("counter", "updates_handled_total", "Updates whose handling ended.", parts.desk.handled)
        lines.add("counter", "faults_total", "Updates that met a fault.", parts.desk.faults)
        lines.add("gauge", "inbox_unfinished", "Updates whose effect is not in the books.", backlog.waiting)
        lines.add("gauge", "updates_waiting", "Updates in memory.", parts.lanes.waiting)
        lines.add("counter", "calls_total", "Calls made to Telegram.", parts.wire.calls)
        lines.add("counter", "deliveries_sent_total", "Notices and broadcasts sent.", parts.pump.sent)
        for count in waiting:
            labels = f'{{lane="{count.lane}",state="{count.state}"}}'
            lines.add("gauge", "deliveries", "Deliveries that wait or are under way.", count.number, labels)
        lines.add("gauge", "telegram_quiet_seconds", "Since Telegram was heard.", round(self.quiet_s(), 3))
        lines.add("gauge", "uptime_seconds", "Since the start.", round(self._clock() - self._started_s, 3))
        lines.add("gauge", "memory_peak_bytes", "Most memory held so far.", _memory_peak_bytes())
        return lines.text()


def _memory_peak_bytes() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    unit_bytes = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit_bytes


class _Lines:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._known: set[str] = set()

    def add(self, kind: str, name: str, words: str, value: float, labels: str = "") -> None:
        full = f"veritap_{name}"
        if full not in self._known:
            self._known.add(full)
            self._lines += [f"# HELP {full} {words}", f"# TYPE {full} {kind}"]
        self._lines.append(f"{full}{labels} {value}")

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"
