"""Notices: what is sent without being a reply. A delivery row holds a small dictionary with a `kind`; it becomes a screen only when it is
sent, from the state of things at that moment, so that nobody is told what is no longer true."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from actions.ports import Store
from handlers import correction_notices
from handlers.coordinator import broadcasts, budgets, caps, gold_items, pairs, people
from handlers.coordinator import rounds as calibration
from handlers.language import _
from handlers.listening import speaking_to
from handlers.screen import Button, Screen
from handlers.student import cards, payout_details, rounds, standing, statements
from handlers.views import pay, proofs
from rules.text import Text

Composer = Callable[[Store, int, dict[str, Any]], Awaitable[Screen | None]]


async def _text(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    # A sentence of ours is known to the catalogs; what fills it comes beside it.
    return Screen(Text().plain(_(str(notice["text"]), **notice.get("values", {}))))


async def _topup(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    told = (notice["title"], notice["judgments"], notice["amount_micro"], notice["currency"])
    return Screen(pay.topped_up(*told), [[Button(_("Earnings"), "e:now")]])


async def _proof(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    return Screen(proofs.told(notice))


COMPOSERS: dict[str, Composer] = {
    "text": _text,
    "card": cards.compose,
    "broadcast": broadcasts.compose,
    "topup": _topup,
    "budget": budgets.compose,
    "cap": caps.compose,
    "golds": gold_items.compose,
    "pairs": pairs.compose,
    "statement": statements.compose,
    "round_open": rounds.open_notice,
    "round_told": rounds.told_notice,
    "round_closed": calibration.closed_notice,
    "proof": _proof,
    **payout_details.COMPOSERS,
    **standing.COMPOSERS,
    **people.COMPOSERS,
    **correction_notices.COMPOSERS,
}
"""Notice kind to the function that makes its screen; None means that there is nothing to say any more."""


async def compose(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Make the screen of a notice for a person, in their language."""
    async with speaking_to(store, person_id):
        return await COMPOSERS[notice["kind"]](store, person_id, notice)
