"""What can go wrong with the store, in words that name no engine; each docstring is what a person reads."""

from __future__ import annotations


class StoreTrouble(Exception):
    """The database could not do what was asked."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.__doc__} {detail}".strip())


class StoreConflict(StoreTrouble):
    """A row breaks a rule that the database keeps."""


class StoreBusy(StoreTrouble):
    """The database is locked by another program; close that one (a database browser?) and start again."""


class StoreFull(StoreTrouble):
    """The disk is full; nothing was written. Free some space and start again."""


class StoreDamaged(StoreTrouble):
    """The database file is damaged. Stop, keep a copy of it, and restore the newest backup."""


class StoreNewer(StoreTrouble):
    """The database was made by a newer Veritap; update the program, or restore the backup from before."""


class StoreChanged(StoreTrouble):
    """A migration that was applied has been edited since; migrations only go forward, add a new one."""


class StoreForeign(StoreTrouble):
    """This file is the database of another program; let DATABASE_URL name a file of Veritap's own."""


class StoreUnreachable(StoreTrouble):
    """The database cannot be opened."""


class BackupRefused(StoreTrouble):
    """The backup was not written."""


class WrongKey(StoreTrouble):
    """VERITAP_KEY does not open this database; use the key that was made with it."""
