"""Every export format on rows of its exact published shape, what is left out of it and why, and whom it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from rules.formats.exports import formats
from rules.formats.exports.judged import CannotExport, Wishes
from rules.project_file import Project
from tests.rules.definitions import EVERY_KIND, choice, define, preference, scale, span, steps, tags, text
from tests.rules.judged_items import CHAIN, COMPARISON, PAIR, STEPS, judged, rows, why_not

A, B, TIE, BAD = ({"better": word} for word in ("a", "b", "tie", "both_bad"))
MATHS = define(quality={"overlap": [2, 4]})
SUM = {"question": "2 + 2?", "solution": "5"}


def check(end: str, *ratings: int) -> dict[str, Any]:
    return {"check": {"ratings": list(ratings), "end": end}}


WRONG = check("found_error", 1, -1)


def test_trl_preference() -> None:
    assert rows("trl-preference", judged(COMPARISON, PAIR, [B, B])) == [
        {"prompt": "2 + 2?", "chosen": "5", "rejected": "4"}
    ]
    assert rows("trl-preference", judged(COMPARISON, PAIR, [A, B, A, A])) == [
        {"prompt": "2 + 2?", "chosen": "4", "rejected": "5"}
    ]


@pytest.mark.parametrize("name", ["trl-preference", "openai-dpo"])
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([A], "not settled yet"),
        ([A, B], "not settled yet"),
        ([A, B, B, A], "no answer leads"),
        ([TIE, TIE], "the two answers are as good as each other"),
        ([BAD, BAD], "both answers are bad"),
    ],
)
def test_what_has_no_better_answer_is_left_out_of_training(name: str, given: list[Any], why: str) -> None:
    assert why_not(name, judged(COMPARISON, PAIR, given)) == why


def test_two_answers_of_the_same_text_are_no_pair() -> None:
    assert "same text" in why_not("trl-preference", judged(COMPARISON, PAIR | {"answer_b": "4"}, [A, A]))


def test_openai_dpo() -> None:
    assert rows("openai-dpo", judged(COMPARISON, PAIR, [A, A])) == [
        {
            "input": {
                "messages": [{"role": "user", "content": "2 + 2?"}],
                "tools": [],
                "parallel_tool_calls": True,
            },
            "preferred_output": [{"role": "assistant", "content": "4"}],
            "non_preferred_output": [{"role": "assistant", "content": "5"}],
        }
    ]


def test_trl_unpaired() -> None:
    row = {"prompt": "2 + 2?", "completion": "5"}
    assert rows("trl-unpaired", judged(MATHS, SUM, [{"correct": "no"}] * 2)) == [row | {"label": False}]
    assert rows("trl-unpaired", judged(MATHS, SUM, [{"correct": "yes"}] * 2)) == [row | {"label": True}]
    unsure = define(ask=[choice("correct", "yes", "no", "unsure")], quality={"overlap": [2, 4]})
    item = judged(unsure, SUM, [{"correct": "unsure"}] * 2)
    assert why_not("trl-unpaired", item) == "the answer means neither good nor bad"
    assert rows("trl-unpaired", item, good=("unsure",), completion="question") == [
        {"prompt": "5", "completion": "2 + 2?", "label": True}
    ]


def test_trl_stepwise() -> None:
    assert rows("trl-stepwise", judged(CHAIN, STEPS, [WRONG, check("found_error", 0, -1)])) == [
        {"prompt": "2 + 2 + 2?", "completions": ["2 + 2 = 4", "4 + 2 = 7"], "labels": [True, False]}
    ]
    right = [check("solution", 1, 0, 1), check("solution", 1, 1, 0)]
    assert rows("trl-stepwise", judged(CHAIN, STEPS, right)) == [
        {"prompt": "2 + 2 + 2?", "completions": STEPS["steps"], "labels": [True, True, True]}
    ]


def test_trl_stepwise_goes_on_behind_an_error_while_the_ratings_do() -> None:
    shown = [{"field": "problem"}, {"field": "steps", "as": "steps"}]
    project = define(show=shown, ask=[steps("check", stop_at_error=False)], quality={"overlap": [2, 4]})
    given = [check("found_error", -1, 1, 1), check("found_error", -1, 1, -1)]
    assert rows("trl-stepwise", judged(project, STEPS, given)) == [
        {"prompt": "2 + 2 + 2?", "completions": ["2 + 2 = 4", "4 + 2 = 7"], "labels": [False, True]}
    ]


@pytest.mark.parametrize("name", ["trl-stepwise", "processbench"])
def test_a_bad_problem_and_a_tie_are_left_out_of_training(name: str) -> None:
    assert why_not(name, judged(CHAIN, STEPS, [check("bad_problem")] * 2)) == "the problem itself is bad"
    split = [WRONG, check("found_error", -1), check("solution", 1, 1, 1), check("bad_problem")]
    assert why_not(name, judged(CHAIN, STEPS, split)) == "no answer leads"
    assert why_not(name, judged(CHAIN, STEPS, [WRONG])) == "not settled yet"


def test_prm800k() -> None:
    told = {"ground_truth_answer": "6", "ground_truth_solution": 7}
    (line,) = rows("prm800k", judged(CHAIN, STEPS | told, [WRONG]))
    assert line == {
        "labeler": "s1",
        "timestamp": "2023-11-14T22:14:27.000",
        "generation": None,
        "is_quality_control_question": False,
        "is_initial_screening_question": False,
        "question": {
            "problem": "2 + 2 + 2?",
            "ground_truth_solution": None,
            "ground_truth_answer": "6",
            "pre_generated_steps": STEPS["steps"],
            "pre_generated_answer": None,
            "pre_generated_verifier_score": None,
        },
        "label": {
            "steps": [
                {
                    "completions": [{"text": "2 + 2 = 4", "rating": 1, "flagged": False}],
                    "human_completion": None,
                    "chosen_completion": 0,
                },
                {
                    "completions": [{"text": "4 + 2 = 7", "rating": -1, "flagged": False}],
                    "human_completion": None,
                    "chosen_completion": None,
                },
            ],
            "total_time": 7000,
            "finish_reason": "found_error",
        },
    }


def test_prm800k_names_quality_control_only_when_asked() -> None:
    gold = judged(CHAIN, STEPS, [WRONG], use="gold", gold={"check": 1})
    exam = judged(CHAIN, STEPS, [WRONG], use="exam", gold={"check": 1})
    marks = ("is_quality_control_question", "is_initial_screening_question")
    assert [rows("prm800k", gold)[0][mark] for mark in marks] == [False, False]
    assert [rows("prm800k", gold, with_gold=True)[0][mark] for mark in marks] == [True, False]
    assert [rows("prm800k", exam, with_gold=True)[0][mark] for mark in marks] == [False, True]


def test_processbench() -> None:
    told = {"generator": "Qwen2-7B-Instruct", "final_answer_correct": False}
    assert rows("processbench", judged(CHAIN, STEPS | told, [WRONG, WRONG])) == [
        {
            "id": "i1",
            "generator": "Qwen2-7B-Instruct",
            "problem": "2 + 2 + 2?",
            "steps": STEPS["steps"],
            "final_answer_correct": False,
            "label": 1,
        }
    ]
    (row,) = rows("processbench", judged(CHAIN, STEPS, [check("solution", 1, 1, 1)] * 2))
    assert (row["label"], row["generator"], row["final_answer_correct"]) == (-1, "unknown", None)


def test_lmarena() -> None:
    found = rows("lmarena", judged(COMPARISON, PAIR | {"model_a": "small"}, [A, B, TIE, BAD]))
    assert [row["winner"] for row in found] == ["model_a", "model_b", "tie", "tie (bothbad)"]
    assert found[0] == {
        "question_id": "i1",
        "model_a": "small",
        "model_b": "unknown",
        "winner": "model_a",
        "conversation_a": [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "4"}],
        "conversation_b": [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "5"}],
        "turn": 1,
        "anony": True,
        "language": "en",
        "tstamp": 1_700_000_067.0,
        "conv_metadata": None,
        "is_code": None,
        "is_refusal": None,
        "dedup_tag": None,
        "category_tag": None,
        "judge_hash": "s1",
    }


def test_label_studio_has_a_control_for_every_kind() -> None:
    shown = [{"field": "question"}, {"field": "solution"}, {"field": "steps", "as": "steps"}]
    asks = [
        choice("correct", "yes", "no"), tags("why", "digit"), scale("clear"), preference("better"),
        steps("check"), text("reason"), span("where"),
    ]  # fmt: skip
    project = define(show=shown, ask=asks)
    fields = {**SUM, **PAIR, **STEPS, "secret": "hidden from students"}
    said = {
        "correct": "no", "why": ["digit"], "clear": 4, "better": "b", "reason": "because",
        "where": [{"start": 0, "end": 1}],
    }  # fmt: skip
    (task,) = rows("label-studio", judged(project, fields, [said | WRONG, {"better": "tie"}]))
    assert task["data"] == {"veritap_item": "i1", **{name: fields[name] for name in project.fields}}
    assert task["predictions"] == []
    assert task["meta"] == {"students": {"1": "s1", "2": "s2"}}
    first, second = task["annotations"]
    results = first.pop("result")
    assert first == {
        "id": 1,
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2023-11-14T22:14:27.000Z",
        "updated_at": "2023-11-14T22:14:27.000Z",
        "lead_time": 7.0,
    }
    assert [(one["from_name"], one["to_name"], one["type"], one["value"]) for one in results] == [
        ("correct", "answer_b", "choices", {"choices": ["no"]}),
        ("why", "answer_b", "choices", {"choices": ["digit"]}),
        ("clear", "answer_b", "rating", {"rating": 4}),
        ("better", "answer_a,answer_b", "pairwise", {"selected": "right"}),
        ("check.1", "steps", "choices", {"choices": ["good"]}),
        ("check.2", "steps", "choices", {"choices": ["wrong"]}),
        ("check.end", "steps", "choices", {"choices": ["found_error"]}),
        ("reason", "answer_b", "textarea", {"text": ["because"]}),
        ("where.1", "solution", "labels", {"start": 0, "end": 1, "text": "5", "labels": ["where"]}),
    ]
    assert [one["value"] for one in second["result"]] == [{"choices": ["tie"]}]
    assert len({one["id"] for one in results}) == len(results)


def test_judgments_say_which_side_was_read_first() -> None:
    found = rows("judgments", judged(COMPARISON, PAIR, [A, B]))
    assert [row["read_first"] for row in found] == ["a", "b"]
    assert "read_first" not in rows("judgments", judged(MATHS, SUM, [{"correct": "no"}]))[0]


def test_labels() -> None:
    asks = [choice("correct", "yes", "no"), text("reason")]
    item = judged(
        define(ask=asks, quality={"overlap": [2, 4]}),
        SUM | {"secret": "hidden"},
        [{"correct": "no", "reason": "4!"}, {"correct": "no", "reason": ""}],
        use="gold",
        gold={"correct": "no"},
    )
    (row,) = rows("labels", item)
    assert row == {
        "id": "i1",
        "project": "maths",
        "fields": SUM,
        "labels": {"correct": "no"},
        "confidences": {"correct": None},
        "shares": {"correct": 1.0},
        "counts": {"correct": {"no": 2}},
        "texts": {"reason": ["4!"]},
        "judgments": 2,
        "settled": True,
        "status": None,
        "confidence": None,
        "confidence_low": None,
        "confidence_high": None,
        "golds": None,
    }
    (told,) = rows("labels", item, with_gold=True)
    assert told == row | {"use": "gold", "gold": {"correct": "no"}}


def test_what_was_excluded_is_a_judgment_and_makes_no_label() -> None:
    item = judged(MATHS, SUM, [{"correct": "no"}], status="excluded")
    assert [row["status"] for row in rows("judgments", item)] == ["excluded"]
    assert why_not("labels", item) == "no judgment counts"


@pytest.mark.parametrize(
    ("project", "fitting"),
    [
        (EVERY_KIND, {"trl-unpaired"}),
        (COMPARISON, {"trl-preference", "openai-dpo", "lmarena"}),
        (CHAIN, {"trl-stepwise", "prm800k", "processbench"}),
    ],
)
def test_formats_fit_the_questions(project: Project, fitting: set[str]) -> None:
    always = {f"{noun}{ending}" for noun in ("judgments", "labels") for ending in ("", "-csv", "-parquet")}
    assert {one.name for one in formats.fitting(project)} == always | fitting | {"label-studio"}
    for form in formats.ALL:
        if form in formats.fitting(project):
            formats.plan(form, project, Wishes())
            continue
        with pytest.raises(CannotExport) as caught:
            formats.plan(form, project, Wishes())
        assert str(caught.value).count("\n") == 0
        assert all(name in str(caught.value) for name in fitting)


@pytest.mark.parametrize(
    ("name", "wishes", "said"),
    [
        ("trl-unpaired", {"with_gold": True}, "has no place for gold results"),
        ("trl-unpaired", {"question": "nope"}, 'asks no "nope"; it asks "correct"'),
        ("trl-unpaired", {"prompt": ("nope",)}, 'show no field "nope"; they show "question", "solution"'),
        ("trl-unpaired", {"good": ("maybe",)}, "name the good ones with --good"),
        ("trl-preference", {"question": "correct"}, '"correct" is none'),
    ],
)
def test_a_wish_that_cannot_be_met_is_one_sentence(name: str, wishes: dict[str, Any], said: str) -> None:
    with pytest.raises(CannotExport) as caught:
        formats.plan(formats.find(name), MATHS, Wishes(**wishes))
    assert said in str(caught.value)


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(CannotExport, match="judgments, judgments-csv"):
        formats.find("xml")
