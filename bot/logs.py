"""Log lines: plain ones for people, JSON for machines, and never a bot's token in any of them.

The redaction works on the finished line, so it also covers exceptions, web addresses and what libraries
write.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

REDACTED = "<token>"
TOKEN = re.compile(r"(?<![0-9])[0-9]{5,20}(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
"""Anything that reads like a bot token, be it ours or not, also as it is written in a web address."""
SECRET_LEAST = 6
"""A shorter secret is no secret, and taking it out would take letters out of every word."""
QUIET = ("telegram", "httpx", "httpcore", "apscheduler", "aiohttp", "aiosqlite", "asyncio")
"""Libraries that are heard from warnings upwards only."""

_log = logging.getLogger(__name__)


class Redactor:
    """Takes tokens out of a text: those it was told, and whatever looks like one."""

    def __init__(self, *secrets: str) -> None:
        self._secrets = [
            form
            for secret in secrets
            if len(secret) >= SECRET_LEAST
            for form in (secret, secret.replace(":", "%3A"))
        ]

    def __call__(self, text: str) -> str:
        """Give the text without any token."""
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        return TOKEN.sub(REDACTED, text)


class TextFormatter(logging.Formatter):
    """One line for a person: moment, level, where, what; an exception's lines follow it."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Write a record, without tokens."""
        return self._redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message and, where there is one, exception."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Write a record, without tokens."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = self.formatException(record.exc_info)
        return self._redact(json.dumps(line, ensure_ascii=False))


def set_up(
    form: str = "text", *secrets: str, level: int = logging.INFO, stream: TextIO | None = None
) -> None:
    """Send all log lines to one place in one form. `secrets` are taken out of every line."""
    redact = Redactor(*secrets)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter(redact) if form == "json" else TextFormatter(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING) if level > logging.DEBUG else level)
    logging.captureWarnings(True)
    # Python writes what nobody caught straight to the terminal, past every handler.
    sys.excepthook = _log_uncaught


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("ended by an error that nobody caught", exc_info=(kind, error, trace))
