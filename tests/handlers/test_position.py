"""Position bias on a phone: the coordinator's screen, its button, and the student's own line."""

from __future__ import annotations

from actions import people, position, projects
from actions.people import Visitor
from actions.ports import Tx
from actions.position import Report, StudentBias
from actions.qualifications import Offer
from handlers.views import position as view
from handlers.views import projects as projects_view
from rules.position import measure
from tests.handlers.screens import WIDEST, data, sound, stored
from tests.handlers.test_coordinator import coordinator, send, until
from tests.rules.definitions import define, preference
from tests.stories.conftest import House, agree_and_tell

PROJECT = stored(
    define(title="Compare two answers", show=[{"field": "question"}], ask=[preference("better")])
)
TOML = """
slug = "compare"
title = "Compare two answers"
instructions = "Read both."
[pay]
currency = "USD"
rate_per_hour = "24.00"
expected_seconds = 60
cap_seconds = 180
[[show]]
field = "question"
[[ask]]
id = "better"
kind = "preference"
text = "Which answer is better?"
a = "answer_a"
b = "answer_b"
"""


def test_a_project_without_a_choice_says_so() -> None:
    text = sound(view.report(Report(PROJECT, None, [], 0)))
    assert text == "Compare two answers · position\n\nNobody has chosen between two answers yet."


def test_figures_come_with_what_they_mean() -> None:
    students = [StudentBias("s-one", measure(38, 2, 2)), StudentBias("s-two", measure(12, 8, 2))]
    screen = view.report(Report(PROJECT, measure(700, 504), students, 2))
    text = sound(screen)
    assert "The answer shown first was chosen 58 % of the time (of 1,204)." in text
    assert "95 % interval: 55 % to 61 %" in text
    assert "That is more than chance explains: the first place has an advantage." in text
    assert "s-one · first 95 % of 40 · beyond chance\ns-two · first 60 % of 20" in text
    assert text.count("beyond chance") == 1
    assert data(screen) == ["c:see:7"]
    assert "the second place has an advantage" in sound(view.report(Report(PROJECT, measure(40, 80), [], 0)))
    fair = sound(view.report(Report(PROJECT, measure(61, 59), [], 0)))
    assert "Chance alone can explain that." in fair
    assert "No student has made 10 choices yet." in fair


def test_the_widest_report_fits_one_message() -> None:
    students = [StudentBias(f"s-{'W' * 10}", measure(10**9, 0, 10**6))] * position.LISTED_MOST
    text = sound(view.report(Report(stored(WIDEST), measure(10**9, 0), students, 10**6)))
    assert text.endswith("and 999,980 more who are nearer to one half")
    one_more = Report(PROJECT, measure(10, 0), students[:1], 2)
    assert sound(view.report(one_more)).endswith("and 1 more who is nearer to one half")


def test_a_student_reads_their_own_figure_with_the_project() -> None:
    offer = Offer(PROJECT, "active", 3)
    line = "In A/B tasks you chose the answer shown first 60 % of the time (of 40)."
    assert line in sound(projects_view.details(offer, measure(24, 16)))
    assert "shown first" not in sound(projects_view.details(offer))


def _choose(tx: Tx, visitor: Visitor, project_id: int, times: int) -> None:
    for _ in range(times):
        position.count(tx, project_id, people.require(tx, visitor).id, False, "a")


async def test_from_the_project_page_to_the_figures_and_back(house: House) -> None:
    cleo = await coordinator(house)
    await send(cleo, "compare.toml", TOML, "a draft that nobody sees yet")
    project = await house.store.read(projects.by_slug, "compare")
    ada = await house.invite("Ada")
    await agree_and_tell(ada)
    ada_visitor = Visitor(house.bot.store.vault.index(str(ada.id)), ada.id, "Ada", "", "en")
    await cleo.press("Position")
    assert "Nobody has chosen between two answers yet." in cleo.text
    await cleo.press("Back")
    await house.write(_choose, ada_visitor, project.id, 12)
    await cleo.press("Position")
    assert "was chosen 100 % of the time (of 12)" in cleo.text
    await until(cleo, "beyond chance")


async def test_a_project_that_asks_for_no_preference_has_no_such_button(house: House) -> None:
    cleo = await coordinator(house)
    plain = TOML.replace('kind = "preference"', 'kind = "text"').replace(
        'a = "answer_a"\nb = "answer_b"\n', ""
    )
    await send(cleo, "compare.toml", plain, "a draft that nobody sees yet")
    assert "Position" not in cleo.labels
    assert "Export" in cleo.labels
