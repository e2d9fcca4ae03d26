"""The story of a pause, told through the chat: why, until when, practice that brings back, a person who is asked, and a removal."""

from __future__ import annotations

from actions import projects, roles, standings
from actions.ports import Tx
from sandbox.models import Message
from tests.stories.conftest import House, agree_and_tell, sums
from tests.stories.phone import Phone
from tests.stories.test_corrections import press, until

TRAINING = sums(6, use="training", explanation="One more is one more.", gold={"correct": "yes"})


async def cast(house: House, *, training: bool = True) -> tuple[Phone, Phone, int]:
    """Bring a student who has answered five items, and their coordinator."""
    project_id = await house.project([*(TRAINING if training else []), *sums(9)])
    cleo = await house.invite("Cleo", "coordinator")
    coordinator = house.rows("SELECT person_id FROM roles WHERE role = 'coordinator'")[0][0]
    await house.write(roles.let_manage, coordinator, project_id)
    sam = await house.invite("Sam", project_id=project_id)
    await agree_and_tell(sam)
    await sam.press("Join")
    for _ in range(5):
        await sam.press("Correct")
    return sam, cleo, project_id


async def pause(house: House, phone: Phone, project_id: int) -> Message:
    """Have the running check pause the one student, from their second answer on; give the notice."""
    answers = house.rows("SELECT person_id, id FROM judgments ORDER BY id")

    def read(tx: Tx) -> int:
        tx.run(
            "quality.keep_reading",
            project_id=project_id,
            person_id=answers[0][0],
            log_e_milli=5000,
            since_id=answers[1][1],
            golds_right=1,
            golds=4,
            peers_agreed=20,
            peers=42,
            stops=1,
            alpha_micro=10_000,
            answers=len(answers),
            worth_milli=200,
            waits=0,
            now_ms=tx.now_ms,
        )
        return standings.look(tx, projects.get(tx, project_id))

    assert await house.write(read) == 1
    return await until(phone, "is paused for you")


async def test_a_pause_names_itself_and_practice_ends_it(house: House) -> None:
    sam, cleo, project_id = await cast(house)
    told = await pause(house, sam, project_id)
    for words in (
        "Until ",
        "46 answers of yours since",
        "21 agree with what is known or with others' answers",
        "Rule: ",
        "Of a hundred students who are right nine times in ten, at most 1 is paused in error",
        "All you did stays paid",
        "4 answers are on hold",
        "Practice: 6 explained items",
        "A person: ask, and somebody answers within three days",
        "it ends by itself",
    ):
        assert words in told.text, words
    assert "gold" not in told.text.casefold()
    await press(sam, told, "How answers are checked")
    assert "how answers are checked" in sam.text
    assert "Checks: normal" in sam.text
    assert "1 answer counts, 4 are on hold; all are paid." in sam.text
    await sam.say("/work")
    assert "Is it right?" in sam.text, "the card that lay open can still be answered"
    await sam.press("Correct")
    assert "is paused for you" in sam.text
    await cleo.say("/project")
    assert "1 person paused" in cleo.text
    await cleo.press("People")
    assert "paused" in cleo.text
    await cleo.press("People to look at")
    await cleo.press("s-")
    for words in (
        "gold 1 of 4 right",
        "with others 20 of 42",
        "evidence 148 : 1, pauses at 100 : 1",
        "by the running check",
    ):
        assert words in cleo.text, words
    await sam.press("Practise: 6 items, paid")
    assert "Practice · 1/6" in sam.text
    for place in range(1, 7):
        await sam.press("Correct")
        assert f"Practice · {place}/6" in sam.text
        assert "One more is one more." in sam.text
        if place < 6:
            await sam.press("Next")
    assert "Practice done: 6 of 6 right" in sam.text
    assert "You are back at work." in sam.text
    assert "Your 4 answers on hold count again." in sam.text
    await sam.press("Next")
    assert "Is it right?" in sam.text
    assert house.rows("SELECT DISTINCT status FROM judgments") == [("counted",)]


async def test_a_person_is_asked_and_ends_the_pause(house: House) -> None:
    sam, cleo, project_id = await cast(house, training=False)
    told = await pause(house, sam, project_id)
    assert "Practice" not in told.text
    await until(cleo, "A look of yours would help")
    await press(sam, told, "Ask a person")
    assert "Say in one message how it was" in sam.text
    await sam.say("I read every one of them twice.")
    assert "Sent to the project's coordinator." in sam.text
    await sam.say("/projects")
    asked = await until(cleo, "A student asks a person")
    await cleo.say("/project")
    for label in ("People", "People to look at", "s-", "Read their appeal"):
        await cleo.press(label)
    assert "I read every one of them twice." in cleo.text, "whoever looks at a person finds what they asked"
    await press(cleo, asked, "Look at it")
    for words in ("I read every one of them twice.", "gold 1 of 4 right", "4 answers on hold, paid"):
        assert words in cleo.text, words
    await cleo.press("Bring back")
    await cleo.say("We looked: you are right.")
    answer = await until(sam, "the answer to what you asked")
    assert "You are back at work, and your answers on hold count again." in answer.text
    assert "We looked: you are right." in answer.text
    await press(sam, answer, "Go on")
    assert "Is it right?" in sam.text
    await cleo.say("/appeals")
    assert "Nobody waits for an answer" in cleo.text


async def test_a_removal_takes_two_taps_and_a_reason_and_can_be_taken_back(house: House) -> None:
    sam, cleo, project_id = await cast(house)
    await pause(house, sam, project_id)
    await cleo.say("/project")
    await cleo.press("People")
    await cleo.press("People to look at")
    await cleo.press("s-")
    await cleo.press("Leave 4 answers out")
    assert "4 answers left out, paid" in cleo.text
    await cleo.press("Remove…")
    assert "All they did stays paid" in cleo.text
    await cleo.press("Write the reason")
    assert "5 to 300 characters" in await cleo.say("no")
    await cleo.say("Two people on one account.")
    assert "removed" in cleo.text
    gone = await until(sam, "You are no longer on Check sums")
    for words in ("A person decided this", "Reason: Two people on one account.", "All you did stays paid."):
        assert words in gone.text, words
    await press(sam, gone, "Ask a person")
    await sam.say("My sister only looked on, honestly.")
    asked = await until(cleo, "A student asks a person")
    await press(cleo, asked, "Look at it")
    assert "It stays" not in cleo.labels, "whoever removed cannot confirm it"
    await cleo.press("Look at them")
    await cleo.press("Take them back")
    back = await until(sam, "You are back on Check sums")
    await press(sam, back, "Go on")
    assert "Is it right?" in sam.text


async def test_forged_buttons_move_nobody(house: House) -> None:
    sam, cleo, project_id = await cast(house)
    told = await pause(house, sam, project_id)
    before = house.rows("SELECT standing FROM qualifications")
    forged = "n:back n:out n:ask n:why n:one"
    person_id = house.rows("SELECT person_id FROM qualifications")[0][0]
    for verb in forged.split():
        for data in (
            f"{verb}:{project_id}:{person_id}",
            f"{verb}:{project_id}",
            f"{verb}:x:1",
            f"{verb}:99:1",
        ):
            assert await sam.tap(told.message_id, data, changes=False), data
    for data in ("n:mine:99", "n:mine:x", "n:list:1", "q:standing:99", "q:standing:x", "q:do:1:back"):
        assert await sam.tap(told.message_id, data, changes=False), data
    for data in ("q:standing:1", f"n:back:{project_id}:99", f"n:out:{project_id}:99"):
        assert await cleo.tap(cleo.last.message_id, data, changes=False), data
    assert house.rows("SELECT standing FROM qualifications") == before
