"""The student's road, told through the chat: from the invitation to the pay."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from actions import assignments, projects
from actions.ports import Tx
from sandbox.faults import Fault
from tests.stories.conftest import House, agree_and_tell, sums
from tests.stories.phone import Phone

GOLD = {"gold": {"correct": "yes"}}
TRAINING = sums(2, use="training", explanation="One more is one more.", **GOLD)
EXAM = sums(2, use="exam", **GOLD)


async def at_work(house: House, name: str = "Ada", items: int = 5) -> Phone:
    """Bring a student straight to their first task of a project without training."""
    project_id = await house.project(sums(items))
    phone = await house.invite(name, project_id=project_id)
    await agree_and_tell(phone)
    await phone.press("Join")
    assert "Is it right?" in phone.text
    return phone


async def test_from_the_link_to_the_pay(house: House) -> None:
    project_id = await house.project([*TRAINING, *EXAM, *sums(25)], training=2, exam=2)
    ada = await house.invite("Ada", project_id=project_id)
    assert "paid checking of AI answers" in ada.text
    assert "Check sums" in ada.text
    assert "$24.00 an hour" in ada.text
    await ada.press("How it works")
    assert "up to a cap" in ada.text
    await ada.press("Let's start")
    assert "withdraw at any time" in ada.text
    await ada.press("I agree")
    assert ada.text.startswith("1 of 4")
    await ada.press("Bachelor's")
    assert ada.text.startswith("2 of 4")
    await ada.say("Linguistics")
    assert ada.text.startswith("3 of 4")
    await ada.press("Español")
    assert "✓ Español" in ada.labels
    await ada.press("Done")
    await ada.press("Change")
    await ada.press(next(label for label in ada.labels if "Kolkata" in label))
    assert "at most 2 min an item are paid" in ada.text
    await ada.press("Join")
    assert "2 training + 2 exam items" in ada.text
    await ada.press("Begin")
    assert ada.text.startswith("Training · 1/2")
    toast = await ada.press("Correct")
    assert toast.startswith("Saved · ")
    assert "That's right: the answer is Correct." in ada.text
    await ada.press("Next")
    await ada.press("Wrong")
    assert "What is wrong?" in ada.text
    await ada.press("Digit")
    await ada.press("Done")
    assert "Not quite: the answer is Correct." in ada.text
    assert "One more is one more." in ada.text
    await ada.press("Next")
    await ada.press("Begin")
    assert ada.text.startswith("Exam · 1/2")
    await ada.press("Correct")
    await ada.press("Correct")
    assert "2 of 2 right" in ada.text
    await ada.press("Start working")
    for number in range(1, 21):
        assert f"Check sums · {number}/20" in ada.text
        await ada.press("Correct")
    assert "Set done" in ada.text
    assert "20 items" in ada.text
    await ada.say("/work")
    assert "Check sums · 1/20" in ada.text, "the sum was seen; who asks for work gets it"
    await ada.say("/earnings")
    assert "This week" in ada.text
    assert "24" in ada.text or "$" in ada.text
    assert await judgments(house) == 24


async def judgments(house: House) -> int:
    """Count the live judgments, straight from the file."""
    with contextlib.closing(sqlite3.connect(f"file:{house.store.path}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT COUNT(*) FROM judgments WHERE undone_ms IS NULL").fetchone()
    return int(found[0])


async def test_one_message_is_edited_for_the_whole_set(house: House) -> None:
    ada = await at_work(house)
    message_id = ada.last.message_id
    for _ in range(3):
        await ada.press("Correct")
    assert ada.last.message_id == message_id


async def test_a_double_tap_counts_once(house: House) -> None:
    ada = await at_work(house)
    message_id, data = ada.last.message_id, ada.find("Correct")
    await ada.tap(message_id, data)
    toast = await ada.tap(message_id, data)
    assert toast == "Already saved: Correct"
    assert await judgments(house) == 1


@pytest.mark.parametrize("label", ["Correct", "Skip", "⋯"])
async def test_a_card_whose_next_look_was_lost_goes_on_at_the_next_tap(house: House, label: str) -> None:
    ada = await at_work(house)
    message_id, old = ada.last.message_id, ada.text
    house.world.add_fault(Fault("429", "editMessageText", retry_after=60))
    assert (await ada.press("Correct")).startswith("Saved")
    assert ada.text == old, "saved, but the card stands still"
    assert await ada.press(label) in ("Already saved: Correct", "This card is out of date.")
    await house.world.wait_for(lambda: "2/20" in ada.text)
    assert ada.last.message_id == message_id
    assert await judgments(house) == 1


async def test_a_card_of_former_days_says_where_to_go_on(house: House) -> None:
    ada = await at_work(house)
    former, data = ada.last.message_id, ada.find("Correct")
    await ada.press("Correct")
    await ada.say("/work")
    looked = ada.text
    assert await ada.tap(former, data) == "Already saved: Correct. /work goes on."
    assert ada.text == looked


async def test_somebody_elses_button_is_refused(house: House) -> None:
    ada = await at_work(house)
    data = ada.find("Correct")
    ben = await house.invite("Ben")
    await agree_and_tell(ben)
    toast = await ben.tap(ben.last.message_id, data)
    assert "somebody else" in toast
    assert await judgments(house) == 0


async def test_forged_buttons_change_nothing_and_are_answered(house: House) -> None:
    ada = await at_work(house)
    for data in (
        "a:",
        "a:x:0:o0",
        "a:::",
        "p:go:99",
        "p:join:x",
        "p:see:-1",
        "e:one:1",
        "zzz",
        "o:set:degree:king",
        "s:",
    ):
        toast = await ada.tap(ada.last.message_id, data, changes=False)
        assert toast or data.startswith("o:"), data
    assert await judgments(house) == 0


async def test_undo_skip_flag_and_pause(house: House) -> None:
    ada = await at_work(house, items=6)
    await ada.press("Correct")
    toast = await ada.press("Undo ↩")
    assert toast == "Taken back. Answer it again."
    assert await judgments(house) == 0
    await ada.press("Correct")
    assert await ada.press("Skip") == "Skipped"
    await ada.press("⋯")
    await ada.press("Flag a problem")
    assert "Thank you" in await ada.press("Question is unclear")
    await ada.press("⋯")
    await ada.press("Pause")
    assert "Paused" in ada.text
    await ada.press("Go on")
    await ada.press("Correct")
    assert await judgments(house) == 2


async def test_show_raw_sends_the_text_as_it_is(house: House) -> None:
    project_id = await house.project([{"sum": "a<b and *c* _d_ \\frac{1}{2}"}])
    ada = await house.invite("Ada", project_id=project_id)
    await agree_and_tell(ada)
    await ada.press("Join")
    assert "a<b and *c* _d_ \\frac{1}{2}" in ada.text
    await ada.press("⋯")
    before = len(house.world.messages(ada.id))
    await ada.press("Show raw")
    assert ada.text == "sum:\na<b and *c* _d_ \\frac{1}{2}"
    await ada.tap(ada.last.message_id, ada.find("As a file"))
    await house.world.wait_for(lambda: len(house.world.messages(ada.id)) > before)
    assert "document" in ada.last.raw


async def test_a_long_item_is_paged_and_answered_on_its_last_page(house: House) -> None:
    text = "\n".join(f"Line {n} of a long solution that goes on." for n in range(200))
    project_id = await house.project([{"sum": text}])
    ada = await house.invite("Ada", project_id=project_id)
    await agree_and_tell(ada)
    await ada.press("Join")
    assert "Correct" not in ada.labels
    shown = ada.text
    while "▶" in ada.labels:
        await ada.press("▶")
        shown += ada.text
    assert "Correct" in ada.labels
    assert all(f"Line {n} of" in shown for n in range(200))


async def test_strangers_are_told_what_to_do(house: House) -> None:
    stranger = Phone(house.world, "Sam")
    assert "invitation" in await stranger.say("/start")
    assert "invitation" in await stranger.say("/work")
    assert "not valid" in await stranger.say("/start abcdefghijklmnopqrstuv")
    assert "Privacy" in await stranger.say("/privacy")
    assert "invitation" in await stranger.say("hello")


async def test_unknown_input_gets_a_helpful_line(house: House) -> None:
    ada = await at_work(house)
    assert "/help" in await ada.say("what now")
    assert "I don't know /fly" in await ada.say("/fly")
    assert "/earnings" in await ada.say("/help")
    assert "nothing to cancel" in await ada.say("/cancel")


async def test_withdrawing_consent_ends_work_and_can_be_taken_back(house: House) -> None:
    ada = await at_work(house)
    await ada.press("Correct")
    await ada.say("/privacy")
    await ada.press("Withdraw consent")
    await ada.press("Withdraw")
    assert "withdrawn" in ada.text
    assert "agreement" in await ada.say("/work")
    await ada.say("/privacy")
    assert ada.labels == ["My data as a file", "Read and agree", "Erase me"]
    await ada.say("/start")
    await ada.press("Let's start")
    await ada.press("I agree")
    assert "Check sums" in ada.text


async def test_erasing_cuts_the_name_from_the_number(house: House) -> None:
    ada = await at_work(house)
    await ada.press("Correct")
    await ada.say("/privacy")
    await ada.press("Erase me")
    await ada.press("Erase me")
    assert "You are erased" in ada.text
    assert "invitation" in await ada.say("/work")
    raw = house.store.path.read_bytes()
    assert b"Ada" not in raw
    assert str(ada.id).encode() not in raw
    assert await judgments(house) == 1


async def test_settings_change_the_profile(house: House) -> None:
    ada = await at_work(house)
    await ada.say("/settings")
    assert "Degree: Bachelor's" in ada.text
    await ada.press("Degree")
    await ada.press("Master's")
    assert "Degree: Master's" in ada.text
    await ada.press("Turn calls off 🔕")
    assert "Calls for new projects: off" in ada.text


async def test_a_card_that_lies_open_is_answered_and_paid_after_its_project_closed(house: House) -> None:
    ada = await at_work(house)
    await house.write(projects.set_state, None, "sums", "closed")
    assert (await ada.press("Correct")).startswith("Saved")
    assert "This project has closed" in ada.text
    assert await judgments(house) == 1
    assert "This project has closed" in await ada.say("/work")


async def test_an_answer_long_after_the_project_closed_is_told_so(house: House) -> None:
    ada = await at_work(house)
    message_id, data = ada.last.message_id, ada.find("Correct")
    await house.write(projects.set_state, None, "sums", "closed")
    await house.write(end_every_lease)
    assert "has closed" in await ada.tap(message_id, data)
    assert "What you did before stays paid" in ada.text
    assert await judgments(house) == 0


def end_every_lease(tx: Tx) -> None:
    """Have all leases run out, as an hour later."""
    for assignment in tx.all("assignments.unfinished_of", assignments.Assignment, person_id=1):
        assignments.give_up(tx, assignment, "expired")
