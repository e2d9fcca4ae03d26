"""Broadcasts through the chat: from the draft to the report, and what those who are called can answer."""

from __future__ import annotations

import asyncio

import pytest

from actions import broadcasts, items, projects
from handlers.coordinator import broadcasts as coordinator
from sandbox.faults import Fault
from tests.actions import samples
from tests.handlers.test_coordinator import touch, until
from tests.stories.conftest import House, agree_and_tell
from tests.stories.phone import Phone

CALL = "$24.00 an hour · about 1 min an item"


async def opened(house: House) -> Phone:
    """Give the coordinator of an open project."""
    await house.write(projects.create_or_update, None, samples.PROJECT)
    await items.import_lines(house.store, None, "maths", samples.lines())
    await house.write(projects.set_state, None, "maths", "open")
    cleo = await house.invite("Cleo", "coordinator", 1)
    await cleo.say("/broadcast")
    return cleo


async def student(house: House, name: str) -> Phone:
    phone = await house.invite(name)
    await agree_and_tell(phone)
    return phone


async def test_a_call_from_draft_to_report(house: House) -> None:
    ada, ben = await student(house, "Ada"), await student(house, "Ben")
    await house.invite("Not ready")
    cleo = await opened(house)
    assert "Call for Check maths" in cleo.text
    assert "To 2 of 3: Bachelor's or Master's, English." in cleo.text
    assert "Left out: 1 not finished joining." in cleo.text
    assert CALL in cleo.text
    await cleo.press("Edit text")
    await cleo.say("Exam week: every hour helps.")
    assert "Exam week: every hour helps." in cleo.text
    setup = cleo.last
    await cleo.press("Test to me")
    assert cleo.text.startswith(CALL)
    assert cleo.labels == ["I'm in · 3 places", "Not for me", "Mute calls 🔕"]
    assert "For you the buttons do nothing." in await touch(cleo, "b:shown")
    await cleo.tap(setup.message_id, setup.data_of("Send"))
    asked = house.world.messages(cleo.id)[-2]
    assert "Send now to 2 students?" in asked.text
    await cleo.tap(asked.message_id, asked.data_of("Send to 2"))
    for phone in (ada, ben):
        await until(phone, CALL)
        assert phone.labels == ["I'm in · 3 places", "Not for me", "Mute calls 🔕"]
    await house.world.wait_for(
        lambda: "2 of 2 sent" in house.world.messages(cleo.id)[-2].text, timeout_s=10.0
    )
    assert "Call for Check maths · done" in house.world.messages(cleo.id)[-2].text
    await ada.press("I'm in")
    assert "1 training + 2 exam items" in ada.text
    await ben.press("Not for me")
    assert "no more calls for Check maths" in ben.text
    await cleo.say("/broadcast maths")
    assert "To 0 of 3" in cleo.text
    assert "Left out: 1 already on it, 1 said no to it, 1 not finished joining." in cleo.text
    assert "Send" not in cleo.labels


async def test_tapping_send_twice_calls_everybody_once(house: House) -> None:
    ada = await student(house, "Ada")
    cleo = await opened(house)
    await cleo.press("Send")
    data = cleo.find("Send to 1")
    toasts = await asyncio.gather(touch(cleo, data), touch(cleo, data))
    assert sorted(toasts) == ["It is under way already", "Under way"]
    await until(cleo, "1 of 1 sent")
    assert [message.text.startswith(CALL) for message in house.world.messages(ada.id)].count(True) == 1


async def test_muting_is_one_tap_and_holds(house: House) -> None:
    ada = await student(house, "Ada")
    cleo = await opened(house)
    await cleo.press("Send")
    await cleo.press("Send to 1")
    await until(ada, CALL)
    await ada.press("Mute calls 🔕")
    assert ada.text.startswith("Calls are off.")
    await cleo.say("/broadcast")
    assert "Left out: 1 muted." in cleo.text
    await ada.press("Calls on again")
    assert ada.text.startswith("Calls are on again.")
    await cleo.say("/broadcast")
    assert "To 1 of 1" in cleo.text


async def test_the_report_tells_whom_it_did_not_reach(house: House) -> None:
    phones = [await student(house, name) for name in ("Ada", "Ben", "Cyd")]
    cleo = await opened(house)
    await cleo.press("Send")
    # The bot hears of a block by an update as well, and might leave them out in time; so here it only fails.
    house.world.add_fault(Fault(method="sendMessage", kind="403", chat_id=phones[0].id))
    house.world.add_fault(Fault(method="sendMessage", kind="500_after", chat_id=phones[1].id))
    await cleo.press("Send to 3")
    await until(cleo, "· done")
    assert "1 of 3 sent" in cleo.text
    assert "1 unreachable: they blocked the bot" in cleo.text
    assert "1 uncertain: sent, but Telegram did not confirm it; not sent again" in cleo.text


async def test_a_scheduled_call_can_be_paused_and_stopped(house: House) -> None:
    ada = await student(house, "Ada")
    cleo = await opened(house)
    await cleo.press("Schedule")
    assert cleo.labels == ["In 1 hour", "Tomorrow 9:00, their time", "Back"]
    await cleo.press("Tomorrow 9:00")
    assert "Tomorrow 9:00, their time to 1 student?" in cleo.text
    await cleo.press("Send to 1")
    assert "0/1" in cleo.text
    assert "Next: " in cleo.text
    await cleo.press("Pause")
    assert cleo.text.endswith("Paused.")
    await cleo.press("Resume")
    await cleo.press("Stop")
    assert "Call for Check maths · stopped" in cleo.text
    assert "0 of 1 sent" in cleo.text
    assert "1 not sent" in cleo.text
    assert CALL not in ada.text


async def test_a_draft_can_be_dropped(house: House) -> None:
    await student(house, "Ada")
    cleo = await opened(house)
    await cleo.press("Cancel")
    assert cleo.text == "Cancelled. Nobody was called for Check maths."
    assert (await house.store.read(broadcasts.progress, 1)).broadcast.state == "stopped"


async def test_too_many_words_are_refused_and_asked_for_again(house: House) -> None:
    cleo = await opened(house)
    await cleo.press("Edit text")
    await cleo.say("x" * 301)
    assert "at most 300 characters" in cleo.text
    await cleo.say("Short.")
    assert "Short." in cleo.text
    await cleo.press("Edit text")
    await cleo.press("No words of my own")
    assert "Short." not in cleo.text


async def test_without_an_open_project_there_is_nobody_to_call_for(house: House) -> None:
    await house.write(projects.create_or_update, None, samples.PROJECT)
    cleo = await house.invite("Cleo", "coordinator", 1)
    await cleo.say("/broadcast")
    assert cleo.text == "None of your projects is open, so nobody could join. /project lists them."
    await cleo.say("/broadcast maths")
    assert 'The project "Check maths" is not open' in cleo.text


async def test_many_recipients_are_written_down_in_small_transactions(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = [await student(house, name) for name in ("Ada", "Ben", "Cyd")]
    cleo = await opened(house)
    monkeypatch.setattr(coordinator, "BATCH", 1)
    monkeypatch.setattr(broadcasts, "BATCH", 1)
    await cleo.press("Send")
    await cleo.press("Send to 3")
    await until(cleo, "3 of 3 sent")
    assert all(phone.text.startswith(CALL) for phone in phones)
