"""Whether the server takes rich messages: a refusal is a row that everybody obeys for a day, whichever process met it.

What a rich message looks like is not here; see `rules.rich`.
"""

from __future__ import annotations

import contextlib

from actions import marks
from actions.ports import Store
from rules.credit import DAY_MS
from storage.errors import StoreTrouble
from storage.tx import Tx

REFUSED = "rich_refused_ms"
"""The mark of the last refusal, in UTC milliseconds."""


def serves(tx: Tx) -> bool:
    """Tell whether rich messages may be tried: none was refused within a day."""
    return tx.now_ms - marks.moment(tx, REFUSED) >= DAY_MS


def refuse(tx: Tx) -> None:
    """Remember that the server refused a rich message just now."""
    marks.touch(tx, REFUSED)


async def may_be_tried(store: Store) -> bool:
    """Tell whether rich messages may be tried. A store in trouble says no: plain text needs nothing of it."""
    try:
        return await store.read(serves)
    except StoreTrouble:
        return False


async def note_refusal(store: Store) -> None:
    """Remember a refusal. It is noted after the person was served, so a store in trouble may leave it to the next one."""
    with contextlib.suppress(StoreTrouble):
        await store.write(refuse)
