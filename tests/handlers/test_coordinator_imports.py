"""Other tools' files in the coordinator's chat: what they are is named, and their known answers become gold only on a tap."""

from __future__ import annotations

import gzip
import json

from tests.actions import samples
from tests.handlers.test_coordinator import coordinator, send, until
from tests.stories.conftest import House

ROWS = [
    {"prompt": f"{number} + 1?", "completion": f"{number + 1}", "label": number % 3 > 0}
    for number in range(30)
]
LINES = "\n".join(map(json.dumps, ROWS))


async def test_known_answers_become_gold_on_a_tap(house: House) -> None:
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", samples.PROJECT, "a draft")
    await send(cleo, "kto.jsonl.gz", gzip.compress(LINES.encode()), "Read as TRL unpaired preference.")
    assert "30 items, all good." in cleo.text
    assert "30 to work on" in cleo.text
    assert "30 have a known answer. They can become gold; otherwise the answers are left out." in cleo.text
    assert cleo.labels == ["With 30 as gold", "All as work", "Cancel"]
    await cleo.press("All as work")
    await until(cleo, "30 items are in Check maths")
    await cleo.press("To the project")
    assert "30 items to work on" in cleo.text
    await send(cleo, "kto.jsonl", LINES, "Read as TRL unpaired preference.")
    await cleo.press("With 30 as gold")
    await until(cleo, "30 that were there took their new text.")
    await cleo.press("To the project")
    await cleo.press("Items")
    assert "30 gold" in cleo.text


PAIRS = (
    samples.PROJECT.partition("[[show]]")[0]
    + """
[[show]]
field = "question"
[[ask]]
id = "better"
kind = "preference"
text = "Which answer is better?"
a = "answer_a"
b = "answer_b"
"""
)


async def test_pairs_are_shown_as_students_will_see_them(house: House) -> None:
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", PAIRS, "a draft")
    turns = "\n\nHuman: 1 + 1?\n\nAssistant: {}"
    row = json.dumps({"chosen": turns.format("It is 2."), "rejected": turns.format("It is 3.")})
    await send(cleo, "train.jsonl", row, "Read as HH-RLHF.")
    shown = [message for message in house.world.messages(cleo.id) if not message.outgoing][-2]
    assert "1 + 1?" in shown.text
    assert "Human" not in shown.text
    await cleo.press("With 1 as gold")
    await until(cleo, "1 item is in Check maths")


async def test_an_array_with_a_bad_element(house: House) -> None:
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", samples.PROJECT, "a draft")
    tasks = [{"id": 1, "data": {"question": "1 + 1?", "solution": "2"}}, {"id": 2, "data": {"question": "?"}}]
    await send(cleo, "tasks.json", json.dumps(tasks), "Read as Label Studio.")
    assert "1 good, 1 bad:" in cleo.text
    assert '• element 2: has no "solution"' in cleo.text
    await cleo.press("Import that 1")
    await until(cleo, "1 bad line was left out.")


async def test_a_file_that_fits_nothing_is_one_sentence(house: House) -> None:
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", samples.PROJECT, "a draft")
    pairs = json.dumps({"prompt": "p", "chosen": "a", "rejected": "b"})
    await send(
        cleo, "pairs.jsonl", "\n".join([pairs] * 20), "The file is TRL preference, which holds two answers"
    )
    assert cleo.labels == []
    await send(cleo, "other.jsonl", '{"a": 1, "b": 2}', 'its rows have "a", "b". Looked for:')
