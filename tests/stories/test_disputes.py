"""The story of an item that four students do not agree on: a senior student, and then a coordinator, decide it from their phones."""

from __future__ import annotations

from actions import roles
from tests.stories.conftest import House, agree_and_tell, come_and_join, sums
from tests.stories.phone import Phone
from tests.stories.test_corrections import until

VOTES = ("Correct", "Wrong", "Correct", "Wrong")


async def student(house: House, name: str, project_id: int) -> Phone:
    """Bring a student to their first task."""
    phone = Phone(house.world, name)
    await house.write(come_and_join, phone, project_id)
    await phone.say("/work")
    return phone


async def vote(phone: Phone, label: str) -> None:
    """Answer the open card; a "Wrong" names a digit."""
    await phone.press(label)
    if label == "Wrong":
        await phone.press("Digit")
        await phone.press("Done")


async def cast(house: House, items: int = 1) -> tuple[Phone, int]:
    """Let four students disagree on every item, and bring their coordinator."""
    project_id = await house.project(sums(items))
    for number, label in enumerate(VOTES):
        phone = await student(house, f"Student {number}", project_id)
        for _ in range(items):
            await vote(phone, label)
    cleo = await house.invite("Cleo", "coordinator")
    coordinator = house.rows("SELECT person_id FROM roles WHERE role = 'coordinator'")[0][0]
    await house.write(roles.let_manage, coordinator, project_id)
    return cleo, project_id


def believed(house: House) -> list[tuple[str, str]]:
    """Give state and label of every item."""
    return house.rows("SELECT state, label FROM beliefs ORDER BY item_id")


async def test_a_coordinator_rules_with_one_thumb(house: House) -> None:
    cleo, _project_id = await cast(house, items=2)
    await cleo.say("/project")
    assert "open questions: 2 disputes" in cleo.text
    await cleo.say("/disputes")
    assert cleo.text.startswith("Dispute 1 of 2 · Check sums")
    for words in (
        "+ 1 =",
        "2 × Wrong\n• 2 × Digit",
        "2 × Correct",
        "Is it right?",
        "What you tap becomes the label.",
    ):
        assert words in cleo.text, words
    assert cleo.labels[:2] == ["Correct", "Wrong"], "the buttons are the students', in their order"
    for name in house.rows("SELECT pseudonym FROM people"):
        assert name[0] not in cleo.text
    await cleo.press("Wrong")
    assert cleo.text.startswith("Ruled: Wrong")
    assert ("adjudicated", "no") in believed(house)
    await cleo.press("Next · 1 left")
    assert cleo.text.startswith("Dispute 1 of 1")
    await cleo.press("Correct")
    assert "Next" not in "".join(cleo.labels)
    await cleo.press("Say why")
    await cleo.say("It adds up.")
    assert "It adds up." in cleo.text
    await cleo.say("/disputes")
    assert "Nothing is in dispute" in cleo.text


async def test_a_ruling_is_found_again_and_taken_back(house: House) -> None:
    cleo, project_id = await cast(house)
    await cleo.say("/disputes")
    await cleo.press("Wrong")
    await cleo.tap(cleo.last.message_id, f"k:disputes:{project_id}:0")
    assert "Nothing is in dispute." in cleo.text
    await cleo.press("Rulings")
    assert "1 by coordinators · 0 by senior students" in cleo.text
    await cleo.press("work-0 · Wrong")
    assert "Ruled: Wrong · by a coordinator" in cleo.text
    toast = await cleo.press("Take it back")
    assert toast.startswith("Taken back.")
    assert cleo.text.startswith("Dispute 1 of 1")
    assert believed(house)[0][0] == "unsure"


async def test_a_senior_student_judges_first_then_sees_the_others_and_decides(house: House) -> None:
    cleo, project_id = await cast(house)
    sam = await student(house, "Sam", project_id)
    assert "You have seen everything" in sam.text
    await cleo.say("/disputes")
    await cleo.press("Seniors")
    pseudonym = house.rows("SELECT pseudonym FROM people ORDER BY id DESC LIMIT 1")[0][0]
    await cleo.press(pseudonym)
    assert f"✓ {pseudonym}" in cleo.labels
    await sam.say("/work")
    assert "Is it right?" in sam.text
    assert "2 × Wrong" not in sam.text, "their judgment comes first, like any other"
    await sam.press("Wrong")
    await sam.press("Digit")
    toast = await sam.press("Done")
    assert toast.startswith("Saved · ")
    assert sam.text.startswith("The others disagree here\nYour answer: Wrong")
    for words in ("2 × Wrong\n• 2 × Digit", "2 × Correct", "saved and paid as it is"):
        assert words in sam.text, words
    assert sam.labels == ["Sure: Wrong", "I overlooked it: Correct", "It can be read both ways", "Next"]
    message_id, keep = sam.last.message_id, sam.find("Sure")
    assert await sam.press("Sure") == "Thank you. Your ruling stands."
    assert believed(house) == [("adjudicated", "no")]
    assert house.rows("SELECT role, reason FROM rulings") == [("senior", "sure")]
    assert await sam.tap(message_id, keep, changes=False) == "This button is out of date."
    await cleo.say("/disputes")
    assert "Nothing is in dispute" in cleo.text


async def test_what_a_senior_leaves_open_comes_to_the_coordinator(house: House) -> None:
    cleo, project_id = await cast(house)
    sam = await student(house, "Sam", project_id)
    await cleo.tap((await until(cleo, "")).message_id, f"j:seniors:{project_id}")
    await cleo.press(house.rows("SELECT pseudonym FROM people ORDER BY id DESC LIMIT 1")[0][0])
    await sam.say("/work")
    await vote(sam, "Correct")
    await sam.press("It can be read both ways")
    await cleo.say("/disputes")
    assert "A senior student finds that it can be read both ways." in cleo.text
    assert "3 × Correct" in cleo.text


async def test_forged_buttons_rule_nothing(house: House) -> None:
    cleo, project_id = await cast(house)
    sam = await house.invite("Sam", project_id=project_id)
    await agree_and_tell(sam)
    forged = (
        "j:rule:1:0:o1 j:rule:1:0:o9 j:rule:9:0:o1 j:rule:1:0 j:see:1:0:0 j:see:9:0:0 j:more:1:0 j:why:1 j:undo:1 j:ruled:1 j:seniors:1 "
        "j:on:1:1 j:off:1:99 k:disputes:1:0 k:disputes:9:0 l:do:x:k l:see:x:0 g:see:1 g:at:1:doubtful:0:0 g:keep:1 g:key:1:o1 g:drop:1 "
        "g:new:1:0 g:yes:1 g:no:1 g:show:1:0 k:quality:1 u:labels:1 u:answers:1 u:agree:1"
    )
    for data in forged.split():
        assert await sam.tap(sam.last.message_id, data, changes=False), data
    wrong = "j:rule:1:0:o9 j:rule:9:0:o1 j:rule:x:0:o1 j:undo:7 j:why:7 j:on:1:99 j:off:1:99 g:keep:1 g:key:1:o1 g:yes:1 g:at:1:x:0:0"
    for data in wrong.split():
        assert await cleo.tap(cleo.last.message_id, data, changes=False), data
    assert house.rows("SELECT COUNT(*) FROM rulings") == [(0,)]
