"""Files around the rows: tables that spreadsheets cannot run, dataset cards and Croissant metadata as their readers want them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import item_file
from rules.formats.exports import card, cells, croissant, formats
from rules.formats.exports.croissant import Stored
from rules.formats.exports.file import DataFile
from rules.formats.exports.judged import Wishes
from rules.formats.exports.report import Withheld
from rules.item_file import Item
from tests.rules.definitions import choice, define, scale, tags, text
from tests.rules.judged_items import CHAIN, COMPARISON, PAIR, STEPS, begin, judged

MATHS = define(
    ask=[
        choice("correct", "yes", "no"),
        tags("why", "x", when={"correct": "no"}),
        scale("clear"),
        text("reason"),
    ],
    quality={"overlap": [2, 4]},
)
SUM = {"question": "=1+1?", "solution": 'It is "2",\nsaid @Ada'}
SAID: list[dict[str, Any]] = [
    {"correct": "no", "why": ["x"], "clear": 1, "reason": "-1"},
    {"correct": "no", "why": ["x"], "clear": 2, "reason": ""},
]


@pytest.mark.parametrize("word", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''-"])
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(word: str) -> None:
    assert cells.guarded(word) == f"'{word}"
    assert cells.bare(cells.guarded(word)) == word


@given(st.text(max_size=6) | st.text("'=+-@\t\rab", max_size=6))
def test_every_cell_comes_back_as_it_was(word: str) -> None:
    kept = cells.guarded(word)
    assert kept[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert cells.bare(kept) == word


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (None, ""),
        (True, "true"),
        (-1, "-1"),
        (0.5, "0.5"),
        ("é", "é"),
        (["=1"], '["=1"]'),
        ({"a": 1}, '{"a":1}'),
    ],
)
def test_values_are_written_as_cells(value: Any, word: str) -> None:
    assert cells.cell(value) == word


def table(data: DataFile, *items: Any) -> list[dict[str, str]]:
    text = data.head() + "".join(data.text(item) for item in items) + data.tail()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_table_of_judgments() -> None:
    first, second = table(begin("judgments-csv", MATHS), judged(MATHS, SUM, SAID))
    assert (first["answer.correct"], first["answer.why"], first["answer.clear"]) == ("no", '["x"]', "1")
    assert (first["answer.reason"], second["answer.reason"]) == ("'-1", "")
    assert (first["item"], first["use"], first["credited_ms"]) == ("i1", "work", "7000")


def test_a_table_of_labels_is_read_back_as_items() -> None:
    plain = SUM | {"solution": '\'- It is "2",\nsaid @Ada'}
    data = begin("labels-csv", MATHS)
    (row,) = table(data, judged(MATHS, plain, SAID))
    assert (row["label.correct"], row["share.correct"], row["label.clear"]) == ("no", "1.0", "")
    assert (row["texts.reason"], row["counts.clear"]) == ('["-1"]', '{"1":1,"2":1}')
    assert (row["judgments"], row["settled"], row["confidence"]) == ("2", "false", "")
    lines = (data.head() + data.text(judged(MATHS, plain, SAID))).splitlines(keepends=True)
    (item,) = item_file.read(MATHS, lines, "csv")
    assert isinstance(item, Item)
    assert item.external_id == "i1"
    assert {name: json.loads(item.fields)[name] for name in plain} == plain


def test_a_field_called_like_a_column_does_not_hide_it() -> None:
    project = define(show=[{"field": "settled"}, {"field": "label.correct"}])
    (row,) = table(
        begin("labels-csv", project),
        judged(project, {"settled": "no!", "label.correct": "?"}, [{"correct": "yes"}]),
    )
    assert (row["field.settled"], row["field.label.correct"]) == ("no!", "?")
    assert (row["label.correct"], row["settled"]) == ("yes", "false")


def test_label_studio_is_one_list_with_numbered_tasks() -> None:
    data = begin("label-studio", MATHS)
    items = [judged(MATHS, SUM, SAID, external_id=f"i{number}") for number in range(3)]
    tasks = json.loads(data.head() + "".join(map(data.text, items)) + data.tail())
    assert [task["id"] for task in tasks] == [1, 2, 3]
    assert [task["data"]["veritap_item"] for task in tasks] == ["i0", "i1", "i2"]


def filled(name: str = "labels", **wishes: Any) -> DataFile:
    data = begin(name, MATHS, **wishes)
    data.text(judged(MATHS, SUM, SAID))
    data.text(judged(MATHS, SUM, SAID[:1], external_id="i2", status="held"))
    data.report.withheld = Withheld(withdrawn=12, withdrawn_students=2, late=3)
    return data


def test_the_card_opens_with_the_head_that_the_hub_reads() -> None:
    written = card.write(filled(licence="CC-BY-4.0").report, "maths.jsonl")
    assert written.split("---\n")[1] == (
        "license: cc-by-4.0\nlanguage:\n- en\n"
        'pretty_name: "Check maths: labels"\n'
        "size_categories:\n- n<1K\ntask_categories:\n- text-classification\n"
        "tags:\n- veritap\n- human-feedback\n"
        'configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: "maths.jsonl"\n'
    )
    assert "license: unknown\n" in card.write(filled().report, "x")
    own = card.write(filled(licence="Our own: terms").report, "x")
    assert 'license: other\nlicense_name: "Our own: terms"\n' in own


def test_the_card_says_how_it_was_made_and_what_is_missing() -> None:
    written = card.write(filled().report, "maths.jsonl")
    for words in (
        "- `correct` (choice): correct? Yes (`yes`), No (`no`)",
        "- `clear` (scale): clear? from 1 (bad) to 5 (good)",
        "> Read it all.",
        "paid 24.00 USD an hour",
        "An item gets 2 to 4 judgments",
        "| `clear` | ordinal | 0.000 | -1.000 | 1 | 2 |",
        "| `correct` | nominal | all alike | 1.000 | 1 | 2 |",
        "the share of the answers behind a label is not a confidence",
        "- 12 judgments of 2 students who withdrew their consent",
        "- all judgments made in training and exams",
        "- 3 judgments given after their item had settled",
        "- 1 judgment, held until somebody has looked at it: not in any label",
        "- 1 item: no judgment counts",
        "| answered | 2023-11-14 to 2023-11-14 |",
        "None was named.",
    ):
        assert words in written, words


def test_croissant_describes_the_file_and_how_it_was_annotated() -> None:
    found = json.loads(
        croissant.write(filled(licence="cc-by-sa-4.0").report, Stored("maths.jsonl", 12, "ab" * 32))
    )
    assert found["conformsTo"] == [
        "http://mlcommons.org/croissant/1.1",
        "http://mlcommons.org/croissant/RAI/1.0",
    ]
    assert found["license"] == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert found["datePublished"] == "2023-11-14"
    (file,) = found["distribution"]
    assert (file["@id"], file["sha256"], file["encodingFormat"]) == (
        "maths.jsonl",
        "ab" * 32,
        "application/jsonlines",
    )
    (rows,) = found["recordSet"]
    columns = [column.name for column in filled().columns if column.type != "object"]
    assert [field["@id"] for field in rows["field"]] == [f"rows/{name}" for name in columns]
    assert (
        found["citeAs"]
        == "@misc{maths, title={Check maths: labels}, year={2023}, note={Judged with Veritap}}"
    )
    assert found["rai:annotationsPerItem"].startswith("2 to 4")
    assert found["rai:dataCollectionTimeframe"] == ["2023-11-14", "2023-11-14"]
    assert "clear alpha 0.000 (ordinal), AC1 -1.000" in found["rai:dataAnnotationAnalysis"][0]
    assert {"rai:dataAnnotationProtocol", "rai:dataAnnotationPlatform", "rai:annotatorDemographics"} <= set(
        found
    )


@pytest.mark.parametrize("form", formats.ALL, ids=lambda form: form.name)
def test_the_columns_of_the_metadata_are_those_of_the_rows(form: formats.Format) -> None:
    made = {
        "preference": judged(COMPARISON, PAIR, [{"better": "a"}] * 2),
        "steps": judged(CHAIN, STEPS, [{"check": {"ratings": [-1], "end": "found_error"}}] * 2),
    }
    item = made.get(form.needs, judged(MATHS, SUM, SAID[:1] * 2))
    for with_gold in {False, form.tells_gold}:
        data = DataFile(form, formats.plan(form, item.project, Wishes(with_gold=with_gold)))
        (row, *_) = data.rows(item)
        numbered = {"id"} if form.shape == "json" else set()
        assert set(row) | numbered == {column.name for column in data.columns}
        assert set(data.record(row | {"id": 1})) == {column.name for column in data.columns}


def test_an_empty_file_has_a_card_as_well() -> None:
    data = begin("labels", MATHS)
    assert "holds 0 rows" in card.write(data.report, "x")
    assert "datePublished" not in croissant.write(data.report, Stored("x", 0, "0"))
