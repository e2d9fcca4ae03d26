"""Words that a student types: they move onto the card, whatever else is sent is answered there, and Done keeps them."""

from __future__ import annotations

import pytest

from sandbox.faults import Fault
from tests.stories.conftest import House
from tests.stories.phone import Phone
from tests.stories.projects import REASON


async def asked_for_words(house: House) -> Phone:
    """Bring a student to the question that wants words."""
    ada = await house.at_card(REASON, [{"text": "1 + 1 = 3"}, {"text": "2 + 2 = 5"}])
    await ada.press("Wrong")
    assert "Say why." in ada.text
    return ada


async def test_a_typed_reason_moves_onto_the_card_and_done_keeps_it(house: House) -> None:
    ada = await asked_for_words(house)
    message_id, written = ada.last.message_id, ada.written
    assert "One and one are two." in await ada.type("One and one are two.")
    await house.world.wait_for(lambda: ada.written == written)
    assert ada.last.message_id == message_id, "the card stays where it is; the message is gone"
    assert house.recorded() == [], "nothing is kept before Done"
    assert "Two, and not three." in await ada.type("Two, and not three.")
    assert "One and one" not in ada.text, "a new message replaces the one before"
    assert (await ada.press("Done")).startswith("Saved")
    assert house.recorded() == [{"correct": "no", "reason": "Two, and not three."}]


async def test_a_reason_can_be_cleared_or_left_out(house: House) -> None:
    ada = await asked_for_words(house)
    await ada.type("Nonsense, sorry")
    await ada.press("Clear")
    assert "Nonsense" not in ada.text
    assert (await ada.press("Leave it out")).startswith("Saved")
    assert house.recorded() == [{"correct": "no", "reason": ""}]


@pytest.mark.parametrize("what", ["sticker", "voice"])
async def test_what_holds_no_words_is_refused_on_the_card(house: House, what: str) -> None:
    ada = await asked_for_words(house)
    message_id = ada.last.message_id
    await (ada.send_sticker() if what == "sticker" else ada.send_voice())
    assert "Only words can be taken here" in ada.text
    assert "Say why." in ada.text
    assert ada.last.message_id == message_id
    assert "two" in await ada.type("It is two")
    assert "Only words" not in ada.text
    assert (await ada.press("Done")).startswith("Saved")


async def test_too_short_and_too_long_say_how_much_fits(house: House) -> None:
    ada = await asked_for_words(house)
    assert "at least 3 characters" in await ada.type("2")
    assert "has 250 characters; at most 200 fit" in await ada.type("x" * 250)
    assert "Leave it out" in ada.labels
    assert house.recorded() == []


async def test_a_hundred_thousand_characters_leave_one_card_and_no_words(house: House) -> None:
    ada = await asked_for_words(house)
    message_id, count = ada.last.message_id, len(house.world.messages(ada.id))
    await ada.type("word " * 20_000)
    await house.world.wait_for(lambda: len(house.world.messages(ada.id)) == count, timeout_s=10.0)
    assert ada.last.message_id == message_id
    assert "at most 200 fit" in ada.text
    assert (await ada.press("Leave it out")).startswith("Saved")


async def test_an_edited_message_is_taken_anew(house: House) -> None:
    ada = await asked_for_words(house)
    house.world.add_fault(Fault("403", "deleteMessage"))
    await ada.type("It is too")
    (message,) = [one for one in house.world.messages(ada.id) if one.text == "It is too"]
    house.world.edit_text(ada.id, message.message_id, "It is two")
    await house.world.wait_for(lambda: "It is two" in ada.text)
    assert (await ada.press("Done")).startswith("Saved")
    assert house.recorded()[0]["reason"] == "It is two"


async def test_an_undo_gives_the_words_back(house: House) -> None:
    ada = await asked_for_words(house)
    await ada.type("It is two")
    await ada.press("Done")
    assert await ada.press("Undo ↩") == "Taken back. Answer it again."
    assert "It is two" in ada.text
    await ada.press("Undo ↩")
    assert "It is two" not in ada.text
    await ada.press("Undo ↩")
    assert "Is it right?" in ada.text
    assert house.recorded() == []


async def test_words_are_no_answer_where_a_button_is_asked_for(house: House) -> None:
    ada = await house.at_card(REASON, [{"text": "1 + 1 = 3"}])
    card = ada.text
    assert "buttons and commands" in await ada.say("it is wrong")
    assert "/work" in ada.text
    assert await ada.say("/work") == card
