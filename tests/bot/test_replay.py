"""Replays: recordings are read or refused in a sentence, the course holds the truth back, the scores are what they say, the engine is
Veritap itself and gives the same twice, and the commands print and draw what comes of it."""

from __future__ import annotations

import csv
import io
import math
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.replay import course, make_engine, picture, planning, recording, reliability, scores
from bot.replay.baselines import DynamicOverlap, Majority
from bot.replay.recording import Answer, Recording
from bot.replay.reliability import Panel
from bot.replay.scores import Outcome
from rules.quality import crowd
from tests.bot.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"good": 6, "decent": 2, "random": 2}


def recorded(items: int = 60, classes: int = 2, seed: int = 7) -> Recording:
    """Let a small simulated crowd answer everything."""
    made, chance = crowd.mixed(items, classes, seed, KINDS), np.random.default_rng(seed)
    answers = tuple(
        Answer(f"p{person}", f"i{item}", "abcdef"[made.answer(person, item, chance)], 9_000 + item)
        for item in range(items)
        for person in range(len(made.people))
    )
    return Recording("small", answers, {f"i{item}": "abcdef"[int(made.truth[item])] for item in range(items)})


def folder_of(kept: Recording, folder: Path) -> Path:
    """Write a recording into a folder."""
    folder.mkdir()
    for name, heading, rows in (
        (
            recording.ANSWERS,
            "worker,item,label,ms",
            [(a.person, a.item, a.label, a.ms) for a in kept.answers],
        ),
        (recording.TRUTH, "item,label", list(kept.truth.items())),
    ):
        with (folder / name).open("w", newline="") as file:
            file.write(f"{heading}\n")
            csv.writer(file).writerows(rows)
    return folder


def test_a_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    kept = recorded()
    found = recording.read(folder_of(kept, tmp_path / "small"))
    assert found == kept
    assert found.labels == ["a", "b"]


GOOD = "worker,item,label\np,i,a\nq,i,b\n"


@pytest.mark.parametrize(
    ("answers", "truth", "said"),
    [
        (None, "item,label\n", "has no answers.csv; it needs worker,item,label"),
        (GOOD, None, "has no truth.csv; it needs item,label"),
        ("worker,label\np,a\n", "item,label\n", "answers.csv has no column item"),
        (GOOD, "item\ni\n", "truth.csv has no column label"),
        ("worker,item,label\n", "item,label\n", "answers.csv has no answers in it"),
        ("worker,item,label\np,i,\n", "item,label\n", "answers.csv, line 2: label is empty"),
        ("worker,item,label,ms\np,i,a,soon\n", "item,label\n", "answers.csv, line 2: 'soon' is not a time"),
        (GOOD, "item,label\ni,a\ni,b\n", "truth.csv, line 3: item i has two labels"),
        (
            GOOD,
            "item,label\ni,yes\n",
            "the labels of truth.csv (yes) are none of those in answers.csv (a, b)",
        ),
        ("worker,item,label\np,i,a\n", "item,label\n", "every answer is 'a'"),
        (
            "worker,item,label\n" + "".join(f"p,i{n},l{n}\n" for n in range(13)),
            "item,label\n",
            "there are 13 labels; a question with buttons has at most 12",
        ),
        (b"\xff\xfe", "item,label\n", "answers.csv is not UTF-8 text"),
    ],
)
def test_a_bad_folder_is_refused_in_a_sentence(
    veritap: Terminal, answers: str | bytes | None, truth: str | None, said: str
) -> None:
    folder = veritap.folder / "crowd"
    folder.mkdir()
    if answers is not None:
        veritap.file("crowd/answers.csv", answers)
    if truth is not None:
        veritap.file("crowd/truth.csv", truth)
    line = veritap.refuses("replay", folder)
    assert said in line
    assert "\n" not in line


def test_a_folder_that_is_none(veritap: Terminal) -> None:
    assert "is not a folder" in veritap.refuses("replay", veritap.folder / "nowhere")
    assert "ends with .png" in veritap.refuses("replay", veritap.folder, "--plot", "x.svg")


class Watched(Majority):
    """A majority that keeps what it was asked."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.golds: set[str] = set()
        self.taken: dict[tuple[str, str], tuple[str, int | None]] = {}

    def add_gold(self, item: str, label: str) -> None:
        super().add_gold(item, label)
        self.golds.add(item)

    def submit(self, worker: str, item: str, label: str, ms: int | None = None) -> None:
        assert (worker, item) not in self.taken
        self.taken[worker, item] = label, ms
        super().submit(worker, item, label, ms)


def test_the_course_gives_each_answer_once_and_counts_gold() -> None:
    kept, made = recorded(), list[Watched]()

    def make(**given: Any) -> Watched:
        made.append(Watched(**given))
        return made[-1]

    run = course.replay(kept, course.Plan(make, 3, 0.2, {"overlap": 4}))
    taken, golds = made[0].taken, made[0].golds
    assert len(golds) == 12
    assert taken.items() <= {(a.person, a.item): (a.label, a.ms) for a in kept.answers}.items()
    assert run.per_item == len(taken) / (60 - 12)
    assert len(run.told) == 60 - 12
    assert run.gold_share == sum(item in golds for _, item in taken) / len(taken) > 0


def test_the_scores_of_a_small_outcome() -> None:
    results = [(("a", 0.9, 3, "done"), "a"), (("a", 0.95, 3, "done"), "b"), (("b", 0.6, 2, "open"), "b")]
    answers = [
        Answer(p, f"{n}", label, None) for n in range(20) for p, label in (("g", "ab"[n % 2]), ("r", "a"))
    ]
    truth = {f"{n}": "ab"[n % 2] for n in range(20)}
    run = scores.score(Outcome(results, 12, 3, {"g": 9, "r": 9}, {"r"}), answers, truth)
    assert (run.right, run.per_item, run.gold_share, run.done) == (2 / 3, 4.0, 0.25, 2 / 3)
    assert run.high_told == pytest.approx(0.925)
    assert (run.high, run.high_right) == (2 / 3, 0.5)
    assert run.gap == pytest.approx((0.1 + 0.95 + 0.4) / 3)
    assert (run.good, run.good_stopped, run.bad, run.bad_stopped) == (1, 0, 1, 1)


def test_only_who_is_certain_to_be_one_is_called_good_or_bad() -> None:
    """One person is right 18 times of 20, one 15 times, one 7 times; at 15 it could be chance."""
    truth = {f"{n}": "ab"[n % 2] for n in range(20)}
    answers = [
        Answer(person, item, right if int(item) >= wrong else {"a": "b", "b": "a"}[right], None)
        for person, wrong in (("good", 2), ("so-so", 5), ("bad", 13))
        for item, right in truth.items()
    ]
    everybody = {"good": 20, "so-so": 20, "bad": 20}
    assert scores.judged(answers, truth, everybody) == ({"good"}, {"bad"})
    assert scores.judged(answers, truth, everybody | {"good": 2}) == (set(), {"bad"})


def test_nobody_is_called_bad_on_few_answers() -> None:
    answers = [Answer("p", f"{n}", "b", None) for n in range(9)]
    assert scores.judged(answers, {f"{n}": "ab"[n % 2] for n in range(9)}, {"p": 9}) == (set(), set())


def test_the_documented_posterior_and_the_ban() -> None:
    engine = DynamicOverlap(["a", "b"], ban=True, gold_rate=0.0)
    engine.add_item("i")
    for number in range(3):
        engine.add_gold(f"g{number}", "a")
        engine.submit("careful", f"g{number}", "a")
    engine.submit("careful", "i", "a")
    engine.submit("new", "i", "b")
    skill = (0.5 + 3) / (1 + 3)
    label, chance, given, state = engine.result("i")
    assert (label, given, state) == ("a", 2, "open")
    assert chance == pytest.approx(skill * 0.5 / (skill * 0.5 + (1 - skill) * 0.5))
    for number in range(3):
        engine.submit("new", f"g{number}", "b")
    assert engine.suspended("new")
    assert not engine.suspended("careful")
    assert engine.result("i")[2] == 1


def test_the_engine_is_veritap_and_gives_the_same_twice() -> None:
    kept = recorded(classes=3)
    first, again = (course.replay(kept, course.Plan(make_engine, 5, 0.2)) for _ in range(2))
    assert first == again
    guesses = 1 / 3
    assert first.right > 0.8 > guesses
    assert 2.0 <= first.per_item < 8.0
    assert 0.0 < first.gold_share < 0.4
    other = course.replay(kept, course.Plan(make_engine, 6, 0.2))
    assert other.told != first.told


def test_the_engine_hands_out_only_what_is_eligible_and_keeps_no_thread_or_file() -> None:
    files, threads = set(Path("/proc/self/fd").iterdir()), threading.active_count()
    engine = make_engine(labels=["a", "b"], seed=1)
    for number in range(8):
        engine.add_item(f"i{number}")
    engine.add_gold("g", "a")
    mine = {"i3", "i5"}
    for _ in range(2):
        item = engine.next_task("p", mine.__contains__)
        assert item is not None
        mine.remove(item)
        engine.submit("p", item, "b", 4_000)
    assert engine.next_task("p", mine.__contains__) is None
    assert not engine.suspended("p")
    assert not engine.suspended("nobody")
    assert engine.result("i3")[0] == "b"
    assert engine.result("i0")[2:] == (0, "open")
    with pytest.raises(ValueError, match="not before them"):
        engine.submit("p", "i0", "a", None)
    del engine
    assert threading.active_count() == threads
    assert set(Path("/proc/self/fd").iterdir()) <= files


HARNESS = """
import importlib, sys
sys.path.insert(0, "")
engine = getattr(importlib.import_module("bot.replay"), "make_engine")(labels=["1", "0"], seed=3, confidence=0.9)
engine.add_item("x")
assert engine.next_task("w", lambda item: True) == "x"
engine.submit("w", "x", "0", None)
sys.stdout.write(engine.result("x")[0])
"""


def test_a_harness_elsewhere_can_use_it(tmp_path: Path) -> None:
    script = tmp_path / "harness.py"
    script.write_text(HARNESS)
    done = subprocess.run(
        [sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("0", "")


def test_a_diagram_joins_thin_bins_and_draws_all_items() -> None:
    told = [(0.55, True)] * 3 + [(0.78, False)] * 12 + [(0.97, True)] * 40 + [(0.96, False)] * 4
    one = reliability.curve("x", told, 1)
    assert [bin_.items for bin_ in one.bins] == [15, 44]
    assert one.bins[0].right == 3 / 15
    assert one.bins[1].low < 40 / 44 < one.bins[1].high
    assert sum(one.counts) == len(told)
    panel = Panel("x", "gap", (one,))
    assert panel.least == 0.2
    lines = reliability.text(panel).splitlines()
    assert [line.count("●") for line in lines[1:3]] == [1, 1]
    image = Image.open(io.BytesIO(picture.png([panel] * 4)))
    assert image.format == "PNG"
    assert image.width == 2 * (3 * picture.WIDTH + 2 * picture.MARGIN)
    assert image.height == 2 * (2 * picture.HEIGHT + 2 * picture.MARGIN)


def test_the_interval_of_few_is_wide() -> None:
    assert reliability.wilson(1.0, 2)[0] < 0.4
    low, high = reliability.wilson(0.9, 1000)
    assert math.isclose(high - low, 2 * 1.96 * math.sqrt(0.09 / 1000), rel_tol=0.02)


def test_replay_prints_a_table_and_draws(veritap: Terminal) -> None:
    folder = folder_of(recorded(items=30), veritap.folder / "small")
    plot = veritap.folder / "plot.png"
    out, _ = veritap("replay", folder, "--seeds", "1", "--plot", plot)
    assert "small: 30 items, 10 people, 300 answers, 2 labels; 1 replay, 10 % gold" in out
    assert max(len(line) for line in out.splitlines() if str(plot) not in line) <= 80, "it fits a terminal"
    names = ("Veritap", "majority of 3", "majority of 5, bans", "dynamic overlap", "majority of all")
    assert all(sum(line.startswith(f"{name}  ") for line in out.splitlines()) == 1 for name in names)
    assert plot.read_bytes().startswith(b"\x89PNG")
    out, _ = veritap("replay", folder, "--seeds", "1", "--only", "--gold", "0.3")
    assert "majority" not in out
    assert "●" in out


def test_without_truth_only_agreement_is_told(veritap: Terminal) -> None:
    kept = recorded(items=30)
    folder = folder_of(Recording("open", kept.answers, {}), veritap.folder / "open")
    out, _ = veritap("replay", folder)
    assert "No item's truth is known here" in out
    assert "Krippendorff's α 0." in out
    assert "Veritap" not in out


def test_a_crowd_is_shared_out_whole() -> None:
    for name in planning.CROWDS:
        for students in (1, 7, 40, 133):
            assert sum(planning.people_of(name, students).values()) == students


def test_simulate_says_that_it_is_simulated(veritap: Terminal) -> None:
    out, _ = veritap("simulate", "--students", "8", "--items", "30", "--crowd", "uneven", "--rate", "12.50")
    assert out.startswith("Simulated: 8 invented students")
    assert "confidence 95 %" in out
    assert "With 8 students like these, 30 items at 95 % cost about" in out
    assert "All of this is simulated" in out
    assert max(map(len, out.splitlines())) <= 80, "it fits a terminal"
    assert veritap.refuses("simulate", "--classes", "40").startswith(
        "A question with buttons has 2 to 12 labels"
    )
    assert "is not a confidence" in veritap.refuses("simulate", "--confidence", "2")
