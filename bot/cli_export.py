"""`veritap export`: a project's judgments and labels as a file, with its dataset card and its Croissant metadata beside it."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from actions import exports, projects
from actions.ports import Store, Tx
from bot import parquet
from bot.cli_base import GOOD, Halt, shown, with_store
from bot.progress import Progress
from rules.formats.exports import card, croissant, formats
from rules.formats.exports.croissant import Stored
from rules.formats.exports.file import DataFile
from rules.formats.exports.formats import Format
from rules.formats.exports.judged import CannotExport, Judged, Wishes
from rules.formats.exports.report import Report

ENDINGS = {f".{one.shape}" for one in formats.ALL}
HEAD_BYTES = 2_000
"""As much of a README as is read to see whether it is one of ours."""


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """Where the three files go. `folder`: one that is to hold nothing but this data set."""

    data: Path
    card: Path
    croissant: Path
    folder: Path | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of the command."""
    width = max(len(one.name) for one in formats.ALL)
    listed = "\n".join(f"  {one.name:<{width}}  {one.words}" for one in formats.ALL)
    parser.epilog = (
        f"formats:\n{listed}\n\n"
        "Beside FILE go its dataset card, FILE.card.md, and its Croissant metadata, FILE.croissant.json; in a folder they are called\n"
        f"README.md and croissant.json.\n\n{parser.epilog}"
    )
    add = parser.add_argument
    add("slug", metavar="SLUG", help="the project's slug")
    add(
        "--format",
        choices=list(formats.BY_NAME),
        default="judgments",
        metavar="F",
        help="see below (judgments)",
    )
    add("--out", required=True, metavar="FILE", help="where to write, replaced when whole; or a folder: DIR/")
    add(
        "--min-judgments",
        type=_whole,
        default=0,
        metavar="N",
        help="leave out items with fewer judgments that count",
    )
    add("--settled-only", action="store_true", help="leave out items that still want judgments")
    add("--question", default="", metavar="ID", help="the question to export (the first one that fits)")
    add(
        "--prompt", action="append", default=[], metavar="FIELD", help="a field of the prompt; may come again"
    )
    add(
        "--completion",
        default="",
        metavar="FIELD",
        help="trl-unpaired: the field that the model wrote (the last shown)",
    )
    add(
        "--good",
        action="append",
        default=[],
        metavar="VALUE",
        help="trl-unpaired: an option that means good; may come again",
    )
    add("--licence", "--license", default="", metavar="NAME", help="the licence to name, such as CC-BY-4.0")
    add(
        "--with-gold",
        action="store_true",
        help="tell gold items, their answers, training and exams apart from work",
    )


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 1_000):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 1,000")
    return int(text)


def export(arguments: argparse.Namespace) -> int:
    """`export SLUG --format F --out FILE`: everything from one consistent view of the database."""
    form = formats.find(arguments.format)
    target = _target(arguments.out, form)
    bar = Progress("judgments")

    async def work(store: Store) -> Report:
        return await store.read(_write, arguments.slug, form, _wishes(arguments), target, bar)

    try:
        report = with_store(work)
    except CannotExport as trouble:
        raise Halt(str(trouble)) from None
    finally:
        bar.close()
    _tell(report, target)
    return GOOD


def _wishes(arguments: argparse.Namespace) -> Wishes:
    return Wishes(
        with_gold=arguments.with_gold,
        least_judgments=arguments.min_judgments,
        settled_only=arguments.settled_only,
        question=arguments.question,
        prompt=tuple(arguments.prompt),
        completion=arguments.completion,
        good=tuple(arguments.good),
        licence=" ".join(arguments.licence.split()),
    )


def _target(out: str, form: Format) -> Target:
    path = Path(out)
    if out.endswith(("/", os.sep)) or path.is_dir():
        return _folder(path, form)
    ending = f".{form.shape}"
    if path.suffix in ENDINGS and path.suffix != ending:
        raise Halt(
            f"{form.name} is written as {ending}, and {path.name} ends in {path.suffix}: choose another format or name."
        )
    return Target(path, _beside(path, "card.md"), _beside(path, "croissant.json"), None)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}.{ending}")


def _folder(path: Path, form: Format) -> Target:
    readme = path / "README.md"
    if readme.exists() and "- veritap" not in readme.read_bytes()[:HEAD_BYTES].decode(errors="replace"):
        raise Halt(f"{path} is a folder with a README.md of its own; name a file in it, or another folder.")
    return Target(path / f"{form.name}.{form.shape}", readme, path / "croissant.json", path)


def _write(tx: Tx, slug: str, form: Format, wishes: Wishes, target: Target, bar: Progress) -> Report:
    project = projects.by_slug(tx, slug)
    data = DataFile(form, formats.plan(form, project.rules, wishes))
    extent = exports.extent(tx, project.id, wishes.with_gold)
    read = late = 0

    def items() -> Iterator[Judged]:
        nonlocal read, late
        for page in exports.pages(tx, project, wishes.with_gold):
            yield from page.items
            read, late = read + page.read, late + page.late
            bar(read, extent.judgments)

    if target.folder is not None:
        target.folder.mkdir(exist_ok=True)
    with _replacing(target.data) as half:
        stored = _write_data(half, target.data.name, data, items())
    data.report.withheld = exports.withheld(extent, late)
    for path, text in (
        (target.card, card.write(data.report, target.data.name)),
        (target.croissant, croissant.write(data.report, stored)),
    ):
        with _replacing(path) as half:
            half.write_text(text, encoding="utf-8", newline="\n")
    return data.report


def _write_data(half: Path, name: str, data: DataFile, items: Iterator[Judged]) -> Stored:
    if data.form.shape == "parquet":
        return _write_parquet(half, name, data, items)
    digest, size = hashlib.sha256(), 0
    with half.open("wb") as file:

        def put(text: str) -> None:
            nonlocal size
            raw = text.encode()
            digest.update(raw)
            size += file.write(raw)

        put(data.head())
        for item in items:
            put(data.text(item))
        put(data.tail())
    return Stored(name, size, digest.hexdigest())


def _write_parquet(half: Path, name: str, data: DataFile, items: Iterator[Judged]) -> Stored:
    writer = parquet.Writer(half, data.columns)
    for item in items:
        for row in data.rows(item):
            writer.add(data.record(row))
    writer.close()
    with half.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Stored(name, half.stat().st_size, digest)


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """Write a file beside its final place; it takes that place only once it is whole and on the disk."""
    half = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        half.touch(exist_ok=False)
        yield half
        with half.open("rb") as file:
            os.fsync(file.fileno())
        half.replace(target)
    except FileNotFoundError as error:
        raise FileNotFoundError(error.errno, "There is no such folder", str(target.parent)) from None
    finally:
        half.unlink(missing_ok=True)


def _tell(report: Report, target: Target) -> None:
    noun = "judgment" if report.form.name.startswith("judgments") else "row"
    print(f"{card.counted(report.rows, noun)} in {shown(target.data)}")
    withheld = report.withheld
    if withheld.withdrawn:
        students = card.counted(withheld.withdrawn_students, "student")
        print(
            f"Left out: {card.counted(withheld.withdrawn, 'judgment')} of {students} who withdrew their consent."
        )
    if withheld.late:
        late = card.counted(withheld.late, "judgment")
        print(f"Left out: {late} given after their item had settled (--with-gold holds them).")
    for why, items in sorted(report.left_out.items()):
        print(f"Left out: {card.counted(items, 'item')}: {why}.")
    print(f"About them: {shown(target.card)}, {shown(target.croissant)}")
