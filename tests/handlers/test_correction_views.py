"""The screens of corrections: each fits a Telegram message, says what it must, names nobody, and offers only what may be done."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from actions.appeals import Appeal, Case, Line, Told
from actions.bonuses import Given, Grant, Student
from actions.bonuses import Seen as BonusSeen
from actions.corrections import Adjustment, Begun, Held, Page, Seen, Waiting
from actions.roles import Holder
from actions.two_people import Limit
from actions.withholding_drafts import Begun as HoldBegun
from actions.withholdings import Seen as HoldSeen
from actions.withholdings import Share, Withholding
from handlers.correction_notices import ASKS, BECAME, OPENS
from handlers.views import appeals as appeals_view
from handlers.views import bonuses as bonuses_view
from handlers.views import corrections as view
from handlers.views import withholdings as withholdings_view
from rules.credit import DAY_MS
from tests.handlers.screens import NOW_MS, WIDEST, data, labels, sound, stored
from tests.rules.definitions import EVERY_KIND

WIDE_WORDS = "😀" * 300
HOLDER = Holder(5, "s-4fK2abcdef", "😀" * 60, "wide", "ready", ("student",))
ADJUSTMENT = Adjustment(7, 5, "USD", -5_500_000, WIDE_WORDS, 512, None, "draft", 0, 1, NOW_MS, None, None)
GRANT = Grant(3, 7, "USD", 5_000_000, WIDE_WORDS, 3, "draft", 0, 1, NOW_MS, None, None)
WITHHOLDING = Withholding(
    9, 7, 5, NOW_MS, NOW_MS, WIDE_WORDS, "held", 2, NOW_MS, 1, NOW_MS, NOW_MS + 14 * DAY_MS, None, None
)
SHARES = [Share(number, "USD", 300_000, "pending") for number in range(1, 2_001)]
APPEAL = Appeal(4, 5, 7, 9, None, None, "", "open", NOW_MS, NOW_MS + 3 * DAY_MS, None, "", None, None)
LINE = Line(
    512,
    5,
    7,
    "work",
    NOW_MS,
    400_000,
    180_000,
    180_000,
    1_200_000,
    24_000_000,
    "hour",
    "USD",
    "counted",
    None,
    None,
    None,
)


def seen(**changes: Any) -> Seen:
    what = dataclasses.replace(ADJUSTMENT, **changes)
    return Seen(what, HOLDER, 20_000_000, is_yours=True, can_decide=False)


def held(**changes: Any) -> HoldSeen:
    what = dataclasses.replace(WITHHOLDING, **changes)
    return HoldSeen(what, stored(WIDEST), "s-4fK2abcdef", SHARES, "UTC")


def test_the_preview_says_how_much_why_and_what_it_leaves() -> None:
    text = sound(view.one(seen(reason="An item was shown twice")))
    for words in (
        "−$5.50",
        "An item was shown twice",
        "$20.00 now, $14.50 after it",
        "#512",
        "Not booked yet",
    ):
        assert words in text, words
    assert data(view.one(seen()))[:2] == ["x:do:7", "x:drop:7"]
    assert "Ask a second admin" in labels(view.one(seen(needs_second=1)))


def test_only_who_may_decide_gets_the_buttons() -> None:
    waits = dataclasses.replace(seen(state="waiting"), is_yours=False)
    assert data(view.one(waits)) == ["x:start"]
    assert data(view.one(dataclasses.replace(waits, can_decide=True)))[:2] == ["x:yes:7", "x:no:7"]
    assert data(view.one(seen(state="waiting"))) == ["x:drop:7", "x:start"]
    assert "/roles" in sound(view.one(seen(state="waiting"))), "nobody else could agree"


@pytest.mark.parametrize("state", view.BECAME)
def test_every_state_of_a_correction_and_a_bonus_can_be_shown(state: str) -> None:
    sound(view.one(seen(state=state)))
    grant = dataclasses.replace(GRANT, state=state)
    sound(bonuses_view.one(BonusSeen(grant, stored(WIDEST), "", 1, is_yours=True, can_decide=False)))


def test_a_student_is_told_how_much_why_and_by_whom_in_role() -> None:
    text = sound(view.notice(dataclasses.replace(ADJUSTMENT, reason="Paid twice", needs_second=1)))
    assert "$5.50 was taken back from your approved pay" in text
    assert "Reason: Paid twice" in text
    assert "Decided by an admin; a second one agreed." in text
    assert "!" not in text
    given = sound(view.notice(dataclasses.replace(ADJUSTMENT, amount_micro=1, judgment_id=None, line_id=8)))
    assert "0.000001 USD was added" in given
    assert "payout line 8" in given


def test_the_way_to_a_correction_fits() -> None:
    limit = Limit(50_000_000, 500_000_000, 1, is_yours=True)
    assert "Above 50.00" in sound(view.start(Waiting([ADJUSTMENT] * 8, limit)))
    assert "x:limit-yes:500000000" not in data(view.limit(limit))
    assert "x:limit-yes:500000000" in data(view.limit(dataclasses.replace(limit, is_yours=False)))
    sound(view.ask_limit())
    money = Held("USD", {"pending": 1, "approved": 0, "in_payout": 5, "paid": 6, "withheld": 0})
    page = view.page(Page(HOLDER, [money], [ADJUSTMENT] * 8, ["USD", "EUR"]))
    assert "in a payout" in sound(page)
    assert "x:new:5:EUR" in data(page)
    begun = Begun(HOLDER, "USD", 20_000_000, 512, None, -5_500_000)
    assert "At most what is approved can be taken back: $20.00." in sound(view.ask_amount(begun))
    assert "no names" in sound(view.ask_reason(begun))


def test_a_bonus_shows_its_total_and_what_the_budget_holds() -> None:
    project = stored(EVERY_KIND)
    found = BonusSeen(GRANT, project, "", 12_000_000, is_yours=True, can_decide=False)
    text = sound(bonuses_view.one(found))
    assert "$5.00 to each of 3 students" in text
    assert "Together $15.00" in text
    assert "$12.00 of the budget is left" in text
    sound(bonuses_view.pay(project))
    assert "k:all:7" not in data(bonuses_view.start(project, 0, []))
    assert "k:all:7" in data(bonuses_view.start(project, 3, [GRANT] * 8))
    told = sound(bonuses_view.notice(Given(1, 7, "USD", 5_000_000, "For the hard items", 0), project))
    assert "A bonus for you: $5.00" in told
    assert "For the hard items" in told


def test_pay_held_back_names_the_figures_the_rule_its_end_and_a_person_to_ask() -> None:
    screen = withholdings_view.notice(held(reason="40 answers in 3 seconds each"))
    text = sound(screen)
    for words in (
        "$600.00 for 2,000 answers",
        "until Tue 28 Nov, 22:13",
        "40 answers in 3 seconds each",
        "Rule: ",
        "Everything that is paid, or on its way to you, stays yours.",
        "If nobody decides by Tue 28 Nov, 22:13, it is released to you by itself.",
    ):
        assert words in text, words
    assert "!" not in text
    assert data(screen) == ["q:withholding:9", "w:mine:9"]
    assert "and 1,960 more" in sound(withholdings_view.mine(held()))


@pytest.mark.parametrize("state", [*withholdings_view.STATES, "held"])
def test_every_state_of_pay_held_back_can_be_shown(state: str) -> None:
    sound(withholdings_view.one(held(state=state)))
    if state in ("released", "forfeited"):
        told = withholdings_view.notice(held(state=state, decided_by=None if state == "released" else 1))
        assert data(told) == ["e:now"]
        assert ("by itself" in sound(told)) is (state == "released")


def test_what_may_be_done_about_pay_held_back_depends_on_who_looks() -> None:
    assert data(withholdings_view.one(held())) == ["k:pay:7"]
    may = dataclasses.replace(held(), can_release=True)
    assert data(withholdings_view.one(may)) == ["w:free:9", "k:pay:7"]
    both = dataclasses.replace(may, can_take=True)
    assert data(withholdings_view.one(both)) == ["w:free:9", "w:ask:9", "k:pay:7"]
    assert data(withholdings_view.one(dataclasses.replace(both, appeal_id=4)))[0] == "q:case:4"
    assert "cannot be undone" in sound(withholdings_view.confirm_taking(both))
    begun = HoldBegun(stored(WIDEST), Student(5, "s-4fK2abcdef"), NOW_MS, SHARES, "UTC")
    for ask in (withholdings_view.ask_from, withholdings_view.ask_day, withholdings_view.ask_reason):
        sound(ask(begun))


def case(**changes: Any) -> Case:
    plain = Case(
        appeal=APPEAL,
        project=stored(WIDEST),
        pseudonym="s-4fK2abcdef",
        text="😀" * 500,
        answer="",
        withheld=held(),
        line=None,
        stands=None,
        time_zone="UTC",
        can_release=True,
        can_uphold=False,
        can_answer=False,
        can_bring_back=False,
        can_stay=False,
        is_admin=False,
    )
    return dataclasses.replace(plain, **changes)


def test_an_appeal_has_all_that_is_needed_to_answer_it() -> None:
    text = sound(appeals_view.case(case(text="I know these sums by heart.")))
    for words in ("s-4fK2abcdef", "I know these sums by heart.", "Rule: ", "$600.00", "Answer by Fri 17 Nov"):
        assert words in text, words
    assert data(appeals_view.case(case())) == ["q:do:4:release", "q:list"]
    assert "q:do:4:uphold" in data(appeals_view.case(case(can_uphold=True)))
    about_line = dataclasses.replace(APPEAL, withholding_id=None, judgment_id=512)
    line = case(appeal=about_line, withheld=None, line=LINE, can_release=False, can_answer=True)
    assert "3 min credited of 6 min 40 s, cap 3 min" in sound(appeals_view.case(line))
    assert data(appeals_view.case(line)) == ["q:do:4:answer", "q:list"]
    assert "x:judgment:512" in data(appeals_view.case(dataclasses.replace(line, is_admin=True)))
    for verdict in appeals_view.ASKS:
        sound(appeals_view.ask_answer(case(), verdict))


@pytest.mark.parametrize("state", appeals_view.OUTCOMES)
def test_a_student_reads_what_became_of_it_and_the_answer(state: str) -> None:
    told = Told(dataclasses.replace(APPEAL, state=state), stored(WIDEST), "…", "😀" * 500, "UTC")
    assert "😀" * 500 in sound(appeals_view.answered(told))
    assert "after that an admin gets it" in sound(appeals_view.sent(told))
    sound(appeals_view.listing([told] * 12, [WITHHOLDING] * 12))


def test_each_notice_to_staff_has_its_words_and_its_way() -> None:
    assert set(ASKS) == {*OPENS, "limit"}
    assert {what for what, _agreed in BECAME} < set(OPENS)
