"""The arithmetic of the sequential test: how likely people's answers are under ways of working above and below the bar. Nothing here knows
what a project is, nor what follows.

A way of working is "knows with a chance, else guesses": an answer has the likelihood skill x right + (1 - skill) x guess, where `right`
is what golds and peers give its label and `guess` is a habit. Balanced accuracy is then chance + skill x (1 - chance), whatever the habit.
So one bar on skill is fair on skewed classes and to people who lean to one button. What counts is how much likelier an answer became
by what golds and peers say of its item: which buttons somebody presses says nothing by itself, unless it is known which were right.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from rules.quality.evidence_peers import GUESS_PULL, Flags, Floats, Ints

GOOD_SKILLS = (0.35, 0.42, 0.5, 0.58, 0.66, 0.74, 0.82, 0.9, 0.97)
"""From the bar up. Where people stand is learned from the crowd, on this grid."""
GOOD_FIRST = (0.04, 0.06, 0.1, 0.14, 0.18, 0.18, 0.15, 0.1, 0.05)
STAKES = (0.1, 0.2, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
"""How far the stated rate protects a person of each skill: in full above the bar, and ten times less exactly at it. Without such a zone
nobody just below the bar could be told from somebody just above it in fewer than hundreds of answers."""
BAD_SKILLS = (0.0, 0.1, 0.2, 0.3)
BAD_FIRST = (0.6, 0.12, 0.12, 0.12)
CONTRARY_FIRST = 0.04
HABIT_FIRST = (0.4, 0.3, 0.3)
GUESS_ROUNDS = 3
PRIOR_ROUNDS = 10
PRIOR_PULL = 6.0
"""So many people of the first guess stand beside the crowd's own, until there are more."""
GOOD_SHARE = 0.8
START_SHARE = 0.5
"""How much of the evidence's stake is on people who worked badly from their first answer; the rest is on every later start alike."""
LEAST_CHANCE = 1e-9


@dataclasses.dataclass(frozen=True, slots=True)
class Rows:
    """Answers sorted by person, each person's in order; everybody has at least one.

    `right`, `slip`, with their `blind` ones, and `gold`: see `Peers`. `heard`: informed, there. `usual`: the share of each class among
    answers. `starts`: where each person's answers begin. `place`: index within the person's answers.
    """

    people: Ints
    labels: Ints
    right: Floats
    slip: Floats
    right_blind: Floats
    slip_blind: Floats
    gold: Flags
    heard: Flags
    usual: Floats
    starts: Ints
    place: Ints

    @property
    def cells(self) -> Ints:
        """Number each pair of person and label."""
        return self.people * len(self.usual) + self.labels

    @property
    def chance(self) -> float:
        """Give the share that a blind guess gets right."""
        return 1.0 / len(self.usual)


@dataclasses.dataclass(frozen=True, slots=True)
class Verdicts:
    """For each person: the natural logarithm of the evidence, and the index where a bad run most likely began."""

    log_e: Floats
    since: Ints


def verdicts(rows: Rows, horizon: int) -> Verdicts:
    """Weigh all people at once.

    The evidence is the likelihood of "worked well up to some answer, badly from there on", over all starts and bad ways, by that of
    "works well", over all good ways, each as usual as in this crowd. At most the whole stake is spread over the starts of `horizon`
    answers, so that looking after every answer costs nothing.
    """
    good, bad = _good(rows), _bad(rows)
    good_before, good_all = _sums(rows, good)
    bad_before, bad_all = _sums(rows, bad)
    good_share, bad_share = usual_ways(good_all, bad_all)
    later = math.log((1.0 - START_SHARE) / horizon)
    stake = np.where(rows.heard, later, -math.inf)
    stake[rows.starts] = math.log(START_SHARE)
    stake += _mixed(good_before, good_share)
    runs = stake + _mixed(bad_all[:, rows.people] - bad_before, bad_share)
    top = np.maximum.reduceat(runs, rows.starts)
    total = np.log(np.add.reduceat(np.exp(runs - top[rows.people]), rows.starts)) + top
    stakes = np.repeat(STAKES, len(good) // len(GOOD_SKILLS))
    log_e = total - _mixed(good_all, good_share * stakes)
    log_e[np.bincount(rows.people, rows.heard) == 0] = 0.0
    likeliest = np.where(runs >= top[rows.people], rows.place, len(runs))
    return Verdicts(log_e, np.minimum.reduceat(likeliest, rows.starts))


def usual_ways(good: Floats, bad: Floats) -> tuple[Floats, Floats]:
    """Learn from the crowd how usual each way of working is, among people above the bar and among those below (EM over a fixed grid).

    `good`, `bad`: log-likelihood of [way, person].
    """
    logs = np.concatenate([good, bad])
    likelihood = np.exp(logs - logs.max(axis=0))
    first_good = np.outer(GOOD_FIRST, HABIT_FIRST).ravel()
    first_bad = np.append(np.outer(BAD_FIRST, HABIT_FIRST).ravel(), CONTRARY_FIRST)
    first = np.concatenate([GOOD_SHARE * first_good, (1.0 - GOOD_SHARE) * first_bad])
    share = first
    for _ in range(PRIOR_ROUNDS):
        joint = likelihood * share[:, None]
        belongs = (joint / joint.sum(axis=0)).sum(axis=1)
        share = (belongs + PRIOR_PULL * first) / (logs.shape[1] + PRIOR_PULL)
    ways = len(good)
    return share[:ways] / share[:ways].sum(), share[ways:] / share[ways:].sum()


def earlier_alike(keys: Ints) -> Ints:
    """Count for each row the rows before it that have the same key."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    lengths = np.diff(np.append(first, len(keys)))
    result = np.empty(len(keys), dtype=np.int64)
    result[order] = np.arange(len(keys)) - np.repeat(first, lengths)
    return result


def _good(rows: Rows) -> Floats:
    """Give the log-likelihood of [way, answer] for people above the bar."""
    ways: list[Floats] = []
    for skill in GOOD_SKILLS:
        ways += _three(rows, skill, _own_guesses(rows, skill))
    return _logs(rows, ways)


def _bad(rows: Rows) -> Floats:
    """Give the same for people below the bar: who click anyhow or by a habit, who know too little, who answer the contrary.

    A habit is told by earlier answers only, so that it is foreseen and not fitted.
    """
    alike = earlier_alike(rows.cells)
    habit = (alike + GUESS_PULL * rows.usual[rows.labels]) / (rows.place + GUESS_PULL)
    ways: list[Floats] = []
    for skill in BAD_SKILLS:
        ways += _three(rows, skill, habit)
    contrary = rows.chance / 2.0
    ways.append(_told(contrary, 1.0 - contrary, rows.slip, rows.slip_blind, rows))
    return _logs(rows, ways)


def _three(rows: Rows, skill: float, guess: Floats) -> list[Floats]:
    """Give each answer's chance for three people of one skill: who guesses by habit, who guesses anything, who errs as the crowd errs."""
    accuracy = rows.chance + skill * (1.0 - rows.chance)
    even = np.full(len(guess), rows.chance)
    return [
        _told(skill, 1.0 - skill, guess, guess, rows),
        _told(skill, 1.0 - skill, even, even, rows),
        _told(accuracy, 1.0 - accuracy, rows.slip, rows.slip_blind, rows),
    ]


def _told(knows: float, errs: float, error: Floats, error_blind: Floats, rows: Rows) -> Floats:
    """Give how much likelier an answer is once golds and peers have spoken.

    Buttons alone then say nothing: somebody whose items happen to be of one class is not taken for somebody who presses one button.
    Where the class is known, by a key, the answer itself is weighed.
    """
    blind = np.where(rows.gold, 1.0, knows * rows.right_blind + errs * error_blind)
    result: Floats = (knows * rows.right + errs * error) / blind
    return result


def _logs(rows: Rows, ways: list[Floats]) -> Floats:
    """Stack likelihoods as logs. An answer that nobody can speak of says nothing."""
    result: Floats = np.log(np.maximum(np.stack(ways), LEAST_CHANCE))
    result[:, ~rows.heard] = 0.0
    return result


def _own_guesses(rows: Rows, skill: float) -> Floats:
    """Give each answer's chance under the person's habit of guessing, had they this skill, as all their other answers tell it."""
    cells, persons = rows.cells, len(rows.starts)
    usual = rows.usual[rows.labels]
    guess = usual
    for _ in range(GUESS_ROUNDS):
        guessed = (1.0 - skill) * guess
        share = guessed / (skill * rows.right + guessed) * rows.heard
        alike = np.bincount(cells, share, minlength=persons * len(rows.usual))[cells] - share
        others = np.bincount(rows.people, share, minlength=persons)[rows.people] - share
        guess = (alike + GUESS_PULL * usual) / (others + GUESS_PULL)
    return guess


def _sums(rows: Rows, logs: Floats) -> tuple[Floats, Floats]:
    """Give for each way the sum over each person's earlier answers, by row, and over all of them, by person."""
    running = np.cumsum(logs, axis=1)
    ends = np.append(rows.starts[1:], logs.shape[1]) - 1
    offset = np.where(rows.starts > 0, running[:, rows.starts - 1], 0.0)
    return running - logs - offset[:, rows.people], running[:, ends] - offset


def _mixed(logs: Floats, share: Floats) -> Floats:
    """Give the log-likelihood of a mixture of ways, by column."""
    weighed = logs + np.log(share)[:, None]
    top = weighed.max(axis=0)
    result: Floats = np.log(np.exp(weighed - top).sum(axis=0)) + top
    return result
