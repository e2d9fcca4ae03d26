"""Conversations: chat messages and plain text into what a student reads. It knows roles and turns, not which file they stood in."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from rules.item_checks import Refused, kind_of
from rules.kinds.base import quoted

ROLES = {
    "system": "System",
    "developer": "Developer",
    "user": "User",
    "assistant": "Assistant",
    "tool": "Tool",
    "function": "Function",
}
TEXT_PARTS = ("text", "input_text", "output_text")


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """What one side said."""

    role: str
    text: str


def turns(messages: Any, key: str) -> list[Turn]:
    """Read a list of messages, each with `role` and `content`. Refuse what a student could not read as it is."""
    if not isinstance(messages, list):
        raise Refused(f'"{key}" must be a list of messages, not {kind_of(messages)}')
    if not messages:
        raise Refused(f'"{key}" holds no message')
    return [
        _turn(message, f'message {number} of "{key}"') for number, message in enumerate(messages, start=1)
    ]


def _turn(message: Any, where: str) -> Turn:
    if not isinstance(message, dict):
        raise Refused(f"{where} must be an object, not {kind_of(message)}")
    role = message.get("role")
    if not isinstance(role, str) or role not in ROLES:
        raise Refused(f"{where} has the role {quoted(role)}; there are {', '.join(ROLES)}")
    return Turn(role, _content(message.get("content"), where))


def _content(content: Any, where: str) -> str:
    """Give the words of a message: a text, or a list of parts of which each is text."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise Refused(f"{where} has no text that could be read: its content is {kind_of(content)}")
    words = [
        part.get("text") for part in content if isinstance(part, dict) and part.get("type") in TEXT_PARTS
    ]
    texts = [text for text in words if isinstance(text, str)]
    if len(texts) < len(content):
        raise Refused(f"{where} has a part that is not text")
    return "\n\n".join(texts)


def transcript(said: Sequence[Turn]) -> str:
    """Write turns down: a lone question or answer as it is, several with who said them."""
    if len(said) == 1 and said[0].role in ("user", "assistant"):
        return said[0].text
    return "\n\n".join(f"{ROLES[turn.role]}: {turn.text}" for turn in said)


def words(value: Any, key: str) -> str:
    """Give what stands under a key that holds a text or a list of messages."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return transcript(turns(value, key))
    raise Refused(f'"{key}" must be text or a list of messages, not {kind_of(value)}')


def shared(one: Sequence[Any], other: Sequence[Any]) -> int:
    """Tell how long the beginning is that two texts or two lists have in common."""
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))
