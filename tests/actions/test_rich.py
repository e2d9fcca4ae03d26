"""A refusal of rich messages is obeyed for a day, by everybody, and then forgotten."""

from __future__ import annotations

from actions import rich
from rules.credit import DAY_MS
from tests.actions.conftest import Db


def test_a_refusal_is_obeyed_for_a_day_and_each_further_one_for_a_day_more(db: Db) -> None:
    assert db.run(rich.serves)
    db.run(rich.refuse)
    assert not db.run(rich.serves)
    db.clock.advance(DAY_MS - 1)
    assert not db.run(rich.serves)
    db.clock.advance(1)
    assert db.run(rich.serves)
    db.run(rich.refuse)
    db.clock.advance(DAY_MS - 1)
    assert not db.run(rich.serves)
