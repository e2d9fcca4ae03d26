"""Which questions of a project are modelled, and which class an answer to one is. What the classes mean together is `rules.quality.model`'s
business; texts and quotes have no classes, so what becomes of them is not decided here."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence

from rules import project_file
from rules.kinds import AnyQuestion, Choice, Preference, Scale, Steps, Tags, Value
from rules.kinds.steps import STEPS_MAX
from rules.project_file import Project

NO, YES = "no", "yes"
NONE_WRONG = "-1"
BAD_PROBLEM = "bad_problem"


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """A question as the model sees it.

    `key`: the question's id; of a tags question each tag is one of its own, such as "why:arithmetic". `classes`: the words of its answers,
    in the order of the project; of steps, the first wrong one counted from 0, "-1" for none, and "bad_problem". `ordered`: whether a class
    is nearer to some than to others. `decides`: whether its answers say when an item has enough.
    """

    key: str
    classes: tuple[str, ...]
    ordered: bool = False
    decides: bool = False

    @property
    def question(self) -> str:
        """The id of the project's question."""
        return self.key.partition(":")[0]

    @property
    def tag(self) -> str:
        """The tag that this is about; empty where it is about the whole answer."""
        return self.key.partition(":")[2]


def modelled(project: Project) -> list[Asked]:
    """Give the questions of a project that are modelled, in its order; the first that decides is the lead question."""
    return [asked for ask in project.ask for asked in _of(ask)]


def _of(ask: AnyQuestion) -> list[Asked]:
    decides = ask.COMPARED and not ask.when
    match ask:
        case Choice():
            return [Asked(ask.id, tuple(option.value for option in ask.options), decides=decides)]
        case Scale():
            return [Asked(ask.id, tuple(map(str, range(ask.low, ask.high + 1))), True, decides)]
        case Preference():
            return [Asked(ask.id, tuple(ask.offered), decides=decides)]
        case Steps():
            steps = tuple(map(str, range(STEPS_MAX)))
            return [Asked(ask.id, (NONE_WRONG, BAD_PROBLEM, *steps), decides=decides)]
        case Tags():
            return [Asked(f"{ask.id}:{option.value}", (NO, YES)) for option in ask.options]
    return []


@functools.lru_cache(maxsize=256)
def of_definition(definition: str) -> tuple[Asked, ...]:
    """Do what `modelled` does for a definition as it is stored. Cached: the same text is the same definition."""
    return tuple(modelled(project_file.load(definition)))


def deciding(asked: Sequence[Asked]) -> list[Asked]:
    """Give those questions whose answers say when an item has enough; the first is the lead question."""
    return [one for one in asked if one.decides]


def class_of(asked: Asked, answers: Mapping[str, Value]) -> int | None:
    """Give the index of the class that an answer is. None where the question was not answered, or its student gave up on it."""
    value = answers.get(asked.question)
    if value is None:
        return None
    if asked.tag:
        return int(isinstance(value, list) and asked.tag in value)
    word = str(_first_wrong(value)) if isinstance(value, dict) else str(value)
    return _places(asked.classes).get(word)


def gold_class(asked: Asked, gold: Mapping[str, Value]) -> int | None:
    """Give the class that a gold answer names. None where it names none for certain.

    A gold for tags is met by one tag in common, so where it names several it requires none of them.
    """
    value = gold.get(asked.question)
    if not asked.tag:
        return None if value is None else _places(asked.classes).get(str(value))
    if not isinstance(value, list):
        return None
    if asked.tag not in value:
        return 0
    return 1 if len(value) == 1 else None


def value_of(project: Project, asked: Asked, word: str) -> Value:
    """Give a class as an answer is stored: a scale's as a number, the others as their word."""
    return int(word) if isinstance(project.asked(asked.question), Scale) else word


@functools.lru_cache(maxsize=256)
def _places(classes: tuple[str, ...]) -> dict[str, int]:
    return {word: place for place, word in enumerate(classes)}


def _first_wrong(value: Mapping[str, object]) -> object:
    """Give the first wrong step of a chain that was rated, -1 for none, or how it was left."""
    ratings, end = value.get("ratings"), value.get("end")
    if end in (BAD_PROBLEM, "give_up"):
        return end
    return ratings.index(-1) if isinstance(ratings, list) and -1 in ratings else -1
