"""The screens of standings: each fits a Telegram message, names its rule, its figures, its end and a human, and never tells gold."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from actions.practice import Exercise
from actions.quality import Reading
from actions.standing_appeals import Stands
from actions.standings import Change, Pause, PracticeEnded
from actions.standings_managed import Listing, Row, Student
from actions.standings_told import Asked, Back, Checked, Paused, Removed
from handlers.views import people, standing
from rules.credit import DAY_MS, HOUR_MS
from rules.quality import evidence
from rules.text import Text
from tests.handlers.screens import NOW_MS, WIDEST, data, labels, sound, stored
from tests.rules.definitions import define

PROJECT = stored(WIDEST)
CAN, WAITS, DONE = Asked(True, None), Asked(False, NOW_MS + DAY_MS), Asked(False, None)
FIGURES = {
    "golds_right": 3,
    "golds": 9,
    "peers_agreed": 18,
    "peers": 37,
    "log_e_milli": 4942,
    "alpha_micro": 10_000,
    "strictness": "normal",
    "since_id": 5,
    "since_ms": NOW_MS,
}
CHANGE = Change(4, 7, 5, "active", "paused", "check", json.dumps(FIGURES), "", None, NOW_MS)
GONE = Change(6, 7, 5, "paused", "removed", "person", "{}", "😀" * 300, 2, NOW_MS)
PAUSE = Pause(2, 4, 7, 5, 1, 1, 6, 5, 0, "open", NOW_MS + 3 * DAY_MS, None, "held", None)
READING = Reading(7, 5, 700, None, 3, 9, 18, 37, 0, 10_000, 50, 900, 0, 0, NOW_MS)


def paused(**changes: Any) -> Paused:
    plain = Paused(
        project=PROJECT,
        change_id=4,
        agreed=21,
        compared=46,
        since_ms=NOW_MS - 5 * HOUR_MS,
        alpha_micro=10_000,
        ends_ms=NOW_MS + 3 * DAY_MS,
        held=46,
        answers="held",
        practice=6,
        practised=0,
        right=0,
        needed=5,
        must_pass=False,
        asked=CAN,
        time_zone="Europe/Kyiv",
        degree="",
    )
    return dataclasses.replace(plain, **changes)


def student(**changes: Any) -> Student:
    plain = Student(
        project=PROJECT,
        person_id=5,
        pseudonym="s-4fK2abcdef",
        standing="paused",
        reading=READING,
        pause=PAUSE,
        held=46,
        since=0,
        history=[CHANGE],
        time_zone="UTC",
        is_yours=False,
        can_remove=True,
    )
    return dataclasses.replace(plain, **changes)


def test_a_pause_names_its_figures_its_rule_its_end_and_a_human() -> None:
    text = sound(standing.paused(paused()))
    for words in (
        "46 answers",
        "21 agree",
        "Rule: ",
        "Of a hundred students who are right nine times in ten, at most 1 is paused in error within 500 answers.",
        "stays paid",
        "A person: ask",
    ):
        assert words in text, words
    assert text.count("Sat 18 Nov") == 2, "until when, and what happens then"
    assert "gold" not in text.casefold()
    assert data(standing.paused(paused())) == ["p:on:7", "q:standing:4", "n:mine:7", "e:now"]


def test_what_ends_a_pause_is_what_can_still_end_it() -> None:
    assert "Then you are back at once. With 5 right" in sound(standing.paused(paused()))
    assert "With 5 right you are back at once" in sound(standing.paused(paused(must_pass=True)))
    over = standing.paused(paused(must_pass=True, practised=6, right=3))
    assert "Practice is done: 3 of 6 right, 5 were needed." in sound(over)
    assert "p:on:7" not in data(over)
    none = standing.paused(paused(practice=0, asked=WAITS))
    assert "Practice" not in sound(none)
    assert "the answer comes by" in sound(none)
    assert data(none) == ["n:mine:7", "e:now"]
    assert "A person has answered you" in sound(standing.paused(paused(asked=DONE)))
    left_out = sound(standing.paused(paused(answers="excluded")))
    assert "46 answers are left out of the data: a person decided so." in left_out
    assert "on hold" not in left_out.replace("on hold count again", "").replace(
        "your answers count again", ""
    )
    assert "Practise: 2 items, paid" in labels(standing.paused(paused(practised=4)))


def test_a_removal_names_its_reason_and_a_second_look() -> None:
    gone = Removed(PROJECT, 6, "😀" * 300, NOW_MS, CAN, "UTC")
    text = sound(standing.removed(gone))
    assert "Reason: 😀" in text
    assert "only if somebody else agrees" in text
    assert "q:standing:6" in data(standing.removed(gone))
    assert "q:standing:6" not in data(standing.removed(dataclasses.replace(gone, asked=DONE)))


def test_who_is_back_reads_what_became_of_the_answers() -> None:
    lapsed = Back(PROJECT, "time", "", 46, "excluded", 4, CAN)
    assert "Your 46 answers on hold are left out of the data. They stay paid." in sound(standing.back(lapsed))
    assert data(standing.back(lapsed)) == ["p:go:7", "q:standing:4"]
    lifted = Back(PROJECT, "person", "", 46, "counted", 4, DONE)
    assert "Your 46 answers on hold count again." in sound(standing.back(lifted))
    taken_back = Back(PROJECT, "person", "", 0, "", 0, DONE)
    assert "on hold" not in sound(standing.back(taken_back))


@pytest.mark.parametrize(
    ("right", "is_back", "counts", "words"),
    [
        (6, True, True, "46 answers on hold count again"),
        (2, True, False, "5 right were needed for the answers on hold"),
        (5, True, False, "They stay paid"),
        (2, False, False, "so the pause goes on for now"),
    ],
)
def test_the_end_of_a_practice_says_what_it_brought(
    right: int, is_back: bool, counts: bool, words: str
) -> None:
    text = str(standing.practice_ended(PracticeEnded(right, 6, 5, is_back, counts, 46)))
    assert words in text
    assert ("back at work" in text) == is_back
    assert ("were needed" in text) == (right < 5)


def test_a_settled_item_is_explained_by_its_figures_and_a_training_item_by_itself() -> None:
    assert standing.figures(Exercise(2, 1, 6, "{}", 5, 978_000)) == (
        "5 students answered this. Together that makes it 98 % sure."
    )
    assert standing.figures(Exercise(2, 1, 6, "{}", None, None)) == ""


def test_how_answers_are_checked_tells_a_rough_figure_or_none() -> None:
    found = Checked(PROJECT, "watched", "strict", 9, 310, 12, 4, waits=True)
    text = sound(standing.checked(found, ["You say yes a little more often than others."]))
    assert "About 9 in 10 of your compared answers agree." in text
    assert "310 answers count, 12 are on hold, 4 are left out; all are paid." in text
    assert "Items go to others first" in text
    assert "You say yes a little more often" in text
    assert "watch" not in text.casefold()
    assert "gold" not in text.casefold()
    few = sound(standing.checked(dataclasses.replace(found, in_ten=None, waits=False)))
    assert "Too few of your answers" in few


@pytest.mark.parametrize("word", sorted(evidence.ALPHAS))
def test_the_words_for_false_alarms_are_those_of_the_check(word: str) -> None:
    share = evidence.alpha_of(word)
    said = standing.strictness(word)
    assert said.startswith(f"Checks: {word}. Of a hundred students who are right nine times in ten")
    assert f"at most {round(share * 100)} " in said
    assert f"within {evidence.HORIZON} answers" in said


def test_a_false_alarm_is_never_said_to_be_rarer_than_it_is() -> None:
    assert "at most 1 is paused" in standing.careful(2_000)
    assert "at most 1 is paused" in standing.careful(10_000)
    assert "at most 4 are paused" in standing.careful(31_000)


def test_where_nothing_can_be_compared_nothing_is_claimed() -> None:
    words = stored(define(ask=[{"id": "why", "kind": "text", "text": "Why?"}]))
    found = Checked(words, "active", "normal", None, 3, 0, 0, waits=False)
    assert "no rule compares them or pauses anybody" in sound(standing.checked(found))
    assert "Of a hundred" not in sound(standing.checked(found))
    assert "Checks: none" in standing.strictness_of(words)
    assert "Checks: normal" in standing.strictness_of(PROJECT)


def test_a_coordinator_sees_the_figures_and_only_what_can_be_done() -> None:
    text = sound(people.one(student()))
    for words in (
        "gold 3 of 9 right",
        "with others 18 of 37",
        "evidence 140 : 1, pauses at 100 : 1",
        "46 answers on hold",
    ):
        assert words in text, words
    assert data(people.one(student())) == ["n:back:7:5", "n:out:7:5", "n:ask:7:5", "n:list:7"]
    assert data(people.one(student(is_yours=True, can_remove=False))) == ["n:list:7"]
    watched = student(standing="watched", pause=None, held=0, since=12, history=[])
    assert data(people.one(watched)) == ["n:out:7:5", "n:ask:7:5", "n:list:7"]
    gone = student(standing="removed", pause=None, held=0, history=[GONE, CHANGE], can_remove=False)
    assert data(people.one(gone)) == ["n:back:7:5", "n:list:7"]
    assert "😀" * 300 in sound(people.one(gone))
    sound(people.one(student(history=[GONE] * 6)))
    out = student(pause=dataclasses.replace(PAUSE, answers="excluded", left_out_by=2))
    assert "n:out:7:5" not in data(people.one(out))
    sound(people.confirm_removal(student()))
    sound(people.ask_reason(student()))
    sound(people.notice(CHANGE, "s-4fK2abcdef", PROJECT.title))


def test_the_list_holds_as_many_as_a_message() -> None:
    rows = [Row(10**17 + n, "s-4fK2abcdef", "paused", NOW_MS + DAY_MS) for n in range(30)]
    found = Listing(PROJECT, rows, {"paused": 40, "watched": 2}, "UTC")
    text = sound(people.listing(found))
    assert "and 12 more" in text
    assert people.line({"paused": 2, "watched": 1}) == "2 people paused, 1 person watched"
    assert people.line({"removed": 3}) == ""
    assert "Nobody is paused" in sound(people.listing(Listing(PROJECT, [], {}, "UTC")))


def test_an_appeal_shows_what_it_is_about() -> None:
    text = Text()
    people.behind(text, Stands(CHANGE, dataclasses.replace(PAUSE, answers="excluded"), 46), "UTC")
    assert "gold 3 of 9 right" in str(text)
    assert "46 answers left out, paid" in str(text)
    text = Text()
    people.behind(text, Stands(GONE, None, 0), "UTC")
    assert "Reason: 😀" in str(text)
