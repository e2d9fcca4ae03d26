"""Damage to the file is noticed: a small run of `tests.proof_damage`, whose whole run is made on demand."""

from __future__ import annotations

from pathlib import Path

from tests import proof_damage

DAMAGES = 20


def test_random_damages_are_noticed(tmp_path: Path) -> None:
    found = proof_damage.run(tmp_path, DAMAGES, seed=7)
    assert [tally.missed for tally in found] == [[], [], []]
    assert [tally.done for tally in found] == [DAMAGES] * 3
