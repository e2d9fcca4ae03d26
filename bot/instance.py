"""One instance a database: a lock on a file beside it, and a lease in it.

The lock ends with its process, so that a restart after a crash need not wait; the lease is for file systems that
cannot lock, and for saying who it is that runs already.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import os
import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from actions import instances
from actions.ports import Store
from bot.errors import ELSEWHERE, SETTING, CannotRun

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows, where the lease alone has to do.
    fcntl = None  # type: ignore[assignment]

_log = logging.getLogger(__name__)

LEASE_S = 20.0
RENEW_EVERY_S = 5.0
READ_TRIES = 5
READ_PAUSE_S = 0.05
_UNLOCKABLE = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)


def holder_name(started_ms: int) -> str:
    """Name this process so that a person can find it."""
    return f"{socket.gethostname()}, process {os.getpid()}, since {_clock(started_ms)}"


def sentence(holder: str, expires_ms: int) -> str:
    """Say that another instance runs."""
    return (
        f"Veritap runs already on this database: {holder}. Stop that one first; its lease is renewed while it lives "
        f"and ends at {_clock(expires_ms)} otherwise."
    )


def _clock(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


class FileLock:
    """A lock on a file, held by this process until it ends, however that happens."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self.is_sure = False
        """Whether holding it proves that nobody else does."""

    def acquire(self, holder: str) -> None:
        """Take the lock. Raises CannotRun naming the holder when another process has it."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            where = self._path.parent
            raise CannotRun(
                f"DATABASE_URL names the folder {where}, where nothing can be written ({error.strerror}).",
                SETTING,
            ) from None
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.is_sure = True
        except OSError as error:
            if error.errno not in _UNLOCKABLE:
                told = self._read(file)
                file.close()
                raise CannotRun(sentence(str(told["holder"]), int(told["expires_ms"])), ELSEWHERE) from None
            _log.warning(
                "this file system cannot lock %s; only the lease keeps a second instance out", self._path
            )
        self._file = file
        self.write(holder, 0)

    def write(self, holder: str, expires_ms: int) -> None:
        """Tell whoever comes later who holds it and until when. On a full disk it stays untold: the lock itself holds."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.seek(0)
                self._file.truncate()
                self._file.write(json.dumps({"holder": holder, "expires_ms": expires_ms}))
                self._file.flush()

    def release(self) -> None:
        """Give the lock up. The file stays: deleting it would let two processes lock two files of one name."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None

    @staticmethod
    def _read(file: IO[str]) -> dict[str, Any]:
        for _ in range(READ_TRIES):
            try:
                file.seek(0)
                told = json.load(file)
                return {"holder": str(told["holder"]), "expires_ms": int(told["expires_ms"])}
            except (ValueError, KeyError, TypeError):
                time.sleep(READ_PAUSE_S)  # Its holder is just writing it anew.
        return {"holder": "another process", "expires_ms": 0}


class Instance:
    """This process's right to run on a database."""

    def __init__(self, store: Store, lock: FileLock, holder: str, lease_s: float = LEASE_S) -> None:
        self._store = store
        self._lock = lock
        self.holder = holder
        self._lease_ms = int(lease_s * 1000)

    async def take(self) -> None:
        """Take the lease, at once or when it has run out. Raises CannotRun when its holder goes on renewing it."""
        waited_ms = 0
        while True:
            other = await self._store.write(
                instances.take, self.holder, self._lease_ms, at_once=self._lock.is_sure
            )
            if other is None:
                break
            if waited_ms > self._lease_ms:
                raise CannotRun(sentence(other.holder, other.expires_ms), ELSEWHERE)
            if not waited_ms:
                _log.warning("waiting for the lease of %s to end", other.holder)
            await asyncio.sleep(1.0)
            waited_ms += 1000
        await self.renew()

    async def renew(self) -> None:
        """Hold the lease on. Raises CannotRun when somebody else has taken it."""
        expires_ms = await self._store.write(instances.renew, self.holder, self._lease_ms)
        if expires_ms is None:
            other = await self._store.read(instances.current)
            text = (
                sentence(other.holder, other.expires_ms)
                if other
                else "The lease on this database was taken away."
            )
            raise CannotRun(text, ELSEWHERE)
        self._lock.write(self.holder, expires_ms)

    async def release(self) -> None:
        """Give the lease up, so that the next start need not wait."""
        await self._store.write(instances.release, self.holder)
