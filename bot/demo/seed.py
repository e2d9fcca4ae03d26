"""Seeds the demo's database: projects, people, and some earlier work.

Every step is an action of the bot's own, at a time that this module moves; nothing is written past them. What one person did is one
transaction, so that a demo is there at once.
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
from actions.work import BreakDue, Card, Next
from bot import app
from bot.cli_base import WRONG, Halt, read_text, say
from bot.demo.people import ADA, ADAM, CORA, EARLIER, QUALIFIED, Somebody
from bot.settings import Settings
from rules import card as layout
from rules import item_file, project_file
from rules.audience import Profile
from rules.credit import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from rules.kinds import AnyQuestion, Choice, Preference, Scale, Span, Steps, Tags, TextAnswer
from rules.profile import guessed_zone
from rules.qualification import Progress

P = ParamSpec("P")
T = TypeVar("T")

HERE = Path(__file__).parent
Files = tuple[Path, Path]
OWN: tuple[Files, ...] = tuple(
    (HERE / f"{name}.toml", HERE / f"{name}.jsonl") for name in ("answers", "compare", "steps", "ratings")
)
CHANCE = 2027
"""The same chance gives every newcomer the same demo."""
WORK_EACH = 12
TAPS_MAX = 60
BREAK_MS = 10 * MINUTE_MS
BAD_LINES_SHOWN = 5


@dataclasses.dataclass(slots=True)
class Stage:
    """A store, at a time that the seeding moves. `gold`: the known answers, by what an item shows; `work`: how many items of a
    project each earlier student does."""

    store: Store
    clock: list[int]
    chance: random.Random
    gold: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    work: dict[str, int] = dataclasses.field(default_factory=dict)

    async def do(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run an action a second after the one before."""
        self.clock[0] += SECOND_MS
        return await self.store.write(action, *args, **kwargs)

    async def play(self, story: Callable[[Scene], None], somebody: Somebody) -> None:
        """Let somebody do all that a story tells, in one transaction."""
        await self.do(lambda tx: story(Scene(self, tx, somebody)))


@dataclasses.dataclass(frozen=True, slots=True)
class Scene:
    """What one person does, one action after the other."""

    stage: Stage
    tx: Tx
    somebody: Somebody

    @property
    def visitor(self) -> Visitor:
        """The person, as the bot sees them."""
        return self.somebody.visitor(self.tx.vault)

    def do(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run an action a second after the one before."""
        self.pass_by(SECOND_MS)
        return action(self.tx, *args, **kwargs)

    def pass_by(self, ms: int) -> None:
        """Let some time go by."""
        self.stage.clock[0] += ms
        self.tx.now_ms = self.stage.clock[0]


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
        made = {(project := await _project(stage, one)).slug: project for one in ([files] if files else OWN)}
        if files is None:
            for somebody in EARLIER:
                await stage.play(lambda scene: _worked_before(scene, made), somebody)
            for somebody in QUALIFIED:
                await stage.play(lambda scene: _qualify_by_the_road(scene, made), somebody)
        else:
            await stage.play(lambda scene: _qualify_at_once(scene, *made.values()), ADA)
        clock[0] = max(clock[0], now_ms - HOUR_MS)
        await stage.do(ledger.approve_due)


async def _staff(stage: Stage) -> None:
    for somebody, role in ((ADAM, "admin"), (CORA, "coordinator")):
        token = await stage.do(invitations.create, role=role)
        await stage.do(invitations.accept, somebody.visitor(stage.store.vault), token)


async def _project(stage: Stage, files: Files) -> Project:
    """Make a project as its coordinator would, import its items and open it."""
    cora = CORA.visitor(stage.store.vault)
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
    # Whoever tries the demo is to find most of the work undone.
    in_store = sum(item.use == "work" for item in report.checked.good)
    stage.work[definition.slug] = min(WORK_EACH, in_store // 3)
    return (await stage.do(projects.set_state, cora, definition.slug, "open")).project


def _worked_before(scene: Scene, made: dict[str, Project]) -> None:
    """Let a student come, qualify, work a while on each of their projects, and leave the chat."""
    visitor = scene.visitor
    _come(scene)
    scene.do(_tell_profile, visitor)
    for slug in scene.somebody.projects:
        project = made[slug]
        scene.do(qualifications.join, visitor, project.id)
        _qualify(scene, project)
        following: Next | None = scene.do(work.begin_stage, visitor, project.id)
        for _ in range(scene.stage.work[slug]):
            if not isinstance(following, Card):
                break
            following = _answer(scene, following)
        scene.do(work.pause, visitor)
    scene.do(reach.lose_by_key, visitor.key)


def _qualify_by_the_road(scene: Scene, made: dict[str, Project]) -> None:
    """Bring a student to work by training and exam; the first card, of their first project, comes with their first tap."""
    visitor = scene.visitor
    _come(scene)
    scene.do(_tell_profile, visitor)
    # The project joined last is the one that /work goes on with.
    for slug in reversed(scene.somebody.projects):
        scene.do(qualifications.join, visitor, made[slug].id)
        _qualify(scene, made[slug])


def _qualify_at_once(scene: Scene, project: Project) -> None:
    """Bring the first student to work on somebody's own project, past its audience, training and exam."""
    wanted = project.rules.audience
    profile = Profile(
        degree=(wanted.degrees or ["bachelor"])[0],
        field=(wanted.fields or ["maths"])[0],
        languages=tuple(wanted.languages or ["en"]),
        time_zone=guessed_zone("en"),
    )
    _come(scene)
    scene.do(_give_profile, scene.visitor, profile)
    standing = scene.do(qualifications.join, scene.visitor, project.id)
    passed = Progress("active", 1, 0, project.rules.qualification.exam, None)
    scene.do(qualifications.set_progress, standing, passed)


def _come(scene: Scene) -> None:
    """Let a student come by an invitation and agree."""
    token = scene.do(invitations.create, role="student")
    scene.do(invitations.accept, scene.visitor, token)
    scene.do(consents.give, scene.visitor)


def _tell_profile(tx: Tx, visitor: Visitor) -> None:
    """Answer the profile's four questions."""
    profiles.choose(tx, visitor, "degree", "bachelor")
    profiles.choose(tx, visitor, "field", "maths")
    profiles.languages_done(tx, visitor)
    profiles.choose(tx, visitor, "time_zone", guessed_zone(visitor.language_code))


def _give_profile(tx: Tx, visitor: Visitor, profile: Profile) -> None:
    """Set a profile that the buttons need not offer, since a project may ask for any field and language."""
    person = people.require(tx, visitor)
    tx.run("people.set_profile", id=person.id, profile=people.seal_profile(tx, profile), state="ready")


def _qualify(scene: Scene, project: Project) -> None:
    """Answer training and exam to the end."""
    following: Next | None = scene.do(work.begin_stage, scene.visitor, project.id)
    for _ in range(TAPS_MAX):
        if not isinstance(following, Card) or following.stage == "work":
            return
        following = _answer(scene, following)


def _answer(scene: Scene, card: Card) -> Next | None:
    """Answer one card, tap by tap, after reading it for a while; give what comes next, None after an exam."""
    chance = scene.stage.chance
    is_careful = chance.random() < scene.somebody.accuracy
    known = scene.stage.gold.get(card.fields, {}) if is_careful else {}
    # Where no answer is known, those who take care agree with each other.
    mind = random.Random(card.fields) if is_careful else chance  # noqa: S311 - as above
    scene.pass_by(int(card.project.rules.pay.expected_ms * (0.5 + chance.random())))
    for _ in range(TAPS_MAX):
        outcome = scene.do(judgments.tap, scene.visitor, card.token, card.step, _tap(mind, card, known))
        match outcome:
            case Stepped(card):
                continue
            case Recorded(next=BreakDue()):
                scene.pass_by(BREAK_MS)
                return scene.do(work.begin_stage, scene.visitor, card.project.id)
            case Recorded():
                return outcome.next
            case Explained():
                return scene.do(work.begin_stage, scene.visitor, card.project.id)
            case ExamEnded():
                return None
            case _:
                raise RuntimeError(f"a student of the demo met {type(outcome).__name__}")
    raise RuntimeError("a student of the demo could not finish a card")


def _tap(mind: random.Random, card: Card, known: dict[str, Any]) -> str:
    """Choose the next button of a card: its next page, then the known answer, or one by chance."""
    ask = card.question
    assert ask is not None
    operation = _verdict(mind, ask, card, known.get(ask.id))
    if layout.may_tap(card.layout, ask, len(card.draft.marks), card.read_to, operation):
        return operation
    return f"g{card.pages_seen + 1}"


def _verdict(mind: random.Random, ask: AnyQuestion, card: Card, wanted: Any) -> str:
    """Choose what to answer. `wanted`: the known answer; None where there is none, or the student errs. `mind`: who guesses."""
    match ask:
        case Scale():
            return f"v{mind.randint(ask.low, ask.high) if wanted is None else wanted}"
        case Choice():
            values = [option.value for option in ask.options]
            # Most answers that models write are right, so who guesses says yes more often.
            guess = 0 if mind.random() < 0.7 else mind.randrange(len(values))
            return f"o{values.index(wanted) if wanted in values else guess}"
        case Preference():
            return _preferred(card, wanted or mind.choice(["a", "a", "b", "tie"]))
        case Steps():
            if wanted == "bad_problem":
                return "xb"
            place = len(card.draft.marks)
            is_wrong = place == wanted if isinstance(wanted, int) else mind.random() < 0.1
            return f"k{place}{'-' if is_wrong else '+'}"
        case TextAnswer():
            return "n"
        case Span():
            places = ask.places(card.sheet.fields)
            found = [
                place for place, (start, _) in enumerate(places) if wanted and start == wanted[0]["start"]
            ]
            return f"t{found[0] if found else mind.randrange(len(places))}+"
        case Tags():
            values = [option.value for option in ask.options]
            marks = wanted or [mind.choice(values)]
            return "d" if card.draft.marks else f"t{values.index(marks[0])}+"


def _preferred(card: Card, wanted: str) -> str:
    """Name the button of a preference: the two answers may lie the other way round."""
    sides = {"a": "w1", "b": "w2"} if not card.flipped else {"a": "w2", "b": "w1"}
    return {**sides, "tie": "wt", "both_bad": "wb"}[wanted]
