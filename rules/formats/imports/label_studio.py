"""Label Studio's tasks: the fields stand under `data`; what an annotation marked as ground truth says is a known answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rules.formats.imports.base import Converted, Row, Shape, take
from rules.formats.imports.known import as_answer
from rules.item_checks import Refused, kind_of
from rules.kinds import Choice, Preference
from rules.project_file import Project

TASK_KEYS = frozenset(
    """
    id data annotations predictions meta created_at updated_at project inner_id total_annotations cancelled_annotations
    total_predictions comment_count unresolved_comment_count last_comment_updated_at updated_by comment_authors drafts
    file_upload overlap is_labeled allow_skip completions annotators reviewers
    """.split()
)
SIDES = {"left": "a", "right": "b"}


def _is_task(row: Row) -> bool:
    return isinstance(row.get("data"), dict) and TASK_KEYS.issuperset(row)


def _task(row: Row, project: Project) -> Converted:
    data = take(row, "data")
    if not isinstance(data, dict):
        raise Refused(f'"data" must be an object, not {kind_of(data)}')
    known: dict[str, Any] = {}
    for result in _true_results(row.get("annotations")):
        name, value = result.get("from_name"), result.get("value")
        ask = project.asked(name) if isinstance(name, str) else None
        if ask is not None and isinstance(value, dict):
            said = _said(value)
            if isinstance(ask, Preference) and isinstance(said, str):
                said = SIDES.get(said, said)
            elif isinstance(ask, Choice) and isinstance(said, list) and len(said) == 1:
                said = said[0]
            known[ask.id] = as_answer(ask, said)
    return Converted(dict(data), row.get("id"), known=known or None)


def _true_results(annotations: Any) -> Iterator[Mapping[str, Any]]:
    """Give the results of the first annotation that is marked as ground truth and was not cancelled."""
    for annotation in annotations if isinstance(annotations, list) else []:
        if not isinstance(annotation, dict) or annotation.get("was_cancelled") is True:
            continue
        results = annotation.get("result")
        if annotation.get("ground_truth") is True and isinstance(results, list):
            yield from (result for result in results if isinstance(result, dict))
            return


def _said(value: Mapping[str, Any]) -> Any:
    """Give what a result says: choices, a rating, a side or a text."""
    return next((value[name] for name in ("choices", "rating", "selected", "text") if name in value), None)


TASK = Shape(
    "label-studio",
    "Label Studio",
    "data",
    _is_task,
    _task,
    answered=True,
)
