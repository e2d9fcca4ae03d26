"""Exports in chat: the formats that fit, files with their card and metadata, gold for the owner only, and what is too large."""

from __future__ import annotations

import hashlib
import json

import pytest

from actions.exports import Extent, Offered
from handlers.coordinator import exports as handler
from handlers.views import exports as view
from rules.formats.exports import file, steps, training, votes
from rules.formats.exports import judged as judged_items
from rules.formats.exports.judged import LeftOut
from sandbox.models import Message
from tests.actions import samples
from tests.handlers.screens import WIDEST, data, labels, sound, stored
from tests.handlers.test_coordinator import content, coordinator, send, touch, until
from tests.rules.judged_items import CHAIN, COMPARISON
from tests.stories.conftest import House, agree_and_tell
from tests.stories.phone import Phone

PROJECT = samples.PROJECT.replace("training = 1\nexam = 2", "training = 0\nexam = 0")


async def with_judgments(house: House, students: int = 2, answers: int = 3) -> Phone:
    """Bring a coordinator to a project on which students have worked."""
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", PROJECT, "a draft")
    await send(cleo, "maths.jsonl", "\n".join(samples.lines(exam=0, training=0)), "all good")
    await cleo.press("Import 22")
    await until(cleo, "22 items are in")
    await cleo.press("To the project")
    await cleo.press("Open")
    for number in range(students):
        phone = await house.invite(f"Ada {number}", project_id=1)
        await agree_and_tell(phone)
        await phone.press("Join")
        for _ in range(answers):
            await phone.press("Wrong")
    return cleo


def documents(phone: Phone) -> list[Message]:
    messages = phone.world.messages(phone.id)
    return [message for message in messages if "document" in message.raw and not message.outgoing]


async def test_a_tap_sends_the_file_its_card_and_its_metadata(house: House) -> None:
    cleo = await with_judgments(house)
    await cleo.press("Export")
    assert "6 judgments, with pseudonyms." in cleo.text
    assert "TRL unpaired" in cleo.labels
    assert not {"TRL preference", "TRL stepwise", "PRM800K"} & set(cleo.labels)
    await cleo.press("Judgments")
    await house.world.wait_for(lambda: len(documents(cleo)) == 3, timeout_s=10.0)
    file, about, metadata = documents(cleo)
    assert "Judgments of Check maths: 6 rows." in file.raw["caption"]
    names = [message.raw["document"]["file_name"] for message in (file, about, metadata)]
    name = "maths-judgments.jsonl"
    assert names == [name, f"{name}.card.md", f"{name}.croissant.json"]
    rows = [json.loads(line) for line in content(house, file).decode().splitlines()]
    assert len(rows) == 6
    assert all((row["answers"], row["use"]) == ({"correct": "no"}, "work") for row in rows)
    assert content(house, about).startswith(b"---\nlicense: unknown\n")
    found = json.loads(content(house, metadata))["distribution"][0]
    assert (found["sha256"], found["@id"]) == (hashlib.sha256(content(house, file)).hexdigest(), name)
    audit = await house.store.read(
        lambda tx: tx._engine.execute("SELECT deed, detail FROM audit", {}).fetchall()
    )
    assert ("exported", "judgments") in audit


async def test_gold_is_told_to_the_owner_and_to_no_other_coordinator(house: House) -> None:
    cleo = await with_judgments(house)
    await cleo.press("Export")
    await cleo.press("Judgments with gold")
    await house.world.wait_for(lambda: len(documents(cleo)) == 3, timeout_s=10.0)
    file = documents(cleo)[0]
    assert "Judgments with gold of Check maths" in file.raw["caption"]
    assert file.raw["document"]["file_name"] == "maths-judgments-with-gold.jsonl"
    rows = [json.loads(line) for line in content(house, file).decode().splitlines()]
    assert {row["use"] for row in rows} <= {"work", "gold"}
    assert all((row["correct"] is None) == (row["use"] == "work") for row in rows)
    helper = await coordinator(house, "Helper")

    def add(tx: object) -> None:
        tx._engine.execute(  # type: ignore[attr-defined]
            "INSERT INTO project_coordinators SELECT 1, id FROM people ORDER BY id DESC LIMIT 1", {}
        )

    await house.write(add)
    await helper.say("/project maths")
    await helper.press("Export")
    assert "Judgments" in helper.labels
    assert "Judgments with gold" not in helper.labels
    assert await touch(helper, "c:file:1:judgments+gold") == "This button is out of date."


@pytest.mark.parametrize(
    "wanted", ["xml", "judgments-parquet", "trl-preference", "trl-unpaired+gold", "1", ""]
)
async def test_a_forged_format_is_out_of_date(house: House, wanted: str) -> None:
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", PROJECT, "a draft")
    assert await touch(cleo, f"c:file:1:{wanted}") == "This button is out of date."
    assert documents(cleo) == []


async def test_what_no_chat_can_carry_is_named_with_its_command(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleo = await with_judgments(house, students=1, answers=2)
    monkeypatch.setattr(handler, "EXPORT_BYTES_MAX", 100)
    await cleo.press("Export")
    await cleo.press("TRL unpaired")
    await until(cleo, "TRL unpaired: nothing to export yet")
    assert "• 2 items: not settled yet" in cleo.text
    assert documents(cleo) == [], "Telegram takes no empty file"
    await cleo.say("/project maths")
    await cleo.press("Export")
    await cleo.press("Labels (CSV)")
    await until(cleo, "larger than a chat can carry")
    assert "veritap export maths --format labels-csv --out maths-labels.csv" in cleo.text


def test_each_kind_of_project_is_offered_its_formats() -> None:
    extent = Extent(1_204, 12, 1)
    screen = view.offer(Offered(stored(COMPARISON), extent, owns=False))
    text = sound(screen)
    assert (
        "1,192 judgments, with pseudonyms.\n12 of 1 student who withdrew their consent are left out." in text
    )
    assert labels(screen) == [
        "Judgments",
        "Judgments (CSV)",
        "Labels",
        "Labels (CSV)",
        "TRL preference",
        "OpenAI DPO",
        "LMArena",
        "Label Studio",
        "Back",
    ]
    assert data(screen)[4] == "c:file:7:trl-preference"
    chain = labels(view.offer(Offered(stored(CHAIN), extent, owns=True)))
    assert {"TRL stepwise", "PRM800K", "ProcessBench", "Judgments with gold", "Labels with gold"} <= set(
        chain
    )
    sound(view.offer(Offered(stored(WIDEST), extent, owns=True)))
    empty = view.offer(Offered(stored(CHAIN), Extent(3, 3, 1), owns=True))
    assert labels(empty) == ["Back"]


def test_every_reason_for_leaving_an_item_out_has_its_words() -> None:
    modules = (file, judged_items, steps, training, votes)
    told = {value.why for module in modules for value in vars(module).values() if isinstance(value, LeftOut)}
    assert told | {file.NOTHING_COUNTED} == set(view.REASONS)
