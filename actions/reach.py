"""Reach: whether a person can still be written to. Who blocked the bot holds no items and is sent nothing."""

from __future__ import annotations

from actions import assignments, deliveries, inbox, people
from actions.deliveries import Claimed
from storage.tx import Tx


def lose(tx: Tx, person_id: int) -> None:
    """Note that a person cannot be reached, and give back what they hold. What they earned stays theirs."""
    tx.run("reach.lose", id=person_id, now_ms=tx.now_ms)
    assignments.release_all(tx, person_id)


def lose_by_key(tx: Tx, person_key: str) -> None:
    """The same for whoever stands behind a key, if we know them."""
    person = people.find(tx, person_key)
    if person is not None:
        lose(tx, person.id)


def regain_by_key(tx: Tx, person_key: str) -> None:
    """Note that whoever stands behind a key can be reached again."""
    tx.run("reach.regain", key=person_key)


def lose_and_finish(tx: Tx, inbox_id: int, person_key: str) -> None:
    """The same, met while answering an update, which is thereby done."""
    lose_by_key(tx, person_key)
    inbox.finish(tx, inbox_id, "blocked")


def refused(tx: Tx, claimed: Claimed, trouble: str) -> None:
    """End a delivery that Telegram refused because the person cannot, or does not want to, hear from us."""
    deliveries.end(tx, claimed.id, "unreachable", trouble=trouble)
    lose(tx, claimed.person_id)
