"""The story of a project's quality as its coordinator sees it: ten lines, a page behind each, golds in doubt and golds proposed."""

from __future__ import annotations

from actions import gold_items, models, projects, roles
from actions.ports import Tx
from rules.quality.bad_golds import DoubtfulGold, LeakedGold
from tests.stories.conftest import House, sums
from tests.stories.phone import Phone
from tests.stories.test_corrections import press, until
from tests.stories.test_disputes import cast, student, vote

GOLDS = 3


async def with_golds(house: House) -> tuple[Phone, int, list[int]]:
    """Bring a coordinator whose project has three golds with the key "yes", and a student who answered work."""
    golds = [
        {"id": f"gold-{n}", "sum": f"{n} + 2 = {n + 2}", "gold": {"correct": "yes"}} for n in range(GOLDS)
    ]
    rows = [*sums(4), *golds]
    project_id = await house.project(rows)
    cleo = await house.invite("Cleo", "coordinator")
    coordinator = house.rows("SELECT person_id FROM roles WHERE role = 'coordinator'")[0][0]
    await house.write(roles.let_manage, coordinator, project_id)
    return (
        cleo,
        project_id,
        [row[0] for row in house.rows("SELECT id FROM items WHERE use = 'gold' ORDER BY id")],
    )


def _freeze(tx: Tx, project_id: int, item_ids: list[int]) -> None:
    """Find golds doubtful, as a refit would."""
    doubtful = [DoubtfulGold(item_id, 0, 1, 0.02, 1, 9) for item_id in item_ids]
    gold_items.look(tx, projects.get(tx, project_id), doubtful, [])


def _leak(tx: Tx, project_id: int, item_id: int) -> None:
    leak = [LeakedGold(item_id, 9, 10, 4.6, 0.001)]
    gold_items.look(tx, projects.get(tx, project_id), [], leak)


def _settle(tx: Tx, project_id: int, item_id: int, label: str) -> None:
    """Believe an item's label beyond doubt, as after many answers."""
    tx.run("work.set_settled", item_id=item_id, settled_ms=tx.now_ms)
    tx.run(
        "quality.believe",
        project_id=project_id,
        item_id=item_id,
        question="correct",
        label=label,
        posterior="{}",
        confidence=995_000,
        low=980_000,
        high=999_000,
        given=6,
        urgency=0,
        state="settled",
        model_version=1,
        now_ms=tx.now_ms,
    )


async def test_an_empty_project_has_its_lines_too(house: House) -> None:
    cleo, _project_id, _golds = await with_golds(house)
    await cleo.say("/quality")
    assert cleo.text.split("\n\n") == [
        "Check sums · quality",
        "No answers yet\n0 of 4 labels\nNo disputes\nAgreement: too little to measure\n3 golds in use\nNobody watched or paused\n"
        "No pairs to look at\nNo calibration round yet",
        "Labels go by agreement until all answers are weighed together.",
    ]


async def test_ten_lines_tell_of_the_project_and_each_opens(house: House) -> None:
    cleo, _project_id = await cast(house, items=2)
    await cleo.say("/project")
    assert "Disputes · 2" in cleo.labels
    assert "0 of 2 labels · 4.0 answers an item" in cleo.text, "as the page of its quality says"
    await cleo.press("Quality")
    for line in ("8 answers · 4.0 an item", "0 of 2 labels", "2 disputes", "· 2 items", "0 golds in use"):
        assert line in cleo.text, line
    pages = {
        "Disputes": "Dispute 1 of 2",
        "Gold items": "Without gold no confidence can be stated",
        "People": "",
        "Pairs": "",
        "Rounds": "",
        "Agreement": "Correct\nα",
        "Labels": "2 in dispute",
        "Answers": "8 count",
    }
    for label, words in pages.items():
        await cleo.say("/quality")
        before = cleo.text
        await cleo.press(label)
        assert cleo.text != before, label
        assert words in cleo.text, label
        if label in ("Agreement", "Labels", "Answers", "Gold items", "Disputes"):
            await cleo.press("Quality")
            assert cleo.text == before, label


async def test_a_label_is_told_with_its_confidence_and_the_golds_behind_it(house: House) -> None:
    cleo, project_id, _golds = await with_golds(house)
    items = [row[0] for row in house.rows("SELECT id FROM items WHERE use = 'work' ORDER BY id")]
    for item_id in items[:2]:
        await house.write(_settle, project_id, item_id, "yes")
    await cleo.say("/quality")
    assert "2 of 4 labels\n" in cleo.text, "there is gold, but nothing was read from it yet"
    assert await house.store.read(models.fit_of, project_id) is None
    await house.write(_behind, project_id, 160)
    await cleo.say("/quality")
    assert "2 of 4 labels · 99 % ± 1 · 160 golds" in cleo.text
    await cleo.press("Labels")
    assert "99 % and more · 2 ▓▓▓▓▓▓▓▓" in cleo.text
    assert "was seen on 160 gold items" in cleo.text


def _behind(tx: Tx, project_id: int, golds: int) -> None:
    tx.run(
        "quality.keep_model",
        project_id=project_id,
        question="correct",
        version=1,
        golds=golds,
        answers=600,
        now_ms=tx.now_ms,
        name="",
        body="{}",
    )


async def test_a_frozen_gold_asks_its_owner_who_gives_it_another_key(house: House) -> None:
    cleo, project_id, golds = await with_golds(house)
    await house.write(_freeze, project_id, golds[:2])
    told = await until(cleo, "2 gold items are frozen")
    await press(cleo, told, "Look at it")
    for words in (
        "Frozen gold · 1/2 · Check sums",
        "Key: Correct",
        "8 of 9 answers were others. Weighed by who gave them, they say Wrong.",
        "It counts for nobody until you decide.",
    ):
        assert words in cleo.text, words
    assert cleo.labels == ["The key is right: Correct", "New key: Wrong", "Drop it", "Skip", "Gold items"]
    await cleo.press("New key: Wrong")
    assert cleo.text.startswith("It has its new key.")
    assert "Frozen gold · 1/1" in cleo.text
    await cleo.press("The key is right")
    assert "Nothing here needs you now." in cleo.text
    await cleo.press("Gold items")
    assert "3 in use · 0 frozen · 0 retired" in cleo.text
    assert "by key: Correct · 2, Wrong · 1" in cleo.text
    assert house.rows("SELECT gold FROM items WHERE use = 'gold' ORDER BY id")[0] == ('{"correct": "no"}',)


async def test_a_leaked_gold_is_retired_and_told(house: House) -> None:
    cleo, project_id, golds = await with_golds(house)
    await house.write(_leak, project_id, golds[0])
    told = await until(cleo, "1 gold item is shown no more: its key seems to be known.")
    await press(cleo, told, "Look at it")
    assert "People who get 4.6 of 10 such items right got 9 of this one right lately." in cleo.text
    await cleo.press("Leave it retired")
    assert "It stays retired." in cleo.text
    await cleo.press("Gold items")
    assert "2 in use · 0 frozen · 1 retired" in cleo.text


async def test_a_clear_item_becomes_gold_with_one_tap(house: House) -> None:
    cleo, project_id, _golds = await with_golds(house)
    items = [row[0] for row in house.rows("SELECT id FROM items WHERE use = 'work' ORDER BY id")]
    for item_id, label in zip(items, ("no", "yes", "no"), strict=False):
        await house.write(_settle, project_id, item_id, label)
    await cleo.say("/quality")
    assert "3 golds in use · 3 proposed" in cleo.text
    await cleo.press("Gold items")
    assert "All keys say the same" in cleo.text
    await cleo.press("3 proposed")
    assert "New gold? · Check sums" in cleo.text
    assert "Key: Wrong" in cleo.text, "no gold has that key yet"
    assert "0 golds have this key" in cleo.text
    await cleo.press("Make it gold")
    assert cleo.text.startswith("It is gold now.")
    await cleo.press("No")
    await cleo.press("No")
    assert "Nothing here needs you now." in cleo.text
    assert house.rows("SELECT COUNT(*) FROM items WHERE use = 'gold'") == [(4,)]


async def test_students_see_nothing_of_it(house: House) -> None:
    _cleo, project_id, golds = await with_golds(house)
    sam = await student(house, "Sam", project_id)
    before = sam.text
    await sam.say("/quality")
    assert "role coordinator" in sam.text
    await house.write(_freeze, project_id, golds)
    await sam.say("/work")
    assert sam.text == before, "the card is the same, whatever became of the golds"
    await vote(sam, "Correct")
