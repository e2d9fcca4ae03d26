"""The catalogs of the interface: up to date with the code, sound where they are translated, and nothing said past them."""

from __future__ import annotations

import ast
import gettext
import re
import string
from pathlib import Path
from typing import TypeGuard

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message

from bot import incidents
from handlers import about
from handlers.language import LOCALES
from tests import translations
from tests.translations import LANGUAGES, MARKS, ROOT, TEMPLATE

ONE_NUMBER = {"ar": {0, 1, 2}}
"""Plural forms that stand for a single number each, which may be said without its figure."""
TAGS = ("zero", "one", "two", "few", "many", "other")
LIMIT = re.compile(r"at most (\d+) characters")
MARKUP = re.compile(r"<\w|</|&\w+;|\*\*|`")
WORDY = re.compile(r"[A-Za-z]{2,}.*\s|\s.*[A-Za-z]{2,}|^[A-Z][a-z]+", re.DOTALL)
SAYS = {"Button": 0, "plain": 0, "bold": 0, "italic": 0, "line": 0, "toast": 0}
"""Calls that show a text to people, and its place among the arguments."""
NOT_SAID = frozenset({"handlers/views/example.py", "handlers/language.py", "handlers/posting.py"})
"""Files whose texts are a file's contents, names of languages and zones, and what Telegram answers."""
NAMES = re.compile(
    r"\A(?:TRL [a-z]+|ProcessBench|OpenAI DPO|Label Studio|Parquet|Croissant|veritap export | --(?:format|out) | UTC)\Z"
)
"""Proper names and commands, which are the same in every language."""


def messages(code: str) -> list[Message]:
    return [one for one in translations.read(LOCALES / f"{code}.po") if one.id]


def english(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (str(message.id),)


def places(text: str) -> set[str]:
    """Name the places of a text that are filled."""
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name is not None}


def test_the_files_are_as_the_code_says() -> None:
    stale = [path.name for path, data in translations.files().items() if path.read_bytes() != data]
    assert not stale, f"{stale}: run python -m tests.translations"


def test_the_files_hold_no_date_and_no_name() -> None:
    for path in (TEMPLATE, *(LOCALES / f"{code}.po" for code in LANGUAGES)):
        head = path.read_text(encoding="utf-8").partition("\n\n")[0]
        assert not re.search(r"Date|Translator|Team|\d{4}-\d\d", head)


def test_what_telegram_shows_and_what_a_fault_says_are_among_the_texts() -> None:
    known = {text for one in translations.read(TEMPLATE) for text in english(one)}
    assert {about.DESCRIPTION, about.SHORT_DESCRIPTION, incidents.SENTENCE} <= known


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_language_has_every_text_and_all_its_plural_forms(code: str) -> None:
    wanted = {(one.id, one.context) for one in translations.read(TEMPLATE) if one.id}
    catalog: Catalog = translations.read(LOCALES / f"{code}.po")
    assert {(one.id, one.context) for one in catalog if one.id} == wanted
    for message in messages(code):
        forms = translations.strings(message)
        if isinstance(message.id, tuple):
            assert len(forms) == catalog.num_plurals, message.id
        # Half a plural would show an empty line; none at all falls back to English.
        assert all(forms) or not any(forms), f"some forms are missing: {message.id}"
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_plural_forms_stand_in_the_order_of_cldr(code: str) -> None:
    catalog = translations.read(LOCALES / f"{code}.po")
    form_of = gettext.c2py(catalog.plural_expr)
    locale = Locale.parse(translations.LOCALE_OF.get(code, code))
    used = [tag for tag in TAGS if any(locale.plural_form(number) == tag for number in range(1000))]
    assert len(used) == catalog.num_plurals
    for number in range(1000):
        assert used[form_of(number)] == locale.plural_form(number), number


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_filled_in_agrees_in_every_form(code: str) -> None:
    for message in messages(code):
        wanted = set().union(*(places(text) for text in english(message)))
        for number, form in enumerate(translations.strings(message)):
            spared = {"n"} if isinstance(message.id, tuple) and number in ONE_NUMBER.get(code, ()) else set()
            assert not form or wanted - spared <= places(form) <= wanted, f"{message.id}: {form}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_labels_keep_to_their_room(code: str) -> None:
    for message in messages(code):
        limits = [int(found) for note in message.auto_comments for found in LIMIT.findall(note)]
        for form in translations.strings(message):
            assert not limits or len(form) <= min(limits), (
                f"{message.id}: {form} is longer than {min(limits)}"
            )


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_is_plain_text_with_the_same_edges(code: str) -> None:
    for message in messages(code):
        first = english(message)[0]
        for form in filter(None, translations.strings(message)):
            assert not MARKUP.search(form), f"markup is not read here: {form}"
            assert form == form.strip(), f"white space at the edge: {form!r}"
            assert form.count("\n") == first.count("\n"), f"other lines: {form!r}"
            commands = set(re.findall(r"(?<!\S)/[a-z]+\b", first))
            assert all(command in form for command in commands), f"a command is missing: {form}"


def test_labels_of_the_source_keep_to_their_room() -> None:
    for message in translations.read(TEMPLATE):
        limits = [int(found) for note in message.auto_comments for found in LIMIT.findall(note)]
        assert not limits or all(len(text) <= min(limits) for text in english(message)), message.id


def unmarked(code: str) -> list[str]:
    """Find words in a file of handlers that would be shown in English to everybody."""
    tree = ast.parse(code)
    passed = _passed_over(tree)
    found = []
    for node in ast.walk(tree):
        if _is_wordy(node) and node not in passed:
            found.append(f"line {node.lineno}: {node.value!r}")
        if isinstance(node, ast.Call):
            found += [f"line {one.lineno}: {one.value!r}" for one in _shown(node) if one not in passed]
    return list(dict.fromkeys(found))


def _is_wordy(node: ast.AST) -> TypeGuard[ast.Constant]:
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    return WORDY.search(node.value) is not None and not NAMES.match(node.value)


def _passed_over(tree: ast.AST) -> set[ast.AST]:
    """Give what is no text for people: docstrings, marked texts, what is raised or logged, patterns."""
    passed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(node.value)
        if isinstance(node, ast.Raise):
            passed.update(ast.walk(node))
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if name in MARKS or owner in ("_log", "re"):
                passed.update(ast.walk(node))
    return passed


def _shown(call: ast.Call) -> list[ast.Constant]:
    """List the words that a call shows as they are."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    place = SAYS.get(name)
    if place is None or len(call.args) <= place:
        return []
    argument = call.args[place]
    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    return [
        one
        for one in parts
        if isinstance(one, ast.Constant)
        and isinstance(one.value, str)
        and re.search(r"[A-Za-z]{2,}", one.value)
        and not NAMES.match(one.value)
    ]


def test_the_law_on_unmarked_words_bites() -> None:
    assert unmarked('def f():\n    return Button("send", "x:y")')
    assert unmarked('def f():\n    text.line(f"of {count} items")')
    assert unmarked('WHY = {"none": "Nothing is left."}')
    assert not unmarked('"""A module."""\nWHY = N_("Nothing is left.")\ntext.line("• ").add(text, "bold")')


def test_nothing_is_said_past_the_catalogs() -> None:
    complaints = [
        f"{path.relative_to(ROOT).as_posix()} {one}"
        for path in sorted((ROOT / "handlers").rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in NOT_SAID
        for one in unmarked(path.read_text(encoding="utf-8"))
    ]
    assert not complaints


def unseen(code: str) -> list[str]:
    """Find marked texts that stand inside of an f-string, where the extraction does not look."""
    return [
        f"line {call.lineno}"
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in MARKS
        and isinstance(call.args[0], ast.Constant)
    ]


def used_both_ways(codes: list[str]) -> set[str]:
    """Find texts that stand alone in one place and as a plural's singular in another: the catalog holds them only once."""
    alone, counted = set(), set()
    for node in (node for code in codes for node in ast.walk(ast.parse(code))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "id", "")
            if name in ("_", "N_"):
                alone.add(str(node.args[0].value))
            elif name == "n_":
                counted.add(str(node.args[0].value))
    return alone & counted


def test_every_marked_text_reaches_the_catalogs_in_one_way() -> None:
    assert unseen("text = f\"{one} · {_('beyond chance')}\"")
    assert not unseen('text = f"{_(RATINGS[one])} {sign}"')
    assert used_both_ways(['_("Tap it.")', 'n_("Tap it.", "Tap {n}.", 2)']) == {"Tap it."}
    codes = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "handlers").rglob("*.py"))]
    assert [one for code in codes for one in unseen(code)] == []
    assert used_both_ways(codes) == set()


def test_a_text_that_comes_back_finds_its_translation(tmp_path: Path) -> None:
    full, less = Catalog(), Catalog()
    for text in ("Send", "Stop"):
        full.add(text)
    less.add("Stop")
    first = translations.brought_up_to_date("uk", full, tmp_path)
    first["Send"].string = "Надіслати"
    for wanted, kept in ((full, True), (less, False), (full, True)):
        (tmp_path / "uk.po").write_bytes(translations.written(first))
        first = translations.brought_up_to_date("uk", wanted, tmp_path)
        assert ("Send" in first) == kept
    assert first["Send"].string == "Надіслати"
