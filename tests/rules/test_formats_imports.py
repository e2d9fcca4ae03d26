"""Other tools' files: rows of each published shape become items of the project that they fit, with or without their known answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rules import item_file
from rules.item_file import Item
from rules.project_file import Project
from tests.rules.definitions import choice, define, scale
from tests.rules.foreign_rows import (
    ANSWERS,
    BARE_PAIRS,
    CHAINS,
    FIVE,
    FOUR,
    HH,
    LOOSE,
    MAPPED,
    PAIRS,
    PHASE_1,
    PRM,
    PROCESS,
    STEPS,
    TASK,
    TOLOKA,
    USER,
    one,
    open_rows,
)


def fields(project: Project, row: Any, shape: str) -> dict[str, Any]:
    name, item = one(project, row)
    assert name == shape
    assert (item.use, item.gold) == ("work", None)
    found: dict[str, Any] = json.loads(item.fields)
    return found


def known(project: Project, row: Any) -> Any:
    """Give the gold that a row brings where it is asked for; by default it brings none."""
    assert one(project, row)[1].gold is None
    item = one(project, row, gold=True)[1]
    assert item.use == ("work" if item.gold is None else "gold")
    return None if item.gold is None else json.loads(item.gold)


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "What is 2 + 2?", "completion": "It is 4."},
        {"prompt": [USER], "completion": [FOUR]},
    ],
)
def test_trl_prompt_completion(row: dict[str, Any]) -> None:
    found = fields(ANSWERS, row, "trl-prompt-completion")
    assert found == {"question": "What is 2 + 2?", "solution": "It is 4."}


def test_a_longer_talk_says_who_speaks() -> None:
    talk = [{"role": "system", "content": "Be short."}, USER, FOUR, {"role": "user", "content": "Sure?"}]
    found = fields(ANSWERS, {"prompt": talk, "completion": [FOUR]}, "trl-prompt-completion")
    assert (
        found["question"] == "System: Be short.\n\nUser: What is 2 + 2?\n\nAssistant: It is 4.\n\nUser: Sure?"
    )


def test_trl_unpaired_knows_the_verdict() -> None:
    row = {"prompt": "What is 2 + 2?", "completion": " 4", "label": True}
    assert fields(ANSWERS, row, "trl-unpaired") == {"question": "What is 2 + 2?", "solution": " 4"}
    assert known(ANSWERS, row) == {"correct": "yes"}
    assert known(ANSWERS, row | {"label": False}) == {"correct": "no"}
    assert known(define(ask=[choice("correct", "maybe", "never")]), row) is None
    table = ["prompt,completion,label\n", "What is 2 + 2?,5,False\n"]
    (item,) = item_file.open_file(ANSWERS, table, "csv", gold=True).found
    assert isinstance(item, Item)
    assert item.gold == '{"correct":"no"}'


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "What is 2 + 2?", "chosen": "It is 4.", "rejected": "It is 5."},
        {"prompt": [USER], "chosen": [FOUR], "rejected": [FIVE]},
        {"chosen": [USER, FOUR], "rejected": [USER, FIVE]},
        HH,
        {"input": {"messages": [USER]}, "preferred_output": [FOUR], "non_preferred_output": [FIVE]},
    ],
)
def test_pairs(row: dict[str, Any]) -> None:
    shape, item = one(PAIRS, row)
    assert shape in ("trl-preference", "hh-rlhf", "openai-dpo")
    found = json.loads(item.fields)
    assert found["question"] == "What is 2 + 2?"
    assert {found["answer_a"], found["answer_b"]} == {"It is 4.", "It is 5."}
    side = "a" if found["answer_a"] == "It is 4." else "b"
    assert known(PAIRS, row) == {"better": side}


def test_an_implicit_prompt_ends_with_a_word() -> None:
    row = {"chosen": "The sky is blue.", "rejected": "The sky is black."}
    found = fields(PAIRS, row, "trl-preference")
    assert (found["question"], {found["answer_a"], found["answer_b"]}) == (
        "The sky is",
        {" blue.", " black."},
    )
    bare = fields(BARE_PAIRS, row, "trl-preference")
    assert set(bare.values()) == set(row.values())


def test_a_longer_transcript_keeps_who_speaks() -> None:
    talk = "\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: What is 2 + 2?\n\nAssistant:"
    found = fields(PAIRS, {"chosen": f"{talk} 4", "rejected": f"{talk} 5"}, "hh-rlhf")
    assert found["question"] == "Human: Hi\n\nAssistant: Hello\n\nHuman: What is 2 + 2?"
    assert {found["answer_a"], found["answer_b"]} == {"4", "5"}


def test_the_chosen_answer_is_not_always_side_a_and_a_pair_is_one_item_either_way() -> None:
    rows = [{"prompt": f"{number}?", "chosen": "yes", "rejected": "no"} for number in range(200)]
    sides = [json.loads(one(PAIRS, row, gold=True)[1].gold or "")["better"] for row in rows]
    assert 70 < sides.count("a") < 130
    swapped = {"prompt": "0?", "chosen": "no", "rejected": "yes"}
    reading = open_rows(PAIRS, rows[0], swapped)
    assert (
        str(list(reading.found)[1]) == "line 2: shows the same as line 1; if both are wanted, give each an id"
    )


def test_prm800k_gives_the_whole_solution_and_knows_the_first_wrong_step() -> None:
    found = fields(CHAINS, PRM, "prm800k")
    told: dict[str, Any] = PRM["question"]  # type: ignore[assignment]
    assert (found["question"], found["chain"]) == (told["problem"], told["pre_generated_steps"])
    kept = {name: found[name] for name in found if name not in ("question", "chain")}
    assert kept == {
        "ground_truth_solution": "It is 6.",
        "ground_truth_answer": "6",
        "pre_generated_answer": "7",
    }
    assert known(CHAINS, PRM) == {"check": 1}


def test_prm800k_of_the_first_phase_follows_what_was_chosen() -> None:
    found = fields(CHAINS, PHASE_1, "prm800k")
    assert found["chain"] == ["2 + 2 is 4.", "4 + 2 is 6."]
    assert known(CHAINS, PHASE_1) == {"check": -1}


@pytest.mark.parametrize(
    ("reason", "expected"), [("bad_problem", {"check": "bad_problem"}), ("give_up", None), ("solution", None)]
)
def test_prm800k_is_believed_only_where_ratings_and_end_agree(reason: str, expected: Any) -> None:
    row = json.loads(json.dumps(PRM))
    row["label"]["finish_reason"] = reason
    assert known(CHAINS, row) == expected


def test_prm800k_is_not_believed_past_a_step_that_nobody_rated() -> None:
    row = json.loads(json.dumps(PRM))
    row["label"]["steps"][0]["completions"][0]["rating"] = None
    assert known(CHAINS, row) is None


def test_processbench() -> None:
    found = fields(CHAINS, PROCESS, "processbench")
    said = {name: PROCESS[name] for name in ("generator", "final_answer_correct")}
    assert found == {"question": "What is 2 + 2 + 2?", "chain": PROCESS["steps"], **said}
    assert known(CHAINS, PROCESS) == {"check": 1}
    assert known(CHAINS, PROCESS | {"label": -1}) == {"check": -1}
    assert one(CHAINS, PROCESS)[1].external_id == "gsm8k-0"


def test_a_project_that_calls_its_fields_alike_still_reads_the_known_answer() -> None:
    project = define(
        show=[{"field": "generator"}, {"field": "problem"}, {"field": "steps", "as": "steps"}],
        ask=[STEPS | {"field": "steps"}],
    )
    found = fields(project, PROCESS, "processbench")
    assert found == {
        name: PROCESS[name] for name in ("generator", "problem", "steps", "final_answer_correct")
    }


def test_trl_stepwise() -> None:
    row = {"prompt": "9.8 or 9.11?", "completions": ["0.8", "0.11", "so 9.11"], "labels": [True, True, False]}
    assert fields(CHAINS, row, "trl-stepwise") == {"question": "9.8 or 9.11?", "chain": row["completions"]}
    assert known(CHAINS, row) == {"check": 2}
    assert known(CHAINS, row | {"labels": [True, True, True]}) == {"check": -1}
    assert known(CHAINS, row | {"labels": [True]}) is None


def test_openai_chat_judges_the_last_thing_said() -> None:
    row = {"messages": [USER, FIVE, {"role": "user", "content": "Sure?"}, FOUR], "tools": []}
    found = fields(ANSWERS, row, "openai-chat")
    assert found["solution"] == "It is 4."
    assert found["question"] == "User: What is 2 + 2?\n\nAssistant: It is 5.\n\nUser: Sure?"
    parts = {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, FOUR]}
    assert fields(ANSWERS, parts, "openai-chat")["question"] == "Hi"


def test_label_studio_in_lines_and_in_an_array() -> None:
    found = fields(ANSWERS, TASK, "label-studio")
    assert found == TASK["data"]
    assert known(ANSWERS, TASK) == {"correct": "yes", "clear": 4, "why": ["sign", "digit"]}
    for text in (json.dumps([TASK, TASK | {"id": 8}]), json.dumps([TASK, TASK | {"id": 8}], indent=1)):
        reading = item_file.open_file(ANSWERS, item_file.lines_of(text.encode()))
        assert [item.external_id for item in reading.found if isinstance(item, Item)] == ["7", "8"]
    pairwise = {
        "data": {"question": "q", "answer_a": "x", "answer_b": "y"},
        "annotations": [
            {"ground_truth": True, "result": [{"from_name": "better", "value": {"selected": "right"}}]}
        ],
    }
    assert known(PAIRS, pairwise) == {"better": "b"}


def test_toloka_brings_gold_and_training() -> None:
    reading = item_file.open_file(ANSWERS, TOLOKA.splitlines(keepends=True), "tsv")
    assert reading.shape.name == "toloka"
    work, gold, training = (found for found in reading.found if isinstance(found, Item))
    assert json.loads(work.fields) == {"question": 'Say "2 + 2"', "solution": "4"}
    assert (work.use, work.gold) == ("work", None)
    assert (gold.use, json.loads(gold.gold or "")) == ("gold", {"correct": "yes", "clear": 4})
    assert (training.use, training.explanation) == ("training", "It is 6.")
    assert json.loads(training.gold or "") == {"correct": "no", "why": ["digit", "sign"]}


def test_a_hint_alone_trains_nobody_and_steps_stand_in_a_cell() -> None:
    head, row = "INPUT:question\tINPUT:chain\tGOLDEN:check\tHINT:text\n", '1?\t["a", "b"]\t\tThink.\n'
    (item,) = item_file.open_file(
        CHAINS, [head, row.replace('"', '""').replace("[", '"[').replace("]", ']"')], "tsv"
    ).found
    assert isinstance(item, Item)
    assert (item.use, json.loads(item.fields)["chain"]) == ("work", ["a", "b"])


def test_toloka_with_another_question_is_one_sentence() -> None:
    rows = TOLOKA.replace("GOLDEN:correct", "GOLDEN:result").splitlines(keepends=True)
    reading = item_file.open_file(ANSWERS, rows, "tsv")
    assert reading.trouble == (
        'The file is Toloka, which answers "result" in the column "GOLDEN:result", which the project does not ask; '
        'it asks "correct", "clear", "why".'
    )


def test_a_map_reads_any_row() -> None:
    name, item = one(MAPPED, LOOSE)
    assert (name, item.external_id, item.use, item.gold) == ("map", "k1", "gold", '{"correct":"yes"}')
    assert json.loads(item.fields) == {"question": "2 + 2?", "solution": "4"}
    without = {key: value for key, value in LOOSE.items() if key not in ("ok", "meta")}
    assert one(MAPPED, without)[1].use == "work"
    reading = open_rows(MAPPED, LOOSE, {**LOOSE, "responses": []})
    assert str(list(reading.found)[1]) == 'line 2: has no "solution"'


def test_a_map_adds_to_what_a_known_shape_brings() -> None:
    project = define(
        map={"author": "generator"},
        show=[{"field": "question"}, {"field": "chain", "as": "steps"}],
        ask=[STEPS],
    )
    found = fields(project, PROCESS, "processbench")
    said = {name: PROCESS[name] for name in ("generator", "final_answer_correct")}
    assert found == {"question": "What is 2 + 2 + 2?", "chain": PROCESS["steps"], "author": "Some-7B", **said}


def test_a_map_reads_a_table_whose_columns_have_dots() -> None:
    project = define(
        map={"question": "data.q", "solution": "a", "gold.clear": "c"},
        ask=[choice("correct", "yes", "no"), scale("clear")],
    )
    reading = item_file.open_file(project, ["data.q,a,c\n", "2 + 2?,4,5\n"], "csv")
    (item,) = reading.found
    assert isinstance(item, Item)
    assert (reading.shape.name, item.gold) == ("map", '{"clear":5}')


def test_our_own_rows_stay_our_own() -> None:
    own = {"question": "q", "solution": "s"}
    assert one(ANSWERS, own)[0] == "native"
    assert one(ANSWERS, own | {"chosen": "a", "rejected": "b"})[0] == "native"
    assert one(ANSWERS, own | {"prompt": "a", "completion": "b", "label": True})[0] == "native"
    project = define(show=[{"field": "prompt"}, {"field": "completion"}])
    assert one(project, {"prompt": "q", "completion": "s", "source": "x"})[0] == "native"
    row = {"prompt": "q", "completion": "s", "label": True, "gold": {"correct": "no"}}
    assert one(project, row)[1].gold == '{"correct":"no"}'
    assert open_rows(MAPPED, own).shape.name == "native"


def test_steps_in_a_cell_are_a_json_list() -> None:
    table = ["question,chain,gold\n", '1 + 1?,"[""It is 2."", ""Done.""]","{""check"": 1}"\n', "1?,one,\n"]
    good, bad = item_file.read(CHAINS, table, "csv")
    assert isinstance(good, Item)
    assert json.loads(good.fields)["chain"] == ["It is 2.", "Done."]
    assert str(bad) == 'line 3: "chain" must be a list of texts, not a text ("one")'
