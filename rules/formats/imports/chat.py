"""OpenAI's chat rows, which TRL and most fine-tuning services read as well: the last thing the assistant said is what is judged."""

from __future__ import annotations

from rules.formats.imports.base import Converted, Row, Shape, places, take
from rules.formats.imports.talk import transcript, turns
from rules.item_checks import Refused
from rules.project_file import Project


def _is_chat(row: Row) -> bool:
    return isinstance(row.get("messages"), list)


def _chat(row: Row, project: Project) -> Converted:
    said = turns(take(row, "messages"), "messages")
    last = max((index for index, turn in enumerate(said) if turn.role == "assistant"), default=None)
    if last is None:
        raise Refused('"messages" holds nothing that an assistant said')
    if not last:
        raise Refused('"messages" begins with the answer; there is no question before it')
    prompt, answer = places(project, row, "prompt", "answer")
    return Converted({prompt: transcript(said[:last]), answer: said[last].text}, row.get("id"))


CHAT = Shape("openai-chat", "OpenAI chat", "messages", _is_chat, _chat)
