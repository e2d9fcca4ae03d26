"""What the answers of one item come to: classes, labels, states, and how many more judgments are wanted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.labels import Sure, of_item
from rules.project_file import Project
from rules.quality import questions, verdicts
from rules.quality.model import Model, fit
from rules.quality.questions import Asked
from rules.quality.verdicts import Models, Said
from rules.quality.votes import votes_of
from tests.rules.definitions import choice, define, preference, scale, span, steps, tags, text

STEPS = [{"field": "question"}, {"field": "solution"}, {"field": "steps", "as": "steps"}]


def asked(question: dict[str, Any], **more: Any) -> dict[str, Asked]:
    """Give what is modelled of a project with one question."""
    shown = STEPS if question["kind"] == "steps" else STEPS[:2]
    return {one.key: one for one in questions.modelled(define(show=shown, ask=[question], **more))}


@pytest.mark.parametrize(
    ("question", "value", "word"),
    [
        (choice("q", "yes", "no"), "no", "no"),
        (scale("q"), 4, "4"),
        (preference("q"), "both_bad", "both_bad"),
        (steps("q"), {"ratings": [1, -1], "end": "found_error"}, "1"),
        (steps("q"), {"ratings": [1, 0], "end": "solution"}, "-1"),
        (steps("q"), {"ratings": [], "end": "bad_problem"}, "bad_problem"),
        (steps("q"), {"ratings": [1], "end": "give_up"}, None),
        (choice("q", "yes", "no"), "perhaps", None),
    ],
)
def test_the_class_of_an_answer(question: dict[str, Any], value: Any, word: str | None) -> None:
    one = asked(question)["q"]
    place = questions.class_of(one, {"q": value})
    assert (None if place is None else one.classes[place]) == word
    assert questions.class_of(one, {}) is None
    assert one.decides


def test_tags_are_a_question_each_and_decide_nothing() -> None:
    found = asked(tags("why", "sum", "sign"))
    assert list(found) == ["why:sum", "why:sign"]
    assert [questions.class_of(one, {"why": ["sign"]}) for one in found.values()] == [0, 1]
    assert not any(one.decides for one in found.values())


@pytest.mark.parametrize(
    ("gold", "classes"), [(["sum"], [1, 0]), ([], [0, 0]), (["sum", "sign"], [None, None])]
)
def test_a_gold_for_tags_tells_of_a_tag_only_what_it_requires(gold: list[str], classes: list[Any]) -> None:
    found = asked(tags("why", "sum", "sign", at_least=0))
    assert [questions.gold_class(one, {"why": gold}) for one in found.values()] == classes


def test_texts_quotes_and_questions_that_wait_for_others_decide_nothing() -> None:
    waits = choice("size", "small", "large", when={"correct": "no"})
    found = questions.modelled(
        define(ask=[choice("correct", "yes", "no"), waits, text("note"), span("where")])
    )
    assert [(one.key, one.decides) for one in found] == [("correct", True), ("size", False)]
    assert questions.deciding(found) == found[:1]


def fitted(project: Project, version: int, rows: list[tuple[int, int, int]], golds: dict[int, int]) -> Models:
    """Fit the lead question of a project to (person, item, class) rows."""
    lead = questions.modelled(project)[0]
    model = fit(votes_of(rows, golds, len(lead.classes))[0], verdicts.bounds_of(project))
    return Models(version, {lead.key: model})


def careful(golds: int = 40) -> list[tuple[int, int, int]]:
    """Make the answers of five people, four of whom are nearly always right; the fifth guesses."""
    rows = []
    for item in range(golds):
        for person in range(1, 5):
            rows.append((person, item, item % 2 if (item + person) % 13 else 1 - item % 2))
        rows.append((5, item, (item // 2) % 2))
    return rows


MATHS = define(ask=[choice("correct", "yes", "no")], quality={"overlap": [2, 4]})
LEAD = questions.modelled(MATHS)
BEFORE = fitted(MATHS, 0, [], {})
AFTER = fitted(MATHS, 7, careful(), {item: item % 2 for item in range(40)})


def said(*votes: tuple[int, str]) -> list[Said]:
    return [Said(person, {"correct": word}) for person, word in votes]


def judged(models: Models, *votes: tuple[int, str]) -> verdicts.Verdict:
    return verdicts.verdict(MATHS, LEAD, models, said(*votes))


def test_before_the_first_fit_agreement_alone_decides() -> None:
    assert judged(BEFORE, (1, "yes")).wanted == 1
    assert judged(BEFORE, (1, "yes"), (2, "yes")).wanted == 0
    assert judged(BEFORE, (1, "yes"), (2, "no")).wanted == 1
    assert judged(BEFORE, (1, "yes"), (2, "no"), (3, "yes")).wanted == 1


def test_after_it_who_answers_counts() -> None:
    assert judged(AFTER, (1, "yes"), (2, "yes")).wanted == 0
    assert judged(AFTER, (1, "yes"), (5, "no")).told[0].label == "yes"
    assert judged(AFTER, (5, "yes"), (1, "no")).told[0].label == "no"
    guessed, known = judged(AFTER, (5, "yes"), (5, "yes")), judged(AFTER, (1, "yes"), (2, "yes"))
    assert guessed.told[0].confidence < known.told[0].confidence


def test_an_item_is_in_doubt_only_when_nobody_else_is_asked_and_its_answers_disagree() -> None:
    assert judged(AFTER, (1, "yes"), (2, "no")).told[0].state == "open"
    split = judged(AFTER, (1, "yes"), (2, "no"), (3, "yes"), (4, "no"))
    assert (split.wanted, split.told[0].state) == (0, "unsure")
    alike = judged(AFTER, (5, "yes"), (5, "yes"), (5, "yes"), (5, "yes"))
    assert (alike.wanted, alike.told[0].state) == (0, "settled"), "they agree, however little it says"


def test_a_late_answer_wants_nothing_more() -> None:
    votes = [(1, "yes"), (2, "no"), (3, "yes"), (4, "no"), (5, "no")]
    assert judged(AFTER, *votes).wanted == 0
    assert judged(AFTER, *votes).told[0].given == 5


def test_who_gave_up_takes_a_place_and_says_nothing() -> None:
    project = define(show=STEPS, ask=[steps("check")], quality={"overlap": [1, 3]})
    lead = questions.modelled(project)
    models = Models(3, {"check": fit(votes_of((), {}, len(lead[0].classes))[0], verdicts.bounds_of(project))})
    gave_up = Said(1, {"check": {"ratings": [], "end": "give_up"}})
    for count, wanted in ((1, 1), (2, 1), (3, 0)):
        found = verdicts.verdict(project, lead, models, [gave_up] * count)
        assert (found.wanted, found.told[0].label, found.told[0].given) == (wanted, None, 0)
    assert verdicts.verdict(project, lead, models, [gave_up] * 3).told[0].state == "unsure"


@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["yes", "no"])), max_size=7))
def test_what_is_told_is_bounded_and_the_order_of_answers_does_not_matter(
    votes: list[tuple[int, str]],
) -> None:
    for models in (BEFORE, AFTER):
        found = judged(models, *votes)
        [told] = found.told
        assert 0 <= told.low <= told.confidence <= told.high <= verdicts.MILLION
        assert 0 <= told.urgency <= verdicts.URGENCY_MOST
        assert (told.label is None) == (not votes)
        assert told.state == "open" if found.wanted else told.state in ("settled", "unsure")
        again = judged(models, *reversed(votes))
        assert (again.wanted, again.told[0].state) == (found.wanted, told.state)
        assert abs(again.told[0].confidence - told.confidence) <= 1


def test_an_item_wanted_its_answers_up_to_the_one_with_which_it_had_enough() -> None:
    def stops(*words: str | None) -> int:
        given_words = [None if word is None else Said(1, {"correct": word}) for word in words]
        return verdicts.stops_at(MATHS, LEAD, BEFORE, given_words)

    assert stops() == 0
    assert stops("yes") == 1
    assert stops("yes", "yes", "no", "no") == 2
    assert stops("yes", "no", "yes") == 3
    assert stops("yes", "no", "no", "no", "no", "no") == 4
    assert stops("yes", None, "yes", "yes") == 3, "one that does not count is none of them"


def test_a_confidence_is_claimed_only_where_golds_stand_behind_it() -> None:
    opinion = fitted(MATHS, 2, careful(), {})
    found = verdicts.sure_of(LEAD[0], opinion, said((1, "no"), (2, "no")))
    assert found == Sure("no")
    sure = verdicts.sure_of(LEAD[0], AFTER, said((1, "no"), (2, "no")))
    assert sure is not None
    assert (sure.word, sure.golds) == ("no", 40)
    assert sure.low is not None
    assert sure.confidence is not None
    assert sure.high is not None
    assert 0.5 < sure.low <= sure.confidence <= sure.high <= 1
    assert sure.confidence <= 41 / 42, "never surer than its golds can show"
    assert verdicts.sure_of(LEAD[0], AFTER, []) is None


def test_a_label_is_what_the_model_believes_and_not_what_most_say() -> None:
    values = [{"correct": "no"}, {"correct": "no"}, {"correct": "yes"}]
    leading = of_item(MATHS, values, {"correct": Sure("yes", 0.9, 0.8, 0.95, 30)})["correct"]
    assert (leading.value, leading.share, leading.sure) == ("yes", 0.3333, Sure("yes", 0.9, 0.8, 0.95, 30))
    assert of_item(MATHS, values, {"correct": Sure(None)})["correct"].value is None


def test_labels_of_scales_steps_and_tags_are_believed_in_their_own_form() -> None:
    rated = {"ratings": [1, -1], "end": "found_error"}
    right = {"ratings": [1, 1], "end": "solution"}
    project = define(show=STEPS, ask=[scale("size"), steps("check"), tags("why", "sum", "sign")])
    values: list[dict[str, Any]] = [
        {"size": 2, "check": right, "why": ["sum"]},
        {"size": 5, "check": rated, "why": ["sum", "sign"]},
    ]
    beliefs = {
        "size": Sure("5", 0.7),
        "check": Sure("1", 0.8),
        "why:sum": Sure("yes", 0.99),
        "why:sign": Sure("no", 0.6),
    }
    found = of_item(project, values, beliefs)
    assert found["size"].value == 5
    assert found["check"].value == {"first_wrong": 1, "ratings": [1, -1], "end": "found_error"}
    assert (found["why"].value, found["why"].share) == (["sum"], 0.5)
    assert found["why"].sure == Sure("no", 0.6), "the least certain tag stands for all"


def test_two_hundred_options_are_no_trouble() -> None:
    wide = Model.from_json(
        fit(votes_of([(1, 1, 150), (2, 1, 150)], {}, 200)[0], verdicts.bounds_of(MATHS)).to_json()
    )
    words = tuple(map(str, range(200)))
    found = verdicts.sure_of(
        Asked("q", words), Models(1, {"q": wide}), [Said(1, {"q": "150"}), Said(2, {"q": "150"})]
    )
    assert found == Sure("150")
