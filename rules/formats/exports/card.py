"""The dataset card beside a data file: what a stranger needs to know before training on it. Pure; there is no clock in it.

Its head is YAML as the Hugging Face Hub reads it (huggingface.co/docs/hub/datasets-cards). Strings go in as JSON, which YAML takes.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator

from rules.agreement import DRAWS
from rules.formats.exports.report import Agreed, Interval, Report
from rules.kinds import AnyQuestion, Choice, Preference, Scale, Tags

LICENCES = frozenset(
    "apache-2.0 mit cc0-1.0 cc-by-4.0 cc-by-sa-4.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-sa-4.0 cc-by-nc-nd-4.0 odc-by odbl pddl "
    "cdla-permissive-1.0 cdla-permissive-2.0 cdla-sharing-1.0".split()
)
"""Those that the Hub knows by these names; any other is written as "other" with its name."""
SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)


def counted(number: int, noun: str) -> str:
    """Count things: "1 item", "1,204 items"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def day(time_ms: int) -> str:
    """Write the day of a moment, UTC."""
    return datetime.datetime.fromtimestamp(time_ms / 1000, datetime.UTC).strftime("%Y-%m-%d")


def write(report: Report, file_name: str) -> str:
    """Write the card of a file."""
    parts = (_head, _what, _annotation, _counts, _agreement, _labels, _left_out, _columns, _licence)
    return "\n".join("\n".join(part(report, file_name)) + "\n" for part in parts)


def title(report: Report) -> str:
    """Name the data set."""
    return f"{report.plan.project.title}: {report.form.name}"


def _head(report: Report, file_name: str) -> Iterator[str]:
    licence = report.plan.wishes.licence
    known = licence.casefold() in LICENCES
    yield "---"
    yield f"license: {licence.casefold() if known else 'other' if licence else 'unknown'}"
    if licence and not known:
        yield f"license_name: {_quoted(licence)}"
    yield from ("language:", f"- {report.plan.project.language}")
    yield f"pretty_name: {_quoted(title(report))}"
    size = next((words for most, words in SIZES if report.rows < most), "n>10M")
    yield from ("size_categories:", f"- {size}", "task_categories:", f"- {report.form.task}")
    yield "tags:"
    yield from (f"- {tag}" for tag in ("veritap", "human-feedback", *report.form.tags))
    yield from ("configs:", "- config_name: default", "  data_files:", "  - split: train")
    yield from (f"    path: {_quoted(file_name)}", "---")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _what(report: Report, file_name: str) -> Iterator[str]:
    yield f"# {title(report)}"
    yield ""
    yield (
        f"`{file_name}` holds {counted(report.rows, 'row')}: {report.form.words}. "
        "What language models wrote was checked by students on their phones, with Veritap."
    )


def _annotation(report: Report, file_name: str) -> Iterator[str]:
    project = report.plan.project
    yield from ("## How it was annotated", "")
    yield f"Students read each item in Telegram ({', '.join(project.fields)}) and answered:"
    yield ""
    yield from (f"- `{ask.id}` ({ask.kind}): {ask.text}{_offered(ask)}" for ask in project.ask)
    yield from ("", "They were told:", "")
    yield from (f"> {line}".rstrip() for line in project.instructions.splitlines())
    yield ""
    pay, plan = project.pay, project.qualification
    yield (
        f"They were paid {pay.in_words}, whatever they answered. At most {pay.cap_seconds} seconds of an item are credited."
    )
    if plan.training or plan.exam:
        yield (
            f"Before they began they did {plan.training} training items with explanations and an exam of {plan.exam} items "
            f"(to pass: {plan.pass_score:.0%})."
        )
    if any(isinstance(ask, Preference) for ask in project.ask):
        yield "Which of the two answers was read first was drawn anew for each student and item."


def _offered(ask: AnyQuestion) -> str:
    if isinstance(ask, Choice | Tags):
        return " " + ", ".join(f"{option.label} (`{option.value}`)" for option in ask.options)
    if isinstance(ask, Scale):
        return f" from {ask.low} ({ask.low_label}) to {ask.high} ({ask.high_label})"
    if isinstance(ask, Preference):
        return " " + ", ".join(f"`{word}`" for word in ask.offered)
    return ""


def _counts(report: Report, file_name: str) -> Iterator[str]:
    least, most = report.plan.project.quality.overlap
    yield from ("## Counts and overlap", "", "| | |", "|---|---|")
    yield f"| rows | {report.rows:,} |"
    yield f"| items with a row | {report.items:,} |"
    yield f"| judgments read | {report.judgments:,} |"
    yield f"| students | {len(report.students):,} |"
    yield f"| credited time | {report.credited_ms / 3_600_000:,.1f} hours |"
    if report.last_ms:
        yield f"| answered | {day(report.first_ms)} to {day(report.last_ms)} |"
    yield ""
    if least == most:
        yield f"An item gets {counted(least, 'judgment')}."
    else:
        yield f"An item gets {least} to {most} judgments: more than {least} only while another one would tell enough."
    if report.depth:
        yield from ("", "| judgments that count | items |", "|---|---|")
        yield from (f"| {depth} | {items:,} |" for depth, items in sorted(report.depth.items()))


def _agreement(report: Report, file_name: str) -> Iterator[str]:
    yield from ("## Agreement", "")
    found = report.agreement()
    if not found:
        yield "No question of this project has answers that can be compared across items."
        return
    yield (
        "Over all judgments that count, of items with two or more: 1 is full agreement, 0 what chance would give. Where all judgments are "
        "alike there is no alpha, which compares disagreements. "
        "Krippendorff's alpha and Gwet's AC1 part where one answer is much more frequent than the others: alpha then calls most "
        "agreement chance, AC1 hardly any, so read them together. AC1 counts only equal answers. In brackets the 95 % interval, from "
        f"{DRAWS} resamples of the items."
    )
    yield from ("", "| question | measure | alpha | AC1 | items | judgments |", "|---|---|---|---|---|---|")
    for one in found:
        alpha, ac1 = alpha_of(one), figure(one.ac1, one.ac1_interval) or "too few"
        yield f"| `{one.question}` | {one.measure} | {alpha} | {ac1} | {one.items:,} | {one.judgments:,} |"


def alpha_of(one: Agreed) -> str:
    """Write alpha, or why there is none."""
    return figure(one.alpha, one.alpha_interval) or ("all alike" if one.items else "too few")


def figure(value: float | None, interval: Interval | None) -> str:
    """Write an agreement with its interval: "0.241 (0.222 to 0.262)"."""
    if value is None:
        return ""
    return f"{value:.3f}" if interval is None else f"{value:.3f} ({interval[0]:.3f} to {interval[1]:.3f})"


def _labels(report: Report, file_name: str) -> Iterator[str]:
    yield from ("## What a label is", "")
    yield (
        "What the project's models make likeliest: they weigh each student by what their answers tell. Before the first 20 answers, and "
        "for quotes, it is the answer that most judgments of the item give; of quotes, those that more than half picked. "
        "Where answers tie, there is no label."
    )
    yield ""
    if not report.sure:
        yield (
            "`confidence` is null, because no gold items stand behind these labels, so that nothing is calibrated: "
            "the share of the answers behind a label is not a confidence."
        )
        return
    yield (
        f"`confidence` is the chance that a label is right, calibrated on {counted(report.golds, 'gold item')}. "
        f"Of {counted(report.sure, 'item')} that have one, the mean is {report.confidence / report.sure:.1%}. "
        "Its interval says how far it may be off with so few gold items; the share of the answers behind a label is not a confidence."
    )


def confidence(report: Report) -> str:
    """Say in a sentence what confidence the labels have."""
    if not report.sure:
        return "No calibrated confidence is given."
    return f"Confidence is calibrated on {counted(report.golds, 'gold item')}; its mean is {report.confidence / report.sure:.3f}."


def _left_out(report: Report, file_name: str) -> Iterator[str]:
    yield from ("## What was left out, and why", "")
    lines = [
        *_judgments_left_out(report),
        *(f"{counted(items, 'item')}: {why}" for why, items in sorted(report.left_out.items())),
    ]
    yield from (f"- {line}" for line in lines or ["nothing"])


def _judgments_left_out(report: Report) -> Iterator[str]:
    withheld = report.withheld
    if withheld.withdrawn:
        students = counted(withheld.withdrawn_students, "student")
        yield f"{counted(withheld.withdrawn, 'judgment')} of {students} who withdrew their consent"
    if not report.plan.wishes.with_gold:
        yield "all judgments made in training and exams"
    if withheld.late:
        yield f"{counted(withheld.late, 'judgment')} given after their item had settled"
    for status, why in (
        ("held", "held until somebody has looked at it"),
        ("excluded", "excluded"),
    ):
        if report.statuses[status]:
            held = "marked in the file" if report.form.name.startswith("judgments") else "not in any label"
            yield f"{counted(report.statuses[status], 'judgment')}, {why}: {held}"


def _columns(report: Report, file_name: str) -> Iterator[str]:
    yield from ("## Columns", "", "| column | type | |", "|---|---|---|")
    for column in report.form.columns(report.plan):
        words = column.words.replace("|", "\\|")
        yield f"| `{column.name}` | {column.type} | {words} |"


def _licence(report: Report, file_name: str) -> Iterator[str]:
    yield from ("## Licence", "")
    licence = report.plan.wishes.licence
    yield f"{licence}." if licence else "None was named. Ask whoever gave you this file before you use it."
