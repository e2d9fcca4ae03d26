"""Which golds are doubtful: keys that good people contradict, golds that people of low skill suddenly pass, golds shown too often; and
which settled items would make new golds. A coordinator decides; nothing here changes a key."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from rules.quality.evidence_peers import Consensus, Floats, Ints, agree, softmax
from rules.quality.votes import UNKNOWN, Votes

KEYS_RIGHT = 0.95
"""Before anybody answers, so many keys are thought right."""
DOUBT = 0.9
"""A key is doubtful once people have turned that into less than this. Asking its owner costs little."""
DOUBT_ANSWERS = 6
"""Every refit looks, and a frozen gold gets no more answers. With a first look after four, up to three times as many right keys were
doubted at some moment as were in the end."""
DOUBTED_SHARE_MAX = 0.15
"""Never more of the golds are doubted at once: where the crowd contradicts many keys, it is the crowd that is in doubt."""
EXPONENTS = tuple(0.2 * 1.15**step for step in range(16))
EXPONENT_PULL = 4.0
LOW_SKILL = 0.5
"""People who know less than this share of items tell of leaks; better ones pass a gold anyway."""
FEWEST_BEFORE = 4
PASSED_LEAKED = 0.97
LEAK_ALPHA = 0.01
"""Over all golds of a project together, so likely is one retired in error."""
PROPOSAL_CONFIDENCE = 0.99
PROPOSAL_ANSWERS = 5


@dataclasses.dataclass(frozen=True, slots=True)
class DoubtfulGold:
    """A gold whose key good people contradict: freeze it, and undo its effect with `without_keys`.

    `key`, `likely`: the class by the key, and by people. `right`: how likely the key is right after all. `agreed` of `answers`.
    """

    item_id: int
    key: int
    likely: int
    right: float
    agreed: int
    answers: int


@dataclasses.dataclass(frozen=True, slots=True)
class LeakedGold:
    """A gold that people of low skill suddenly pass: retire it.

    `passed` of `answers` by such people since the jump; `expected`: so many would have passed as before. `log_e`: the evidence.
    """

    item_id: int
    passed: int
    answers: int
    expected: float
    log_e: float


@dataclasses.dataclass(frozen=True, slots=True)
class NewGold:
    """A settled item that would make a good gold."""

    item_id: int
    label: int
    confidence: float
    answers: int


def doubtful(votes: Votes, model: object = None) -> list[DoubtfulGold]:
    """Find golds whose key is probably wrong, the most doubtful first. Votes alone are read; `model` may be left out."""
    known = [gold for gold in beliefs(votes) if gold.answers >= DOUBT_ANSWERS]
    most = math.ceil(DOUBTED_SHARE_MAX * len(known))
    found = [gold for gold in known if gold.right < DOUBT and gold.likely != gold.key]
    return sorted(found, key=lambda gold: (gold.right, gold.item_id))[:most]


def beliefs(votes: Votes) -> list[DoubtfulGold]:
    """Tell of each answered gold how likely its key is right, from people's answers and how rarely keys are wrong."""
    found = agree(votes)
    rows = found.rows
    keyed = np.flatnonzero(rows.known != UNKNOWN)
    if not len(keyed):
        return []
    keys = rows.known[keyed]
    told = found.blind()[keyed]
    right = _right(_tempered(told, keys, found.prior), keys)
    given = np.bincount(rows.items, minlength=len(rows.known))[keyed]
    passed = np.bincount(rows.items[rows.known[rows.items] == rows.labels], minlength=len(rows.known))[keyed]
    columns = (keyed, keys, told.argmax(axis=1), right, passed, given)
    golds = zip(*(column.tolist() for column in columns), strict=True)
    return [DoubtfulGold(votes.item_ids[item], *rest) for item, *rest in golds]


def _right(told: Floats, keys: Ints) -> Floats:
    """Give the chance that each key is right. `told`: log-posterior of [gold, class] by people alone."""
    by_people = softmax(told)[np.arange(len(keys)), keys]
    kept = KEYS_RIGHT * by_people
    slipped = (1.0 - KEYS_RIGHT) / max(told.shape[1] - 1, 1) * (1.0 - by_people)
    result: Floats = kept / np.maximum(kept + slipped, 1e-300)
    return result


def _tempered(told: Floats, keys: Ints, prior: Floats) -> Floats:
    """Trust people as far as they are right on these golds together: the exponent that fits best, pulled towards 1."""
    start = np.log(prior)
    best, most = told, -math.inf
    for exponent in EXPONENTS:
        tried = start + exponent * (told - start)
        by_people = softmax(tried)[np.arange(len(keys)), keys]
        chance = KEYS_RIGHT * by_people + (1.0 - KEYS_RIGHT) / max(len(prior) - 1, 1) * (1.0 - by_people)
        fit = float(np.log(np.maximum(chance, 1e-300)).sum()) - EXPONENT_PULL * math.log(exponent) ** 2
        if fit > most:
            best, most = tried, fit
    return best


def without_keys(votes: Votes, frozen: Collection[int]) -> Votes:
    """Give the votes as if frozen golds were ordinary items, so that their keys weigh on nobody. `frozen`: item ids."""
    known = votes.known.copy()
    known[[index for index, item in enumerate(votes.item_ids) if item in frozen]] = UNKNOWN
    return dataclasses.replace(votes, known=known)


def leaked(votes: Votes, model: object = None) -> list[LeakedGold]:
    """Find golds that people of low skill suddenly pass, the clearest first.

    Skill is told by work that is not gold, since a leak makes everybody look able on golds. A gold that was always easy is none.
    """
    found = agree(without_keys(votes, set(votes.item_ids)))
    weak = found.skill[found.rows.people] < LOW_SKILL
    series: dict[int, list[tuple[bool, float]]] = {}
    for row in np.flatnonzero(weak & (votes.known[votes.items] != UNKNOWN)).tolist():
        item = int(votes.items[row])
        key = int(votes.known[item])
        series.setdefault(item, []).append((int(votes.labels[row]) == key, _pass_chance(found, row, key)))
    threshold = math.log(max(len(series), 1) / LEAK_ALPHA)
    jumps = [_jump(votes.item_ids[item], answers) for item, answers in series.items()]
    clear = [jump for jump in jumps if jump is not None and jump.log_e >= threshold]
    return sorted(clear, key=lambda gold: (-gold.log_e, gold.item_id))


def _pass_chance(found: Consensus, row: int, key: int) -> float:
    """Give how likely the person of a row passes a gold by what they know and guess."""
    person = int(found.rows.people[row])
    skill = float(found.skill[person])
    return skill + (1.0 - skill) * float(found.guess[person, key])


def _jump(item_id: int, answers: list[tuple[bool, float]]) -> LeakedGold | None:
    """Find where a gold's passes most likely jumped. The evidence is shared over all starts, so it holds however often one looks."""
    best: LeakedGold | None = None
    for start in range(FEWEST_BEFORE, len(answers)):
        before = sum(passed for passed, _ in answers[:start])
        usual = sum(chance for _, chance in answers[:start])
        # What people passed so far, beside what they were expected to, tells how easy this gold is.
        ease = (before + 1.0) / (usual + 1.0)
        after = [(passed, min(max(chance * ease, 0.05), 0.95)) for passed, chance in answers[start:]]
        log_e = -2.0 * math.log(start) + sum(
            math.log(PASSED_LEAKED / chance if passed else (1.0 - PASSED_LEAKED) / (1.0 - chance))
            for passed, chance in after
        )
        if best is None or log_e > best.log_e:
            passes = sum(passed for passed, _ in after)
            best = LeakedGold(item_id, passes, len(after), sum(chance for _, chance in after), log_e)
    return best


def exposed(shown: Mapping[int, int], cap: int) -> list[int]:
    """Name the golds that were answered as often as the project allows. `shown`: answers by item id. A cap of 0 is none."""
    return sorted(item for item, times in shown.items() if times >= cap) if cap else []


def proposals(settled: Iterable[tuple[int, int, float, int]], most: int = 20) -> list[NewGold]:
    """Propose golds from settled items, the surest first. `settled`: (item id, label, calibrated confidence, answers)."""
    fit = [NewGold(*row) for row in settled if row[2] >= PROPOSAL_CONFIDENCE and row[3] >= PROPOSAL_ANSWERS]
    return sorted(fit, key=lambda gold: (-gold.confidence, -gold.answers, gold.item_id))[:most]
