"""Signals: what can be seen of one answer in the moment it is given, and whether it counts at once or is held. Nothing is ever decided on
one signal, and nothing is excluded here: a held answer is decided later, by what the person's answers say together (`decide_held`).

A signal speaks only where chance hardly explains it. Tails are bounded by Chernoff's inequality,
P(share >= k / n) <= exp(-n KL(k / n || p)), so that a long record costs as much as a short one; the bound errs on the person's side.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping, Sequence

VERSION = 1
"""Goes with every verdict: which rules were in force."""

WORDS_A_SECOND = 5.0
"""300 words a minute, above which people no longer read each word (M. Brysbaert, "How many words do we read per minute?", 2019)."""
LONG_WORDS = 35
"""Seven seconds of reading. On shorter texts the quick answers are the better ones, so haste says nothing there."""
FAR_FASTER = 1 / 3
"""Of what others usually take for the item: the share below which haste speaks."""
RECENT = 50
"""So many of a person's last answers are looked at for their buttons."""
LEAST_BUTTONS, LEAST_CHECKED, LEAST_REPEATS, LEAST_SIDES = 15, 8, 6, 20
"""With fewer answers than this the signal is silent."""
ACCEPTABLE = 0.35
"""Whoever knows this share of the items, and guesses the rest, is still believed to work."""
SAME_TWICE = 0.6
"""Whoever answers so many of their repeats as before is still believed to read them; careful people reach .8 to .98."""
CHANCE_BUTTONS, CHANCE_CHECKED, CHANCE_REPEATS, CHANCE_SIDES = 1e-4, 1e-2, 1e-2, 1e-3
"""How seldom chance alone may make each signal speak, per look."""

WEIGHTS: Mapping[str, int] = {"golds": 2, "peers": 2, "haste": 2, "buttons": 2, "repeats": 1, "sides": 1}
"""Repeats and sides hardly tell good work from bad, so the two of them weigh as much as one of the others."""
HOLDS_AT = 4
TESTED_ELSEWHERE = frozenset({"golds", "peers"})
"""Being wrong alone is for the sequential test (`evidence`), which knows its rate of false alarms; here it stands beside something else."""
HELD_AT_ONCE = 10
"""So many answers of a person are held at a time. What is systematic shows in those that count, and they must go on to show it."""

HELD_MOST_MS = 7 * 24 * 3600 * 1000
"""An answer that nobody decided by then counts."""

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """What is known when an answer is given. What is not known is left at its default, and says nothing.

    `words`: length of what was to be read; `spent_ms`: time taken; `usual_ms`: what it usually takes. `labels`: the
    person's last answers as classes, this one included; `usual`: how often each class is given by everybody, shares that sum to 1.
    `repeats`: own items met again, `repeats_alike` of them answered as before. `first`, `second`: how often each side was chosen of
    shuffled pairs. `agreed` of `compared` answers were those of peers, where chance would agree in the share `by_chance`.
    `golds_right` of `golds`; who guesses gets `golds_by_chance` of them right.
    """

    words: int = 0
    spent_ms: int = 0
    usual_ms: int | None = None
    labels: Sequence[int] = ()
    usual: Sequence[float] = ()
    repeats: int = 0
    repeats_alike: int = 0
    first: int = 0
    second: int = 0
    agreed: int = 0
    compared: int = 0
    by_chance: float = 0.5
    golds_right: int = 0
    golds: int = 0
    golds_by_chance: float = 0.5


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an answer: `counted` or `held`. `rule`: the signals that spoke, joined by "+"; "" when none did. `figures`: of
    each of them, plain numbers for the record and for the person. `version`: of these rules."""

    status: str
    rule: str
    figures: Mapping[str, Mapping[str, float]]
    version: int = VERSION


def weigh(seen: Seen) -> Verdict:
    """Weigh the signals of one answer: it is held where at least two that matter speak against it."""
    found = {
        "golds": _too_few(seen.golds_right, seen.golds, seen.golds_by_chance),
        "peers": _too_few(seen.agreed, seen.compared, seen.by_chance),
        "haste": _haste(seen),
        "buttons": _buttons(seen.labels[-RECENT:], seen.usual),
        "repeats": _repeats(seen),
        "sides": _sides(seen),
    }
    spoke = {name: figures for name, figures in found.items() if figures is not None}
    weight = sum(WEIGHTS[name] for name in spoke)
    is_held = weight >= HOLDS_AT and not spoke.keys() <= TESTED_ELSEWHERE
    return Verdict("held" if is_held else "counted", "+".join(spoke), spoke)


def decide_held(held_ms: int, log_e: float, *, stops: bool, is_removed: bool) -> str:
    """Tell what becomes of a held answer: `held` still, `counted`, or `excluded`.

    `held_ms`: for how long it was held; `log_e`, `stops`: the reading of its person (see `evidence`). It is excluded only with a person
    whom a human removed, and waits while they are paused. Else it counts once nothing speaks against them, or when it has waited long.
    """
    if is_removed:
        return "excluded"
    return "counted" if not stops and (log_e <= 0.0 or held_ms >= HELD_MOST_MS) else "held"


def words_of(texts: Sequence[str]) -> int:
    """Count the words of texts, roughly and fast. Two characters of Chinese, Japanese or Korean stand for a word."""
    count = 0
    for text in texts:
        count += text.count(" ") + text.count("\n") + 1 if text else 0
        if not text.isascii():
            count += (len(text) - len(_CJK.sub("", text))) // 2
    return count


def floor_ms(words: int) -> int:
    """Give the time that reading so many words takes the fastest readers, in milliseconds."""
    return round(1000 * words / WORDS_A_SECOND)


def _haste(seen: Seen) -> dict[str, float] | None:
    """Speak when a long text was answered before anybody could have read it, and in a third of the usual time."""
    if seen.words < LONG_WORDS or seen.spent_ms <= 0:
        return None
    floor = floor_ms(seen.words)
    # Many look for what matters rather than read each word: what is usual may lie below the floor, and then it is what counts.
    least = floor if seen.usual_ms is None else min(floor, FAR_FASTER * seen.usual_ms)
    if seen.spent_ms >= least:
        return None
    return {"spent_ms": seen.spent_ms, "floor_ms": floor, "usual_ms": seen.usual_ms or 0, "words": seen.words}


def _buttons(labels: Sequence[int], usual: Sequence[float]) -> dict[str, float] | None:
    """Speak when one button was pressed far more often, or far less often, than everybody's answers explain."""
    given = len(labels)
    if given < LEAST_BUTTONS or len(usual) < 2:
        return None
    counts = dict.fromkeys(range(len(usual)), 0)
    for label in labels:
        if label in counts:
            counts[label] += 1
    log_most = math.log(2 * len(usual) / CHANCE_BUTTONS)
    worst, surprise = -1, 0.0
    for label, count in counts.items():
        # A class that nobody chose yet may still be chosen: its share is never below one answer in the pool's last hundred.
        share = min(max(usual[label], 0.01), 0.99)
        against = given * _divergence(count / given, share)
        if against > surprise:
            worst, surprise = label, against
    if surprise < log_most:
        return None
    return {"button": worst, "pressed": counts[worst], "of": given, "usual": round(usual[worst], 4)}


def _too_few(right: int, of: int, by_chance: float) -> dict[str, float] | None:
    """Speak when fewer answers were right than by somebody who knows a bare share and guesses the rest."""
    if of < LEAST_CHECKED:
        return None
    expected = min(by_chance + ACCEPTABLE * (1.0 - by_chance), 0.999)
    if right / of >= expected or of * _divergence(right / of, expected) < -math.log(CHANCE_CHECKED):
        return None
    return {"right": right, "of": of, "expected": round(expected, 4)}


def _repeats(seen: Seen) -> dict[str, float] | None:
    alike = seen.repeats_alike / seen.repeats if seen.repeats else 1.0
    if seen.repeats < LEAST_REPEATS or alike >= SAME_TWICE:
        return None
    if seen.repeats * _divergence(alike, SAME_TWICE) < -math.log(CHANCE_REPEATS):
        return None
    return {"alike": seen.repeats_alike, "of": seen.repeats}


def _sides(seen: Seen) -> dict[str, float] | None:
    of = seen.first + seen.second
    if of < LEAST_SIDES or of * _divergence(seen.first / of, 0.5) < math.log(2 / CHANCE_SIDES):
        return None
    return {"first": seen.first, "of": of}


def _divergence(one: float, other: float) -> float:
    """Give the divergence of two coins, KL(one || other), in nats. `other` lies strictly between 0 and 1."""
    heads = one * math.log(one / other) if one > 0.0 else 0.0
    tails = (1.0 - one) * math.log((1.0 - one) / (1.0 - other)) if one < 1.0 else 0.0
    return heads + tails
