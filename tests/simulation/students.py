"""Simulated students. Each reads what the phone shows and presses buttons by their labels: onboarding, training, exam, work. They differ in
accuracy, pace and manners: some tap twice, tap cards long done, undo, skip, pause. Each keeps notes of what was seen to be saved."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from collections import Counter
from collections.abc import Sequence

from tests.simulation.gsm8k import Solution
from tests.simulation.phone import Phone

ROAD = (
    "Let's start",
    "I agree",
    "Bachelor's",
    "Maths",
    "Done",
    "Yes, ",
    "Join",
    "Begin",
    "Start working",
    "Next set",
    "Next",
    "Go on",
)
"""What is pressed on the way to a task, wherever it is offered."""
LABELS = {"yes": "Correct", "no": "Wrong"}
UNDO = "Undo ↩"
STAGES = {"Training": "training", "Exam": "exam"}
OLD_KEPT = 20
STEPS_MAX = 100_000


@dataclasses.dataclass(frozen=True, slots=True)
class Habits:
    """How a student works. `accuracy`: in training and at work; in the exam everybody takes care. The rest, beside the seconds between
    taps, is how likely a card meets with it."""

    name: str
    accuracy: float
    pace_s: tuple[float, float]
    twice: float = 0.0
    old: float = 0.0
    undo: float = 0.0
    skip: float = 0.0
    pause: float = 0.0


CARE = 0.98
CAREFUL = Habits("careful", 0.97, (0.03, 0.12), undo=0.06, pause=0.05)
MIDDLING = Habits("middling", 0.82, (0.02, 0.08), twice=0.10, old=0.05, skip=0.05, undo=0.03)
RANDOM = Habits("random", 0.50, (0.0, 0.04), twice=0.25, old=0.15, skip=0.03, pause=0.03)
KINDS = (CAREFUL, MIDDLING, RANDOM)


class Library:
    """Every solution, found by the text of the card that shows it."""

    def __init__(self, solutions: Sequence[Solution]) -> None:
        self._by_question: dict[str, list[Solution]] = {}
        for solution in solutions:
            self._by_question.setdefault(solution.question, []).append(solution)
        self.copies = Counter((solution.question, solution.text) for solution in solutions)

    def find(self, text: str) -> Solution:
        """Find what a card shows, letter for letter. Raise LookupError when it shows nothing that was imported."""
        shown = [
            solution
            for question, solutions in self._by_question.items()
            if question in text
            for solution in solutions
            if solution.text in text
        ]
        if not shown:
            raise LookupError(f"no imported item reads like this card: {text!r}")
        # One text may contain another; what is shown is the longest.
        return max(shown, key=lambda solution: len(solution.question) + len(solution.text))


@dataclasses.dataclass(frozen=True, slots=True)
class Note:
    """An answer that a student saw saved."""

    stage: str
    item: Solution
    answer: str


class Goal:
    """How much is to be done in all, shared by those who can still do it."""

    def __init__(self, items: int, taps: int, students: int) -> None:
        self.items = items
        self.taps_left = taps
        self.working = students
        self.done = 0
        self._changed = asyncio.Condition()

    async def count(self, done: int) -> None:
        """Count work items that were answered, or taken back."""
        async with self._changed:
            self.done += done
            self._changed.notify_all()

    async def give_up(self) -> None:
        """Leave one's share to the others."""
        async with self._changed:
            self.working -= 1
            self._changed.notify_all()

    async def has_work_for(self, done: int) -> bool:
        """Tell whether a student who did so many is to go on; who did their share waits to see if the others do theirs."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.is_met or done * self.working < self.items)
            return not self.is_met

    @property
    def is_met(self) -> bool:
        """Whether enough was done, or too much was tapped."""
        return self.done >= self.items or self.taps_left <= 0


class Student:
    """One student with a phone, on the road from the invitation to the end of the day."""

    def __init__(self, phone: Phone, habits: Habits, library: Library, goal: Goal, seed: int) -> None:
        self.phone = phone
        self.habits = habits
        self.notes: list[Note] = []
        self.seen: dict[str, tuple[str, Solution]] = {}
        self.troubles: list[str] = []
        self.deeds: Counter[str] = Counter()
        self.ended = ""
        self.earnings = ""
        self._library = library
        self._goal = goal
        self._chance = random.Random(seed)
        self._old: list[tuple[int, str]] = []
        self._may_undo = False

    @property
    def worked(self) -> int:
        """How many work items, gold among them, are answered."""
        return sum(note.stage == "work" for note in self.notes)

    async def live(self, payload: str) -> None:
        """Come by an invitation, go the road to the tasks and work until the goal is met; then look at the earnings."""
        await self.phone.say(f"/start {payload}")
        for _ in range(STEPS_MAX):
            if not await self._goal.has_work_for(self.worked):
                break
            if not await self._step():
                self.ended = self.phone.text.splitlines()[0]
                await self._goal.give_up()
                break
            await asyncio.sleep(self._chance.uniform(*self.habits.pace_s))
        self.earnings = await self.phone.say("/earnings")

    async def _step(self) -> bool:
        """Do the next thing that the screen offers. False when it leads nowhere."""
        if self.phone.label(LABELS["yes"]) is not None:
            await self._meet_card()
            return True
        label = next((label for label in ROAD if self.phone.label(label) is not None), None)
        if label is None:
            return False
        self._spend(1)
        self._may_undo = self._may_undo and label in ("Next set", "Go on")
        await self.phone.press(label)
        return True

    async def _meet_card(self) -> None:
        stage = STAGES.get(self.phone.text.split(" · ")[0], "work")
        card = self._card()
        self.seen[card] = (stage, self._library.find(self.phone.text))
        if self._old and self._happens(self.habits.old):
            await self._tap_old()
        if self._may_undo and self.phone.label(UNDO) is not None and self._happens(self.habits.undo):
            await self._undo()
        elif stage == "work" and self._happens(self.habits.skip):
            await self._skip()
        elif stage == "work" and self._happens(self.habits.pause):
            await self._pause()
        else:
            await self._answer(stage, self.seen[card][1])

    def _card(self) -> str:
        """Tell the card that lies open from all others: by the token in its buttons."""
        return self.phone.buttons[LABELS["yes"]].split(":")[1]

    async def _answer(self, stage: str, item: Solution) -> None:
        accuracy = CARE if stage == "exam" else self.habits.accuracy
        is_right = self._happens(accuracy)
        answer = item.answer if is_right else ("no" if item.answer == "yes" else "yes")
        data, message_id, before = (
            self.phone.buttons[LABELS[answer]],
            self.phone.message_id,
            self.phone.changes,
        )
        taps = 2 if self._happens(self.habits.twice) else 1
        self._spend(taps)
        sent = await asyncio.gather(*(self.phone.tap(message_id, data) for _ in range(taps)))
        toasts = await asyncio.gather(*(self.phone.answer(query_id) for query_id in sent))
        saved = sum(toast.startswith("Saved") for toast in toasts)
        if saved != 1:
            self.troubles.append(f"{taps} taps were saved {saved} times: {toasts}")
        await self.phone.changed_since(before, "a card's answer")
        self._remember(message_id, data)
        self._may_undo = stage != "training"
        self.notes.append(Note(stage, item, answer))
        self.deeds["tapped twice"] += taps == 2
        if stage == "work":
            await self._goal.count(1)

    async def _undo(self) -> None:
        self._spend(1)
        self._may_undo = False
        before, data = self.phone.changes, self.phone.buttons[UNDO]
        toast = await self.phone.answer(await self.phone.tap(self.phone.message_id, data))
        if not toast.startswith("Taken back"):
            self.deeds["could not undo"] += 1
            return
        await self.phone.changed_since(before, "an undo")
        self.deeds["undid"] += 1
        self._old = [one for one in self._old if self._card() not in one[1]]
        if self.notes.pop().stage == "work":
            await self._goal.count(-1)

    async def _skip(self) -> None:
        self._spend(1)
        self._remember(self.phone.message_id, self.phone.buttons[LABELS["yes"]])
        self._may_undo = False
        toast = await self.phone.press("Skip")
        self.deeds["skipped"] += 1
        if toast != "Skipped":
            self.troubles.append(f"a skip was answered with {toast!r}")

    async def _pause(self) -> None:
        self._spend(3)
        self.deeds["paused"] += 1
        if self._happens(0.5):
            await self.phone.press("⋯")
            await self.phone.press("Pause")
            await self.phone.press("Go on")
        else:
            await self.phone.say("/pause")
            await self.phone.say("/work")

    async def _tap_old(self) -> None:
        self._spend(1)
        self.deeds["tapped an old card"] += 1
        toast = await self.phone.answer(await self.phone.tap(*self._chance.choice(self._old)))
        if not toast.startswith(("Already saved", "You left this one")):
            self.troubles.append(f"a card long done answered {toast!r}")

    def _remember(self, message_id: int, data: str) -> None:
        self._old = [*self._old[-OLD_KEPT:], (message_id, data)]

    def _spend(self, taps: int) -> None:
        self._goal.taps_left -= taps

    def _happens(self, likelihood: float) -> bool:
        return self._chance.random() < likelihood
