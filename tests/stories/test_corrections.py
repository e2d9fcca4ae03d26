"""The story of a correction, a bonus and pay that was held back, told through the chat: a student, a coordinator and two admins."""

from __future__ import annotations

from actions import roles
from sandbox.models import Message
from tests.stories.conftest import House, agree_and_tell, sums
from tests.stories.phone import Phone


async def until(phone: Phone, words: str) -> Message:
    """Wait until a message of the bot says something, and give it."""

    def found() -> Message | None:
        said = [one for one in phone.world.messages(phone.id) if not one.outgoing and words in one.text]
        return said[-1] if said else None

    try:
        message = await phone.world.wait_for(found, timeout_s=15.0)
    except TimeoutError:
        raise AssertionError(f"{words!r} did not come; the chat says {phone.text!r}") from None
    assert message is not None
    return message


async def press(phone: Phone, message: Message, label: str) -> str:
    """Tap a button of a message that need not be the newest."""
    data = next(one["callback_data"] for one in message.buttons if one["text"].startswith(label))
    return await phone.tap(message.message_id, str(data))


async def cast(house: House) -> tuple[Phone, Phone, Phone, Phone, str]:
    """Bring a student who has answered three items, their coordinator, and two admins."""
    project_id = await house.project(sums(8))
    ann, bob = await house.invite("Ann", "admin"), await house.invite("Bob", "admin")
    cleo = await house.invite("Cleo", "coordinator")
    coordinator = house.rows("SELECT person_id FROM roles WHERE role = 'coordinator'")[0][0]
    await house.write(roles.let_manage, coordinator, project_id)
    sam = await house.invite("Sam", project_id=project_id)
    await agree_and_tell(sam)
    await sam.press("Join")
    for _ in range(3):
        await sam.press("Correct")
    # The taps of a story take no time; pay is what it would have been for some minutes of work.
    pseudonym = house.rows("SELECT pseudonym FROM people ORDER BY id DESC LIMIT 1")[0][0]
    return sam, cleo, ann, bob, str(pseudonym)


async def test_a_correction_above_the_limit_takes_two_admins(house: House) -> None:
    sam, cleo, ann, bob, pseudonym = await cast(house)
    await ann.say("/adjust")
    assert "Above 50.00" in ann.text
    await ann.say("Sam")
    await ann.press("Sam")
    await ann.press("Correct USD")
    assert "I cannot book" in await ann.say("NaN")
    assert "more than is approved" in await ann.say("-5")
    await ann.say("+75.5")
    assert "5 to 300 characters" in await ann.say("why")
    await ann.say("The exam was shown twice")
    assert "+$75.50" in ann.text
    assert "$0.00 now, $75.50 after it" in ann.text
    await ann.press("Ask a second admin")
    await until(ann, "1 admin was asked to agree")
    assert house.rows("SELECT COUNT(*) FROM entries WHERE kind = 'adjustment'") == [(0,)]
    asked = await until(bob, "needs your word")
    await press(bob, asked, "Look at it")
    assert "The exam was shown twice" in bob.text
    await bob.press("Agree")
    told = await until(sam, "$75.50 was added to your approved pay")
    assert "Reason: The exam was shown twice" in told.text
    assert "a second one agreed" in told.text
    assert "Ann" not in told.text
    assert "Bob" not in told.text
    await until(ann, "It is booked")
    assert "for people with the role" in await cleo.say("/adjust")
    assert house.rows("SELECT COUNT(*) FROM audit WHERE deed = 'refused' AND subject = 'admin'") == [(1,)]
    assert pseudonym.startswith("s-")


async def test_a_coordinator_gives_a_bonus(house: House) -> None:
    sam, cleo, _ann, _bob, pseudonym = await cast(house)
    await cleo.say("/project")
    await cleo.press("Pay")
    await cleo.press("Give a bonus")
    await cleo.press("One student")
    assert "Nobody on this project" in await cleo.say("s-nobody")
    await cleo.say(pseudonym)
    await cleo.say("4.00")
    await cleo.say("For the hard ones")
    assert "Together $4.00" in cleo.text
    await cleo.press("Give it")
    told = await until(sam, "A bonus for you: $4.00")
    assert "Reason: For the hard ones" in told.text


async def test_pay_is_held_back_by_two_and_an_appeal_frees_it(house: House) -> None:
    sam, cleo, ann, _bob, pseudonym = await cast(house)
    await cleo.say("/project")
    await cleo.press("Pay")
    await cleo.press("Hold pay back")
    await cleo.say(pseudonym)
    await cleo.press("All of it")
    await cleo.say("Three answers in a second")
    await cleo.press("Ask an admin")
    asked = await until(ann, "Nothing is held back until an admin confirms it")
    await press(ann, asked, "Look at it")
    await ann.press("Hold it back")
    held = await until(sam, "is held back until")
    for words in (
        "for 3 answers",
        "Three answers in a second",
        "Rule: ",
        "stays yours",
        "released to you by itself",
    ):
        assert words in held.text, words
    await press(sam, held, "Ask a person")
    assert "10 to 1,000 characters" in await sam.say("no")
    await sam.say("I know these sums by heart.")
    assert sam.text.startswith("Sent to the project's coordinator.")
    assert "after that an admin gets it" in sam.text
    asked = await until(cleo, "A student asks a person")
    await press(cleo, asked, "Look at it")
    assert "I know these sums by heart." in cleo.text
    assert pseudonym in cleo.text
    assert "Uphold" not in cleo.labels
    await cleo.press("Release")
    await cleo.say("We looked at it together, and believe you.")
    answer = await until(sam, "the answer to what you asked")
    assert "We looked at it together, and believe you." in answer.text
    assert "yours again" in answer.text
    assert house.rows("SELECT state FROM withholdings") == [("released",)]
    assert house.rows("SELECT amount FROM balances WHERE account LIKE '%:withheld'") == [(0,)]
    await cleo.say("/appeals")
    assert "Nobody waits for an answer" in cleo.text


async def test_forged_buttons_move_nothing(house: House) -> None:
    sam, cleo, ann, _bob, _pseudonym = await cast(house)
    before = house.rows("SELECT COUNT(*) FROM entries")
    forged = "x:do:1 x:yes:1 x:new:1:USD x:line:1 x:limit-yes:5 k:do:1 k:yes:x k:all:99 w:yes:1 w:take:1 w:all:1 w:day:1:99 q:case:1"
    for phone in (sam, cleo):
        for data in [
            *forged.split(),
            "q:do:1:release",
            "q:do:1:king",
            "q:withholding:7",
            "x:judgment:99999999999999999999",
        ]:
            assert await phone.tap(phone.last.message_id, data, changes=False), data
    for data in (
        "x:new:1:ABC",
        "x:who:99",
        "x:see:x",
        "x:limit-yes:1",
        "x:limit-maybe:1",
        "k:see:9",
        "w:see:9",
    ):
        assert await ann.tap(ann.last.message_id, data, changes=False), data
    assert house.rows("SELECT COUNT(*) FROM entries") == before
