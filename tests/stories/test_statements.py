"""Hours, money and statements, told through the chat: what a student opens, and what comes to them when a week is over."""

from __future__ import annotations

import csv
import io

from actions import statements
from actions.ports import Tx
from rules import statement
from rules.credit import HOUR_MS
from sandbox.models import Message
from tests.stories.conftest import House
from tests.stories.phone import Phone
from tests.stories.test_student import at_work


def _into_last_week(tx: Tx) -> None:
    """Have all that happened until now have happened last Sunday; the trigger that keeps the books stands aside for it."""
    earlier_ms = tx.now_ms - statement.start_ms(statement.week_of(tx.now_ms, "UTC"), "UTC") + HOUR_MS
    tx._engine.execute("DROP TRIGGER entries_no_update", {})
    for table, column in (("entries", "recorded_ms"), ("judgments", "answered_ms")):
        tx._engine.execute(f"UPDATE {table} SET {column} = {column} - {earlier_ms}", {})


async def closed_week(house: House) -> tuple[Phone, str]:
    """Let a student work, and close the week in which they did."""
    ada = await at_work(house)
    for _ in range(3):
        await ada.press("Correct")
    await house.write(_into_last_week)
    for _ in range(20):
        if not await house.write(statements.close_due):
            break
    [(week,)] = house.rows("SELECT week FROM statements")
    await house.world.wait_for(lambda: "Statement · week of" in ada.text)
    return ada, str(week)


def files(ada: Phone) -> list[Message]:
    return [one for one in ada.world.messages(ada.id) if one.raw.get("document") or one.raw.get("photo")]


def content(ada: Phone, message: Message) -> bytes:
    found = ada.world.files.by_id(message.raw["document"]["file_id"])
    assert found is not None
    return found.data


async def test_a_statement_comes_by_itself_silently_with_its_files(house: House) -> None:
    ada, week = await closed_week(house)
    assert "Check sums\n  3 items" in ada.text
    assert "Pending: $0.00 → $" in ada.text
    digest, written = house.rows("SELECT digest, content FROM statements")[0]
    assert digest[:12] in ada.text
    assert ada.last.raw.get("disable_notification", True)
    statement_id = ada.last.message_id
    await ada.tap(statement_id, f"e:text:{week}")
    await house.world.wait_for(lambda: len(files(ada)) == 1)
    text = content(ada, files(ada)[-1]).decode()
    assert digest in text
    assert "Check sums" in text
    await ada.tap(statement_id, f"e:csv:{week}")
    await house.world.wait_for(lambda: len(files(ada)) == 2)
    rows = list(csv.DictReader(io.StringIO(content(ada, files(ada)[-1]).decode("utf-8-sig"))))
    assert [row["kind"] for row in rows if row["asset"] == "TIME"] == ["earning"] * 3
    assert {row["project"] for row in rows} == {"Check sums"}
    assert sum(number for _key, number in statement.load(written).counts.items()) == 3


async def test_hours_and_earnings_lead_to_weeks_items_and_the_chart(house: House) -> None:
    ada, week = await closed_week(house)
    assert (await ada.say("/hours")).startswith("Hours")
    await ada.press("Money")
    assert ada.text.startswith("Earnings")
    assert "By project" in ada.text
    await ada.press("Hours")
    assert ada.text.startswith("Hours")
    await ada.press("By week")
    assert f"e:week:{week}" in [str(button["callback_data"]) for button in ada.last.buttons]
    await ada.tap(ada.last.message_id, f"e:week:{week}")
    assert "Statement · week of" in ada.text
    await ada.press("By item")
    assert "$24.00/h" in ada.text
    await ada.press("#1")
    assert "Pending" in ada.text
    await ada.press("By item")
    await ada.press("Earnings")
    await ada.press("Chart")
    await house.world.wait_for(lambda: len(files(ada)) == 1)
    picture = files(ada)[-1]
    assert picture.raw["caption"].startswith("The last 8 weeks: ")
    assert "weeks without work" in picture.raw["caption"]


async def test_forged_weeks_and_those_of_others_lead_nowhere(house: House) -> None:
    ada, week = await closed_week(house)
    bob = await house.invite("Bob")
    for data in (f"e:week:{week}", f"e:csv:{week}", "e:week:2023-13-99", "e:text:../etc", "e:weeks:x"):
        toast = await bob.tap(bob.last.message_id, data, changes=False)
        assert "out of date" in toast, data
    assert files(bob) == files(ada) == []


async def test_before_the_first_item_there_is_nothing_to_draw(house: House) -> None:
    ada = await at_work(house)
    await ada.tap(ada.last.message_id, "e:chart")
    assert "nothing to draw yet" in ada.text
