"""Exports: live judgments of agreeing students only, the same bytes every time, and nothing that tells gold from work unless asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from actions import consents, disputes, exports, judgments, refusals, second_looks
from actions.offers import SecondLook
from actions.projects import Project
from rules.formats.exports import card, croissant, formats
from rules.formats.exports.croissant import Stored
from rules.formats.exports.file import DataFile
from rules.formats.exports.judged import Wishes
from rules.formats.exports.report import Report
from storage.tx import Tx
from tests.actions.conftest import Db
from tests.actions.crowd import refit
from tests.actions.disputed import scene
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge, start, work_through

KEYS = [
    "judgment",
    "project",
    "item",
    "student",
    "answers",
    "use",
    "shown_at_ms",
    "answered_at_ms",
    "credited_ms",
    "amount_micro",
    "currency",
    "status",
]


@pytest.fixture
def project(db: Db) -> Project:
    return make(db, training=1, exam=2, golds=2, work_items=40, gold_share=0.5)


def written(db: Db, project: Project, name: str = "judgments", **wishes: Any) -> tuple[str, Report]:
    """Write an export as the command line does."""

    def write(tx: Tx) -> tuple[str, Report]:
        form, wanted = formats.find(name), Wishes(**wishes)
        data = DataFile(form, formats.plan(form, project.rules, wanted))
        late, text = 0, data.head()
        for page in exports.pages(tx, project, wanted.with_gold):
            text += "".join(data.text(item) for item in page.items)
            late += page.late
        data.report.withheld = exports.withheld(exports.extent(tx, project.id, wanted.with_gold), late)
        return text + data.tail(), data.report

    return db.run(write)


def export(db: Db, project: Project, *, with_gold: bool = False) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(db, project, with_gold=with_gold)[0].splitlines()]


def test_a_line_has_exactly_the_promised_keys_in_order(db: Db, project: Project) -> None:
    work_through(db, project, students=3)
    for row in export(db, project):
        assert list(row) == KEYS
        assert row["use"] == "work"
    for row in export(db, project, with_gold=True):
        assert list(row) == [*KEYS[:6], "correct", *KEYS[6:]]
        assert (row["correct"] is not None) == (row["use"] != "work")


def test_with_gold_every_live_judgment_is_there_once_as_it_was_given(db: Db, project: Project) -> None:
    work_through(db, project, students=3)
    rows = export(db, project, with_gold=True)
    assert sorted(row["judgment"] for row in rows) == [
        number for (number,) in db.rows("SELECT id FROM judgments ORDER BY id")
    ]
    assert {row["use"] for row in rows} == {"training", "exam", "gold", "work"}
    first = next(row for row in rows if row["judgment"] == 1)
    assert first == {
        "judgment": 1,
        "project": "sums",
        "item": "training-0",
        "student": db.value("SELECT pseudonym FROM people WHERE id = 1"),
        "answers": {"correct": "yes"},
        "use": "training",
        "correct": True,
        "shown_at_ms": 1_700_000_000_000,
        "answered_at_ms": 1_700_000_007_000,
        "credited_ms": 7_000,
        "amount_micro": 46_667,
        "currency": "USD",
        "status": "counted",
    }
    wrong = next(row for row in rows if row["answers"].get("correct") == "no")
    assert wrong["answers"] == {"correct": "no", "why": ["digit"]}
    assert all(row["correct"] == (row["answers"]["correct"] == "yes") for row in rows if row["use"] != "work")


def test_without_gold_work_is_whole_and_training_and_exams_are_not_there(db: Db, project: Project) -> None:
    work_through(db, project, students=3)
    items = {row["item"].partition("-")[0] for row in export(db, project)}
    assert items == {"gold", "work"}
    kept = {row["judgment"] for row in export(db, project)}
    assert kept >= {number for (number,) in db.rows("SELECT id FROM judgments WHERE use = 'work'")}


def test_an_item_gives_no_more_judgments_than_any_other_would_get(db: Db, project: Project) -> None:
    work_through(db, project, students=8, items=12)
    most = project.rules.quality.overlap[1]
    counts = db.rows("SELECT COUNT(*) FROM judgments WHERE use = 'gold' GROUP BY item_id")
    assert max(count for (count,) in counts) > most, "everybody meets gold"
    rows = export(db, project)
    assert max(sum(row["item"] == one["item"] for row in rows) for one in rows) <= most
    _, report = written(db, project)
    live = db.value("SELECT COUNT(*) FROM judgments WHERE use IN ('work', 'gold')")
    assert report.withheld.late == live - len(rows) > 0


def twin(db: Db, path: Path) -> Db:
    """Copy a database and change only which items are gold: all become work, and one work item becomes gold."""
    copy = path / "twin.db"
    db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(db.path, copy)
    other = Db(copy)
    run = other.connection.execute
    run("UPDATE items SET use = 'work', gold = NULL WHERE use = 'gold'")
    run("UPDATE judgments SET use = 'work', correct = NULL WHERE use = 'gold'")
    (chosen,) = other.rows("SELECT MIN(item_id) FROM judgments WHERE use = 'work'")[0]
    run("UPDATE items SET use = 'gold', gold = ? WHERE id = ?", ('{"correct":"no"}', chosen))
    run("UPDATE judgments SET use = 'gold', correct = 0 WHERE item_id = ?", (chosen,))
    return other


@pytest.mark.parametrize("is_fitted", [False, True])
def test_which_items_are_gold_changes_no_byte_of_any_file(
    db: Db, project: Project, tmp_path: Path, is_fitted: bool
) -> None:
    work_through(db, project, students=8, items=12)
    assert (refit(db) if is_fitted else 1) == 1
    other = twin(db, tmp_path)
    names = [one.name for one in formats.fitting(project.rules) if one.shape != "parquet"]
    assert "trl-unpaired" in names
    for name in names:
        texts = []
        for database in (db, other):
            text, report = written(database, project, name)
            about = card.write(report, "x"), croissant.write(report, Stored("x", 1, "0"))
            texts.append((text, *about))
        assert texts[0] == texts[1], name
        assert len(texts[0][0].splitlines()) > 3, name
        if formats.find(name).tells_gold:
            told, its_twin = (written(database, project, name, with_gold=True)[0] for database in (db, other))
            assert told != its_twin, f"{name} with gold would tell the two apart"
    other.connection.close()


def test_the_same_database_gives_the_same_bytes(db: Db, project: Project) -> None:
    work_through(db, project, students=3)
    for form in formats.fitting(project.rules):
        once, report = written(db, project, form.name)
        db.clock.advance(86_400_000)
        again, another = written(db, project, form.name)
        assert once == again
        assert card.write(report, "x") == card.write(another, "x")


def test_pages_meet_without_gap_or_repeat(db: Db, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    work_through(db, project, students=3)
    whole = export(db, project)
    items = len({row["item"] for row in whole})
    assert items > 4
    for page in (1, 4, items, items + 1):
        monkeypatch.setattr(exports, "PAGE", page)
        assert export(db, project) == whole


def test_an_undone_judgment_is_left_out(db: Db) -> None:
    project = make(db)
    visitor, following = start(db, project, 1)
    following = judge(db, visitor, card_of(following), "o0")
    assert len(export(db, project)) == 1
    card = card_of(following)
    db.run(judgments.tap, visitor, card.token, card.step, "u")
    assert export(db, project) == []


def test_who_took_their_consent_back_is_left_out_and_counted(db: Db, project: Project) -> None:
    work_through(db, project, students=3)
    before = export(db, project, with_gold=True)
    gone = db.value("SELECT pseudonym FROM people WHERE id = 2")
    lines_of_gone = sum(row["student"] == gone for row in before)
    db.run(consents.withdraw, db.visitor(101))
    after = export(db, project, with_gold=True)
    assert after == [row for row in before if row["student"] != gone]
    assert db.run(exports.extent, project.id, True) == exports.Extent(len(before), lines_of_gone, 1)
    for form in formats.fitting(project.rules):
        text, report = written(db, project, form.name)
        assert gone not in text
        assert gone not in card.write(report, "x")
        assert "1 student who withdrew their consent" in card.write(report, "x")


def test_a_label_rests_on_counted_judgments_of_agreeing_students(db: Db) -> None:
    project = make(db, work_items=1)
    for number, tap in enumerate(("o0", "o1", "o1", "o1")):
        visitor, following = start(db, project, 100 + number)
        judge(db, visitor, card_of(following), tap)
    (row,) = map(json.loads, written(db, project, "labels")[0].splitlines())
    assert (row["labels"], row["judgments"]) == ({"correct": "no", "why": ["digit"]}, 4)
    assert (row["shares"]["correct"], row["settled"], row["confidence"]) == (0.75, True, None)
    db.run(consents.withdraw, db.visitor(101))
    db.connection.execute("UPDATE judgments SET status = 'excluded' WHERE person_id = 3")
    (row,) = map(json.loads, written(db, project, "labels")[0].splitlines())
    assert (row["labels"]["correct"], row["judgments"], row["settled"]) == (None, 2, False)
    assert row["counts"]["correct"] == {"no": 1, "yes": 1}
    text, report = written(db, project, "labels", settled_only=True)
    assert (text, dict(report.left_out)) == ("", {"not settled yet": 1})
    text, report = written(db, project, "labels", least_judgments=3)
    assert (text, dict(report.left_out)) == ("", {"fewer than 3 judgments count": 1})


def test_a_seniors_ruling_leaves_with_their_consent_and_a_coordinators_stays(db: Db) -> None:
    made = scene(db)
    visitor, _person = made.senior()
    following = made.answer(visitor, card_of(made.next(visitor)), "o1")
    assert isinstance(following, SecondLook)
    db.run(second_looks.decide, visitor, following.token, "k")

    def label() -> tuple[str | None, str]:
        (row,) = map(json.loads, written(db, made.project, "labels")[0].splitlines())
        return row["labels"]["correct"], row["status"]

    assert label() == ("no", "adjudicated")
    db.run(consents.withdraw, visitor)
    assert label() == (None, "unsure"), "as if they had never been asked"
    db.run(consents.give, visitor)
    assert label() == ("no", "adjudicated")
    db.run(disputes.rule, made.coordinator, 1, ["o0"])
    db.run(consents.withdraw, visitor)
    assert label() == ("yes", "adjudicated")


def test_after_a_fit_labels_say_how_sure_they_are_and_what_stands_behind_it(db: Db, project: Project) -> None:
    work_through(db, project, students=6, items=20)
    text, report = written(db, project, "labels")
    assert {json.loads(line)["confidence"] for line in text.splitlines()} == {None}
    assert "no gold items stand behind" in card.write(report, "x")
    assert refit(db) == 1
    text, report = written(db, project, "labels")
    rows = [json.loads(line) for line in text.splitlines()]
    sure = [row for row in rows if row["confidence"] is not None]
    assert len(sure) > 5
    for row in sure:
        assert 0 <= row["confidence_low"] <= row["confidence"] <= row["confidence_high"] <= 1
        assert row["golds"] == db.value("SELECT golds FROM models WHERE question = 'correct'") == 2
        assert row["status"] in ("open", "settled", "unsure")
        assert row["confidences"]["correct"] <= 3 / 4, "two golds stand behind it"
    assert f"calibrated on {sure[0]['golds']} gold items" in card.write(report, "x")
    flat = written(db, project, "labels-csv")[0].splitlines()[0].split(",")
    assert {
        "confidence",
        "confidence_low",
        "confidence_high",
        "golds",
        "status",
        "confidence.correct",
    } <= set(flat)


def test_a_project_without_judgments_gives_an_empty_file(db: Db, project: Project) -> None:
    assert export(db, project) == []
    assert db.run(exports.extent, project.id) == exports.Extent(0, 0, 0)
    assert written(db, project, "label-studio")[0] == "[\n]\n"
    assert written(db, project, "labels-csv")[0].startswith("id,project,sum,label.correct,")


def test_only_its_managers_export_a_project_and_only_its_owner_sees_gold(db: Db, project: Project) -> None:
    work_through(db, project, students=3)
    owner, person = db.join(900, "coordinator")
    helper, second = db.join(901, "coordinator")
    stranger, _ = db.join(902, "coordinator")
    admin, _ = db.join(903, "admin")
    db.connection.execute("UPDATE projects SET owner_id = ?", (person.id,))
    db.connection.execute("INSERT INTO project_coordinators VALUES (1, ?)", (second.id,))
    with pytest.raises(refusals.NotYourProject):
        db.run(exports.offered, stranger, project.id)
    with pytest.raises(refusals.NotYourProject):
        db.run(exports.managed_page, stranger, project.id, False, 0)
    owns = [db.run(exports.offered, visitor, project.id).owns for visitor in (owner, helper, admin)]
    assert owns == [True, False, True]
    uses = {item.use for item in db.run(exports.managed_page, helper, project.id, True, 0).items}
    assert uses == {"gold", "work"}, "what is asked for without the right is given without gold"
    assert "training" in {item.use for item in db.run(exports.managed_page, owner, project.id, True, 0).items}
