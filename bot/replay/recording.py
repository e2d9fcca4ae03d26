"""Reading a recording: a folder with the answers that real people gave, and with the truth where it is known. What is wrong with one is
said in a sentence."""

from __future__ import annotations

import csv
import dataclasses
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

LABELS_MOST = 12
"""As many options as a question may have."""
ANSWERS = "answers.csv"
TRUTH = "truth.csv"
FORM = "worker,item,label, and ms where times are known"


class BadRecording(Exception):
    """A folder that cannot be replayed, and why."""


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What one person said about one item. `ms`: how long it took them, where that is known."""

    person: str
    item: str
    label: str
    ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Recording:
    """The answers of one crowd, and the truth of all items, of some or of none.

    `unheard`: labels that are true of some item, but that nobody gave.
    """

    name: str
    answers: tuple[Answer, ...]
    truth: dict[str, str]
    unheard: tuple[str, ...] = ()

    @property
    def judged(self) -> tuple[Answer, ...]:
        """The answers on items whose truth is known."""
        return tuple(answer for answer in self.answers if answer.item in self.truth)

    @property
    def labels(self) -> list[str]:
        """All labels, in order."""
        return sorted({answer.label for answer in self.answers} | set(self.truth.values()))

    def by_item(self) -> dict[str, list[str]]:
        """Give the labels that each item got."""
        found: dict[str, list[str]] = {}
        for answer in self.answers:
            found.setdefault(answer.item, []).append(answer.label)
        return found


def read(folder: Path) -> Recording:
    """Read a folder with `answers.csv` (worker,item,label[,ms]) and `truth.csv` (item,label). Raises BadRecording."""
    if not folder.is_dir():
        raise BadRecording(f"{folder} is not a folder; a recording is one with {ANSWERS} and {TRUTH} in it.")
    answers = tuple(_answers(folder / ANSWERS))
    truth = _truth(folder / TRUTH)
    given = {answer.label for answer in answers}
    if not answers:
        raise BadRecording(f"{folder / ANSWERS} has no answers in it.")
    known = {answer.item for answer in answers}
    truth = {item: label for item, label in truth.items() if item in known}
    unheard = tuple(sorted(set(truth.values()) - given))
    if truth and len(unheard) == len(set(truth.values())):
        raise BadRecording(
            f"{folder}: the labels of {TRUTH} ({_listed(unheard)}) are none of those in {ANSWERS} ({_listed(sorted(given))})."
        )
    recording = Recording(folder.resolve().name, answers, truth, unheard)
    _check_labels(folder, recording.labels)
    return recording


def _check_labels(folder: Path, labels: Sequence[str]) -> None:
    if len(labels) < 2:
        raise BadRecording(
            f"{folder}: every answer is {labels[0]!r}; with one label there is nothing to tell apart."
        )
    if len(labels) > LABELS_MOST:
        raise BadRecording(
            f"{folder}: there are {len(labels)} labels; a question with buttons has at most {LABELS_MOST}."
        )


def _answers(path: Path) -> Iterator[Answer]:
    for line, row in _rows(path, ("worker", "item", "label"), FORM):
        yield Answer(row["worker"], row["item"], row["label"], _ms(path, line, row.get("ms")))


def _ms(path: Path, line: int, text: str | None) -> int | None:
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found < 1e12:
        raise BadRecording(f"{path}, line {line}: {text!r} is not a time in milliseconds.")
    return int(found)


def _truth(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for line, row in _rows(path, ("item", "label"), "item,label; its heading alone where no truth is known"):
        if found.setdefault(row["item"], row["label"]) != row["label"]:
            raise BadRecording(f"{path}, line {line}: item {row['item']} has two labels.")
    return found


def _rows(path: Path, columns: Sequence[str], form: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Give each row with its line number. Every named column must be there, and filled."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise BadRecording(f"{path} has no column {_listed(missing)}; it needs {form}.")
            for row in reader:
                empty = [name for name in columns if not row[name]]
                if empty:
                    raise BadRecording(f"{path}, line {reader.line_num}: {_listed(empty)} is empty.")
                yield reader.line_num, row
    except FileNotFoundError:
        raise BadRecording(f"{path.parent} has no {path.name}; it needs {form}.") from None
    except UnicodeDecodeError as error:
        raise BadRecording(f"{path} is not UTF-8 text (byte {error.start}).") from None
    except csv.Error as error:
        raise BadRecording(f"{path} is not a table of comma-separated values: {error}.") from None


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown


def usual_count(recording: Recording) -> float:
    """Give how many answers an item got on average."""
    counts = Counter(answer.item for answer in recording.answers)
    return len(recording.answers) / len(counts)
