"""Incidents: faults in the machine. Each gets a number, is logged first, and is then told to whoever met it.

A trace says which errors in which lines. It never holds what an error says about a value, since that may be
the text of an item or somebody's name; only errors that speak about the program itself may speak.
"""

from __future__ import annotations

import hashlib
import logging
import traceback
from pathlib import Path

from telegram import Update
from telegram.error import BadRequest, TelegramError

from handlers.context import Api
from handlers.language import N_, _
from storage.errors import StoreTrouble

_log = logging.getLogger(__name__)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that is mistaken for a digit when a number is read out."""
FRAMES_MAX = 12
CAUSES_MAX = 3
ROOT = Path(__file__).resolve().parents[1]
OUTSPOKEN = (AttributeError, ImportError, NameError, StoreTrouble, TelegramError, TimeoutError, TypeError)
SENTENCE = N_("Something went wrong on our side; nothing you did is lost. Incident {number}.")


def number_of(seed: str) -> str:
    """Make an incident's number out of something that does not come twice: eight signs, such as 7F3K-Q2XM."""
    bits = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:5])
    signs = "".join(ALPHABET[bits >> shift & 31] for shift in range(35, -5, -5))
    return f"{signs[:4]}-{signs[4:]}"


def trace_of(error: BaseException) -> str:
    """Tell what went wrong and where, without a word from any update, item or person."""
    lines: list[str] = []
    cause: BaseException | None = error
    for _depth in range(CAUSES_MAX):
        if cause is None:
            break
        lines.append(_name(cause))
        frames = traceback.extract_tb(cause.__traceback__)[-FRAMES_MAX:]
        lines += [f"  {_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n".join(lines)


def note(number: str, what: str, error: BaseException) -> str:
    """Log an incident and give the text that admins get."""
    trace = trace_of(error)
    _log.error("incident %s: %s\n%s", number, what, trace)
    return f"Incident {number}: {what}\n{trace}"


async def tell(api: Api, update: Update, number: str) -> None:
    """Tell whoever met an incident: over the chat when they tapped, else by message. That it fails is no trouble."""
    sentence = _(SENTENCE, number=number)
    chat = update.effective_chat
    try:
        if update.callback_query is not None:
            try:
                await api.call(
                    "answerCallbackQuery",
                    callback_query_id=update.callback_query.id,
                    text=sentence,
                    show_alert=True,
                )
                return
            except BadRequest:
                pass  # The tap was answered before; the sentence goes into the chat.
        if chat is not None and chat.type == chat.PRIVATE:
            await api.call("sendMessage", chat_id=chat.id, text=sentence)
    except TelegramError as error:
        _log.warning("incident %s could not be told to the person: %s", number, error)


def _name(error: BaseException) -> str:
    said = f": {error}" if isinstance(error, OUTSPOKEN) else ""
    return f"{type(error).__name__}{said}"


def _place(filename: str) -> str:
    path = Path(filename)
    return (
        str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) and ".venv" not in path.parts else path.name
    )
