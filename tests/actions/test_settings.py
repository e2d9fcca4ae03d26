"""A person's own switches."""

from __future__ import annotations

from actions import settings
from tests.actions.conftest import Db


def test_task_texts_are_plain_for_whoever_wants_them_so(db: Db) -> None:
    ada, bob = db.join(1)[0], db.join(2)[0]
    assert not db.run(settings.of, ada).plain_text
    assert db.run(settings.set_plain, ada, True).plain_text
    assert db.run(settings.of, ada).plain_text
    assert not db.run(settings.of, bob).plain_text
    assert not db.run(settings.set_plain, ada, False).plain_text
