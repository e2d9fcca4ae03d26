"""Pay: by what an item is paid, what a judgment earns, the most that an item can cost, and what a week's items lack to an hourly floor.

Whole millionths and milliseconds, no floats, no clock. What a project's file says of it is read in `pay_table`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from rules import money

HOUR, ITEM, FLOOR = "hour", "item", "floor"
"""By the hour of credited time; by the item; by the item, topped up by the week to an hourly floor."""


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """What an item is shown with, and its judgment paid by; later changes of the project touch later items only.

    `rate_micro`: per hour of credited time (hour), the floor per hour (floor), 0 by the item. `piece_micro`: per item, 0 by the hour.
    """

    scheme: str
    rate_micro: int
    piece_micro: int
    cap_ms: int

    def amount_micro(self, credited_ms: int) -> int:
        """Give what a judgment is paid at once."""
        return money.earned_micro(credited_ms, self.rate_micro) if self.scheme == HOUR else self.piece_micro

    @property
    def most_micro(self) -> int:
        """The most that an item can come to cost, a top-up included."""
        if self.scheme == HOUR:
            return self.amount_micro(self.cap_ms)
        return self.piece_micro + self.most_topup_micro

    @property
    def most_topup_micro(self) -> int:
        """The most that a judgment can be topped up by: as if every item of its week had taken the cap."""
        return self.topup_micro(self.cap_ms)

    def topup_micro(self, median_ms: int) -> int:
        """Give what the pay of one judgment lacks to the hourly floor, for the median credited time of its week, at most its cap."""
        if self.scheme != FLOOR:
            return 0
        owed = money.earned_micro(min(max(0, median_ms), self.cap_ms), self.rate_micro)
        return max(0, owed - self.piece_micro)


def median_ms(durations_ms: Sequence[int]) -> int:
    """Give the middle of some durations; of two middle ones the mean, rounded up to the millisecond. 0 when there are none."""
    if not durations_ms:
        return 0
    ordered, half = sorted(durations_ms), len(durations_ms) // 2
    if len(ordered) % 2:
        return ordered[half]
    return -(-(ordered[half - 1] + ordered[half]) // 2)


@dataclasses.dataclass(frozen=True, slots=True)
class Share:
    """Judgments of one student in a week that have the same terms."""

    person_id: int
    judgments: int
    terms: Terms


@dataclasses.dataclass(frozen=True, slots=True)
class Topup:
    """What one student is topped up by for a week, and for how many judgments."""

    judgments: int
    amount_micro: int


def topups(shares: Iterable[Share], week_median_ms: int) -> dict[int, Topup]:
    """Top everybody up by the difference per judgment, whatever time each of them took. Who lacks nothing is left out."""
    found: dict[int, Topup] = {}
    for share in shares:
        amount = share.judgments * share.terms.topup_micro(week_median_ms)
        if amount:
            so_far = found.get(share.person_id, Topup(0, 0))
            found[share.person_id] = Topup(so_far.judgments + share.judgments, so_far.amount_micro + amount)
    return found


def is_overspent_by(most_micro: int, *, budget_micro: int, spent_micro: int, reserved_micro: int) -> bool:
    """Tell whether one more item could cost more than is left of a budget."""
    return spent_micro + reserved_micro + most_micro > budget_micro
