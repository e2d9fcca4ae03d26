"""Instances: which process runs the bot on this database now. One lease, renewed while its holder lives."""

from __future__ import annotations

import dataclasses

from storage.tx import Tx

NAME = "bot"


@dataclasses.dataclass(frozen=True, slots=True)
class Lease:
    """Who runs, and until when they may do so without renewing."""

    holder: str
    expires_ms: int


def take(tx: Tx, holder: str, duration_ms: int, *, at_once: bool) -> Lease | None:
    """Take the lease; None when it is ours now, else the lease of whoever has it.

    `at_once`: the former holder is known to be gone, so its lease need not run out first.
    """
    current = tx.one("instances.holder", Lease, name=NAME)
    if current is not None and not at_once and current.holder != holder and current.expires_ms > tx.now_ms:
        return current
    tx.run("instances.take", name=NAME, holder=holder, expires_ms=tx.now_ms + duration_ms)
    return None


def renew(tx: Tx, holder: str, duration_ms: int) -> int | None:
    """Hold the lease on; give its new end in UTC milliseconds, or None when somebody else has taken it."""
    expires_ms = tx.now_ms + duration_ms
    renewed = tx.run("instances.renew", name=NAME, holder=holder, expires_ms=expires_ms)
    return expires_ms if renewed else None


def release(tx: Tx, holder: str) -> None:
    """Give the lease up, so that the next start need not wait."""
    tx.run("instances.release", name=NAME, holder=holder)


def current(tx: Tx) -> Lease | None:
    """Tell who runs, if anybody."""
    return tx.one("instances.holder", Lease, name=NAME)
