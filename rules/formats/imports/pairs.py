"""Rows with two answers of which one was chosen: TRL preference, with and without a prompt of its own, HH-RLHF transcripts, and the rows
of OpenAI's preference fine-tuning.

Which answer becomes the item's side `a` is drawn from the words of the row, so that the chosen one is not always there, and the same
pair is the same item however often and in whichever order it comes.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from rules.formats.imports.base import Converted, Misfit, Row, Shape, has, places, preference, take
from rules.formats.imports.talk import shared, transcript, turns, words
from rules.item_checks import Refused, kind_of
from rules.project_file import Project

HUMAN, ASSISTANT = "\n\nHuman:", "\n\nAssistant:"
UP_TO_A_SPACE = re.compile(r"(?s).*\s")


def _is_hh(row: Row) -> bool:
    return has(row, "chosen", "rejected") and "prompt" not in row and all(map(_is_transcript, _both(row)))


def _both(row: Row) -> tuple[Any, Any]:
    return row.get("chosen"), row.get("rejected")


def _is_transcript(value: Any) -> bool:
    return isinstance(value, str) and value.lstrip().startswith(HUMAN.lstrip()) and ASSISTANT in value


def _is_preference(row: Row) -> bool:
    return has(row, "chosen", "rejected") and not _is_hh(row)


def _preference(row: Row, project: Project) -> Converted:
    chosen, rejected = take(row, "chosen"), take(row, "rejected")
    if "prompt" in row:
        prompt = words(row["prompt"], "prompt")
        return _paired(row, project, prompt, words(chosen, "chosen"), words(rejected, "rejected"))
    if isinstance(chosen, str) and isinstance(rejected, str):
        return _paired(row, project, *_split_text(chosen, rejected))
    return _paired(row, project, *_split_messages(chosen, rejected))


def _split_text(chosen: str, rejected: str) -> tuple[str, str, str]:
    """Cut off what both begin with, at the end of a word."""
    whole_words = UP_TO_A_SPACE.match(chosen[: shared(chosen, rejected)])
    prompt = whole_words[0].rstrip() if whole_words else ""
    return prompt, chosen[len(prompt) :], rejected[len(prompt) :]


def _split_messages(chosen: Any, rejected: Any) -> tuple[str, str, str]:
    """Cut off the messages that both begin with."""
    first, second = turns(chosen, "chosen"), turns(rejected, "rejected")
    common = shared(first, second)
    if common in (len(first), len(second)):
        raise Refused('"chosen" and "rejected" do not end in different answers')
    return (
        transcript(first[:common]) if common else "",
        transcript(first[common:]),
        transcript(second[common:]),
    )


def _hh(row: Row, project: Project) -> Converted:
    for name, value in zip(("chosen", "rejected"), _both(row), strict=True):
        if not _is_transcript(value):
            raise Refused(f'"{name}" must be a transcript that begins with "Human:", not {kind_of(value)}')
    chosen, rejected = (str(value).strip() for value in _both(row))
    common = chosen[: shared(chosen, rejected)]
    cut = common.rfind(ASSISTANT)
    if cut < 0:
        raise Refused('"chosen" and "rejected" share no beginning up to an "Assistant:"')
    answers = [whole[cut + len(ASSISTANT) :].strip() for whole in (chosen, rejected)]
    return _paired(row, project, _question(common[:cut]), *answers)


def _is_openai(row: Row) -> bool:
    return has(row, "input", "preferred_output", "non_preferred_output")


def _openai(row: Row, project: Project) -> Converted:
    asked = take(row, "input")
    if not isinstance(asked, dict):
        raise Refused(f'"input" must be an object, not {kind_of(asked)}')
    prompt = transcript(turns(take(asked, "messages", "input.messages"), "input.messages"))
    preferred, other = (
        transcript(turns(take(row, name), name)) for name in ("preferred_output", "non_preferred_output")
    )
    return _paired(row, project, prompt, preferred, other)


def _question(transcribed: str) -> str:
    """Give a lone question without the word "Human:" before it; a longer talk stays as it is."""
    alone = HUMAN not in transcribed and ASSISTANT not in transcribed
    return transcribed.removeprefix(HUMAN.lstrip()).strip() if alone else transcribed


def _paired(row: Row, project: Project, prompt: str, chosen: str, rejected: str) -> Converted:
    asked = preference(project)
    if chosen == rejected:
        raise Refused("holds the same answer twice")
    for name, answer in (("chosen", chosen), ("rejected", rejected)):
        if not answer.strip():
            raise Refused(f"holds no words in the {name} answer")
    fields = {}
    try:
        (place,) = places(project, row, "prompt")
        fields[place] = prompt
    except Misfit:
        # A project that shows the two answers alone gets them whole, unless the row keeps its prompt apart.
        if has(row, "prompt") or _is_openai(row):
            raise
        chosen, rejected = prompt + chosen, prompt + rejected
    a, b = _sides(prompt, chosen, rejected)
    fields |= {asked.a: a, asked.b: b}
    return Converted(fields, row.get("id"), known={asked.id: "a" if a == chosen else "b"})


def _sides(prompt: str, *answers: str) -> tuple[str, str]:
    first, second = sorted(answers)
    seed = f"{prompt}\0{first}\0{second}".encode("utf-8", "surrogatepass")
    return (first, second) if hashlib.sha256(seed).digest()[0] & 1 else (second, first)


PREFERENCE = Shape(
    "trl-preference",
    "TRL preference",
    "chosen+rejected",
    _is_preference,
    _preference,
    answered=True,
)
HH = Shape("hh-rlhf", "HH-RLHF", "chosen+rejected as transcripts", _is_hh, _hh, answered=True)
OPENAI = Shape(
    "openai-dpo",
    "OpenAI preference",
    "input+preferred_output+non_preferred_output",
    _is_openai,
    _openai,
    answered=True,
)
