"""The story of a cap that proves too tight, and of a budget that is reached, as a coordinator lives them in the chat."""

from __future__ import annotations

from actions import budgets, deliveries, projects
from actions.ports import Tx
from tests.handlers.test_coordinator import touch, until, with_items
from tests.stories.conftest import House


def _find(tx: Tx) -> None:
    """Find a cap too tight, as the daily look would after some weeks of work."""
    found = tx.number(
        "caps.add", project_id=1, cap_ms=180_000, proposed_ms=210_000, judgments=400, met=52, now_ms=tx.now_ms
    )
    owner_id = projects.get(tx, 1).owner_id
    assert owner_id is not None
    deliveries.enqueue(tx, person_id=owner_id, key="cap:1", notice={"kind": "cap", "id": found})


def _spend(tx: Tx) -> None:
    """Reach a budget."""
    project = projects.get(tx, 1)
    text = project.definition.replace('"budget":null', '"budget":"2.00"')
    tx.run("projects.redefine", id=1, title=project.title, definition=text, now_ms=tx.now_ms)
    budgets.pause(tx, projects.get(tx, 1), 2_400_000)


async def test_a_cap_is_raised_with_one_tap(house: House) -> None:
    cleo = await with_items(house)
    await house.store.write(_find)
    await until(cleo, "may be too tight")
    assert "52 took that long or longer (13 %)" in cleo.text
    await cleo.press("Raise to 3 min 30 s")
    await until(cleo, "items shown from now on have a cap of 3 min 30 s")
    assert (await house.store.read(projects.get, 1)).rules.pay.cap_seconds == 210
    assert await touch(cleo, "c:cap:1:maybe") != ""
    assert await touch(cleo, "c:cap:9:y") != ""


async def test_a_budget_that_is_reached_is_told_and_stands_on_the_page(house: House) -> None:
    cleo = await with_items(house)
    await cleo.press("To the project")
    await cleo.press("Open")
    await until(cleo, "Open: students can join")
    await house.store.write(_spend)
    await until(cleo, "The next item could cost up to $2.40.")
    assert "$2.00 of $2.00 left." in cleo.text
    await cleo.press("Project")
    await until(cleo, "reserved $0.00 · left $2.00 of $2.00")
