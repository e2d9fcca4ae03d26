"""Pairs to look at on a phone: the list, the evidence in words, the two taps that decide, and the way to holding pay back."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from actions import pairs, projects
from actions.pairs import Listed, Seen, Shared, Suspicion
from actions.ports import Tx
from handlers.views import pairs as view
from rules.quality import suspicions
from rules.quality.suspicions import Data, Found
from tests.actions.projects_for_tests import TOML
from tests.handlers.screens import NOW_MS, WIDEST, data, labels, sound, stored
from tests.handlers.test_coordinator import coordinator, send, touch, until
from tests.rules.definitions import choice, define, steps
from tests.stories.conftest import House, agree_and_tell
from tests.stories.test_corrections import press

PROJECT = stored(define(title="Maths check", ask=[choice("correct", "yes", "no")]))
PAIR = {
    "common": 60, "wrong": 31, "wrong_expected": 16.8, "same": 60, "same_expected": 33.9, "rate": 1e-9, "items": [],
}  # fmt: skip
LEAK = {"golds_right": 15, "golds": 15, "agreed": 30, "compared": 60, "expected": 8.8, "rate": 0.01}
MOVES = {"starts": 12, "together": 11, "expected": 0.4, "same_payee": True, "rate": 1e-9}
SCRIPT = {
    "answers": 400,
    "even": {"spread": 0.03, "usual": 0.52, "middle_ms": 8_000},
    "round": {"crowding": 0.9, "at_ms": 120},
    "sleepless": {"hours": 33.3, "answers": 400},
}


def suspicion(
    kind: str, figures: dict[str, Any], surprise_milli: int | None = 9_400, state: str = "open"
) -> Suspicion:
    two = kind in ("pair", "moves")
    return Suspicion(
        17,
        7,
        kind,
        3,
        5 if two else None,
        surprise_milli,
        json.dumps(figures),
        state,
        NOW_MS,
        "s-one",
        "s-two" if two else None,
    )


def listed(*found: Suspicion, looked_ms: int | None = NOW_MS, pages: int = 1) -> Listed:
    tested = {"pair": 3160, "script": 80}
    return Listed(PROJECT, list(found), 0, pages, len(found), 0, looked_ms, tested, "Europe/Kyiv")


def seen(one: Suspicion, *shared: Shared, project: Any = PROJECT) -> Seen:
    return Seen(one, project, list(shared), "Europe/Kyiv")


def test_an_empty_list_says_why() -> None:
    assert "Nobody's answers were looked at yet." in sound(view.listing(listed(looked_ms=None)))
    text = sound(view.listing(listed()))
    assert "Nothing stands out." in text
    assert "Looked at 80 students and 3,160 pairs" in text
    assert data(view.listing(listed())) == ["k:quality:7"]


def test_a_list_says_what_was_found_and_that_it_proves_nothing() -> None:
    screen = view.listing(
        listed(
            suspicion("pair", PAIR),
            suspicion("leak", LEAK),
            suspicion("moves", MOVES),
            suspicion("script", SCRIPT, None),
            pages=2,
        )
    )
    text = sound(screen)
    assert "None of it is proof, and nothing follows by itself." in text
    assert "1  s-one + s-two · 31 of 60 alike against the others\n" in text
    assert (
        "2  s-one · gold 15 of 15 right\n3  s-one + s-two · started together 11 times\n4  s-one · times like a script's"
        in text
    )
    assert data(screen) == ["k:pair:17"] * 4 + ["k:pairs:7:1", "k:pairs:7:0", "k:pairs:7:1", "k:quality:7"]


def test_a_pair_is_laid_out_with_its_items() -> None:
    shared = Shared("gsm-17", "no", {"yes": 3, "no": 1})
    text = sound(view.seen(seen(suspicion("pair", PAIR), shared, Shared("gsm-18", "yes", {}))))
    assert "Both judged the same 60 items." in text
    assert "Against what all others say they gave the same answer on 31; 16.8 would be chance." in text
    assert "They gave the same answer at all on 60; 33.9 would be chance." in text
    assert "Among honest people that happens less than once in 1,000,000,000." in text
    assert "gsm-17 · both No; others: Yes 3, No 1\ngsm-18 · both Yes; others: –" in text
    assert "Nothing was decided. Nobody's answers or pay change by looking." in text


def test_the_others_are_laid_out_in_words() -> None:
    leak = sound(view.seen(seen(suspicion("leak", LEAK, 3_800))))
    assert "Gold: 15 of 15 right.\nOther items: 30 of 60 as most others say." in leak
    assert "less than once in 1,000." in leak
    moves = sound(view.seen(seen(suspicion("moves", MOVES))))
    assert "Of 12 times that one began to work, 11 came within 3 minutes" in moves
    assert "Both are paid to the same account." in moves
    script = sound(view.seen(seen(suspicion("script", SCRIPT, None))))
    assert "about 8 s. The spread is 0.03; that of most people here is 0.52." in script
    assert "120 ms" in script
    assert "33.3 hours without a break" in script
    assert "less than once" not in script


def test_steps_are_named_from_one() -> None:
    project = stored(define(show=[{"field": "s", "as": "steps"}], ask=[steps("chain", field="s")]))
    shared = Shared("x", "2", {"-1": 2, "bad_problem": 1})
    assert "x · both " in sound(view.seen(seen(suspicion("pair", PAIR), shared, project=project)))


def test_buttons_follow_what_was_decided() -> None:
    screens = {
        state: view.seen(seen(suspicion("pair", PAIR, state=state)))
        for state in ("open", "dismissed", "confirmed", "faded")
    }
    assert data(screens["open"]) == data(screens["faded"]) == ["k:pairno:17", "k:pairyes:17", "k:pairs:7:0"]
    assert data(screens["dismissed"]) == ["k:pairback:17", "k:pairs:7:0"]
    assert data(screens["confirmed"]) == ["k:pairpay:7:3", "k:pairpay:7:5", "k:pairback:17", "k:pairs:7:0"]
    assert labels(screens["confirmed"])[0] == "Hold pay of s-one …"


def test_the_widest_fit_one_message() -> None:
    wide = suspicion("pair", PAIR | {"wrong": 10**9, "common": 10**9})
    wide = dataclasses.replace(wide, one="s-" + "W" * 30, other="s-" + "W" * 30)
    sound(view.listing(dataclasses.replace(listed(*[wide] * pairs.A_PAGE), project=stored(WIDEST))))
    shared = [Shared("x" * 64, "1", {str(value): 10**6 for value in range(1, 6)})] * pairs.ITEMS_SHOWN
    sound(view.seen(seen(wide, *shared, project=stored(WIDEST))))


def test_the_notice_is_silent_and_opens_the_list() -> None:
    notice = view.notice(stored(WIDEST), 123_456)
    sound(notice)
    assert notice.silent
    assert data(notice) == ["k:pairs:7:0"]


def _keep(tx: Tx, project_id: int, found: Found) -> None:
    pairs.keep(tx, pairs.Loaded(project_id, Data((), {}, 2, {}), 0), found)


async def test_from_the_list_to_a_decision_and_on_to_holding_pay(house: House) -> None:
    cleo = await coordinator(house)
    await send(
        cleo, "sums.toml", TOML.format(training=0, exam=0, gold_share=0.0), "a draft that nobody sees yet"
    )
    project = await house.store.read(projects.by_slug, "sums")
    ada = await house.invite("Ada", project_id=project.id)
    await agree_and_tell(ada)
    await touch(cleo, f"k:pairs:{project.id}")
    await until(cleo, "were looked at yet")
    found = suspicions.Suspicion("leak", (2,), 1e-6, LEAK)
    await house.write(_keep, project.id, Found((found,), {"pair": 1, "script": 2}))
    told = await until(cleo, "found 1 new thing that honest work hardly explains.")
    assert "They are for a human to look at. Nothing has happened to anybody" in told.text
    await press(cleo, told, "Look at it")
    await until(cleo, "gold 15 of 15 right")
    await cleo.press("1")
    assert "Other items: 30 of 60" in cleo.text
    await cleo.press("It is cheating")
    assert "Pay is held back only by a draft that an admin confirms." in cleo.text
    await cleo.press("Take that back")
    await cleo.press("Nothing here")
    assert "It will not come up again." in cleo.text
    await cleo.press("Back")
    assert "Nothing stands out." in cleo.text
    await cleo.press("Back")
    await until(cleo, "No pairs to look at")


async def test_forged_buttons_are_refused(house: House) -> None:
    cleo = await coordinator(house)
    for forged in (
        "k:pairs:",
        "k:pairs:1:2:3",
        "k:pairs:x",
        "k:pair:99",
        "k:pairno:99",
        "k:pairpay:1",
        "k:pairs:99",
    ):
        assert "out of date" in (await touch(cleo, forged)).casefold(), forged
