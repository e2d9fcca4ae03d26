"""The student's screens, as pure values: each fits a Telegram message, says what it must, and leads on."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from actions.outcomes import ExamEnded, Explained
from actions.profiles import ProfileStep
from actions.qualifications import Offer
from actions.settings import Settings
from actions.work import ChooseProject, ExamToRetry, NothingNow, SetEnded, StageBegins
from handlers import routes
from handlers.screen import Button, Screen, grid
from handlers.views import onboarding as onboarding_view
from handlers.views import projects as projects_view
from handlers.views import projects_managed as managed_view
from handlers.views import settings as settings_view
from handlers.views import work as work_view
from rules import consent
from rules.audience import Profile
from rules.profile import STEPS, ZONES
from rules.text import Text
from tests.handlers.screens import NOW_MS, WIDEST, data, labels, sound, stored
from tests.handlers.test_card_view import card
from tests.rules.definitions import EVERY_KIND, PAY, define


def explained(**changes: Any) -> Explained:
    plain = Explained(
        project=stored(EVERY_KIND),
        fields=json.dumps({"question": "1 + 1?", "solution": "3"}),
        correct=False,
        gold={"correct": "no"},
        flipped=False,
        explanation="One and one are two.",
        credited_ms=41_000,
        amount_micro=273_333,
        currency="USD",
        place=1,
        of=2,
    )
    return dataclasses.replace(plain, **changes)


def test_training_explains_itself_and_says_that_it_is_paid() -> None:
    text = sound(work_view.explained(explained()))
    assert "Not quite: the answer is No." in text
    assert "One and one are two." in text
    assert "41 s · +$0.27. Training is paid, right or not." in text
    assert "That's right" in sound(work_view.explained(explained(correct=True)))


def test_the_longest_explanation_fits_below_the_longest_page() -> None:
    fields = json.dumps({"question": "😀" * 5_000, "solution": "x"})
    gold: dict[str, Any] = {"t1": [f"v{n}" for n in range(20)], "t2": [f"v{n}" for n in range(20)]}
    screen = work_view.explained(
        explained(project=stored(WIDEST), fields=fields, explanation="😀" * 400, gold=gold, place=100, of=100)
    )
    assert "😀" * 400 in sound(screen)


def test_after_the_last_training_item_what_comes_next_introduces_itself() -> None:
    assert data(work_view.explained(explained(place=1))) == ["p:on:7"]
    assert data(work_view.explained(explained(place=2))) == ["p:go:7"]


def test_a_stage_says_how_long_it_takes_and_what_it_pays() -> None:
    rules = define(qualification={"training": 4, "exam": 10, "pass_score": 0.75})
    text = sound(work_view.stage_begins(StageBegins(stored(rules), "training", False)))
    assert "4 training + 10 exam items, about 14 minutes, about $5.60." in text
    assert "Pass mark 75 %" in text
    assert "Training is done" not in text
    exam = sound(work_view.stage_begins(StageBegins(stored(rules), "exam", True)))
    assert "Training is done." in exam
    assert "10 exam items, about 10 minutes, about $4.00." in exam


def ended(**changes: Any) -> ExamEnded:
    plain = ExamEnded(
        project=stored(EVERY_KIND),
        passed=False,
        right=6,
        of=10,
        needed=8,
        retry_ms=NOW_MS,
        credited_ms=20_000,
        amount_micro=133_333,
        currency="USD",
        time_zone="Europe/Kyiv",
    )
    return dataclasses.replace(plain, **changes)


def test_an_exam_says_how_it_went_and_what_comes_now() -> None:
    failed = work_view.exam_ended(ended())
    text = sound(failed)
    assert "6 of 10 right; 8 were needed." in text
    assert "Everything you did is paid." in text
    assert "from Wed 15 Nov, 00:13" in text, "where the student lives"
    assert "0 of 2 right; 1 was needed." in sound(work_view.exam_ended(ended(right=0, of=2, needed=1)))
    passed = work_view.exam_ended(ended(passed=True, right=9, retry_ms=None))
    assert "You passed" in sound(passed)
    assert data(passed)[0] == "p:go:7"
    waiting = work_view.exam_to_retry(ExamToRetry(stored(EVERY_KIND), NOW_MS, "Europe/Kyiv"))
    assert "from Wed 15 Nov, 00:13" in sound(waiting)


def set_of(done: int, credited_ms: int, amount_micro: int) -> SetEnded:
    return SetEnded(stored(EVERY_KIND), done, credited_ms, amount_micro, "USD", 11_100_000, 74_000_000)


def test_a_set_is_summed_up_with_its_rate() -> None:
    screen = work_view.set_ended(set_of(20, 850_000, 5_666_667))
    text = sound(screen)
    assert "20 items · $5.67\n14 min 10 s credited · $24.00/h" in text
    assert "This week $74.00 · 3 h 05 min" in text
    assert "p:set:7" in data(screen)
    paused = work_view.set_ended(set_of(1, 10_000, 66_667), paused=True)
    assert "1 item · $0.07\n10 s credited" in sound(paused)
    assert "p:go:7" in data(paused)
    assert "/h" not in sound(work_view.set_ended(set_of(1, 0, 0)))


@pytest.mark.parametrize("why", ["none_left", "paused", "closed", "standing"])
def test_nothing_to_do_says_why_and_leads_on(why: str) -> None:
    screen = work_view.next_screen(NothingNow(stored(WIDEST), why), "A note.")
    assert sound(screen).startswith("A note.")
    assert "p:list" in data(screen)


def test_every_next_thing_has_a_screen() -> None:
    project = stored(EVERY_KIND)
    for following in (
        card(),
        set_of(20, 1, 1),
        StageBegins(project, "exam", False),
        ExamToRetry(project, NOW_MS, ""),
        ChooseProject(),
    ):
        sound(work_view.next_screen(following))
    sound(work_view.rest())


OFFERS = [
    Offer(stored(WIDEST), standing, seats)
    for standing in (None, "training", "exam", "active")
    for seats in (0, 1, 12)
]


def test_projects_say_pay_time_cap_and_places() -> None:
    text = sound(
        projects_view.offers([Offer(stored(EVERY_KIND), None, 12), Offer(stored(EVERY_KIND), "watched", 3)])
    )
    assert "$24.00/h · 12 places left\nabout 1 min an item, at most 3 min paid" in text
    assert "$24.00/h · you work on this" in text
    assert "watched" not in text, "a word for the house, not for the student"


def test_many_projects_still_make_one_message() -> None:
    screen = projects_view.offers(OFFERS * 5)
    text = sound(screen)
    assert "and 45 more" in text
    led_to = {label.removesuffix(" · Details") for label in labels(screen) if "Details" in label}
    assert led_to == {str(number) for number in range(1, projects_view.OFFERS_SHOWN_MAX + 1)}
    assert "4 · Go on" in labels(screen), "the fourth of these is the student's own"
    assert "3 · Go on" not in labels(screen)
    assert "more" not in sound(projects_view.offers(OFFERS[:3]))
    assert sound(projects_view.offers([])).startswith("No project is open to you")


@pytest.mark.parametrize("offer", OFFERS)
def test_one_can_join_where_there_is_a_place_and_leave_where_one_has_it(offer: Offer) -> None:
    screen = projects_view.details(offer)
    text = sound(screen)
    assert "at most 3 min an item are paid" in text
    assert ("p:join:7" in data(screen)) == (offer.standing is None and offer.seats_left > 0)
    assert ("p:leave:7" in data(screen)) == (offer.standing is not None)
    assert "p:left:7" in data(projects_view.confirm_leave(offer))
    sound(projects_view.confirm_leave(offer))


NOTHING_TOLD = Profile()


def step(name: str, *, first_time: bool = True, told: Profile = NOTHING_TOLD) -> ProfileStep:
    return ProfileStep(told, name, "Europe/Kyiv", NOW_MS, first_time)


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("first_time", [True, False])
def test_each_step_of_the_profile_counts_and_leads_back(name: str, first_time: bool) -> None:
    screen = onboarding_view.profile(step(name, first_time=first_time))
    text = sound(screen)
    assert text.startswith(f"{STEPS.index(name) + 1} of 4") == first_time
    if not first_time:
        assert "s:show" in data(screen)
    elif name != "degree":
        assert f"o:ask:{STEPS[STEPS.index(name) - 1]}" in data(screen)


def test_what_was_told_is_marked() -> None:
    told = Profile("master", "law", ("en", "uk"), "Asia/Tokyo")
    for name, marked in (
        ("degree", ["Master's"]),
        ("field", ["Law"]),
        ("languages", ["English", "Українська"]),
    ):
        shown = labels(onboarding_view.profile(step(name, told=told)))
        assert [label for label in marked if not any(label in one and one != label for one in shown)] == []
    assert "Is it 07:13 where you are?" in sound(onboarding_view.profile(step("time_zone", told=told)))


def test_all_zones_can_be_chosen_by_their_clock() -> None:
    screen = onboarding_view.zones(NOW_MS)
    sound(screen)
    assert [one for one in data(screen) if "time_zone:" in one] == [
        f"o:set:time_zone:{zone}" for zone in ZONES
    ]
    assert "00:13 Kyiv" in labels(screen)


def test_consent_shows_the_whole_text_and_its_version() -> None:
    screen = onboarding_view.ask_consent()
    text = sound(screen)
    for heading, words in consent.POINTS:
        assert f"{heading}: {words}" in text
    assert consent.VERSION in text
    assert f"o:agree:{consent.VERSION}" in data(screen)
    assert "o:later" in data(screen)


def test_the_first_screens_lead_to_consent() -> None:
    for screen in (
        onboarding_view.welcome(None),
        onboarding_view.welcome(stored(EVERY_KIND)),
        onboarding_view.how_it_works(),
        onboarding_view.not_now(),
    ):
        sound(screen)
        assert "o:consent" in data(screen)
    assert "$24.00 an hour" in sound(onboarding_view.welcome(stored(EVERY_KIND)))
    sound(onboarding_view.welcome(stored(WIDEST)))
    sound(onboarding_view.field_not_understood())
    sound(onboarding_view.greeting(["admin", "coordinator"]))


def test_settings_show_what_is_told_and_how_to_change_it() -> None:
    told = Profile("bachelor", "Food science", ("en", "xx"), "America/New_York")
    screen = settings_view.settings(Settings(told, muted=False))
    text = sound(screen)
    assert "Degree: Bachelor's" in text
    assert "Field: Food science" in text
    assert "Languages: English, xx" in text
    assert "Time zone: America/New York" in text
    assert {f"o:ask:{name}" for name in STEPS} <= set(data(screen))
    assert "s:mute" in data(screen)
    assert "s:unmute" in data(settings_view.settings(Settings(told, muted=True)))


@pytest.mark.parametrize("what", ["withdraw", "erase"])
def test_what_cannot_be_taken_back_is_asked_twice(what: str) -> None:
    screen = settings_view.confirm(what)
    sound(screen)
    assert data(screen) == [f"s:{what}:yes", "s:privacy"]
    assert screen.rows[0][0].style == "danger"


def test_privacy_is_told_to_everybody() -> None:
    for screen in (settings_view.privacy(), settings_view.privacy_for_strangers()):
        text = sound(screen)
        assert all(words in text for _, words in consent.POINTS)
    assert {"s:data", "s:withdraw", "s:erase"} <= set(data(settings_view.privacy()))
    sound(settings_view.withdrawn())
    sound(settings_view.erased())
    assert "/work  Go on" in sound(settings_view.help_for([("work", "Go on")]))


def test_a_menu_begins_with_what_fewest_people_may_use() -> None:
    names = [name for name, _ in routes.menu(["student", "coordinator"])]
    assert names.index("project") < names.index("work") < names.index("privacy") < names.index("help")
    assert "roles" not in names
    assert routes.menu(["student"])[0][0] == "work"
    assert {"roles", "project"} <= {name for name, _ in routes.menu(["admin"])}


def test_a_button_that_telegram_would_refuse_is_a_fault() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        Screen(Text().plain("x"), [[Button("x", "é" * 33)]]).payload()
    assert grid([Button("a"), Button("b"), Button("c")], 2) == [[Button("a"), Button("b")], [Button("c")]]


def test_unpaid_training_and_exam_are_said_before_they_begin() -> None:
    plan = {"training": 4, "exam": 10}
    for paid, words, sum_told in (
        (
            {"training_paid": False},
            "Training is not paid on this project. The exam is, passed or not.",
            "$4.00",
        ),
        ({"exam_paid": False}, "The exam is not paid on this project. Training is.", "$1.60"),
        ({"training_paid": False, "exam_paid": False}, "None of it is paid on this project", "$0.00"),
        ({}, "All of it is paid, passed or not.", "$5.60"),
    ):
        project = stored(define(qualification=plan, pay={**PAY, **paid}))
        text = sound(work_view.stage_begins(StageBegins(project, "training", False)))
        assert words in text
        assert f"about {sum_told}." in text
        assert (words in sound(projects_view.details(Offer(project, None, 3)))) == bool(paid)


def test_each_scheme_is_told_before_the_first_item() -> None:
    times = {"currency": "USD", "expected_seconds": 60, "cap_seconds": 180}
    item = {**times, "scheme": "item", "rate_per_item": "0.40", "rates": {"master": "0.55"}}
    floor = {**times, "scheme": "item_with_floor", "rate_per_item": "0.40", "floor_per_hour": "24.00"}
    text = sound(projects_view.details(Offer(stored(define(pay=item)), None, 3, "master")))
    assert "Pay: $0.55 an item, whatever time you take" in text
    assert "$0.40 an item · 3 places left" in sound(
        projects_view.offers([Offer(stored(define(pay=item)), None, 3)])
    )
    text = sound(projects_view.details(Offer(stored(define(pay=floor)), None, 3)))
    assert "Floor: if a week's typical time makes that less than $24.00/h, all are topped up" in text
    assert "$0.40 an item, at least $24.00/h" in sound(
        projects_view.offers([Offer(stored(define(pay=floor)), None, 3)])
    )


def test_a_project_that_is_paused_for_everybody_says_so_and_has_nothing_to_go_on_with() -> None:
    for state, said in (("paused", "paused for everybody"), ("closed", "closed")):
        project = dataclasses.replace(stored(EVERY_KIND), state=state)
        for standing in ("active", "paused", "training"):
            offer = Offer(project, standing, 3)
            listed = projects_view.offers([offer])
            assert f"/h · {said}" in sound(listed)
            assert labels(listed) == ["1 · Details"]
            for screen in (projects_view.details(offer), projects_view.welcome_back(offer)):
                assert "p:go:7" not in data(screen)


def test_a_coordinators_list_says_what_a_paused_project_is() -> None:
    found = [dataclasses.replace(stored(EVERY_KIND), state=state) for state in ("open", "paused")]
    shown = sound(managed_view.listing(found))
    assert shown.count(" · open\n") == 1
    assert shown.count(" · paused, nobody gets items\n") == 1


def test_the_list_says_what_is_behind_each_button() -> None:
    found = [Offer(stored(EVERY_KIND), standing, 3) for standing in ("active", "paused", "removed")]
    assert labels(projects_view.offers(found))[::2] == [
        "1 · Go on",
        "2 · What ends the pause",
        "3 · Why, and whom to ask",
    ]


def test_a_paused_project_offers_what_ends_the_pause_not_to_go_on() -> None:
    for standing, label in (("active", "Go on"), ("paused", "What ends the pause")):
        shown = projects_view.details(Offer(stored(EVERY_KIND), standing, 3))
        assert shown.rows[0][0].label == label
