"""`veritap export` as people use it: every format, the files beside it, refusals in a sentence, and the same bytes twice."""

from __future__ import annotations

import csv
import hashlib
import importlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from rules.formats.exports import formats
from tests.bot.terminal import Terminal

FITTING = ("judgments", "judgments-csv", "labels", "labels-csv", "trl-unpaired", "label-studio")


@pytest.fixture
def judged(with_project: Terminal) -> Terminal:
    """A command line on a project on which three students have judged six items; the last one withdrew their consent."""
    connection = sqlite3.connect(with_project.database, isolation_level=None)
    run = connection.execute
    for person in (1, 2, 3):
        run(
            "INSERT INTO people (id, pseudonym, contact, profile, state, joined_ms) VALUES (?, ?, '', '', 'ready', 0)",
            (person, f"s-{person}"),
        )
        run(
            "INSERT INTO consents (person_id, version, digest, given_ms, withdrawn_ms) VALUES (?, '1', 'd', 0, ?)",
            (person, 5 if person == 3 else None),
        )
    items = run("SELECT id, use FROM items WHERE use IN ('work', 'gold') ORDER BY use, id LIMIT 6").fetchall()
    for place, (item, use) in enumerate(items):
        for person in (1, 2, 3):
            token, moment = f"t{item}-{person}", 1_700_000_000_000 + place * 1000 + person
            run(
                "INSERT INTO assignments (token, person_id, project_id, item_id, attempt, use, state, step, draft, page, pages_seen, "
                "first_shown_ms, shown_ms, spent_ms, lease_expires_ms, rate_micro, currency, cap_ms) "
                "VALUES (?, ?, 1, ?, 1, ?, 'judged', 0, '', 0, 0, 0, 0, 0, 0, 0, 'USD', 0)",
                (token, person, item, use),
            )
            answers = json.dumps({"correct": "yes" if place % 2 else "no"})
            run(
                "INSERT INTO judgments (token, person_id, project_id, item_id, use, answers, shown_ms, answered_ms, credited_ms, "
                "amount_micro, currency, status) VALUES (?, ?, 1, ?, ?, ?, ?, ?, 700, 5, 'USD', 'counted')",
                (token, person, item, use, answers, moment - 700, moment),
            )
    connection.close()
    return with_project


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_help_lists_every_format(veritap: Terminal) -> None:
    out, _ = veritap("export", "--help")
    lines = out.splitlines()
    for form in formats.ALL:
        assert [line for line in lines if line.split()[:1] == [form.name] and line.endswith(form.words)], (
            form.name
        )


@pytest.mark.parametrize("name", FITTING)
def test_each_format_is_written_twice_alike_with_what_belongs_to_it(judged: Terminal, name: str) -> None:
    written = []
    for _ in range(2):
        target = judged.folder / f"out.{formats.find(name).shape}"
        out, err = judged("export", "maths", "--format", name, "--out", target, "--licence", "CC-BY-4.0")
        assert err == ""
        assert "Left out: 6 judgments of 1 student who withdrew their consent." in out
        beside = [
            target,
            *(target.with_name(f"{target.name}.{end}") for end in ("card.md", "croissant.json")),
        ]
        written.append([path.read_bytes() for path in beside])
    assert written[0] == written[1]
    data, about, metadata = written[0]
    assert b"s-3" not in b"".join(written[0])
    assert len(data.splitlines()) >= 6
    assert about.startswith(b"---\nlicense: cc-by-4.0\n")
    found = json.loads(metadata)
    assert found["distribution"][0]["sha256"] == hashlib.sha256(data).hexdigest()
    assert found["distribution"][0]["contentSize"] == f"{len(data)} B"
    assert [path.name for path in judged.folder.iterdir() if "part" in path.name] == []


def test_labels_and_training_rows_come_from_agreeing_students(judged: Terminal) -> None:
    target = judged.folder / "labels.jsonl"
    assert "6 rows" in judged("export", "maths", "--format", "labels", "--out", target)[0]
    assert {row["judgments"] for row in read(target)} == {2}
    assert {row["labels"]["correct"] for row in read(target)} == {"yes", "no"}
    out, _ = judged("export", "maths", "--format", "trl-unpaired", "--out", target, "--min-judgments", "3")
    assert "0 rows" in out
    assert "Left out: 6 items: fewer than 3 judgments count." in out
    judged("export", "maths", "--format", "trl-unpaired", "--out", target, "--good", "no")
    rows = read(target)
    assert sorted(row["label"] for row in rows) == [False] * 3 + [True] * 3
    assert all(set(row) == {"prompt", "completion", "label"} for row in rows)


def test_only_with_gold_are_gold_items_told_apart(judged: Terminal) -> None:
    target = judged.folder / "judgments.csv"
    judged("export", "maths", "--format", "judgments-csv", "--out", target)
    with target.open(newline="") as file:
        plain = list(csv.DictReader(file))
    assert {row["use"] for row in plain} == {"work"}
    assert "correct" not in plain[0]
    judged("export", "maths", "--format", "judgments-csv", "--out", target, "--with-gold")
    with target.open(newline="") as file:
        assert {row["use"] for row in csv.DictReader(file)} == {"work", "gold"}


def test_a_folder_gets_a_data_set_that_the_hub_takes_as_it_is(judged: Terminal) -> None:
    folder = judged.folder / "maths"
    for _ in range(2):
        judged("export", "maths", "--format", "labels", "--out", f"{folder}/")
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "croissant.json", "labels.jsonl"]
    assert '    path: "labels.jsonl"\n' in (folder / "README.md").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "trl-preference"], "trl-preference needs a question of the kind preference"),
        (["--format", "prm800k"], "these formats fit: judgments, judgments-csv"),
        (["--format", "trl-unpaired", "--with-gold"], "has no place for gold results"),
        (["--question", "nope", "--format", "trl-unpaired"], 'maths asks no "nope"'),
        (["--min-judgments", "many"], "'many' is not a whole number from 0 to 1,000"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(judged: Terminal, words: list[str], said: str) -> None:
    target = judged.folder / "out.jsonl"
    line = judged.refuses("export", "maths", "--out", target, *words)
    assert said in line
    assert "\n" not in line
    assert not target.exists()


def test_a_name_that_promises_another_format_is_refused(judged: Terminal) -> None:
    line = judged.refuses("export", "maths", "--out", judged.folder / "out.csv")
    assert "judgments is written as .jsonl, and out.csv ends in .csv" in line


def test_parquet_says_what_is_missing(judged: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.import_module

    def without(name: str, *more: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(importlib, "import_module", without)
    target = judged.folder / "out.parquet"
    line = judged.refuses("export", "maths", "--format", "labels-parquet", "--out", target)
    assert line.startswith("Parquet files need pyarrow, which is not installed.")
    assert not target.exists()
