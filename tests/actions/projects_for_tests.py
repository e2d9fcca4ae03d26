"""Small projects and items for the tests of actions, written for them."""

from __future__ import annotations

from actions import items, projects, work
from actions.projects import Project
from rules.item_file import Item
from storage.tx import Tx
from tests.actions.conftest import Db

TOML = """
slug = "sums"
title = "Check sums"
instructions = "Read the sum. Is it right?"
language = "en"
[pay]
currency = "USD"
rate_per_hour = "24.00"
expected_seconds = 30
cap_seconds = 120
[qualification]
training = {training}
exam = {exam}
pass_score = 0.5
retry_after_hours = 24
[quality]
gold_share = {gold_share}
gold_share_bounds = [0.0, 0.5]
overlap = [2, 4]
[[show]]
field = "sum"
[[ask]]
id = "correct"
kind = "choice"
text = "Is it right?"
options = [{{ value = "yes", label = "Correct" }}, {{ value = "no", label = "Wrong" }}]
[[ask]]
id = "why"
kind = "tags"
text = "What is wrong?"
when = {{ correct = "no" }}
options = [{{ value = "digit", label = "Digit" }}, {{ value = "sign", label = "Sign" }}]
"""


def make(
    db: Db, *, training: int = 0, exam: int = 0, golds: int = 0, work_items: int = 6, gold_share: float = 0.0
) -> Project:
    """Make an open project with so many items of each use; every gold answer is "yes"."""
    text = TOML.format(training=training, exam=exam, gold_share=gold_share)
    db.run(projects.create_or_update, None, text)
    project = db.run(projects.by_slug, "sums")
    fill(db, project.id, training=training, exam=exam, gold=golds, work=work_items)
    return db.run(projects.by_slug, "sums")


def fill(db: Db, project_id: int, *, training: int = 0, exam: int = 0, gold: int = 0, work: int = 6) -> None:
    """Give a project so many items of each use, and open it."""
    batch = [
        Item(f"{use}-{number}", use, f'{{"sum":"{number} + 1 = {number + 1}"}}', right, why)
        for use, count, right, why in (
            ("training", training, '{"correct":"yes"}', "Because it is."),
            ("exam", exam, '{"correct":"yes"}', None),
            ("gold", gold, '{"correct":"yes"}', None),
            ("work", work, None, None),
        )
        for number in range(count)
    ]
    db.run(items.import_batch, project_id, batch)
    db.run(_open, project_id)


def _open(tx: Tx, project_id: int) -> None:
    tx.run("projects.set_state", id=project_id, state="open", now_ms=tx.now_ms)


def card_of(following: object) -> work.Card:
    """Give the card that comes next, or fail with what came instead."""
    assert isinstance(following, work.Card), following
    return following
