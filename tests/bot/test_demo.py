"""The demo: a newcomer is at a first task within three taps, the other sides stand beside it, and commands reach it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import verify
from bot.cli_base import Halt
from bot.demo import seed, start
from bot.demo.people import ADA, ADAM, BEN, CORA, NOUR, OLENA, Somebody
from bot.demo.start import Demo, Options
from bot.errors import CannotRun
from rules import item_file, project_file
from rules.kinds import KINDS
from rules.project_file import ProjectTrouble
from sandbox.models import Message
from tests.actions import samples

ROOT = Path(__file__).resolve().parents[2]


TITLES = ("Check answers", "Compare two answers", "Check the steps", "Rate explanations")
CYRILLIC, ARABIC = re.compile("[а-щьюяєії]"), re.compile("[\u0621-\u064a]")


def options(folder: Path, **given: object) -> Options:
    return Options(port=0, with_browser=False, folder=folder / "demo", **given)  # type: ignore[arg-type]


def last(demo: Demo, somebody: Somebody) -> Message:
    return demo.sandbox.world.last_message(somebody.telegram_id)


async def tap(demo: Demo, somebody: Somebody, label: str, until: Callable[[Message], bool]) -> Message:
    world, message = demo.sandbox.world, last(demo, somebody)
    world.tap(somebody.telegram_id, message.message_id, message.data_of(label))
    await world.wait_for(lambda: until(last(demo, somebody)), 10.0)
    return last(demo, somebody)


async def say(demo: Demo, somebody: Somebody, text: str) -> Message:
    world = demo.sandbox.world
    before = len(world.messages(somebody.telegram_id))
    world.send_text(somebody.telegram_id, text)
    await world.wait_for(lambda: len(world.messages(somebody.telegram_id)) >= before + 2, 10.0)
    return last(demo, somebody)


def has_verdicts(message: Message) -> bool:
    return "Correct" in [button["text"] for button in message.buttons]


async def command(demo: Demo, *words: str) -> tuple[int, str, str]:
    """Run a command in a process of its own, on the running demo's database."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{demo.bot.store.path}", "TELEGRAM_BOT_TOKEN": ""}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, cwd=ROOT, env=environment, stdout=-1, stderr=-1
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_a_first_task_is_two_taps_away_and_a_tap_is_paid(tmp_path: Path) -> None:
    async with start.started(options(tmp_path)) as demo:
        assert "Check answers" in last(demo, ADA).text
        card = await tap(demo, ADA, "Go on", has_verdicts)
        assert "1/20" in card.text
        after = await tap(demo, ADA, "Correct", lambda message: "2/20" in message.text)
        assert has_verdicts(after)
        report = verify.verify(demo.bot.store.path)
        assert report.findings == []
        assert report.counts["judgments"] > 60


async def test_the_other_sides_are_beside_it(tmp_path: Path) -> None:
    async with start.started(options(tmp_path)) as demo:
        assert "coordinator" in last(demo, CORA).text
        assert "admin" in last(demo, ADAM).text
        person = demo.sandbox.world.chat(BEN.telegram_id).person
        assert not person.started
        welcome = await say(demo, BEN, f"/start {person.start_payload}")
        assert "You were invited to: Check answers" in welcome.text


async def test_commands_reach_the_running_demo(tmp_path: Path) -> None:
    async with start.started(options(tmp_path)) as demo:
        code, out, err = await command(demo, "invite", "student", "--project", "answers")
        assert (code, err) == (0, "")
        link = out.splitlines()[-1]
        assert link.startswith("https://t.me/veritap_bot?start=")
        world = demo.sandbox.world
        person = world.add_person("Gil")
        world.send_text(person.id, f"/start {link.partition('=')[2]}")
        await world.wait_for(lambda: len(world.messages(person.id)) == 2, 10.0)
        assert "You were invited to: Check answers" in world.last_message(person.id).text
        target = tmp_path / "judgments.jsonl"
        code, out, err = await command(demo, "export", "answers", "--out", str(target))
        assert (code, err) == (0, "")
        assert target.read_text().count("\n") == int(out.split()[0]) > 30
        code, out, err = await command(demo, "verify")
        assert (code, err) == (0, ""), out
        code, out, err = await command(demo, "run")
        assert code == 2
        assert err.startswith("TELEGRAM_BOT_TOKEN is not set")


async def test_it_starts_fresh_unless_told_to_keep(tmp_path: Path) -> None:
    async with start.started(options(tmp_path)) as demo:
        await tap(demo, ADA, "Go on", has_verdicts)
        await tap(demo, ADA, "Correct", lambda message: "2/20" in message.text)
    # The sandbox numbers its updates by the second, and a real one never gives two the same number.
    await asyncio.sleep(1.1)
    async with start.started(options(tmp_path, keep=True)) as demo:
        assert "2/20" in (await tap(demo, ADA, "Go on", has_verdicts)).text
        profile, cora = demo.sandbox.world.profile, demo.sandbox.world.chat(CORA.telegram_id).person
        await demo.sandbox.world.wait_for(
            lambda: "project" in {one["command"] for one in profile.commands_for(cora)}
        )
        person = demo.sandbox.world.chat(BEN.telegram_id).person
        assert "You were invited" in (await say(demo, BEN, f"/start {person.start_payload}")).text
    async with start.started(options(tmp_path)) as demo:
        assert "1/20" in (await tap(demo, ADA, "Go on", has_verdicts)).text


async def test_every_newcomer_sees_the_same(tmp_path: Path) -> None:
    seen = []
    for name in ("one", "two"):
        async with start.started(options(tmp_path / name)) as demo:
            seen.append((await tap(demo, ADA, "Go on", has_verdicts)).text)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("chance", [2029, 1, 2])
async def test_seeding_does_not_hang_on_its_luck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chance: int
) -> None:
    """Whatever is drawn, the seeded students can answer it: cards of several pages, tags, scales, a failed exam."""
    monkeypatch.setattr(seed, "CHANCE", chance)
    async with start.started(options(tmp_path)) as demo:
        assert verify.verify(demo.bot.store.path).findings == []


async def test_ones_own_project(tmp_path: Path) -> None:
    project, items = tmp_path / "own.toml", tmp_path / "own.jsonl"
    text = samples.PROJECT.replace(
        'degrees = ["bachelor", "master"]', 'degrees = ["master"]\nfields = ["Alchemy"]'
    )
    project.write_text(text.replace('languages = ["en"]', 'languages = ["la"]'))
    items.write_text("\n".join([*samples.lines(work=20, gold=2), "{bad"]))
    async with start.started(options(tmp_path, project=project, items=items)) as demo:
        card = await tap(demo, ADA, "Go on", has_verdicts)
        assert "Check maths · 1/20" in card.text
        assert "own.jsonl" not in card.text
        with pytest.raises(CannotRun, match="runs already"):
            async with start.started(options(tmp_path)):
                raise AssertionError("two demos on one folder")
        await tap(demo, ADA, "Wrong", lambda message: "2/20" in message.text)
        assert verify.verify(demo.bot.store.path).findings == []


async def test_a_bad_project_of_ones_own_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    project, items = tmp_path / "own.toml", tmp_path / "own.jsonl"
    items.write_text("\n".join(samples.lines()))
    project.write_text(samples.PROJECT.replace("seats", "places"))
    with pytest.raises(ProjectTrouble, match="places"):
        async with start.started(options(tmp_path, project=project, items=items)):
            pass
    project.write_text(samples.PROJECT)
    items.write_text("{bad")
    with pytest.raises(Halt, match="holds no item that can be used"):
        async with start.started(options(tmp_path, project=project, items=items)):
            pass
    assert not (tmp_path / "demo" / start.DATABASE).exists()


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    async with start.started(options(tmp_path)) as demo:
        port = int(demo.sandbox.url.rpartition(":")[2])
        with pytest.raises(Halt, match=f"Port {port} cannot be used"):
            async with start.started(Options(port=port, folder=tmp_path / "other")):
                raise AssertionError("two pages on one port")


def test_the_welcome_names_everybody_and_the_page(tmp_path: Path) -> None:
    text = start.welcome("http://127.0.0.1:8088", tmp_path)
    for word in ("http://127.0.0.1:8088", "Ada", "Ben", "Cora", "Adam", "--keep", "Ctrl-C"):
        assert word in text


def test_the_demos_projects_ask_in_every_way_and_hold_no_bad_line() -> None:
    kinds = set()
    for definition, items in seed.OWN:
        project = project_file.parse(definition.read_text())
        kinds |= {ask.kind for ask in project.ask}
        with items.open(encoding="utf-8") as lines:
            read = list(item_file.read(project, lines))
        assert [one for one in read if isinstance(one, item_file.BadLine)] == []
        plan, uses = project.qualification, [one.use for one in read if isinstance(one, item_file.Item)]
        assert uses.count("training") >= plan.training > 0
        assert uses.count("exam") >= plan.exam > 0
        assert uses.count("gold") >= 3
        assert uses.count("work") >= 10
    assert kinds == set(KINDS)


async def test_the_first_student_can_choose_among_all_projects(tmp_path: Path) -> None:
    async with start.started(options(tmp_path)) as demo:
        shown = await say(demo, ADA, "/projects")
        for place, title in enumerate(TITLES):
            assert title in shown.text
            card = await tap(demo, ADA, f"{place + 1} · Go on", lambda message: "1/20" in message.text)
            assert card.text.startswith(title)
            shown = await say(demo, ADA, "/projects")
        with contextlib.closing(sqlite3.connect(demo.bot.store.path)) as connection:
            query = "SELECT use, COUNT(DISTINCT project_id) FROM judgments GROUP BY use"
            done = dict(connection.execute(query).fetchall())
        assert done["training"] == done["exam"] == done["work"] == len(TITLES), "others worked on each before"


async def test_the_bot_greets_everybody_in_their_language(tmp_path: Path) -> None:
    async with start.started(options(tmp_path)) as demo:
        assert last(demo, ADA).text.startswith("Welcome back")
        assert CYRILLIC.search(last(demo, OLENA).text)
        assert ARABIC.search(last(demo, NOUR).text)
