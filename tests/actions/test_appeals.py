"""Appeals: one text, three days, then an admin; the answer to a withholding decides it, and only two people together can take money."""

from __future__ import annotations

import pytest

from actions import appeals, consents, refusals, roles, withholdings, work
from actions.people import Visitor
from rules.credit import DAY_MS
from tests.actions import projects_for_tests as samples
from tests.actions.conftest import Db
from tests.actions.test_withholdings import House
from tests.actions.working import judge

TEXT = "I know these sums by heart."
ANSWER = "We looked at it together."


@pytest.fixture
def house(db: Db) -> House:
    """Make a house."""
    return House(db)


def asked(house: House, about: str, number: int) -> int:
    house.db.run(appeals.begin, house.sam, about, number)
    return house.db.run(appeals.type_text, house.sam, TEXT).appeal.id


def answer(house: House, who: Visitor, appeal_id: int, verdict: str) -> appeals.Case:
    house.db.run(appeals.begin_answer, who, appeal_id, verdict)
    return house.db.run(appeals.type_answer, who, ANSWER)


def test_the_coordinator_gets_it_with_everything_needed(house: House) -> None:
    number = asked(house, "withholding", house.held())
    told = house.db.rows("SELECT person_id FROM deliveries WHERE key LIKE 'appeal:1:asked:%'")
    assert told == [(3,)]
    case = house.db.run(appeals.case, house.cleo, number)
    assert case.text == TEXT
    assert case.withheld is not None
    assert withholdings.sums(case.withheld.shares) == {"USD": 600_000}
    assert (case.can_release, case.can_uphold) == (True, False)
    assert TEXT not in str(house.db.rows("SELECT text FROM appeals")), "what a student writes is sealed"
    assert [one.appeal.id for one in house.db.run(appeals.listing, house.cleo)] == [number]


def test_releasing_gives_the_money_back_and_tells_the_answer(house: House) -> None:
    number = asked(house, "withholding", house.held())
    case = answer(house, house.cleo, number, "release")
    assert (case.appeal.state, case.answer) == ("released", ANSWER)
    assert (house.money("approved"), house.money("withheld")) == (600_000, 0)
    told = house.db.run(appeals.told, number, house.student)
    assert told is not None
    assert told.answer == ANSWER
    assert house.db.value("SELECT COUNT(*) FROM deliveries WHERE key = 'appeal:1:answered'") == 1


def test_upholding_needs_an_admin_who_did_not_propose_it(house: House) -> None:
    held = house.proposed(house.ann)
    house.db.run(withholdings.confirm, house.bob, held, agrees=True)
    number = asked(house, "withholding", held)
    with pytest.raises(refusals.NotAllowed):
        house.db.run(appeals.begin_answer, house.cleo, number, "uphold")
    with pytest.raises(refusals.SamePerson):
        house.db.run(appeals.begin_answer, house.ann, number, "uphold")
    assert answer(house, house.bob, number, "uphold").appeal.state == "upheld"
    assert house.state(held) == "forfeited"
    assert house.db.value("SELECT COUNT(*) FROM entries WHERE kind = 'forfeit' AND actor = 'person:2'") == 3


def test_of_two_answers_the_first_counts(house: House) -> None:
    held = house.held()
    number = asked(house, "withholding", held)
    house.db.run(appeals.begin_answer, house.bob, number, "uphold")
    answer(house, house.cleo, number, "release")
    with pytest.raises(refusals.AppealClosed):
        house.db.run(appeals.type_answer, house.bob, ANSWER)
    assert house.state(held) == "released"


def test_about_an_answer_a_person_replies_and_no_money_moves(house: House) -> None:
    number = asked(house, "judgment", 2)
    case = house.db.run(appeals.case, house.cleo, number)
    assert case.line is not None
    assert (case.line.credited_ms, case.line.amount_micro) == (30_000, 200_000)
    before = house.db.value("SELECT COUNT(*) FROM entries")
    for verdict in ("release", "uphold", "give", ""):
        with pytest.raises(refusals.OutOfDate):
            house.db.run(appeals.begin_answer, house.cleo, number, verdict)
    assert answer(house, house.cleo, number, "answer").appeal.state == "answered"
    assert house.db.value("SELECT COUNT(*) FROM entries") == before


def test_an_answer_whose_pay_is_held_back_is_asked_about_with_the_rest(house: House) -> None:
    held = house.held()
    thing = house.db.run(appeals.begin, house.sam, "judgment", 2)
    assert (thing.about, thing.id) == ("withholding", held)
    house.db.run(withholdings.settle, house.cleo, held, takes=False)
    assert house.db.run(appeals.begin, house.sam, "judgment", 2).about == "judgment"


def test_what_was_decided_cannot_be_asked_about_again(house: House) -> None:
    held = house.held()
    answer(house, house.bob, asked(house, "withholding", held), "uphold")
    for about, number in (("withholding", held), ("judgment", 2)):
        with pytest.raises(refusals.TooLateToAsk):
            house.db.run(appeals.begin, house.sam, about, number)


def test_one_open_question_about_a_thing(house: House) -> None:
    asked(house, "judgment", 1)
    with pytest.raises(refusals.AlreadyAsked):
        house.db.run(appeals.begin, house.sam, "judgment", 1)
    answer(house, house.cleo, 1, "answer")
    assert asked(house, "judgment", 1) == 2


def test_five_open_questions_at_most(house: House) -> None:
    for _ in range(3):
        following = house.db.run(work.go_on, house.sam, house.project.id)
        judge(house.db, house.sam, samples.card_of(following), "o0", 30)
    for number in range(1, 6):
        asked(house, "judgment", number)
    with pytest.raises(refusals.TooManyAppeals):
        house.db.run(appeals.begin, house.sam, "judgment", 6)


@pytest.mark.parametrize(
    ("about", "number"), [("judgment", 99), ("withholding", 99), ("project", 1), ("", 0)]
)
def test_what_is_not_theirs_cannot_be_asked_about(house: House, about: str, number: int) -> None:
    with pytest.raises(refusals.OutOfDate):
        house.db.run(appeals.begin, house.sam, about, number)


def test_nobody_asks_about_what_is_anothers(house: House) -> None:
    other, _ = house.db.join(200)
    with pytest.raises(refusals.OutOfDate):
        house.db.run(appeals.begin, other, "judgment", 1)
    held = house.held()
    for about, number in (("judgment", 1), ("withholding", held)):
        with pytest.raises(refusals.OutOfDate):
            house.db.run(appeals.begin, other, about, number)
    assert house.db.run(withholdings.told, held, house.student + 1) is None


@pytest.mark.parametrize("text", ["", "too short", "x" * 1001, "hidden \u202e direction"])
def test_a_text_has_bounds(house: House, text: str) -> None:
    house.db.run(appeals.begin, house.sam, "judgment", 1)
    with pytest.raises(refusals.WordsOutOfBounds):
        house.db.run(appeals.type_text, house.sam, text)
    assert house.db.value("SELECT COUNT(*) FROM appeals") == 0


def test_after_three_days_the_admins_get_it_once(house: House) -> None:
    asked(house, "judgment", 1)
    house.db.clock.advance(3 * DAY_MS - 1)
    assert house.db.run(appeals.escalate_due) == 0
    house.db.clock.advance(1)
    assert house.db.run(appeals.escalate_due) == 1
    assert house.db.run(appeals.escalate_due) == 0
    told = house.db.rows("SELECT person_id FROM deliveries WHERE key LIKE 'second:appeal:1:%'")
    assert sorted(told) == [(1,), (2,)]


def test_what_is_released_by_itself_leaves_no_question_open(house: House) -> None:
    number = asked(house, "withholding", house.held())
    house.db.clock.advance(14 * DAY_MS)
    house.db.run(withholdings.release_due)
    assert house.db.value("SELECT state FROM appeals WHERE id = :id", id=number) == "lapsed"
    with pytest.raises(refusals.AppealClosed):
        house.db.run(appeals.begin_answer, house.bob, number, "uphold")


def test_somebody_suspended_can_still_say_how_it_was(house: House) -> None:
    held = house.held()
    house.db.connection.execute("UPDATE people SET state = 'suspended' WHERE id = ?", (house.student,))
    assert asked(house, "withholding", held) == 1


def test_what_was_written_goes_with_them_and_can_be_taken_along(house: House) -> None:
    asked(house, "judgment", 1)
    answer(house, house.cleo, 1, "answer")
    own = house.db.run(consents.own_data, house.sam)["appeals"]
    assert [(one["text"], one["answer"], one["judgment"]) for one in own] == [(TEXT, ANSWER, 1)]
    house.db.run(consents.erase, house.sam)
    assert house.db.rows("SELECT text, answer FROM appeals") == [("", "")]


def test_a_coordinator_does_not_answer_their_own(house: House) -> None:
    number = asked(house, "judgment", 1)
    house.db.run(roles.add, house.student, "admin", granted_by=None, because="a test")
    with pytest.raises(refusals.YourOwnMoney):
        house.db.run(appeals.begin_answer, house.sam, number, "answer")
