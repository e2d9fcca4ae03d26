"""Calibration rounds as the choice of the next card sees them: what a student is still to be asked, and which leases belong to a round.

A round's items are ordinary work: paid, capped and recorded like it. Only their slots are not taken from anybody.
"""

from __future__ import annotations

import dataclasses

from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """An item of an open round that a student is to be asked. `token`: of the lease on it that ran out, else None."""

    round_id: int
    item_id: int
    token: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where in its round an item stands."""

    place: int
    of: int


def wanted(tx: Tx, person_id: int, project_id: int) -> Wanted | None:
    """Give the next item that a student is asked in an open round of a project. None when there is no round or they are through."""
    return tx.one("rounds.next_for", Wanted, person_id=person_id, project_id=project_id, now_ms=tx.now_ms)


def note(tx: Tx, round_id: int, token: str) -> None:
    """Remember that an assignment was leased for a round."""
    tx.run("rounds.add_lease", round_id=round_id, token=token)


def place_of(tx: Tx, token: str, item_id: int) -> Place | None:
    """Tell where in its round an assignment's item stands; None for everything but a round's."""
    return tx.one("rounds.place_of", Place, token=token, item_id=item_id)


def is_leased(tx: Tx, token: str) -> bool:
    """Tell whether an assignment was leased for a round."""
    return tx.value("rounds.is_leased", token=token) is not None
