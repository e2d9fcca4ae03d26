"""Seeds the demo's database: projects, people, and a day of earlier work. Every step is an action of the bot's own, at a
time that this module moves; nothing is written past them."""

from __future__ import annotations

import dataclasses
import json
import random
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from actions import (
    consents,
    invitations,
    items,
    judgments,
    ledger,
    people,
    profiles,
    projects,
    qualifications,
    reach,
    work,
)
from actions.outcomes import ExamEnded, Explained, Recorded, Stepped
from actions.people import Visitor
from actions.ports import Sources, Store, Tx
from actions.projects import Project
from actions.work import Card, Next
from bot import app
from bot.cli_base import Halt
from bot.demo.people import ADA, ADAM, CORA, EARLIER, Somebody
from bot.settings import Settings
from rules import answers, item_file
from rules.audience import Profile
from rules.credit import DAY_MS, HOUR_MS, SECOND_MS
from rules.profile import guessed_zone
from rules.project_file import Choice, Scale
from rules.qualification import Progress

P = ParamSpec("P")
T = TypeVar("T")

HERE = Path(__file__).parent
OWN = (HERE / "answers.toml", HERE / "answers.jsonl"), (HERE / "ratings.toml", HERE / "ratings.jsonl")
CHANCE = 2024
"""The same seed gives every newcomer the same demo."""
WORK_EACH = 12
BEN_USES = 25
TAPS_MAX = 40


@dataclasses.dataclass(slots=True)
class Stage:
    """A store at a time that the seeding moves."""

    store: Store
    now_ms: int
    chance: random.Random
    gold: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)

    async def do(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run an action a little later than the one before."""
        self.now_ms += SECOND_MS
        return await self.store.write(action, *args, **kwargs)

    def visitor(self, somebody: Somebody) -> Visitor:
        """Give somebody as the bot sees them."""
        return somebody.visitor(self.store.vault)


async def seed(settings: Settings, now_ms: int, project: Path | None, item_file_path: Path | None) -> str:
    """Fill an empty database; give the token of the invitation that waits for the new student.

    `project`, `item_file_path`: somebody's own project instead of the demo's two. Raises ProjectTrouble, a refusal
    or Halt when their files cannot be used.
    """
    stage: Stage
    chance = random.Random(CHANCE)  # noqa: S311 - it decides nothing but how the demo looks
    sources = Sources(lambda: stage.now_ms, chance.random, lambda: secrets.token_urlsafe(16))
    async with app.open_store(settings, sources) as store:
        stage = Stage.__new__(Stage)
        stage.now_ms = now_ms - DAY_MS
        stage.store, stage.chance, stage.gold = store, chance, {}
        await _staff(stage)
        made = [await _project(stage, *files) for files in _files(project, item_file_path)]
        token = await stage.do(invitations.create, role="student", project_id=made[0].id, uses=BEN_USES)
        if project is None:
            await _earlier_work(stage, made)
            await _ada_by_the_road(stage, made[0])
        else:
            await _ada_at_once(stage, made[0])
        stage.now_ms = max(stage.now_ms, now_ms - HOUR_MS)
        await stage.do(ledger.approve_due)
    return token
