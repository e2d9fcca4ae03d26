"""The story of a calibration round, told through the chat: a coordinator and three students, from the draft to what each one reads."""

from __future__ import annotations

import re

from actions import roles, rounds
from bot.rounds import follow_when_due
from tests.actions.projects_for_tests import TOML
from tests.stories.conftest import House, come_and_join, sums
from tests.stories.phone import Phone
from tests.stories.test_corrections import press, until

NAMES = ("Ada", "Bo", "Cy")


async def cast(house: House, items: int = 6, least: int = 2) -> tuple[Phone, list[Phone], int]:
    """Bring a coordinator and three students, who hold nothing yet. `least`: how many answers an item gets."""
    definition = TOML.format(training=0, exam=0, gold_share=0.0).replace("[2, 4]", f"[{least}, 4]")
    project_id = await house.open(definition, sums(items))
    cleo = await house.invite("Cleo", "coordinator")
    coordinator = house.rows("SELECT person_id FROM roles WHERE role = 'coordinator'")[0][0]
    await house.write(roles.let_manage, coordinator, project_id)
    students = [Phone(house.world, name) for name in NAMES]
    for phone in students:
        await house.write(come_and_join, phone, project_id)
        await phone.say("/projects")
    await cleo.say("/project")
    return cleo, students, project_id


async def to_rounds(cleo: Phone, project_id: int) -> None:
    """Go to the rounds, as the button of the quality page does."""
    await cleo.tap(cleo.last.message_id, f"k:rounds:{project_id}")


async def fill_up(cleo: Phone) -> None:
    """Add other items to a draft where answers part on fewer than five."""
    if any(label.startswith("Add ") for label in cleo.labels):
        await cleo.press("Add ")


async def do_round(phone: Phone, label: str, count: int = 5) -> None:
    """Begin from the notice and answer all items the same."""
    await press(phone, await until(phone, "A calibration round: 5 items"), "Begin")
    for place in range(1, count + 1):
        assert phone.text.startswith(f"Round · {place}/5"), phone.text
        toast = await phone.press(label)
        if label == "Wrong":
            await phone.press("Digit")
            toast = await phone.press("Done")
        assert toast.startswith("Saved · "), toast


async def rule(cleo: Phone, place: int) -> None:
    """Rule that an item is right, and say why."""
    await cleo.press(str(place))
    assert f"item {place} of 5" in cleo.text
    await cleo.press("Rule on it")
    assert "The students: 2 Correct · 1 Wrong" in cleo.text
    await cleo.press("Correct")
    assert "Now say why" in cleo.text
    assert "5 to 600 characters" in await cleo.say("yes")
    await cleo.say("One more is one more.")
    assert "Ruling: Correct" in cleo.text
    assert "▓▓▓▓▓░░░ 2 · Correct ← the ruling" in cleo.text


async def test_a_round_from_the_draft_to_what_each_student_reads(house: House) -> None:
    cleo, (ada, bo, cy), project_id = await cast(house)
    await to_rounds(cleo, project_id)
    assert "The same few items go to everybody" in cleo.text
    await cleo.press("New round")
    assert "Answers part on no item that a round has not had. A round takes 3 or more." in cleo.text
    assert not [label for label in cleo.labels if label.startswith("Open it")], "there is nothing to open yet"
    await cleo.press("Add 5 other items")
    assert "Answers part on none of them: all agree, or nobody has answered yet." in cleo.text
    assert "3 students: everybody at work" in cleo.text
    assert "3 days open" in cleo.text
    await cleo.press("1 day")
    assert "• 1 day" in cleo.labels
    await cleo.press("Open it for 3 students")
    assert "It is open" in cleo.text
    assert "0 of 15 answers" in cleo.text
    notice = await until(ada, "A calibration round: 5 items, the same for everybody")
    assert "paid as work" in notice.text
    assert "No names." in notice.text
    await do_round(ada, "Correct")
    assert ada.text.startswith("Check sums · 6/20"), "then the ordinary work goes on, in the same set"
    await do_round(bo, "Correct")
    await do_round(cy, "Wrong")
    await house.write(rounds.close_due)
    await press(cleo, await until(cleo, "The round is over"), "Look at it")
    assert "15 of 15 answers" in cleo.text
    assert "on its items: α" in cleo.text
    assert "5 items" in cleo.text
    assert "Tell the students" not in cleo.labels
    for place in range(1, 6):
        await rule(cleo, place)
        await cleo.press("Round 1")
    assert "one tap makes it a training item" in cleo.text
    assert "Training has 1 item now" in await cleo.press("Train with 1")
    await cleo.press("Round 1")
    assert "Train with 1" not in cleo.labels
    await cleo.press("Tell the students")
    assert "The students are told" in cleo.text
    told = await until(cy, "results of round 1")
    assert "Your answer agrees with the ruling on 0 of 5 (0 %)." in told.text
    await press(cy, told, "1 ≠")
    assert "▓▓▓▓▓░░░ 2 · Correct ← the ruling" in cy.text
    assert "▓▓▓░░░░░ 1 · Wrong ← yours" in cy.text
    assert "Ruling: Correct\nOne more is one more." in cy.text
    assert "Your answer: Wrong · Digit" in cy.text
    for name in (*NAMES, "Cleo"):
        assert name not in cy.text
    await cy.press("Next item")
    assert cy.text.startswith("Round 1 · item 2 of 5")
    await press(ada, await until(ada, "results of round 1"), "1 ✓")
    assert "2 · Correct ← the ruling, yours" in ada.text
    await ada.press("All rounds")
    assert "Your answer agrees with the ruling on 5 of 5 (100 %)." in ada.text
    await ada.press("Back")
    await ada.press("How answers are checked")
    assert "how answers are checked" in ada.text, "too few items yet for a sentence about leniency"
    await ada.press("Back")
    await ada.press("Calibration rounds")
    assert "Round 1 · " in ada.text


async def test_agreement_before_and_after_stands_beside_what_it_rests_on(house: House) -> None:
    cleo, students, project_id = await cast(house, items=24, least=3)
    for phone, taps in zip(students, ("CCWCCCWC", "CCCWCWWC", "CWCCCCWC"), strict=True):
        await phone.say("/work")
        for tap in taps:
            await answer(phone, tap)
        await phone.say("/pause")
    await to_rounds(cleo, project_id)
    await cleo.press("New round")
    await fill_up(cleo)
    await cleo.press("Open it for 3 students")
    assert "before: " in cleo.text
    for phone in students:
        await phone.say("/work")
        for _ in range(7):
            await answer(phone, "C")
    await to_rounds(cleo, project_id)
    await cleo.press("Round 1")
    await cleo.press("Close it now")
    for place in range(1, 6):
        await cleo.press(str(place))
        await cleo.press("Rule on it")
        await cleo.press("Correct")
        await cleo.say("It adds up as it should.")
        await cleo.press("Round 1")
    await cleo.press("Tell the students")
    assert "after: no item that two of them answered" in cleo.text
    for phone in students:
        await until(phone, "results of round 1")
        await phone.say("/work")
        for tap in "CWCCC":
            await answer(phone, tap)
    await follow_when_due(house.store)
    await to_rounds(cleo, project_id)
    side = r"(-?[01]\.\d\d|all alike) \(\d+ items?\)"
    assert re.search(rf"α {side} → {side}", cleo.text), cleo.text
    await cleo.press("Round 1")
    phase = r"(α -?\d\.\d\d · AC1 -?\d\.\d\d|all answers alike)"
    assert re.search(rf"before: {phase} · \d+ items?", cleo.text), cleo.text


async def answer(phone: Phone, letter: str) -> None:
    """Answer the open card, if there is one; a notice may have come after it."""
    for label in ["Correct"] if letter == "C" else ["Wrong", "Digit", "Done"]:
        cards = [
            one for one in phone.world.messages(phone.id) if any(b["text"] == label for b in one.buttons)
        ]
        if not cards:
            return
        await press(phone, cards[-1], label)


async def test_two_students_are_told_to_be_too_few(house: House) -> None:
    cleo, _students, project_id = await cast(house)
    await to_rounds(cleo, project_id)
    await cleo.press("New round")
    await fill_up(cleo)
    await cleo.press("Who takes part")
    await cleo.press("✓ s-")
    assert "2 students take part." in cleo.text
    await cleo.press("Done")
    assert "at least 3 students" in await cleo.press("Open it for 2 students")
    await cleo.press("1")
    await cleo.press("Swap for another")
    assert "item 1 of 5" in cleo.text
    await cleo.press("Round 1")
    await cleo.press("Drop the draft")
    assert "The same few items go to everybody" in cleo.text
    assert house.rows("SELECT state FROM rounds") == [("discarded",)]


async def test_a_student_reads_no_round_of_others_by_a_forged_button(house: House) -> None:
    cleo, (ada, *_others), project_id = await cast(house)
    await to_rounds(cleo, project_id)
    await cleo.press("New round")
    await ada.say("/work")
    for data in (
        "k:rounds:1",
        "k:ritem:1:1:-",
        "k:rtell:1",
        "rd:one:1:1:-",
        "rd:one:x:1:-",
        "k:rtap:1:1:0:o0:z",
    ):
        toast = await ada.tap(ada.last.message_id, data, changes=False)
        assert "coordinator" in toast or "out of date" in toast, (data, toast)
