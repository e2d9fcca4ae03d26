"""The pages of a project's quality on a screen: whatever a project asks, each fits a message."""

from __future__ import annotations

from actions.agreements import Figure
from actions.project_quality import AgreementPage, Answers, AnswersPage, Labels, LabelsPage, SetAside
from handlers.views import quality as view
from rules.agreement import Measured
from rules.quality import questions
from tests.handlers.screens import WIDEST, data, sound, stored
from tests.rules.definitions import choice, define, tags

MEASURED = Measured(123_456, 1_234_567, 0.123, -0.123, 0.456, 0.789, 0.777, 0.888)
MANY = define(
    ask=[
        choice("is-the-solution-right", "yes", "no"),
        *[
            tags(f"what-went-wrong-{place}", *[f"a-rather-long-tag-{n}" for n in range(20)])
            for place in "abc"
        ],
    ]
)


def test_agreement_on_many_tags_is_read_page_by_page() -> None:
    for rules in (WIDEST, MANY):
        figures = [Figure(asked, MEASURED) for asked in questions.modelled(rules)]
        found = AgreementPage(stored(rules), figures)
        pages = -(-len(figures) // view.FIGURES_A_PAGE)
        assert pages > 2
        said = [sound(view.agreement(found, page)) for page in range(pages)]
        assert sum(one.count("AC1 0.79") for one in said) == len(figures), "none is lost, none comes twice"
        assert f"u:agree:7:{pages - 1}" in data(view.agreement(found)), "the last one is next to the first"
        assert sound(view.agreement(found, 99)) == said[-1]


def test_each_rule_that_sets_answers_aside_is_said_in_words() -> None:
    rules = ("signals:haste+buttons", "signals-decided", "standing")
    aside = [SetAside(rule, "held", 3, 2) for rule in rules]
    said = sound(view.answers(AnswersPage(stored(WIDEST), Answers(90, 9, 0, 80, 40), aside)))
    assert said.count("several signs in one answer") == 2
    assert "signals" not in said


def test_what_too_few_answered_stands_together_at_the_end() -> None:
    unmeasured = Measured(0, 0, None, None, None, None, None, None)
    measured = [MEASURED if not asked.tag else unmeasured for asked in questions.modelled(MANY)]
    figures = [Figure(asked, one) for asked, one in zip(questions.modelled(MANY), measured, strict=True)]
    shown = sound(view.agreement(AgreementPage(stored(MANY), figures[1:] + figures[:1])))
    assert shown.count("too little to measure") == 1, "once a question, not once a tag"
    assert "What went wrong a · a-rather-long-tag-0, a-rather-long-tag-1" in shown
    assert "Is the solution right" in shown, "what is measured is on the first page"


def test_answers_that_are_all_alike_are_said_in_words() -> None:
    asked = questions.modelled(MANY)[0]
    alike = Figure(asked, Measured(12, 30, ac1=1.0))
    shown = sound(view.agreement(AgreementPage(stored(MANY), [alike])))
    assert "all answers are alike" in shown
    assert "α –" not in shown
    assert "AC1 1.00\n" in shown
    assert "too little to measure" not in shown


def test_nothing_set_aside_is_not_counted_out() -> None:
    said = sound(view.answers(AnswersPage(stored(WIDEST), Answers(36, 0, 0, 16, 10), [])))
    assert "36 count" in said
    assert "on hold" not in said
    assert "left out" not in said


def test_what_gets_no_label_is_counted_by_its_answers_and_says_so() -> None:
    found = Labels(0, 0, 0, 0, confidence=0, reach=0, golds=0, of=80, complete=10)
    assert view.labels_line(found) == "10 of 80 items have all their answers"
    shown = sound(view.labels(LabelsPage(stored(MANY), found, [], None, "UTC")))
    assert "10 of 80 items have all their answers" in shown
    assert "get no label" in shown
    assert "settled" not in shown


def test_labels_without_gold_say_so_once_it_is_known() -> None:
    found = Labels(settled=2, unsure=0, open=2, ruled=0, confidence=800_000, reach=0, golds=0, of=4)
    assert view.labels_line(found) == "2 of 4 labels · agreement only, no gold"
    assert view.labels_line(found, is_weighed=False) == "2 of 4 labels"
