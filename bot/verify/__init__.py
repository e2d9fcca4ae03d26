"""Proves the books: reads a database file and checks that everybody was paid exactly once, exactly right, and that nothing was changed
afterwards.

It stands alone on purpose: the standard library only, the file opened read-only, and no line shared with the code that keeps the ledger.
So it also runs by itself, with no set-up: `python3 -m bot.verify FILE`, on the live file or on a backup. Each module asks the questions of
one noun; `report` puts them together.
"""

from __future__ import annotations

from bot.verify.base import GENESIS, SHOWN_MAX
from bot.verify.report import (
    CHECKS,
    GOOD,
    UNUSABLE,
    WRONG,
    CannotVerify,
    Progress,
    Report,
    describe,
    digest,
    main,
    seal_of,
    verify,
)

__all__ = [
    "CHECKS",
    "GENESIS",
    "GOOD",
    "SHOWN_MAX",
    "UNUSABLE",
    "WRONG",
    "CannotVerify",
    "Progress",
    "Report",
    "describe",
    "digest",
    "main",
    "seal_of",
    "verify",
]
