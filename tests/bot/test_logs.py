"""Log lines: in both forms, and without a token wherever it comes from."""

from __future__ import annotations

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator

import pytest

from bot import logs

TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz-_01234"
SHORT_TOKEN = "1:short"


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level, sys.excepthook)
    yield
    root.handlers[:], sys.excepthook = before[0], before[2]
    root.setLevel(before[1])
    logging.captureWarnings(False)


def written(form: str) -> io.StringIO:
    stream = io.StringIO()
    logs.set_up(form, SHORT_TOKEN, level=logging.DEBUG, stream=stream)
    return stream


def say_everything() -> None:
    log = logging.getLogger("some.library")
    log.debug("GET https://api.telegram.org/bot%s/getMe", TOKEN)
    log.info("an argument: %r and a dictionary: %s", {"url": f"/bot{TOKEN}/x"}, {"t": SHORT_TOKEN})
    log.info("quoted: %s", f"/file/bot{TOKEN.replace(':', '%3A')}/x")
    try:
        try:
            raise ValueError(f"no route to /bot{TOKEN}/getMe")
        except ValueError as error:
            raise OSError(SHORT_TOKEN) from error
    except OSError:
        log.exception("failed for %s", TOKEN)
    warnings.warn(f"a warning about {TOKEN}", stacklevel=1)
    try:
        raise RuntimeError(TOKEN)
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_token_is_in_any_line(form: str) -> None:
    stream = written(form)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        say_everything()
    text = stream.getvalue()
    assert "AAEabc" not in text
    assert SHORT_TOKEN not in text
    assert text.count(logs.REDACTED) >= 8
    assert "nobody caught" in text


def test_a_line_for_machines_is_one_object() -> None:
    stream = written("json")
    logging.getLogger("bot.x").warning("two\nlines of %s", "text")
    try:
        raise KeyError("k")
    except KeyError:
        logging.getLogger("bot.x").exception("broken")
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first["level"] == "warning"
    assert first["logger"] == "bot.x"
    assert first["message"] == "two\nlines of text"
    assert first["time"].endswith("+00:00")
    assert "KeyError" in second["exception"]


def test_a_line_for_people_says_when_how_bad_where_and_what() -> None:
    stream = written("text")
    logging.getLogger("bot.x").warning("careful")
    assert stream.getvalue().rstrip().endswith("WARNING bot.x: careful")


def test_libraries_are_heard_from_warnings_on() -> None:
    stream = io.StringIO()
    logs.set_up("text", stream=stream)
    logging.getLogger("apscheduler.scheduler").info("chatter")
    logging.getLogger("apscheduler.scheduler").warning("trouble")
    assert "chatter" not in stream.getvalue()
    assert "trouble" in stream.getvalue()


def test_what_looks_like_a_time_is_left_alone() -> None:
    redact = logs.Redactor()
    assert redact("2026-11-23 14:05:07 12345:67890") == "2026-11-23 14:05:07 12345:67890"


def test_a_secret_of_a_letter_does_not_spoil_every_word() -> None:
    assert logs.Redactor("e", "")("here is nothing secret") == "here is nothing secret"
    assert logs.Redactor("eleven-letters")("it is eleven-letters.") == f"it is {logs.REDACTED}."
