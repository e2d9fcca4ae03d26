"""Near copies: what is folded away, how alike texts are, and how surely the marks bring near copies together."""

from __future__ import annotations

import random
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import near_text

ROOT = Path(__file__).resolve().parents[2]
FOUND_FROM = 0.8
"""Near copies as alike as this must meet, 95 of 100 of them."""
SENTENCE = "The second step subtracts the muffin eggs twice, so the result is three too small."


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Step 2: the sum is WRONG!", "step2thesumiswrong"),
        ("2 + 2 = 5", "2+2=5"),
        ("ﬁne  ＡＢＣ １２", "fineabc12"),
        ("Straße", "strasse"),
        ("दूसरा चरण ग़लत है।", "दूसराचरणग़लतहै"),
        ("الخطوة الثانية، خاطئة", "الخطوةالثانيةخاطئة"),
        ("第二步 算错了。", "第二步算错了"),
        ("e\u0301 \u00e9", "\u00e9\u00e9"),
        ("e\u200b\u0301", "\u00e9"),
        ("- … _ 😀", ""),
    ],
)
def test_only_what_carries_meaning_is_kept(text: str, folded: str) -> None:
    assert near_text.fold(text) == unicodedata.normalize("NFC", folded)


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = near_text.fold(text)
    assert near_text.fold(once) == once


@given(st.text(st.characters(codec="utf-8"), max_size=80), st.text(st.characters(codec="utf-8"), max_size=80))
def test_likeness_is_symmetric_and_whole_only_for_the_same(one: str, other: str) -> None:
    both = near_text.similarity(one, other)
    assert both == near_text.similarity(other, one)
    assert 0.0 <= both <= 1.0
    if near_text.columns(near_text.fold(one)) >= near_text.COLUMNS_OF_EXACT:
        assert near_text.similarity(one, f" {one}! ") == 1.0
        assert near_text.marks(near_text.fold(one), "1:why") == near_text.marks(
            near_text.fold(f"({one})"), "1:why"
        )


@pytest.mark.parametrize("text", ["", "yes", "2+2=5", "wrong arithmetic", "算错了", "…" * 500])
def test_what_says_too_little_is_no_evidence(text: str) -> None:
    assert near_text.marks(near_text.fold(text), "1:why") == []
    assert near_text.similarity(text, text) == 0.0


def test_short_texts_are_compared_exactly_and_a_wide_character_says_more() -> None:
    assert near_text.similarity("Wrong sum in step 12", "wrong sum in step 12.") == 1.0
    assert near_text.similarity("Wrong sum in step 12", "Wrong sum in step 13") == 0.0
    assert len(near_text.marks(near_text.fold("Wrong sum in step 12"), "1:why")) == 1
    assert near_text.similarity("第二步的乘法算错了", "第二步的乘法,算错了。") == 1.0
    assert near_text.marks(near_text.fold("第二步的乘法算错了"), "1:why")


def test_marks_of_two_places_never_meet() -> None:
    folded = near_text.fold(SENTENCE)
    here, there = (set(near_text.marks(folded, place)) for place in ("1:why", "11:why"))
    assert len(here) == near_text.MARKS
    assert not here & there
    assert all(-(2**63) <= mark < 2**63 for mark in here)


def test_marks_are_the_same_in_every_process() -> None:
    code = f"from rules import near_text as n; print(n.marks(n.fold({SENTENCE!r}), '1:why'))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert found == {f"{near_text.marks(near_text.fold(SENTENCE), '1:why')}\n".encode()}


@pytest.mark.parametrize(
    ("text", "total"),
    [
        (SENTENCE, -8456951657040043849),
        ("Step 2 divides it by nine", -1844685183834315021),
        ("第二步的乘法算错了", -1636323430484136878),
    ],
)
def test_marks_never_change_since_they_are_stored(text: str, total: int) -> None:
    assert sum(near_text.marks(near_text.fold(text), "1:why")) == total


ALPHABETS = (
    "etaoinshrdlucmfwypvbgk",
    "оеаинтсрвлкмдпуяыьгзбч",
    "अआइकखगचजटडतदनपबमयरलवसह",
    "的一是不了人我在有他这中大来上国和",
)


def writer(chance: random.Random, letters: str) -> Callable[[int], str]:
    """Give a maker of texts of about so many characters from a vocabulary of its own."""
    words = ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(600)]

    def write(length: int) -> str:
        return " ".join(chance.choices(words, k=length // 6 + 1))[:length]

    return write


def near_copy(chance: random.Random, write: Callable[[int], str], text: str) -> str:
    """Vary a text as people vary what they copied: letters, words, a beginning, an end, a word moved."""
    words = text.split()
    match chance.randrange(5):
        case 0:
            places = set(chance.sample(range(len(text)), 1 + len(text) // 70))
            return "".join("x" if place in places else letter for place, letter in enumerate(text))
        case 1:
            for _ in range(1 + len(words) // 25):
                words[chance.randrange(len(words))] = write(6)
        case 2:
            words = [*write(len(text) // chance.randint(5, 12)).split(), *words]
        case 3:
            words = words[: -max(1, len(words) // chance.randint(5, 12))]
        case _:
            words.insert(chance.randrange(len(words)), words.pop(chance.randrange(len(words))))
    return " ".join(words)


@pytest.mark.parametrize("letters", ALPHABETS)
def test_marks_bring_near_copies_together(letters: str) -> None:
    chance = random.Random(7)
    write = writer(chance, letters)
    met: dict[bool, list[bool]] = {True: [], False: []}
    while len(met[True]) < 400 or len(met[False]) < 60:
        text = write(chance.choice((60, 120, 300, 500)))
        one, other = near_text.fold(text), near_text.fold(near_copy(chance, write, text))
        likeness = near_text.similarities(one, [other])[0]
        if FOUND_FROM <= likeness < 1.0:
            shared = set(near_text.marks(one, "1:why")) & set(near_text.marks(other, "1:why"))
            met[likeness >= 0.85].append(bool(shared))
    everything = met[True] + met[False]
    assert sum(everything) >= 0.95 * len(everything)
    assert sum(met[False]) >= 0.95 * len(met[False]), "those just above the bound"


def test_strangers_are_far_apart_and_seldom_meet() -> None:
    chance = random.Random(8)
    write = writer(chance, ALPHABETS[0])
    folded = [near_text.fold(write(300)) for _ in range(300)]
    assert max(near_text.similarities(folded[0], folded[1:])) < 0.2
    seen: set[int] = set()
    hits = 0
    for text in folded:
        marks = set(near_text.marks(text, "1:why"))
        hits += len(seen & marks)
        seen |= marks
    assert hits <= 5, "of 45,000 pairs"


def test_a_long_text_is_looked_at_up_to_a_bound() -> None:
    long = "abcdefghij" * 10_000
    assert len(near_text.fold(long)) == near_text.CHARACTERS_MAX
    assert len(near_text.fold("\ufdfa" * 100_000)) <= near_text.CHARACTERS_MAX
    assert near_text.similarity(long, long + "?") == 1.0
