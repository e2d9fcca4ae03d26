"""What the tests of screens share: Telegram's limits, and a definition as wide as a project file may make it."""

from __future__ import annotations

import itertools
from typing import Any

from actions.projects import Project
from handlers.screen import Screen
from rules import project_file
from rules.text import ENTITIES_MAX, MESSAGE_UNITS_MAX, units
from tests.rules.definitions import choice, define, scale, tags

NOW_MS = 1_700_000_000_000
BUTTONS_MAX = 100
ROW_MAX = 8
WIDE_LABEL, WIDE_SENTENCE = "😀" * 40, "😀" * 300


def _wide(question: dict[str, Any]) -> dict[str, Any]:
    options = [
        {"value": one["value"], "label": f"{'😀' * 37}{n}"} for n, one in enumerate(question["options"])
    ]
    return question | {"text": WIDE_SENTENCE, "options": options}


WIDEST = define(
    title="😀" * 60,
    instructions="😀" * 1500,
    ask=[
        _wide(tags("t1", *[f"v{n}" for n in range(20)])),
        _wide(tags("t2", *[f"v{n}" for n in range(20)])),
        scale("s", low_label=WIDE_LABEL, high_label="𝔘" * 40) | {"text": WIDE_SENTENCE},
        _wide(choice("c", *[f"v{n}" for n in range(12)])),
    ],
)


def sound(screen: Screen) -> str:
    """Hold a screen to Telegram's limits and give its text."""
    payload = screen.payload()
    text, entities = payload["text"], payload.get("entities", [])
    assert 0 < units(text) <= MESSAGE_UNITS_MAX
    assert len(entities) <= ENTITIES_MAX
    assert all(one["offset"] + one["length"] <= units(text) for one in entities)
    rows = payload["reply_markup"]["inline_keyboard"]
    buttons = list(itertools.chain.from_iterable(rows))
    assert all(0 < len(row) <= ROW_MAX for row in rows)
    assert len(buttons) <= BUTTONS_MAX
    assert all(button["text"].strip() for button in buttons)
    assert all(len(button["callback_data"].encode()) <= 64 for button in buttons)
    return str(text)


def data(screen: Screen) -> list[str]:
    return [button.data for row in screen.rows for button in row]


def labels(screen: Screen) -> list[str]:
    return [button.label for row in screen.rows for button in row]


def stored(rules: project_file.Project) -> Project:
    return Project(7, rules.slug, rules.title, project_file.dump(rules), "open", None)
