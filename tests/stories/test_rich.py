"""Cards that need more than text: a table stands on the phone as one, and who cannot or will not see it reads the same words as text."""

from __future__ import annotations

import json

import pytest

from actions import items, projects
from sandbox.models import Message
from tests.actions.projects_for_tests import TOML
from tests.bot.older import make_older, refuse
from tests.stories.conftest import House, agree_and_tell
from tests.stories.phone import Phone

TABLE = "| Day | Eggs |\n|---|---|\n| Mon | {n} |\n\nSo $x^2 = {n}$, if a<b and `c>d`."


async def at_work(house: House, *sums: str) -> Phone:
    """Bring a student to the first of these items, whose text is Markdown."""
    text = TOML.format(training=0, exam=0, gold_share=0.0)
    text = text.replace('field = "sum"', 'field = "sum"\nas = "markdown"')
    await house.write(projects.create_or_update, None, text)
    lines = [json.dumps({"id": str(n), "sum": one}) for n, one in enumerate(sums)]
    report = await items.import_lines(house.store, None, "sums", lines)
    assert report.checked.bad_count == 0, report.checked.bad
    await house.write(projects.set_state, None, "sums", "open")
    project_id = (await house.store.read(projects.by_slug, "sums")).id
    phone = await house.invite("Ada", project_id=project_id)
    await agree_and_tell(phone)
    await phone.press("Join")
    return phone


def tables(count: int) -> list[str]:
    return [TABLE.format(n=n) for n in range(count)]


def is_rich(message: Message) -> bool:
    return "rich_message" in message.raw


def tries(house: House) -> int:
    """Count the calls that brought a rich message."""
    calls = [event for event in house.world.transcript if event.kind == "call"]
    return sum(event.name == "sendRichMessage" or "rich_message" in event.detail for event in calls)


async def test_a_table_is_a_table_and_the_set_stays_one_message(house: House) -> None:
    ada = await at_work(house, *tables(2), "No table in here.")
    place = ada.last.message_id
    forms = set()
    for _ in range(3):
        assert ada.last.message_id == place
        assert is_rich(ada.last) == ("Eggs" in ada.text)
        assert ada.labels[:2] == ["Correct", "Wrong"]
        if is_rich(ada.last):
            html = ada.last.raw["rich_message"]["html"]
            assert "<th>Day</th>" in html
            assert "<tg-math>x^2 = " in html
            assert "a<b and c>d" in ada.text
        forms.add(is_rich(ada.last))
        assert (await ada.press("Correct")).startswith("Saved · ")
    assert forms == {True, False}


async def test_an_older_server_shows_the_same_words_and_is_asked_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_older(monkeypatch, house.world)
    ada = await at_work(house, *tables(3))
    for _ in range(3):
        assert not is_rich(ada.last)
        assert "Eggs" in ada.text
        assert "$x^2 = " in ada.text
        assert "Correct" in ada.labels
        assert (await ada.press("Correct")).startswith("Saved · ")
    assert tries(house) == 0, (
        "an older server does not see the parameter, and nothing else may have been tried"
    )
    edits = [event for event in house.world.transcript if event.name == "editMessageText"]
    assert [event.outcome for event in edits].count("Bad Request: message text is empty") == 1


async def test_a_server_that_refuses_an_edit_gets_a_new_message_and_then_text(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "editMessageText", "the server will not have it")
    refuse(monkeypatch, "sendRichMessage", "the server will not have it")
    ada = await at_work(house, *tables(3))
    for _ in range(3):
        assert not is_rich(ada.last)
        assert "Eggs" in ada.text
        assert (await ada.press("Correct")).startswith("Saved · ")
    assert tries(house) == 2


async def test_whoever_wants_plain_texts_gets_them_until_they_change_their_mind(house: House) -> None:
    ada = await at_work(house, *tables(3))
    assert is_rich(ada.last)
    assert "Task texts: with formatting" in await ada.say("/settings")
    assert await ada.press("Plain texts") == "Task texts are plain now"
    assert "Task texts: plain" in ada.text
    assert "Eggs" in await ada.say("/work")
    assert not is_rich(ada.last)
    await ada.say("/settings")
    assert await ada.press("Show formatting") == "Task texts have their formatting now"
    await ada.say("/work")
    assert is_rich(ada.last)
