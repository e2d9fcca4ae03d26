"""How an item is read: rich where the server takes it, as text where not, and always to the end."""

from __future__ import annotations

import pytest

from sandbox.models import Message
from tests.bot.older import make_older, refuse
from tests.stories.conftest import House
from tests.stories.phone import Phone
from tests.stories.projects import CHAIN, SCALES

TABLE = "| Method | Safe |\n|---|---|\n| GET | yes |\n| POST | no |\n\nAnd $x^2$."
FORMULAS = {"problem": "Solve it.", "steps": [f"So $x = {place}$." for place in range(1, 6)]}


def is_rich(message: Message) -> bool:
    return "rich_message" in message.raw


async def rate_all(ada: Phone) -> str:
    """Tap a five on all three scales; give the last toast."""
    toast = ""
    for _ in range(3):
        toast = await ada.press("5")
    return toast


async def test_a_table_comes_as_a_rich_message_and_stays_one_while_it_is_rated(house: House) -> None:
    ada = await house.at_card(SCALES, [{"text": TABLE}, {"text": f"{TABLE} Again."}])
    message_id = ada.last.message_id
    assert is_rich(ada.last)
    assert "<table" in ada.last.raw["rich_message"]["html"]
    assert (await rate_all(ada)).startswith("Saved")
    assert is_rich(ada.last)
    assert ada.last.message_id == message_id


async def test_the_card_itself_turns_to_plain_text_and_back(house: House) -> None:
    ada = await house.at_card(SCALES, [{"text": TABLE}, {"text": f"{TABLE} Again."}])
    message_id = ada.last.message_id
    await ada.press("⋯")
    assert "Plain text from now on" in await ada.press("Plain text")
    assert not is_rich(ada.last)
    assert "GET" in ada.text
    assert (await rate_all(ada)).startswith("Saved")
    assert not is_rich(ada.last), "from now on"
    await ada.press("⋯")
    await ada.press("With formatting")
    assert is_rich(ada.last)
    assert ada.last.message_id == message_id
    assert (await rate_all(ada)).startswith("Saved")


async def test_a_chain_with_formulas_is_checked_as_a_rich_message(house: House) -> None:
    ada = await house.at_card(CHAIN, [FORMULAS])
    message_id = ada.last.message_id
    toast = ""
    for place in range(1, 6):
        assert is_rich(ada.last)
        assert "<tg-math" in ada.last.raw["rich_message"]["html"]
        assert f"Step {place} of 5" in ada.text
        toast = await ada.press("Good")
    assert toast.startswith("Saved")
    assert ada.last.message_id == message_id


async def test_an_older_server_gets_text_and_the_card_is_completed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_older(monkeypatch, house.world)
    ada = await house.at_card(SCALES, [{"text": TABLE}])
    assert not is_rich(ada.last)
    assert "GET" in ada.text
    assert (await rate_all(ada)).startswith("Saved")


async def test_a_server_that_turns_against_rich_messages_halfway_strands_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await house.at_card(CHAIN, [FORMULAS])
    message_id = ada.last.message_id
    await ada.press("Good")
    assert is_rich(ada.last)
    refuse(monkeypatch, "editMessageText", "rich messages are not supported")
    toast = ""
    for _ in range(4):
        toast = await ada.press("Good")
    assert toast.startswith("Saved")
    assert not is_rich(ada.last)
    assert ada.last.message_id == message_id
    assert house.recorded() == [{"check": {"ratings": [1] * 5, "end": "solution"}}]


async def test_a_long_rich_item_that_is_refused_is_read_page_by_page(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "editMessageText", "rich message is too long")
    refuse(monkeypatch, "sendRichMessage", "rich message is too long")
    text = TABLE + "".join(f"\n\nParagraph {place} goes on for a while, and on." for place in range(150))
    ada = await house.at_card(SCALES, [{"text": text}])
    assert not is_rich(ada.last)
    read = ada.text
    for _ in range(9):
        if "▶" not in ada.labels:
            break
        assert "5" not in ada.labels, "nothing is rated before the last page"
        await ada.press("▶")
        read += ada.text
    assert all(f"Paragraph {place} goes on" in read for place in range(150))
    assert (await rate_all(ada)).startswith("Saved")
