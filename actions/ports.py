"""What the upper floors may know of the store: its two doors and the transaction type. They import it from here, never from storage."""

from __future__ import annotations

from storage.database import Database as Store
from storage.tx import Sources, Tx

__all__ = ["Sources", "Store", "Tx"]
