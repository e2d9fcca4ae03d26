"""The same students who tap whatever they like, on chains of steps, quotes, comparisons, scales and words; nobody is ever stranded."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from actions import items, judgments, outcomes, projects, qualifications
from actions import settings as choices
from actions.work import Card
from handlers.views import card as view
from rules.item_file import Item
from rules.kinds import Choice, Preference, Scale, Span, Steps, Tags, TextAnswer
from rules.overlap import still_wanted
from tests.actions import test_machine
from tests.actions.oracle import HELD, Oracle
from tests.actions.projects_for_tests import TOML
from tests.actions.test_machine import CARDS_KEPT, LONG, LONG_RUN, SHORT_RUN, STUDENTS, WHO

CHAIN = """
[[show]]
field = "sum"
[[show]]
field = "steps"
as = "steps"
[[ask]]
id = "check"
kind = "steps"
text = "Is this step right?"
field = "steps"
[[ask]]
id = "fix"
kind = "text"
text = "How should it go?"
when = { check = "found_error" }
required = true
[[ask]]
id = "clear"
kind = "scale"
text = "How clear?"
low_label = "not"
high_label = "very"
when = { check = ["found_error", "solution"] }
"""
PAIR = """
[[show]]
field = "sum"
[[ask]]
id = "where"
kind = "span"
text = "Which are odd?"
field = "sum"
at_least = 0
at_most = 2
[[ask]]
id = "better"
kind = "preference"
text = "Which is better?"
a = "one"
b = "two"
[[ask]]
id = "why"
kind = "tags"
text = "Why?"
options = [{ value = "short", label = "Short" }, { value = "kind", label = "Kind" }]
at_most = 1
when = { better = ["a", "b"] }
[[ask]]
id = "more"
kind = "text"
text = "Anything more?"
"""
LONG_STEP = "So $x = 1$, " + "and so on, " * 120
FIELDS: dict[str, Any] = {
    "steps": ["One.", LONG_STEP, LONG_STEP, LONG_STEP, "Done."],
    "one": "First. " * 700,
    "two": "| a | b |\n|---|---|\n| 1 | 2 |\n\n" + "Second. " * 500,
}
GOLD = (json.dumps({"check": -1, "clear": 4}), json.dumps({"better": "a"}))
TAPS = [
    *("k0+", "k0-", "k1+", "k1-", "k2o", "k4+", "xb", "xg", "v4", "v9", "w1", "w2", "wt", "wx", "t0+", "t0-"),
    *("t2+", "t9+", "d", "d", "n", "c", "s", "ftext", "u", "u", "g0", "g1", "g2", "g3", "g99", "", "k٣+"),
]
WORDS = [
    "the sum of one and one is two and no more",
    "it should say that one and one is two",
    "Otherwise, and with more words than before.",
    "",
    "x" * 100_000,
    None,
]


def batch(number: int, first: int, **uses: int) -> list[Item]:
    """Make so many items of each use for one of the two projects."""
    return [
        Item(
            f"{use}-{place}",
            use,
            json.dumps({"sum": f"{place} + 1 = {place + 1}. That is all. Or is it?", **FIELDS}),
            None if use == "work" else GOLD[number],
            "Because it is." if use == "training" else None,
        )
        for use, count in uses.items()
        for place in range(first, first + count)
    ]


def verdict(text: str) -> str:
    """Give the part of an answer in which judgments must agree, worked out anew."""
    given = json.loads(text)
    if "check" in given:
        ratings, end = given["check"]["ratings"], given["check"]["end"]
        first = ratings.index(-1) if -1 in ratings else -1
        given["check"] = first if end in ("found_error", "solution") else end
    kept = {name: value for name, value in given.items() if name in ("check", "clear", "where", "better")}
    return json.dumps(kept, sort_keys=True)


@dataclasses.dataclass(slots=True)
class KindsOracle(Oracle):
    """The promises, and those that the new kinds add."""

    def check(self) -> None:
        """Hold the tables against the model and against each other."""
        Oracle.check(self)
        self.check_answers()
        self.check_notes()

    def check_slots(self) -> None:
        """See that an item gets neither too many judgments nor too few, whatever they are made of."""
        for item_id, settled_ms, out in self.db.rows(
            "SELECT i.id, i.settled_ms, COALESCE((SELECT slots FROM queue AS q WHERE q.item_id = i.id), 0) "
            "+ (SELECT COUNT(*) FROM returned AS r WHERE r.item_id = i.id) "
            f"+ (SELECT COUNT(*) FROM assignments AS a WHERE a.item_id = i.id AND {HELD}) "
            "FROM items AS i WHERE i.use = 'work'"
        ):
            found = "SELECT answers FROM judgments WHERE item_id = :id AND undone_ms IS NULL"
            given = [verdict(text) for (text,) in self.db.rows(found, id=item_id)]
            assert len(given) + out <= 4
            wanted = still_wanted(given, 2, 4)
            assert (wanted == 0) == (settled_ms is not None)
            assert out >= wanted

    def check_answers(self) -> None:
        """See that each judgment answers what was asked after its own answers, and nothing else."""
        for text, flipped, drawn in self.db.rows(
            "SELECT j.answers, j.flipped, a.flipped FROM judgments AS j JOIN assignments AS a ON a.token = j.token"
        ):
            given = json.loads(text)
            assert flipped == drawn
            if "check" in given:
                ratings, end = given["check"]["ratings"], given["check"]["end"]
                assert -1 not in ratings[:-1]
                assert (ratings[-1:] == [-1]) == (end == "found_error")
                assert len(ratings) == 5 or end != "solution"
                asked = {"solution": ["clear"], "found_error": ["fix", "clear"]}.get(end, [])
                assert list(given) == ["check", *asked]
                assert given.get("fix") != ""
            else:
                reason = ["why"] if given["better"] in ("a", "b") else []
                assert list(given) == ["where", "better", *reason, "more"]
                assert len(given.get("why", ["one"])) == 1

    def check_notes(self) -> None:
        """See that what is noted beside the judgments is of those that count."""
        places: Counter[int] = Counter()
        for text, flipped in self.db.rows(
            "SELECT answers, flipped FROM judgments WHERE undone_ms IS NULL AND answers LIKE '%better%'"
        ):
            better = json.loads(text)["better"]
            places[0] += better == ("b" if flipped else "a")
            places[1] += better == ("a" if flipped else "b")
        counted = self.db.rows("SELECT SUM(first_chosen), SUM(second_chosen) FROM position_counts")[0]
        assert [count or 0 for count in counted] == [places[0], places[1]]
        assert not self.db.rows(
            "SELECT 1 FROM text_twins AS t JOIN judgments AS j ON j.id IN (t.judgment_id, t.other_judgment_id) "
            "WHERE j.undone_ms IS NOT NULL"
        )


class Kinds(test_machine.Taps):
    """Four students on a project of chains with training, exam and gold, and on one of quotes and comparisons."""

    def __init__(self) -> None:
        super().__init__()
        self.oracle = KindsOracle(self.db)

    @initialize(seed=st.integers(0, 5))
    def open_the_house(self, seed: int) -> None:
        self.db.chance.seed(seed)
        whole = TOML.format(training=1, exam=2, gold_share=0.4)
        bare = TOML.format(training=0, exam=0, gold_share=0.3)
        first = whole.partition("[[show]]")[0] + CHAIN
        second = bare.partition("[[show]]")[0].replace('"sums"', '"other"').replace("USD", "EUR") + PAIR
        uses = ({"training": 1, "exam": 2, "gold": 4, "work": 7}, {"gold": 2, "work": 5})
        self.projects = []
        for number, text in enumerate((first, second)):
            created = self.db.run(projects.create_or_update, None, text)
            self.db.run(items.import_batch, created.project.id, batch(number, 0, **uses[number]))
            self.db.run(projects.set_state, None, created.project.slug, "open")
            self.projects.append(created.project.id)
        self.visitors = [self.db.join(number + 1)[0] for number in range(STUDENTS)]
        for place, visitor in enumerate(self.visitors):
            self.attempt(qualifications.join, visitor, self.projects[place % 2])

    def see(self, card: Card) -> None:
        """Whatever lies open can be answered, read on or typed into, in the form in which it is seen."""
        super().see(card)
        screen = view.screen(card)
        for rows in (screen.rows, screen.rich_rows or screen.rows):
            offered = {button.data.rpartition(":")[2] for row in rows for button in row}
            onwards = any(one[:1] == "g" for one in offered)
            answers = {one for one in offered if one[:1] in "ktvwx" or one in ("d", "n", "c")}
            assert onwards or answers or isinstance(card.question, TextAnswer), (card, offered)

    def answer(self, student: int, operations: tuple[str, ...], seconds: int) -> Any:
        """Read and answer, question by question, until the item is done."""
        if operations[:1] not in (("o0",), ("o1",)):
            return super().answer(student, operations, seconds)
        super().answer(student, (), seconds)
        outcome: Any = None
        for _ in range(40):
            opened = self.open_card(student)
            card = self.attempt(judgments.look, self.visitors[student], opened[0]) if opened else None
            if not isinstance(card, Card):
                return outcome
            outcome = self.tap(
                student, card.token, card.step, self.sensible(student, card, operations[0] == "o1")
            )
            if not isinstance(outcome, outcomes.Stepped):
                return outcome
        raise AssertionError("an item that never ends")

    def sensible(self, student: int, card: Card, wrong: bool) -> str:
        """Do what most people would do next."""
        place, last = len(card.draft.marks), card.layout.last
        match card.question:
            case Steps() if card.pages_seen >= card.layout.end_of(place):
                return f"k{place}{'-' if wrong and place == 2 else '+'}"
            case Span() if wrong and not place:
                return "t0+" if card.pages_seen >= card.layout.begin_of(0) else f"g{card.pages_seen + 1}"
        if card.read_to < last:
            return f"g{card.pages_seen + 1}"
        match card.question:
            case Preference():
                return "w1" if card.flipped == wrong else "w2"
            case Scale():
                return "v1" if wrong else "v4"
            case Tags():
                return "t0+"
            case TextAnswer() if place == 0:
                typed = self.attempt(judgments.typed, self.visitors[student], WORDS[wrong])
                assert isinstance(typed, outcomes.Typed)
                return "g0"
            case Choice():
                return "o0"
        return "d"

    @rule(student=WHO, operation=st.sampled_from(TAPS), times=st.integers(1, 2))
    def tap_anything(self, student: int, operation: str, times: int) -> None:
        self.tap_the_open_card(student, operation, times)

    @rule(student=WHO, operation=st.sampled_from(["o0", "o1"]), undos=st.integers(1, 6))
    def undo_far_back(self, student: int, operation: str, undos: int) -> None:
        self.answer(student, (operation,), 20)
        for _ in range(undos):
            self.tap_the_open_card(student, "u", 1)

    @rule(student=WHO, text=st.sampled_from(WORDS))
    def type_something(self, student: int, text: str | None) -> None:
        self.attempt(judgments.typed, self.visitors[student], text)

    @rule(student=WHO, plain=st.booleans())
    def change_the_form(self, student: int, plain: bool) -> None:
        """The card that lies open changes its form as well."""
        self.attempt(choices.set_plain, self.visitors[student], plain)
        opened = self.open_card(student)
        if opened is not None:
            self.attempt(judgments.look, self.visitors[student], opened[0])

    @rule(student=WHO, which=st.integers(0, CARDS_KEPT - 1), operation=st.sampled_from(TAPS))
    def tap_an_old_card(self, student: int, which: int, operation: str) -> None:
        if self.cards:
            token, step = self.cards[which % len(self.cards)]
            self.tap(student, token, step, operation)


Kinds.TestCase.settings = LONG_RUN if LONG else settings(SHORT_RUN, max_examples=25)
TestKinds = Kinds.TestCase
