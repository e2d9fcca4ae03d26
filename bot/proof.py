"""The nightly proof of the live books, off the event loop, and what is done with its result."""

from __future__ import annotations

import asyncio
import logging

from actions import proofs
from actions.ports import Store
from bot import verify
from bot.verify import CannotVerify

_log = logging.getLogger(__name__)

PROOF = "proof of the books"
PROOF_EVERY_S = 900.0
"""How often it is asked whether a proof is due."""


async def prove_when_due(store: Store) -> None:
    """Prove the books if it is time, on one consistent view of the live file, while the bot goes on."""
    if not await store.write(proofs.is_due):
        return
    try:
        report = await asyncio.to_thread(verify.verify, store.path)
    except CannotVerify as error:
        # It says nothing of the books; the next turn tries again.
        _log.error("the books could not be proved: %s", error)
        return
    level = logging.INFO if report.is_good else logging.CRITICAL
    _log.log(
        level, "the books were proved: %d entries, %d findings", report.counts.get("entries", 0), report.wrong
    )
    await store.write(proofs.record, proofs.Result(report.head, report.findings, report.wrong))
