"""Deliveries: what is sent without being a reply. A row is written in the transaction of its cause and sent by the pump."""

from __future__ import annotations

import json
from typing import Any

from storage.tx import Tx


def enqueue(
    tx: Tx,
    *,
    person_id: int,
    key: str,
    notice: dict[str, Any],
    lane: str = "notice",
    broadcast_id: int | None = None,
    not_before_ms: int = 0,
) -> bool:
    """Have a notice delivered once under a unique key. False when that key was used before."""
    return (
        tx.run(
            "deliveries.add",
            person_id=person_id,
            key=key,
            payload=json.dumps(notice, ensure_ascii=False),
            lane=lane,
            broadcast_id=broadcast_id,
            not_before_ms=not_before_ms,
            now_ms=tx.now_ms,
        )
        > 0
    )
