"""The formats: what each is for, which question it needs, how its rows are made. To add one, write its rows and add it here. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Literal

from rules.formats.exports import label_studio, native, steps, training, votes
from rules.formats.exports.judged import CannotExport, Column, Judged, Plan, Rows, Wishes
from rules.kinds import AnyQuestion, Choice, Preference, Steps
from rules.project_file import Project

Shape = Literal["jsonl", "csv", "json", "parquet"]
GOOD_WORDS = frozenset("yes correct right true good pass acceptable safe".split())
BAD_WORDS = frozenset("no incorrect wrong false bad fail unacceptable unsafe".split())
NEEDS = {
    "preference": "a question of the kind preference",
    "steps": "a question of the kind steps",
    "verdict": "a choice whose options mean good and bad",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Format:
    """A format. `needs`: the kind of question it is made from, empty for any; `tells_gold`: it has a place for gold, when asked for;
    `tags`: what the dataset card is found by; `task`: its Hugging Face task category.
    """

    name: str
    words: str
    shape: Shape
    rows: Callable[[Plan, Judged], Rows]
    columns: Callable[[Plan], list[Column]]
    needs: str = ""
    tells_gold: bool = False
    tags: tuple[str, ...] = ()
    task: str = "text-classification"


def _fixed(columns: list[Column]) -> Callable[[Plan], list[Column]]:
    return lambda plan: columns


_TABLES: list[tuple[Shape, str]] = [("csv", "as a table (CSV)"), ("parquet", "as a table (Parquet)")]
ALL = (
    Format(
        "judgments",
        "every judgment, one a line (JSONL)",
        "jsonl",
        native.judgments,
        native.judgment_columns,
        tells_gold=True,
    ),
    *(
        Format(
            f"judgments-{shape}",
            f"every judgment, {words}",
            shape,
            native.flat_judgments,
            native.flat_judgment_columns,
            tells_gold=True,
        )
        for shape, words in _TABLES
    ),
    Format(
        "labels",
        "the leading answers, one item a line (JSONL)",
        "jsonl",
        native.labels,
        native.label_columns,
        tells_gold=True,
    ),
    *(
        Format(
            f"labels-{shape}",
            f"the leading answers, {words}",
            shape,
            native.flat_labels,
            native.flat_label_columns,
            tells_gold=True,
        )
        for shape, words in _TABLES
    ),
    Format(
        "trl-preference",
        "TRL: prompt, chosen, rejected (DPO, reward models)",
        "jsonl",
        training.preference,
        _fixed(training.PREFERENCE_COLUMNS),
        needs="preference",
        tags=("trl", "preference"),
        task="text-generation",
    ),
    Format(
        "trl-unpaired",
        "TRL: prompt, completion, label (KTO, BCO)",
        "jsonl",
        training.unpaired,
        _fixed(training.UNPAIRED_COLUMNS),
        needs="verdict",
        tags=("trl", "unpaired-preference"),
        task="text-generation",
    ),
    Format(
        "trl-stepwise",
        "TRL: prompt, completions, labels (process reward models)",
        "jsonl",
        training.stepwise,
        _fixed(training.STEPWISE_COLUMNS),
        needs="steps",
        tags=("trl", "stepwise-supervision"),
        task="token-classification",
    ),
    Format(
        "prm800k",
        "PRM800K: every judgment of steps, one a line",
        "jsonl",
        steps.prm800k,
        _fixed(steps.PRM800K_COLUMNS),
        needs="steps",
        tells_gold=True,
        tags=("prm800k",),
        task="token-classification",
    ),
    Format(
        "processbench",
        "ProcessBench: the first wrong step of each item",
        "jsonl",
        steps.processbench,
        _fixed(steps.PROCESSBENCH_COLUMNS),
        needs="steps",
        tags=("processbench",),
        task="token-classification",
    ),
    Format(
        "openai-dpo",
        "OpenAI preference fine-tuning (JSONL)",
        "jsonl",
        training.openai_preference,
        _fixed(training.OPENAI_COLUMNS),
        needs="preference",
        tags=("preference", "dpo"),
        task="text-generation",
    ),
    Format(
        "lmarena",
        "LMArena: every vote between two answers, one a line",
        "jsonl",
        votes.votes,
        _fixed(votes.COLUMNS),
        needs="preference",
        tags=("preference", "arena"),
        task="text-generation",
    ),
    Format(
        "label-studio",
        "Label Studio: tasks with annotations (JSON)",
        "json",
        label_studio.tasks,
        _fixed(label_studio.COLUMNS),
        tells_gold=True,
        tags=("label-studio",),
    ),
)
BY_NAME = {one.name: one for one in ALL}


def find(name: str) -> Format:
    """Find a format by its name. Raise CannotExport, which lists all, for an unknown one."""
    found = BY_NAME.get(name)
    if found is None:
        raise CannotExport(f'There is no format "{name}"; there are {", ".join(BY_NAME)}.')
    return found


def fitting(project: Project) -> list[Format]:
    """List the formats that fit a project's questions as they are."""
    return [one for one in ALL if _candidates(one, project, Wishes())]


def plan(form: Format, project: Project, wishes: Wishes) -> Plan:
    """Settle what a format will write of a project. Raise CannotExport, a sentence, when it does not fit."""
    if wishes.with_gold and not form.tells_gold:
        told = ", ".join(one.name for one in ALL if one.tells_gold)
        raise CannotExport(f"{form.name} has no place for gold results; these have: {told}.")
    for field in (*wishes.prompt, *([wishes.completion] if wishes.completion else [])):
        if field not in project.fields:
            raise CannotExport(
                f'Items of {project.slug} show no field "{field}"; they show {_listed(project.fields)}.'
            )
    question = _question(form, project, wishes)
    if form.needs == "verdict":
        assert isinstance(question, Choice)
        return _unpaired(project, wishes, question)
    about = _about(question)
    prompt = wishes.prompt or tuple(name for name in project.fields if name not in about)
    return Plan(project, wishes, question, prompt)


def _question(form: Format, project: Project, wishes: Wishes) -> AnyQuestion | None:
    if not form.needs:
        return None
    if wishes.question and project.asked(wishes.question) is None:
        asked = _listed(ask.id for ask in project.ask)
        raise CannotExport(f'{project.slug} asks no "{wishes.question}"; it asks {asked}.')
    found = _candidates(form, project, wishes)
    if not found:
        others = ", ".join(one.name for one in fitting(project))
        named = f'"{wishes.question}" is none' if wishes.question else f"{project.slug} asks none"
        hint = " (name the good ones with --good)" if form.needs == "verdict" else ""
        raise CannotExport(
            f"{form.name} needs {NEEDS[form.needs]}, and {named}{hint}; these formats fit: {others}."
        )
    return found[0]


def _candidates(form: Format, project: Project, wishes: Wishes) -> list[AnyQuestion | None]:
    """List the questions that a format can be made from; a format that needs none gives a single None."""
    if not form.needs:
        return [None]
    asks = [ask for ask in project.ask if wishes.question in ("", ask.id)]
    if form.needs == "verdict":
        return [ask for ask in asks if isinstance(ask, Choice) and all(_sides(ask, wishes))]
    kind = Preference if form.needs == "preference" else Steps
    return [ask for ask in asks if isinstance(ask, kind)]


def _sides(ask: Choice, wishes: Wishes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the options that mean good and bad: those that were named and all others, or those whose words say so."""
    values = [option.value for option in ask.options]
    if wishes.good:
        known = all(word in values for word in wishes.good)
        good = wishes.good if known else ()
        return good, tuple(value for value in values if value not in good)
    good = tuple(value for value in values if value.casefold() in GOOD_WORDS)
    return good, tuple(value for value in values if value.casefold() in BAD_WORDS)


def _unpaired(project: Project, wishes: Wishes, ask: Choice) -> Plan:
    """The last field that is shown is what the model wrote, unless another one is named."""
    good, bad = _sides(ask, wishes)
    fields = list(project.fields)
    completion = wishes.completion or next(
        (name for name in reversed(fields) if name not in wishes.prompt), fields[-1]
    )
    prompt = wishes.prompt or tuple(name for name in fields if name != completion)
    return Plan(project, wishes, ask, prompt, completion, good, bad)


def _about(ask: AnyQuestion | None) -> tuple[str, ...]:
    """Name the fields that hold what the model wrote, and so are no prompt."""
    if isinstance(ask, Preference):
        return ask.a, ask.b
    return (ask.field,) if isinstance(ask, Steps) else ()


def _listed(names: object) -> str:
    return ", ".join(f'"{name}"' for name in names)  # type: ignore[attr-defined]
