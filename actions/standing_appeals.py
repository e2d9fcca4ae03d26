"""Appeals about a standing: what a person needs to see to answer one, who may, and what a granted one brings back. The words and the
deadlines are `appeals`' business."""

from __future__ import annotations

import dataclasses

from actions import refusals, standings, standings_told
from actions.standings import APPEAL, Change, Pause
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class Stands:
    """The change of standing that an appeal is about: a pause with its answers, or a removal with its reason. `held`: how many answers the
    pause put on hold."""

    change: Change
    pause: Pause | None
    held: int

    def is_removed_by(self, person_id: int) -> bool:
        """Tell whether a person made this removal, so that somebody else must say that it stays."""
        return self.change.became == "removed" and self.change.by_person == person_id


def see(tx: Tx, change_id: int) -> Stands:
    """Give what an appeal is about. Raises OutOfDate when there is no such change."""
    found = standings.change(tx, change_id)
    if found is None:
        raise refusals.OutOfDate
    pause = standings.pause_of(tx, change_id)
    return Stands(found, pause, len(standings.held(tx, pause)) if pause is not None else 0)


def require_own(tx: Tx, person_id: int, change_id: int) -> int:
    """Give the project of a change of a student's own that can be asked about. Raises OutOfDate or TooLateToAsk."""
    found = standings.change(tx, change_id)
    if found is None or found.person_id != person_id:
        raise refusals.OutOfDate
    if not standings_told.can_ask(tx, found):
        raise refusals.TooLateToAsk
    return found.project_id


def remover_id(tx: Tx, change_id: int) -> int | None:
    """Name who removed the student; None for a pause."""
    found = see(tx, change_id).change
    return found.by_person if found.became == "removed" else None


def require_second(tx: Tx, change_id: int, person_id: int) -> None:
    """Refuse to let whoever removed a student also be the one who says that it stays so."""
    if see(tx, change_id).is_removed_by(person_id):
        raise refusals.YourOwnRemoval


def grant(tx: Tx, change_id: int, by: int) -> None:
    """Bring a student back, and count the answers of their pause again. What has come about by itself meanwhile stays."""
    found = see(tx, change_id)
    if found.change.became == "removed":
        newest = standings.newest_change(tx, found.change.project_id, found.change.person_id)
        if newest is not None and newest.id == found.change.id:
            standings.take_back(tx, found.change, by, APPEAL)
    elif found.pause is not None and found.pause.state == "open":
        standings.come_back(tx, found.pause, "lifted", APPEAL, counts=True, by=by)
    elif found.pause is not None and found.pause.state != "removed":
        standings.decide_answers(tx, found.pause, "counted", by)
