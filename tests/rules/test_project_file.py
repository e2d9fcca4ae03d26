"""Project files: a good one is read exactly; each way of being wrong gets one sentence with where and what to write instead."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import project_file
from rules.project_file import Choice, Project, ProjectTrouble

PAY = '[pay]\ncurrency = "USD"\nrate_per_hour = "24.00"\nexpected_seconds = 60\ncap_seconds = 180\n'
SHOW = '[[show]]\nfield = "question"\n'
ASK = (
    '[[ask]]\nid = "correct"\nkind = "choice"\ntext = "Is it correct?"\n'
    'options = [{ value = "yes", label = "Correct" }, { value = "no", label = "Wrong" }]\n'
)
WHY = (
    '[[ask]]\nid = "why"\nkind = "tags"\ntext = "What is wrong?"\nwhen = { correct = "no" }\n'
    'options = [{ value = "logic", label = "Logic" }]\n'
)
HEAD = 'slug = "maths"\ntitle = "Check maths"\ninstructions = "Read."\n'
GOOD = HEAD + PAY + SHOW + ASK + WHY


def troubles(text: str) -> list[str]:
    with pytest.raises(ProjectTrouble) as caught:
        project_file.parse(text)
    return caught.value.lines


def test_a_good_file_is_read_with_its_defaults() -> None:
    project = project_file.parse(GOOD)
    assert (project.slug, project.language, project.audience.seats) == ("maths", "en", 100)
    assert (project.pay.rate_micro, project.pay.cap_ms, project.pay.expected_ms) == (
        24_000_000,
        180_000,
        60_000,
    )
    assert (project.quality.overlap, project.quality.gold_share) == ((2, 10), 0.10)
    assert isinstance(project.asked("correct"), Choice)
    assert project.asked("nothing") is None


def test_what_is_stored_reads_back_the_same() -> None:
    project = project_file.parse(GOOD)
    assert project_file.load(project_file.dump(project)) == project


def test_a_byte_order_mark_does_no_harm() -> None:
    assert project_file.parse_bytes(b"\xef\xbb\xbf" + GOOD.encode()) == project_file.parse(GOOD)


OPTION_YES = '{ value = "yes", label = "Correct" }'
MANY = ", ".join(f'{{ value = "v{n}", label = "L{n}" }}' for n in range(200))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('title = "Check', 'titel = "Check', "title is missing."),
        ('title = "Check', 'titel = "Check', "titel is not a key that Veritap knows."),
        ('"24.00"', "24.00", 'pay.rate_per_hour must be money as text in quotes, such as "24.00".'),
        (
            '"24.00"',
            '"lots"',
            'pay.rate_per_hour: "lots" is not an amount of money; write digits and at most six decimals, such as "24.00".',
        ),
        (
            '"24.00"',
            '"-1"',
            'pay.rate_per_hour: "-1" is not an amount of money; write digits and at most six decimals, such as "24.00".',
        ),
        ('"USD"', '"dollars"', 'pay.currency: "dollars" is not a currency; write its three capital letters, such as "USD".'),
        ("= 180", "= 30", "pay: cap_seconds is below expected_seconds; nobody could be paid for the time you expect."),
        ("= 180", "= 1e9", "pay.cap_seconds must be a whole number, such as 60."),
        ("= 180", "= 99999", "pay.cap_seconds must be at most 3600."),
        (', label = "Correct"', "", "ask[1].options[1].label is missing."),
        ('label = "Correct"', 'label = " "', "ask[1].options[1].label is empty."),
        ('label = "Correct"', 'label = "a\\nb"', "ask[1].options[1].label: must be one line, without control characters."),
        ('label = "Correct"', f'label = "{"x" * 41}"', "ask[1].options[1].label is longer than 40 characters."),
        (OPTION_YES, MANY, "ask[1].options has 201 entries; at most 12 fit."),
        (OPTION_YES + ", ", "", "ask[1].options has 1 entries; at least 2 are needed."),
        ('value = "yes"', 'value = "no"', 'ask[1].options: two options have the value "no".'),
        (
            'value = "yes"', 'value = "ja!"',
            'ask[1].options[1].value: "ja!" cannot be a value; use 1 to 40 letters, digits, "_", ".", ":" or "-".',
        ),
        (
            'kind = "choice"', 'kind = "essay"',
            'ask[1] has an unknown kind; there are choice, tags, scale, preference, steps, text and span.',
        ),
        ('kind = "choice"\n', "", 'ask[1] needs a kind: choice, tags, scale, preference, steps, text and span.'),
        ('id = "why"', 'id = "correct"', 'Two questions have the id "correct".'),
        ('correct = "no"', 'correct = "maybe"', "\"why\" waits for correct = 'maybe', which nobody can answer."),
        ('correct = "no"', "correct = []", '"why" waits for correct = [], which nobody can answer.'),
        ('correct = "no"', 'later = "no"', '"why" depends on "later", which is not an earlier question.'),
        ('field = "question"', 'field = "gold"', 'show[1].field: "gold" is a key of Veritap\'s own in an items file and is never shown.'),
        (SHOW, SHOW + SHOW, "A field is shown twice."),
        (SHOW, "show = 1\n", "pay.show is not a key that Veritap knows."),
        ('slug = "maths"', 'slug = "My maths"', 'slug: "My maths" cannot be a slug; use 1 to 40 of a-z, 0-9 and "-".'),
        ('slug = "maths"', "slug = no", "This is not TOML: Invalid value (at line 1, column 8)."),
        ("Read.", "x" * 3001, "instructions is longer than 3000 characters."),
        ("Read.", "😀" * 1501, "instructions: has 3,002 characters as Telegram counts; at most 3,000 fit."),
        (SHOW, "[quality]\ngold_share = nan\n" + SHOW, "quality.gold_share must be a number, not nan or inf."),
        (SHOW, "[quality]\noverlap = [5, 2]\n" + SHOW, "quality: overlap must be two whole numbers, least and most, such as [2, 5]."),
        (SHOW, "[quality]\noverlap = 3\n" + SHOW, "quality.overlap must be two numbers in square brackets."),
        (SHOW, "[quality]\ngold_share = 0.5\n" + SHOW, "quality: gold_share 0.5 lies outside gold_share_bounds [0.03, 0.3]."),
        (
            SHOW, '[audience]\ndegrees = ["phd"]\n' + SHOW,
            'audience.degrees: "phd" is not a degree; there are associate, bachelor, master, other.',
        ),
        (
            SHOW, '[audience]\nlanguages = ["English"]\n' + SHOW,
            'audience.languages[1]: "English" is not a language; write its code, such as "en".',
        ),
        (SHOW, "qualification = 1\n" + SHOW, "pay.qualification is not a key that Veritap knows."),
        (HEAD, HEAD + "qualification = 1\n", "qualification must be a table of keys, not a single value."),
    ],
)  # fmt: skip
def test_each_mistake_has_its_sentence(old: str, new: str, sentence: str) -> None:
    assert old in GOOD
    assert sentence in troubles(GOOD.replace(old, new, 1))


def test_a_whole_number_too_long_to_read_is_a_sentence() -> None:
    (sentence,) = troubles(GOOD.replace("= 180", "= " + "9" * 5000))
    assert sentence.startswith("This is not TOML: ")


def test_deep_nesting_is_a_sentence() -> None:
    assert troubles(HEAD + "x = " + "[" * 20_000) == ["This is not a project file: it is nested too deeply."]


def test_a_file_that_is_too_large_is_a_sentence() -> None:
    assert troubles(GOOD + "#" * 70_000) == [
        "The file is larger than 64 kB; a project file is a page or two."
    ]
    with pytest.raises(ProjectTrouble, match="larger than 64 kB"):
        project_file.parse_bytes(b"\xff" * 20_000_000)


def test_bytes_that_are_not_text_are_a_sentence() -> None:
    with pytest.raises(ProjectTrouble, match=r"not UTF-8 text \(byte 1\)"):
        project_file.parse_bytes(b"\xff\xfes\x00l\x00")


def test_at_most_twenty_mistakes_are_told_at_once() -> None:
    assert len(troubles(HEAD + "\n".join(f"k{n} = 1" for n in range(100)))) == 20


def _mutated(data: st.DataObject) -> bytes:
    raw = bytearray(GOOD.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=12))
    return bytes(raw)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_damage_to_a_file_ends_in_a_project_or_in_sentences(data: st.DataObject) -> None:
    _reads_or_tells(_mutated(data))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_a_project_or_in_sentences(raw: bytes) -> None:
    _reads_or_tells(raw)


def _reads_or_tells(raw: bytes) -> None:
    found = _told(lambda: project_file.parse_bytes(raw))
    assert len(found) <= 20


def _told(attempt: Callable[[], Project]) -> list[str]:
    """Read a project and see that it can be kept; or give the sentences, seen to be such."""
    try:
        project = attempt()
    except ProjectTrouble as trouble:
        lines = trouble.lines
    else:
        assert project_file.load(project_file.dump(project)) == project
        return []
    assert lines
    assert all(line.endswith(".") and line.encode() for line in lines)
    return lines


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_value_under_any_key_ends_in_a_project_or_in_sentences(data: st.DataObject) -> None:
    raw = tomllib.loads(GOOD)
    spot: Any = raw
    for _ in range(4):
        key = data.draw(st.sampled_from(sorted(spot) if isinstance(spot, dict) else range(len(spot))))
        if not isinstance(spot[key], dict | list) or not spot[key] or data.draw(st.booleans()):
            spot[key] = data.draw(VALUES)
            break
        spot = spot[key]
    _told(lambda: project_file.check(raw))
