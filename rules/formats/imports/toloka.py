"""Toloka's tables: `INPUT:field`, `GOLDEN:question`, `HINT:text`. A golden answer is gold by its meaning; with a hint, it is training."""

from __future__ import annotations

from rules.formats.imports.base import Converted, Misfit, Row, Shape, listed
from rules.formats.imports.known import as_answer
from rules.kinds.base import clip
from rules.project_file import Project

INPUT, GOLDEN, HINT = "INPUT:", "GOLDEN:", "HINT:text"


def _is_toloka(row: Row) -> bool:
    return any(name.startswith(INPUT) for name in row)


def _toloka(row: Row, project: Project) -> Converted:
    fields = {name.removeprefix(INPUT): value for name, value in row.items() if name.startswith(INPUT)}
    gold = {}
    for name, value in row.items():
        if name.startswith(GOLDEN):
            question = name.removeprefix(GOLDEN)
            ask = project.asked(question)
            if ask is None:
                asked = listed([one.id for one in project.ask])
                raise Misfit(
                    f'answers "{clip(question)}" in the column "{clip(name)}", which the project does not ask; it asks {asked}'
                )
            if value is not None and str(value).strip():
                gold[question] = as_answer(ask, value)
    hint = row.get(HINT)
    hint = hint if isinstance(hint, str) and hint.strip() else None
    use = "training" if gold and hint else None
    return Converted(fields, gold=gold or None, explanation=hint, use=use)


TOLOKA = Shape("toloka", "Toloka", "columns INPUT:…", _is_toloka, _toloka)
