"""The catalogs of the interface: finds every text, writes the template and brings each language's file up to date.

`python -m tests.translations` writes handlers/locales. The same code gives the same bytes: no dates, no hosts, no line numbers.
"""

from __future__ import annotations

import ast
import dataclasses
import io
import itertools
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import extract, pofile
from babel.messages.catalog import Catalog, Message

from actions import payout_details, refusals, roles
from actions.judgments import FLAG_REASONS
from handlers.language import LOCALES, NAMES, SOURCE
from rules import broadcasts, consent
from rules.audience import DEGREES, FIELDS

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = LOCALES / "veritap.pot"
LANGUAGES = [code for code in NAMES if code != SOURCE]
LOCALE_OF = {"pt": "pt_BR"}
"""Where the catalog follows the usage of one country."""
PLURALS = {
    "hi": "nplurals=2; plural=(n > 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}
"""Where Babel's own order or choice of plural forms is not that of CLDR."""
KEYWORDS = {"_": None, "N_": None, "n_": (1, 2), "p_": ((1, "c"), 2)}
MARKS = frozenset(KEYWORDS)
TAG = "Translators:"
BUTTONS = {"Button": 0, "_button": 1, "go": 1}
"""Who makes a button, and the place of its label among the arguments."""
LABEL_LEAST, LABEL_SHARE = 16, 1.6
"""A label may grow by so much, so that two stand beside each other on a phone."""
HINT_MOST = 48
LINE_MOST = 10_000
"""No line is broken, so that a changed word is one changed line."""
UNWANTED = re.compile(
    r'^"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By)'
    r":.*\n",
    re.MULTILINE,
)
HEAD = """\
# {title}
# The words of the bot's interface. docs/translating.md says how these files are made and kept.
#"""


@dataclasses.dataclass(frozen=True)
class Found:
    """A text to translate: `id` is a pair where it has plural forms."""

    place: str
    id: str | tuple[str, str]
    comments: tuple[str, ...] = ()
    context: str | None = None


def sources() -> list[Path]:
    """List the files that hold texts of the interface."""
    return [*sorted((ROOT / "handlers").rglob("*.py")), ROOT / "bot" / "incidents.py"]


def find() -> list[Found]:
    """Find every text of the interface, file by file, then those of the tables below the handlers."""
    return [one for path in sources() for one in in_file(path)] + list(in_tables())


def in_file(path: Path) -> Iterator[Found]:
    """Find the texts of a file, with what its author tells the translators."""
    place, notes = path.relative_to(ROOT).as_posix(), _notes(path.read_text(encoding="utf-8"))
    with path.open("rb") as file:
        rows = extract.extract("python", file, KEYWORDS, (TAG,), {}, strip_comment_tags=True)
        for _line, message, comments, context in rows:
            found = (message[0], message[1]) if isinstance(message, tuple) else message
            first = found[0] if isinstance(found, tuple) else found
            said = [" ".join(comments)] if comments else []
            said += [note for note in notes.get(str(first), []) if note not in said]
            # Two marks of one text may carry the same note.
            yield Found(place, found, tuple(dict.fromkeys(said)), context)


def in_tables() -> Iterator[Found]:
    """Give the words that live below the handlers and are translated where they are shown."""
    yield from _table("rules/audience.py", DEGREES.values(), _label("A degree, in the profile.", 18))
    yield from _table("rules/audience.py", FIELDS.values(), _label("A field of study.", 18))
    yield from _table("actions/judgments.py", FLAG_REASONS.values(), _label("Why an item is flagged.", 24))
    yield from _table(
        "rules/broadcasts.py", broadcasts.SCHEDULES.values(), _label("When to send a call.", 30)
    )
    why = "Why a call leaves students out, after their number: 31 muted."
    yield from _table("rules/broadcasts.py", broadcasts.LEFT_OUT.values(), why)
    for heading, words in consent.POINTS:
        yield Found("rules/consent.py", heading, ("A heading in the text that a student agrees to.",))
        yield Found("rules/consent.py", words, (f"From the text that a student agrees to, after: {heading}",))
    sentences = [one.__doc__ or "" for one in refusals.Refusal.__subclasses__()]
    yield from _table(
        "actions/refusals.py", [refusals.Refusal.__doc__ or "", *sentences], "Why something cannot be done."
    )
    yield from _table(
        "actions/qualifications.py", ("degree", "field", "language"), "Fills {what} of a refusal."
    )
    yield from _table(
        "actions/invitations.py", ("Uses", "Days"), "Fills {what} of a refusal: what an invitation has."
    )
    yield from _table(
        "actions/roles.py", (*roles.GIVEN.values(), *roles.TAKEN.values()), "A notice about a role."
    )
    yield from _table("actions/payout_details.py", (payout_details.CHANGED,), "A notice to a student.")


def _table(place: str, texts: object, comment: str) -> Iterator[Found]:
    assert hasattr(texts, "__iter__")
    for text in texts:
        yield Found(place, str(text), (comment,))


def _label(what: str, most: int) -> str:
    return f"{what} A button, at most {most} characters."


def _notes(code: str) -> dict[str, list[str]]:
    """Give what can be told of texts from how they are used: the limit of a button, and a comment that stands over a whole table."""
    notes: dict[str, list[str]] = {}
    tree, lines = ast.parse(code), code.splitlines()
    for text, note in [*_commented(tree, lines), *_limits(tree, {})]:
        if note not in notes.setdefault(text, []):
            notes[text].append(note)
    return notes


def _commented(tree: ast.AST, lines: list[str]) -> Iterator[tuple[str, str]]:
    """Give the comment above a statement to every text in it, and one inside a table to the entries down to the next."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr):
            comment = _comment_above(lines, node.lineno)
            yield from ((text, comment) for text in _marked(node) if comment)
        if isinstance(node, ast.Dict):
            comment = ""
            for value in node.values:
                comment = _comment_above(lines, value.lineno) or comment
                yield from ((text, comment) for text in _marked(value) if comment)


def _limits(tree: ast.AST, known: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Say how long labels and hints may be. `known`: the texts behind the names in reach."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            known = {}
        if isinstance(node, ast.Assign):
            known |= _named(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = BUTTONS.get(node.func.id)
            if place is not None and len(node.args) > place:
                label = node.args[place]
                behind = [known.get(one.id, []) for one in ast.walk(label) if isinstance(one, ast.Name)]
                for text in [*_marked(label), *itertools.chain.from_iterable(behind)]:
                    most = max(LABEL_LEAST, round(len(text) * LABEL_SHARE))
                    yield text, f"A button, at most {most} characters."
            if node.func.id == "Command":
                for text in _marked(node):
                    yield text, f"A command in the menu, at most {HINT_MOST} characters."
        yield from _limits(node, known)


def _named(node: ast.Assign) -> dict[str, list[str]]:
    """Give the names that an assignment sets, each with the texts that it may stand for."""
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = list(zip(target.elts, value.elts, strict=False))
    else:
        pairs = [(target, value)]
    return {name.id: _marked(one) for name, one in pairs if isinstance(name, ast.Name)}


def _comment_above(lines: list[str], line: int) -> str:
    found: list[str] = []
    for text in reversed(lines[: line - 1]):
        if not text.strip().startswith("#"):
            break
        found.insert(0, text.strip().lstrip("# "))
    words = " ".join(found)
    return words.removeprefix(TAG).strip() if words.startswith(TAG) else ""


def _marked(node: ast.AST) -> list[str]:
    """List the first texts of all marks inside a piece of code."""
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
    found = []
    for call in calls:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        texts = call.args[1:2] if name == "p_" else call.args[:1]
        found += [
            text.value
            for text in texts
            if name in MARKS and isinstance(text, ast.Constant) and isinstance(text.value, str)
        ]
    return found


def template() -> Catalog:
    """Make the template: every text once, with where it is used and what translators should know."""
    catalog = Catalog(charset="utf-8", fuzzy=False, header_comment=HEAD.format(title="Veritap"))
    for one in find():
        catalog.add(one.id, locations=[(one.place, 0)], auto_comments=list(one.comments), context=one.context)
    return catalog


def brought_up_to_date(code: str, wanted: Catalog, folder: Path = LOCALES) -> Catalog:
    """Give a language's catalog with exactly the texts of the template. What was translated stays; what is no longer said is kept aside."""
    path = folder / f"{code}.po"
    locale = LOCALE_OF.get(code, code)
    catalog = read(path, locale) if path.exists() else Catalog(locale=locale, charset="utf-8")
    # A text that comes back finds its translation again.
    for message in list(catalog.obsolete.values()):
        if message.id not in catalog:
            catalog[message.id] = message
    catalog.obsolete.clear()
    catalog.update(wanted, no_fuzzy_matching=True)
    for message in catalog:
        if message.id and message.fuzzy:
            # It was a plural and is none any more, or the other way round: it is to be said anew.
            message.flags.discard("fuzzy")
            message.string = ("",) * catalog.num_plurals if message.pluralizable else ""
    catalog.header_comment = HEAD.format(title=f"Veritap in {NAMES[code]}")
    catalog.fuzzy = False
    if code in PLURALS:
        catalog.mime_headers = [("Plural-Forms", PLURALS[code])]
    return catalog


def read(path: Path, locale: str | None = None) -> Catalog:
    """Read a catalog."""
    with path.open("rb") as file:
        return pofile.read_po(file, locale=locale, abort_invalid=True)


def written(catalog: Catalog) -> bytes:
    """Give a catalog's bytes: the same for the same texts, whenever and wherever."""
    raw = io.BytesIO()
    pofile.write_po(raw, catalog, width=LINE_MOST, include_lineno=False)
    return UNWANTED.sub("", raw.getvalue().decode()).encode()


def files() -> dict[Path, bytes]:
    """Give each file of the catalogs as it should be."""
    wanted = template()
    found = {TEMPLATE: written(wanted)}
    return found | {LOCALES / f"{code}.po": written(brought_up_to_date(code, wanted)) for code in LANGUAGES}


def missing(code: str) -> int:
    """Count the texts that a language does not say yet."""
    return sum(1 for one in read(LOCALES / f"{code}.po") if one.id and not all(strings(one)))


def strings(message: Message) -> list[str]:
    """List the translations of a message: one, or one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def main() -> None:
    """Write the template and every language's file, and say how far each is."""
    LOCALES.mkdir(exist_ok=True)
    for path, data in files().items():
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
    texts = sum(1 for one in read(TEMPLATE) if one.id)
    sys.stdout.write(f"{texts} texts\n")
    for code in LANGUAGES:
        sys.stdout.write(f"{code}  {missing(code) or 'none'} missing\n")


if __name__ == "__main__":
    main()
