"""What golds and peers say about each answer, with the answer's own vote removed. Nothing here judges a person.

People are seen as "knows or guesses" (the model of MACE: D. Hovy and others, NAACL 2013): with the chance of their skill they give the
true class, else they guess by habits of their own. A vote then speaks for one class only, so a consensus over any number of classes costs
as much as there are votes.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from rules.quality.votes import UNKNOWN, Votes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

KEY_TRUST = 0.97
"""A few keys of golds are wrong. So a gold is a strong witness, and one that all peers contradict loses its force."""
ROUNDS = 5
"""Few rounds: where errors are shared, each further one moves from what golds said of people towards what most people say."""
PULL = 3.0
"""So many golds of the average person are added to everybody's own, so that few answers say little."""
PEER_WEIGHT = 0.5
"""What agreement with others says of a person, beside what a gold says."""
FIRST_SKILL = 0.6
FIRST_GOLDS = 4.0
SKILL_MAX = 0.97
CORRELATED = 0.8
"""Answers to one item err together, so a crowd is less sure than independent people would be: the exponent of each vote."""
GUESS_PULL = 2.0
TRUST_ROUNDS = 10
TRUST_RIGHT, TRUST_WRONG = 18.0, 2.0
"""Before golds have said how often the consensus is right, it is believed to be nine times in ten."""
CLASSES_WITH_CONFUSIONS_MAX = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Peers:
    """What others say about each row of the votes. Arrays have a number for each row, in the order of the votes.

    `right`: how likely the given label is the true class, by the key (if gold) and by the others' votes. `slip`: how likely a person who
    errs as the crowd errs would have given this label. `right_blind`, `slip_blind`: the same if nothing were known of the item but how
    usual classes are. `informed`: somebody else answered, or the item is gold. `gold`: the item is gold. `agrees`: the label is the key
    of a gold; on other items, the others think no class likelier. `usual`: the share of each class among all answers.
    """

    right: Floats
    slip: Floats
    right_blind: Floats
    slip_blind: Floats
    informed: Flags
    gold: Flags
    agrees: Flags
    usual: Floats

    def at(self, rows: Ints | Flags) -> Peers:
        """Pick rows, by index or by flag."""
        return Peers(
            self.right[rows],
            self.slip[rows],
            self.right_blind[rows],
            self.slip_blind[rows],
            self.informed[rows],
            self.gold[rows],
            self.agrees[rows],
            self.usual,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Consensus:
    """What all votes say together. `logits`: log-posterior of each [item, class], keys included. `weight`: what each row's vote added for
    its label. `prior`: share of each class. `skill`: each person's chance to know; `guess`: [person, class], how they guess."""

    rows: Sheet
    logits: Floats
    weight: Floats
    prior: Floats
    skill: Floats
    guess: Floats

    def blind(self) -> Floats:
        """Give the log-posteriors as if no key were known."""
        keyed = np.flatnonzero(self.rows.known != UNKNOWN)
        result = self.logits.copy()
        result[keyed, self.rows.known[keyed]] -= self.rows.key_weight
        return result


def agree(votes: Votes) -> Consensus:
    """Find a consensus with all votes, starting from what golds say of people.

    Deterministic; costs rows + items x classes. A class, a person or an item has no special place.
    """
    rows = Sheet(votes)
    skill = rows.first_skills()
    guess = np.tile(rows.usual, (votes.persons, 1))
    prior, weight, logits = rows.consensus(skill, guess, rows.usual)
    for _ in range(ROUNDS):
        skill, guess = rows.skills(rows.others_right(logits, weight), skill, guess)
        prior, weight, logits = rows.consensus(skill, guess, prior)
    return Consensus(rows, logits, weight, prior, skill, guess)


def listen(votes: Votes) -> Peers:
    """Give what the consensus says about each row once the row's own vote is taken out again."""
    found = agree(votes)
    rows, logits, weight = found.rows, found.logits, found.weight
    right = rows.others_right(logits, weight)
    trust = _trust(found)
    right = np.where(rows.gold, right, trust * right + (1.0 - trust) * found.prior[rows.labels])
    likeliest = logits[rows.items, rows.labels] - weight >= rows.rivals(logits) - 1e-9
    agrees = np.where(rows.gold, rows.known[rows.items] == rows.labels, likeliest)
    right_blind = np.where(rows.gold, rows.usual_keys[rows.labels], found.prior[rows.labels])
    slip, slip_blind = _slips(rows, logits)
    return Peers(right, slip, right_blind, slip_blind, rows.informed, rows.gold, agrees, rows.usual)


class Sheet:
    """Hold the votes in the widths that sums are made in, with what does not change between rounds."""

    def __init__(self, votes: Votes) -> None:
        self.people: Ints = votes.people.astype(np.int64)
        self.items: Ints = votes.items.astype(np.int64)
        self.labels: Ints = votes.labels.astype(np.int64)
        self.persons, self.classes = votes.persons, votes.classes
        self.known: Ints = votes.known.astype(np.int64)
        self.gold: Flags = self.known[self.items] != UNKNOWN
        given = np.bincount(self.items, minlength=len(self.known))
        self.informed: Flags = self.gold | (given[self.items] > 1)
        counts = np.bincount(self.labels, minlength=self.classes) + 1.0
        self.usual: Floats = counts / counts.sum()
        keys = np.bincount(self.known[self.items][self.gold], minlength=self.classes) + 2.0 * self.usual
        self.usual_keys: Floats = keys / keys.sum()
        self.key_weight = float(np.log(KEY_TRUST * max(self.classes - 1, 1) / (1.0 - KEY_TRUST)))

    def consensus(self, skill: Floats, guess: Floats, prior: Floats) -> tuple[Floats, Floats, Floats]:
        """Give the share of each class, the weight of each row's vote, and the log-posterior of each item by class."""
        knows = skill[self.people]
        guessed = (1.0 - knows) * guess[self.people, self.labels]
        weight = CORRELATED * np.log1p(knows / guessed)
        cells = self.items * self.classes + self.labels
        votes: Floats = np.bincount(cells, weight, minlength=len(self.known) * self.classes).astype(
            np.float64
        )
        logits: Floats = votes.reshape(-1, self.classes) + np.log(prior)
        keyed = np.flatnonzero(self.known != UNKNOWN)
        logits[keyed, self.known[keyed]] += self.key_weight
        posterior = softmax(logits)
        share = posterior.sum(axis=0) + self.classes
        return share / share.sum(), weight, logits

    def others_right(self, logits: Floats, weight: Floats) -> Floats:
        """Give the posterior of each row's label without the row's own vote."""
        shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
        total = shifted.sum(axis=1)[self.items]
        own = shifted[self.items, self.labels]
        others = np.maximum(total - own, 1e-300)
        alone = own * np.exp(-weight)
        result: Floats = alone / (alone + others)
        return result

    def first_skills(self) -> Floats:
        """Give everybody's chance to know by their golds alone."""
        passed = np.bincount(
            self.people, self.gold & (self.known[self.items] == self.labels), minlength=self.persons
        )
        golds = np.bincount(self.people, self.gold, minlength=self.persons)
        chance = 1.0 / self.classes
        usual = (passed.sum() + FIRST_GOLDS * (chance + (1.0 - chance) * FIRST_SKILL)) / (
            golds.sum() + FIRST_GOLDS
        )
        right = (passed + FIRST_GOLDS * usual) / (golds + FIRST_GOLDS)
        result: Floats = np.clip((right - chance) / max(1.0 - chance, chance), 1.0 - SKILL_MAX, SKILL_MAX)
        return result

    def skills(self, right: Floats, skill: Floats, guess: Floats) -> tuple[Floats, Floats]:
        """Give everybody's chance to know and habits of guessing, from what others say of their answers."""
        knows = skill[self.people] * right
        guessed = (1.0 - skill[self.people]) * guess[self.people, self.labels]
        weight = np.where(self.gold, 1.0, PEER_WEIGHT) * self.informed
        knew = weight * knows / np.maximum(knows + guessed, 1e-300)
        sums = np.bincount(self.people, knew, minlength=self.persons)
        counts = np.bincount(self.people, weight, minlength=self.persons)
        usual = (sums.sum() + PULL * FIRST_SKILL) / (counts.sum() + PULL)
        new_skill = np.minimum((sums + PULL * usual) / (counts + PULL), SKILL_MAX)
        cells = self.people * self.classes + self.labels
        counted: Floats = np.bincount(cells, weight - knew, minlength=self.persons * self.classes).astype(
            np.float64
        )
        guesses: Floats = counted.reshape(-1, self.classes) + GUESS_PULL * self.usual
        return new_skill, guesses / guesses.sum(axis=1, keepdims=True)

    def rivals(self, logits: Floats) -> Floats:
        """Give the log-posterior of the likeliest class other than the row's label."""
        if self.classes < 2:
            return np.full(len(self.labels), -np.inf)
        top = logits.argmax(axis=1)
        best = logits.max(axis=1)
        without = logits.copy()
        without[np.arange(len(top)), top] = -np.inf
        second = without.max(axis=1)
        result: Floats = np.where(top[self.items] == self.labels, second[self.items], best[self.items])
        return result


def softmax(logits: Floats) -> Floats:
    """Turn the logs of each row into chances."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return result


def _trust(found: Consensus) -> float:
    """Tell how far a consensus is worth what it claims, from golds seen as if their keys were not known."""
    rows = found.rows
    given = np.bincount(rows.items, minlength=len(rows.known))
    keyed = np.flatnonzero((rows.known != UNKNOWN) & (given > 1))
    keys = rows.known[keyed]
    claimed = softmax(found.blind()[keyed])[np.arange(len(keyed)), keys]
    trust = TRUST_RIGHT / (TRUST_RIGHT + TRUST_WRONG)
    for _ in range(TRUST_ROUNDS):
        meant = trust * claimed
        held = float((meant / np.maximum(meant + (1.0 - trust) * found.prior[keys], 1e-300)).sum())
        trust = (TRUST_RIGHT + held) / (TRUST_RIGHT + TRUST_WRONG + len(keyed))
    return trust


def _slips(rows: Sheet, logits: Floats) -> tuple[Floats, Floats]:
    """Give how likely each row's label is for a person who errs, and errs as the crowd does: on this item, and on any item."""
    if not 1 < rows.classes <= CLASSES_WITH_CONFUSIONS_MAX:
        even = np.full(len(rows.labels), 1.0 / rows.classes)
        return even, even
    posterior = softmax(logits)
    counts = np.zeros((rows.classes, rows.classes))
    for label in range(rows.classes):
        counts[:, label] = posterior[rows.items[rows.labels == label]].sum(axis=0)
    np.fill_diagonal(counts, 0.0)
    counts += GUESS_PULL * (1.0 - np.eye(rows.classes))
    slips = posterior @ (counts / counts.sum(axis=1, keepdims=True))
    told = slips[rows.items, rows.labels]
    usual = np.zeros(len(rows.labels))
    for kind in (rows.gold, ~rows.gold):
        shares = np.bincount(rows.items[kind], minlength=len(slips)) @ slips / max(np.count_nonzero(kind), 1)
        usual[kind] = shares[rows.labels[kind]]
    return told, usual
