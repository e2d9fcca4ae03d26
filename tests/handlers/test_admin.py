"""The admin's chat: inviting, giving and taking roles, and the health of the house; and that nobody else gets in."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import pytest

from sandbox.models import Message
from tests.actions import samples
from tests.stories.conftest import House
from tests.stories.phone import Phone

LINK = re.compile(r"https://t\.me/veritap_bot\?start=([A-Za-z0-9_-]{22})")


async def until(phone: Phone, words: str) -> Message:
    """Wait until a message of the bot says something, and give it."""

    def found() -> Message | None:
        said = [one for one in phone.world.messages(phone.id) if not one.outgoing and words in one.text]
        return said[-1] if said else None

    try:
        message = await phone.world.wait_for(found, timeout_s=10.0)
    except TimeoutError:
        raise AssertionError(f"{words!r} did not come; the chat says {phone.text!r}") from None
    assert message is not None
    return message


def rows(house: House, sql: str) -> list[tuple[Any, ...]]:
    """Look behind the chat."""
    connection = sqlite3.connect(house.store.path)
    found = connection.execute(sql).fetchall()
    connection.close()
    return found


async def admin(house: House, name: str = "Adam") -> Phone:
    phone = await house.invite(name, "admin")
    await until(phone, "You are an admin")
    return phone


async def token_told(phone: Phone) -> str:
    """Take the token out of the words to forward."""
    found = LINK.search((await until(phone, "Open this link")).text)
    assert found is not None
    return found.group(1)


async def forge(phone: Phone, data: str) -> str:
    """Tap the newest message with any data; give the toast. Nothing is expected to change in the chat."""
    query_id = phone.world.tap(phone.id, phone.last.message_id, data)
    await phone.world.wait_for(lambda: query_id in phone.world.answers, timeout_s=10.0)
    return phone.world.answers[query_id].text or ""


async def arrive(house: House, name: str, token: str) -> Phone:
    phone = Phone(house.world, name)
    await phone.say(f"/start {token}")
    return phone


async def test_students_are_invited_to_a_project_by_a_link_to_forward(house: House) -> None:
    adam = await admin(house)
    await house.project([{"id": "a", "sum": "1 + 1 = 2"}])
    await adam.say("/invite")
    assert adam.labels == ["Students", "A coordinator", "An admin"]
    await adam.press("Students")
    assert adam.labels == ["Check sums", "No project in particular", "Back"]
    await adam.press("Check sums")
    await adam.press("25")
    words = await until(adam, "Open this link")
    assert "Check sums · $24.00 an hour" in words.text
    assert words.buttons == []
    confirmed = await until(adam, "Invitation for 25 students")
    assert LINK.findall(confirmed.text) == LINK.findall(words.text)
    for name in ("Ben", "Eva"):
        phone = await arrive(house, name, await token_told(adam))
        assert "You were invited to: Check sums" in phone.text
    assert rows(house, "SELECT uses_left FROM invitations WHERE role = 'student'") == [(23,)]


async def test_a_coordinator_is_invited_and_greeted_as_one(house: House) -> None:
    adam = await admin(house)
    await adam.say("/invite")
    await adam.press("A coordinator")
    await adam.press("No project in particular")
    assert "as a coordinator" in (await until(adam, "Open this link")).text
    token = await token_told(adam)
    cora = await arrive(house, "Cora", token)
    assert "You are a coordinator" in cora.text
    late = await arrive(house, "Zoe", token)
    assert "All places of this invitation are taken" in late.text
    await cora.say("/start " + token)
    assert "You are a coordinator" in cora.text


async def test_a_coordinator_invites_only_students_and_only_to_their_projects(house: House) -> None:
    other = await house.project([{"id": "a", "sum": "1 + 1 = 2"}])
    cora = await house.invite("Cora", "coordinator")
    await cora.say("/invite")
    assert "There is no project to invite to yet" in cora.text
    cora.world.upload(cora.id, "maths.toml", samples.PROJECT.encode())
    await until(cora, "a draft that nobody sees yet")
    await cora.say("/invite")
    assert cora.labels == ["Check maths"]
    before = rows(house, "SELECT COUNT(*) FROM invitations")
    for forged in (
        f"i:make:student:{other}:5",
        "i:make:student:0:5",
        "i:make:admin:0:1",
        "i:make:coordinator:0:1",
        "i:role:admin",
        "i:project:coordinator:1",
        "i:make:student",
        "i:make:king:0:1",
        "i:make:student:2:99999999",
        "i:make:student:x:1",
    ):
        assert await forge(cora, forged), forged
    assert rows(house, "SELECT COUNT(*) FROM invitations") == before
    await cora.press("Check maths")
    await cora.press("1,000")
    assert "You were invited to: Check maths" in (await arrive(house, "Ben", await token_told(cora))).text


async def test_a_role_is_given_after_a_question_and_the_person_is_told(house: House) -> None:
    adam = await admin(house)
    dora = await house.invite("Dora")
    await adam.say("/roles")
    assert "Adam (you)" in adam.text
    assert "Students  1" in adam.text
    await adam.press("Find somebody else 🔎")
    await adam.say("dor")
    await adam.press("Dora")
    await adam.press("Make a coordinator")
    assert "Make Dora a coordinator?" in adam.text
    assert rows(house, "SELECT COUNT(*) FROM roles WHERE role = 'coordinator'") == [(0,)]
    assert await adam.press("Yes") == "Dora is now a coordinator"
    assert "Roles: coordinator, student" in adam.text
    await until(dora, "You are a coordinator now")
    await adam.press("Remove as a coordinator")
    assert adam.text.startswith("Remove Dora as a coordinator?")
    assert await adam.press("Yes") == "Dora is no longer a coordinator"
    await until(dora, "You are no longer a coordinator")
    assert [
        deed for (deed,) in rows(house, "SELECT deed FROM audit WHERE deed LIKE '%role coordinator'")
    ] == [
        "gave role coordinator",
        "took role coordinator",
    ]


async def test_cancel_gives_nothing(house: House) -> None:
    adam = await admin(house)
    await house.invite("Dora")
    await adam.say("/roles")
    await adam.press("Find somebody else 🔎")
    await adam.say("nobody of this name")
    assert "Nobody here goes by that" in adam.text
    await adam.press("Look again")
    await adam.say("dora")
    await adam.press("Dora")
    await adam.press("Make an admin")
    await adam.press("Cancel")
    assert "Roles: student" in adam.text
    assert rows(house, "SELECT COUNT(*) FROM roles WHERE role = 'admin'") == [(1,)]


async def test_the_last_admin_cannot_be_removed(house: House) -> None:
    adam = await admin(house)
    await adam.say("/roles")
    await adam.press("Adam")
    await adam.press("Remove as an admin")
    assert "There must always be an admin" in await adam.press("Yes")
    assert rows(house, "SELECT COUNT(*) FROM roles WHERE role = 'admin'") == [(1,)]


async def test_who_is_no_student_is_not_sent_to_a_consent_that_start_does_not_show(house: House) -> None:
    adam = await admin(house)
    for command in ("/work", "/projects", "/settings"):
        assert "with the role student" in await adam.say(command)


@pytest.mark.parametrize("role", ["student", "coordinator"])
async def test_what_is_for_admins_is_closed_to_others(house: House, role: str) -> None:
    adam = await admin(house)
    await adam.say("/roles")
    eve = await house.invite("Eve", role)
    for command in ("/roles", "/health"):
        assert "This is for people with the role " in await eve.say(command)
    before = rows(house, "SELECT * FROM roles")
    for forged in (
        "r:all",
        "r:who:1",
        "r:give:1:admin",
        "r:do-give:2:admin",
        "r:do-take:1:admin",
        "r:find",
        "h:now",
    ):
        assert "This is for people with the role " in await forge(eve, forged)
    assert rows(house, "SELECT * FROM roles") == before


async def test_forged_role_buttons_change_nothing(house: House) -> None:
    adam = await admin(house)
    await adam.say("/roles")
    for forged in (
        "r:do-give:1:king",
        "r:do-give:999:admin",
        "r:do-give::admin",
        "r:do-take",
        "r:who:x",
        "r:give:1",
    ):
        assert await forge(adam, forged)
    assert rows(house, "SELECT person_id, role FROM roles") == [(1, "admin")]


async def test_a_role_that_was_taken_ends_at_once(house: House) -> None:
    adam = await admin(house)
    second = await admin(house, "Bea")
    await second.say("/roles")
    await adam.say("/roles")
    await adam.press("Bea")
    await adam.press("Remove as an admin")
    await adam.press("Yes")
    assert "This is for people with the role " in await second.press("Adam")


async def test_health_shows_the_house_and_looks_again_in_place(house: House) -> None:
    adam = await admin(house)
    await adam.say("/health")
    assert "Health · all well" in adam.text
    for words in (
        "Telegram  heard",
        "Inbox  nothing waits",
        "Books  balanced",
        "Database  ",
        "Backup  never",
    ):
        assert words in adam.text
    message_id = adam.last.message_id
    await house.invite("Ben")
    assert await adam.press("Look again 🔄") == "Measured anew"
    assert adam.last.message_id == message_id


async def test_health_says_what_needs_somebody(house: House) -> None:
    adam = await admin(house)
    connection = sqlite3.connect(house.store.path, isolation_level=None)
    connection.execute(
        "INSERT INTO inbox (update_id, digest, person_key, payload, state, attempts, received_ms) "
        "VALUES (1, 'd', '', '', 'set_aside', 3, 1)"
    )
    connection.execute("INSERT INTO balances VALUES ('project:1', 'USD', -5)")
    connection.close()
    await adam.say("/health")
    assert "Health · needs you" in adam.text
    assert "The books do not balance in USD" in adam.text
    assert "1 updates could not be handled" in adam.text
