"""The field's own readers on our exports: Hugging Face's `datasets` loads every format, `mlcroissant` validates every Croissant file.

    python3 -m venv /tmp/oracle
    /tmp/oracle/bin/pip install -e . hypothesis datasets mlcroissant
    /tmp/oracle/bin/python -m tests.oracles.datasets

Both are large and none of ours, so this stands apart from the default check. Exit code 1 when anything is not read as it was written.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot import parquet
from rules.formats.exports import card, croissant, formats
from rules.formats.exports.croissant import Stored
from rules.formats.exports.file import DataFile
from rules.formats.exports.formats import Format
from rules.formats.exports.judged import Judged, Wishes
from rules.project_file import Project
from tests.rules.definitions import choice, define, scale, tags, text
from tests.rules.judged_items import CHAIN, COMPARISON, judged

ITEMS = 300
MATHS = define(
    ask=[
        choice("correct", "yes", "no"),
        tags("why", "x", when={"correct": "no"}),
        scale("clear"),
        text("reason"),
    ],
    quality={"overlap": [2, 4]},
)
TRL = {
    "trl-preference": {"prompt": "string", "chosen": "string", "rejected": "string"},
    "trl-unpaired": {"prompt": "string", "completion": "string", "label": "bool"},
    "trl-stepwise": {"prompt": "string", "completions": ["string"], "labels": ["bool"]},
}
"""The columns that TRL names in docs/source/dataset_formats.md, and their types."""


def items(project: Project) -> Iterator[Judged]:
    """Make items of every outcome, with texts that break careless readers."""
    for number in range(ITEMS):
        hard = f"{number}: «a<b», $\\frac{{1}}{{2}}$, 😀,\n\"quoted\", tab\there, 'single', שלום"
        fields: dict[str, Any] = {"question": hard, "solution": f"={number}", "problem": hard}
        fields |= {"answer_a": f"{hard} A", "answer_b": f"{hard} B", "steps": [hard, "then", f"so {number}"]}
        yield judged(project, fields, list(_answers(project, number)), external_id=f"item-{number}")


def _answers(project: Project, number: int) -> Iterator[dict[str, Any]]:
    for _ in range(2):
        if project is COMPARISON:
            yield {"better": ("a", "b", "tie", "both_bad")[number % 4]}
        elif project is CHAIN:
            ratings, end = ([1, -1], "found_error") if number % 2 else ([1, 0, 1], "solution")
            yield {"check": {"ratings": ratings, "end": end}}
        elif number % 2:
            yield {"correct": "yes", "clear": 4, "reason": ""}
        else:
            yield {"correct": "no", "why": ["x"], "clear": 1 + number % 5, "reason": f"-{number}"}


def export(folder: Path, form: Format) -> list[dict[str, Any]]:
    """Write a folder as the command line does, and give the rows that went into it."""
    project = {"preference": COMPARISON, "steps": CHAIN}.get(form.needs, MATHS)
    data = DataFile(form, formats.plan(form, project, Wishes(licence="CC-BY-4.0")))
    path = folder / f"{form.name}.{form.shape}"
    rows: list[dict[str, Any]] = []
    if form.shape == "parquet":
        writer = parquet.Writer(path, data.columns)
        for item in items(project):
            for row in data.rows(item):
                rows.append(row)
                writer.add(data.record(row))
        writer.close()
    else:
        twin = DataFile(form, data.plan)
        written = data.head()
        for item in items(project):
            rows += twin.rows(item)
            written += data.text(item)
        path.write_text(written + data.tail(), encoding="utf-8", newline="\n")
    raw = path.read_bytes()
    stored = Stored(path.name, len(raw), hashlib.sha256(raw).hexdigest())
    (folder / "README.md").write_text(card.write(data.report, path.name), encoding="utf-8")
    (folder / "croissant.json").write_text(croissant.write(data.report, stored), encoding="utf-8")
    return rows


def loaded(folder: Path, form: Format, rows: list[dict[str, Any]]) -> str:
    """Load a folder with `datasets`, which finds the data file by the card, and hold it against the rows."""
    found = importlib.import_module("datasets").load_dataset(
        str(folder), split="train", cache_dir=str(folder / ".cache")
    )
    assert len(found) == len(rows) > 0, (len(found), len(rows))
    if form.name in TRL:
        assert {name: _type(found.features[name]) for name in found.features} == TRL[form.name], (
            found.features
        )
    if form.shape == "jsonl" and form.name in TRL:
        assert list(found) == rows
    if form.shape == "parquet":
        assert found[0]["id" if "id" in found[0] else "judgment"] is not None
    return f"{len(found)} rows, {', '.join(found.column_names)}"


def _type(feature: Any) -> Any:
    inner = getattr(feature, "feature", None)
    return [_type(inner)] if inner is not None else feature.dtype


def validated(folder: Path, form: Format, rows: list[dict[str, Any]]) -> str:
    """Validate the metadata with `mlcroissant`, and read the rows through it."""
    dataset = importlib.import_module("mlcroissant").Dataset(jsonld=str(folder / "croissant.json"))
    issues = dataset.metadata.ctx.issues
    assert not issues.errors, issues.report()
    told = f"no errors, {len(issues.warnings)} warnings"
    if not dataset.metadata.record_sets:
        return told
    records = list(dataset.records("rows"))
    assert len(records) == len(rows), (len(records), len(rows))
    if form.name in TRL:
        assert _text(records[0]["rows/prompt"]) == rows[0]["prompt"]
    return f"{told}, {len(records)} records"


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def main() -> int:
    """Try every format with both readers and say how it went."""
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    logging.disable(logging.INFO)
    datasets = importlib.import_module("datasets")
    datasets.disable_progress_bars()
    wrong = 0
    readers: list[tuple[str, Callable[[Path, Format, list[dict[str, Any]]], str]]]
    readers = [("datasets", loaded), ("mlcroissant", validated)]
    for form in formats.ALL:
        with tempfile.TemporaryDirectory() as name:
            rows = export(Path(name), form)
            json.loads((Path(name) / "croissant.json").read_text())
            for reader, read in readers:
                try:
                    said = read(Path(name), form, rows)
                except Exception as error:
                    wrong += 1
                    said = f"WRONG {type(error).__name__}: {str(error)[:2000]}"
                print(f"{form.name:<18} {reader:<12} {said}")
    print("All is read as it was written." if not wrong else f"{wrong} wrong.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
