"""Seeds the demo's database: projects, people, and some earlier work.

Every step is an action of the bot's own, at a time that this module moves; nothing is written past them.
"""

from __future__ import annotations

import dataclasses
import json
import random
import secrets
from collections.abc import Callable
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
from bot.cli_base import WRONG, Halt, read_text, say
from bot.demo.people import ADA, ADAM, CORA, EARLIER, Somebody
from bot.settings import Settings
from rules import card as layout
from rules import item_file, project_file
from rules.audience import Profile
from rules.credit import DAY_MS, HOUR_MS, SECOND_MS
from rules.kinds import Choice, Preference, Scale, Span, Steps, Tags, TextAnswer
from rules.profile import guessed_zone
from rules.qualification import Progress

P = ParamSpec("P")
T = TypeVar("T")

HERE = Path(__file__).parent
Files = tuple[Path, Path]
OWN: tuple[Files, ...] = (
    (HERE / "answers.toml", HERE / "answers.jsonl"),
    (HERE / "ratings.toml", HERE / "ratings.jsonl"),
)
CHANCE = 2027
"""The same chance gives every newcomer the same demo."""
WORK_EACH = 12
TAPS_MAX = 60
BAD_LINES_SHOWN = 5


@dataclasses.dataclass(slots=True)
class Stage:
    """A store, at a time that the seeding moves. `gold`: the known answers, by what an item shows."""

    store: Store
    clock: list[int]
    chance: random.Random
    gold: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)

    async def do(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run an action a second after the one before."""
        self.clock[0] += SECOND_MS
        return await self.store.write(action, *args, **kwargs)

    def visitor(self, somebody: Somebody) -> Visitor:
        """Give somebody as the bot sees them."""
        return somebody.visitor(self.store.vault)


async def seed(settings: Settings, now_ms: int, files: Files | None) -> None:
    """Fill an empty database.

    `files`: somebody's own project and items, instead of the demo's. Raises ProjectTrouble, a refusal or Halt when
    they cannot be used.
    """
    clock, chance = [now_ms - DAY_MS], random.Random(CHANCE)  # noqa: S311 - it decides only how the demo looks
    sources = Sources(lambda: clock[0], chance.random, lambda: secrets.token_urlsafe(16))
    async with app.open_store(settings, sources) as store:
        stage = Stage(store, clock, chance)
        await _staff(stage)
        made = [await _project(stage, one) for one in ([files] if files else OWN)]
        if files is None:
            for somebody in EARLIER:
                await _worked_before(stage, somebody, made)
            await _qualify_by_the_road(stage, made[0])
        else:
            await _qualify_at_once(stage, made[0])
        clock[0] = max(clock[0], now_ms - HOUR_MS)
        await stage.do(ledger.approve_due)


async def _staff(stage: Stage) -> None:
    for somebody, role in ((ADAM, "admin"), (CORA, "coordinator")):
        token = await stage.do(invitations.create, role=role)
        await stage.do(invitations.accept, stage.visitor(somebody), token)


async def _project(stage: Stage, files: Files) -> Project:
    """Make a project as its coordinator would, import its items and open it."""
    cora = stage.visitor(CORA)
    definition = project_file.parse(read_text(files[0]))
    await stage.do(projects.keep, cora, definition)
    shape = item_file.shape_of(files[1].name)
    with files[1].open(encoding="utf-8", errors="surrogateescape") as lines:
        report = await items.import_lines(stage.store, cora, definition.slug, lines, shape)
    for bad in report.checked.bad[:BAD_LINES_SHOWN]:
        say(f"{files[1].name} {bad}")
    if report.checked.bad_count:
        say(f"{report.checked.bad_count:,} bad lines were left out.")
    if not report.checked.good:
        raise Halt(f"{files[1]} holds no item that can be used.", WRONG)
    for item in report.checked.good:
        if item.gold is not None:
            stage.gold[item.fields] = json.loads(item.gold)
    return (await stage.do(projects.set_state, cora, definition.slug, "open")).project


async def _worked_before(stage: Stage, somebody: Somebody, made: list[Project]) -> None:
    """Let a student come, qualify, work a while on each project, and leave the chat."""
    visitor = stage.visitor(somebody)
    await _come(stage, somebody)
    await stage.do(_tell_profile, visitor)
    for project in made:
        await stage.do(qualifications.join, visitor, project.id)
        await _qualify(stage, visitor, project, somebody.accuracy)
        following = await stage.do(work.begin_stage, visitor, project.id)
        for _ in range(WORK_EACH):
            if not isinstance(following, Card):
                break
            following = await _answer(stage, visitor, following, somebody.accuracy) or following
        await stage.do(work.pause, visitor)
    await stage.do(reach.lose_by_key, visitor.key)


async def _qualify_by_the_road(stage: Stage, project: Project) -> None:
    """Bring the first student to work by training and exam; the first card comes with their first tap."""
    visitor = stage.visitor(ADA)
    await _come(stage, ADA)
    await stage.do(_tell_profile, visitor)
    await stage.do(qualifications.join, visitor, project.id)
    await _qualify(stage, visitor, project, accuracy=1.0)


async def _qualify_at_once(stage: Stage, project: Project) -> None:
    """Bring the first student to work on somebody's own project, past its audience, training and exam."""
    wanted = project.rules.audience
    profile = Profile(
        degree=(wanted.degrees or ["bachelor"])[0],
        field=(wanted.fields or ["maths"])[0],
        languages=tuple(wanted.languages or ["en"]),
        time_zone=guessed_zone("en"),
    )
    await _come(stage, ADA)
    await stage.do(_give_profile, stage.visitor(ADA), profile)
    standing = await stage.do(qualifications.join, stage.visitor(ADA), project.id)
    passed = Progress("active", 1, 0, project.rules.qualification.exam, None)
    await stage.do(qualifications.set_progress, standing, passed)


async def _come(stage: Stage, somebody: Somebody) -> None:
    """Let a student come by an invitation and agree."""
    visitor = stage.visitor(somebody)
    token = await stage.do(invitations.create, role="student")
    await stage.do(invitations.accept, visitor, token)
    await stage.do(consents.give, visitor)


def _tell_profile(tx: Tx, visitor: Visitor) -> None:
    """Answer the profile's four questions."""
    profiles.choose(tx, visitor, "degree", "bachelor")
    profiles.choose(tx, visitor, "field", "maths")
    profiles.languages_done(tx, visitor)
    profiles.choose(tx, visitor, "time_zone", guessed_zone("en"))


def _give_profile(tx: Tx, visitor: Visitor, profile: Profile) -> None:
    """Set a profile that the buttons need not offer, since a project may ask for any field and language."""
    person = people.require(tx, visitor)
    tx.run("people.set_profile", id=person.id, profile=people.seal_profile(tx, profile), state="ready")


async def _qualify(stage: Stage, visitor: Visitor, project: Project, accuracy: float) -> None:
    """Answer training and exam to the end."""
    following: Next | None = await stage.do(work.begin_stage, visitor, project.id)
    for _ in range(TAPS_MAX):
        if not isinstance(following, Card) or following.stage == "work":
            return
        following = await _answer(stage, visitor, following, accuracy)


async def _answer(stage: Stage, visitor: Visitor, card: Card, accuracy: float) -> Next | None:
    """Answer one card, tap by tap, after reading it for a while; give what comes next, None after an exam."""
    known = stage.gold.get(card.fields, {}) if stage.chance.random() < accuracy else {}
    expected_ms = card.project.rules.pay.expected_ms
    stage.clock[0] += int(expected_ms * (0.5 + stage.chance.random()))
    for _ in range(TAPS_MAX):
        outcome = await stage.do(judgments.tap, visitor, card.token, card.step, _tap(stage, card, known))
        match outcome:
            case Stepped(card):
                continue
            case Recorded():
                return outcome.next
            case Explained():
                return await stage.do(work.begin_stage, visitor, card.project.id)
            case ExamEnded():
                return None
            case _:
                raise RuntimeError(f"a student of the demo met {type(outcome).__name__}")
    raise RuntimeError("a student of the demo could not finish a card")


def _tap(stage: Stage, card: Card, known: dict[str, Any]) -> str:
    """Choose the next button of a card: its next page, then the known answer, or one by chance."""
    ask = card.question
    assert ask is not None
    turning = f"g{card.pages_seen + 1}"
    if not layout.may_tap(card.layout, ask, len(card.draft.marks), card.pages_seen, ""):
        return turning
    wanted = known.get(ask.id)
    match ask:
        case Scale():
            return f"v{stage.chance.randint(ask.low, ask.high) if wanted is None else wanted}"
        case Choice():
            values = [option.value for option in ask.options]
            # Most answers that models write are right, so who guesses says yes more often.
            guess = 0 if stage.chance.random() < 0.7 else stage.chance.randrange(len(values))
            return f"o{values.index(wanted) if wanted in values else guess}"
        case Preference():
            side = wanted if wanted in ("a", "b") else stage.chance.choice(["a", "b"])
            return "w1" if (side == "a") != card.flipped else "w2"
        case Steps():
            place = len(card.draft.marks)
            is_wrong = place == wanted if isinstance(wanted, int) else stage.chance.random() < 0.1
            return f"k{place}{'-' if is_wrong else '+'}"
        case TextAnswer():
            return "n"
        case Span():
            return f"t{stage.chance.randrange(len(ask.places(card.sheet.fields)))}+"
        case Tags():
            values = [option.value for option in ask.options]
            marks = wanted or [stage.chance.choice(values)]
            return "d" if card.draft.marks else f"t{values.index(marks[0])}+"
