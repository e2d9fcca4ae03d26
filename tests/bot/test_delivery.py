"""The pump: two lanes, every kind of answer, crashes in between, and nobody written to twice."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
from typing import Any

import pytest

from actions import deliveries, inbox
from actions.people import Person
from actions.ports import Tx
from bot.app import Bot
from bot.transport import Patience
from handlers import notices
from handlers.screen import Screen
from rules.text import Text
from sandbox import Person as Account
from tests.bot.conftest import SHORT, Rig, until

HANG_SOON = dataclasses.replace(SHORT, patience=Patience(connect_s=2.0, answer_s=0.5))


def make_broadcast(tx: Tx, author_id: int) -> int:
    """Write a broadcast that is being sent, past the coordinator's road."""
    values = {"author": author_id, "now": tx.now_ms}
    project = tx._engine.execute(
        "INSERT INTO projects (slug, title, definition, state, created_ms, changed_ms) "
        "VALUES ('p', 'P', '{}', 'open', :now, :now) RETURNING id",
        values,
    ).fetchone()[0]
    row = tx._engine.execute(
        "INSERT INTO broadcasts (project_id, author_id, text, state, created_ms) "
        "VALUES (:project, :author, 'come', 'sending', :now) RETURNING id",
        values | {"project": project},
    )
    return int(row.fetchone()[0])


def call(tx: Tx, persons: list[Person], broadcast_id: int | None) -> None:
    """Enqueue one text for each person, as a notice or as a broadcast."""
    for person in persons:
        deliveries.enqueue(
            tx,
            person_id=person.id,
            key=f"{broadcast_id}:{person.id}",
            notice={"kind": "text", "text": f"for {person.id}"},
            lane="notice" if broadcast_id is None else "broadcast",
            broadcast_id=broadcast_id,
        )


@dataclasses.dataclass(slots=True)
class Crowd:
    """A bot and some people whom it knows."""

    rig: Rig
    bot: Bot
    accounts: list[Account]
    persons: list[Person]

    async def notify(self) -> None:
        await self.bot.store.write(call, self.persons, None)

    async def broadcast(self) -> int:
        broadcast_id = await self.bot.store.write(make_broadcast, self.persons[0].id)
        await self.bot.store.write(call, self.persons, broadcast_id)
        return broadcast_id

    def got(self, index: int = 0) -> list[str]:
        """What one of them was sent, without the first greeting."""
        return self.rig.texts(self.accounts[index])[1:]

    def states(self) -> list[str]:
        return [state for (state,) in self.rig.rows("SELECT state FROM deliveries ORDER BY id")]


async def gather(rig: Rig, size: int = 1, limits: Any = SHORT) -> Crowd:
    bot = await rig.start(limits=limits)
    accounts = [rig.world.add_person(f"P{number}") for number in range(size)]
    persons = await asyncio.gather(*(rig.know(bot, account) for account in accounts))
    return Crowd(rig, bot, accounts, list(persons))


async def test_a_notice_is_sent_as_soon_as_it_is_enqueued_and_its_text_is_gone(rig: Rig) -> None:
    limits = dataclasses.replace(SHORT, pump=dataclasses.replace(SHORT.pump, tick_s=60.0))
    crowd = await gather(rig, limits=limits)
    await crowd.notify()
    await until(lambda: crowd.states() == ["sent"])
    assert crowd.got() == [f"for {crowd.persons[0].id}"]
    message = rig.world.messages(crowd.accounts[0].id)[-1]
    assert rig.rows("SELECT payload, message_id, attempts FROM deliveries") == [("", message.message_id, 1)]


async def test_the_same_key_is_told_once(rig: Rig) -> None:
    crowd = await gather(rig)
    for _ in range(3):
        await crowd.notify()
    await until(lambda: crowd.states() == ["sent"])
    assert len(crowd.got()) == 1


async def test_a_notice_waits_for_its_time(rig: Rig) -> None:
    crowd = await gather(rig)
    now_ms = crowd.bot.sources.now_ms()
    await crowd.bot.store.write(
        lambda tx: deliveries.enqueue(
            tx,
            person_id=crowd.persons[0].id,
            key="later",
            notice={"kind": "text", "text": "later"},
            not_before_ms=now_ms + 400,
        )
    )
    await asyncio.sleep(0.2)
    assert crowd.states() == ["waiting"]
    await until(lambda: crowd.states() == ["sent"])
    assert crowd.bot.sources.now_ms() >= now_ms + 400


async def test_one_person_gets_one_message_a_second_and_others_do_not_wait(rig: Rig) -> None:
    limits = dataclasses.replace(SHORT, pump=dataclasses.replace(SHORT.pump, chat_pause_s=0.3))
    crowd = await gather(rig, 2, limits)
    first, second = crowd.persons

    def enqueue_all(tx: Tx) -> None:
        for number in range(3):
            notice = {"kind": "text", "text": str(number)}
            deliveries.enqueue(tx, person_id=first.id, key=f"a{number}", notice=notice)
        deliveries.enqueue(tx, person_id=second.id, key="b", notice={"kind": "text", "text": "b"})

    await crowd.bot.store.write(enqueue_all)
    await until(lambda: crowd.states() == ["sent"] * 4)
    assert crowd.got(0) == ["0", "1", "2"]
    at_ms = [event.at_ms for event in rig.calls("sendMessage") if event.person_id == crowd.accounts[0].id][1:]
    assert all(later - earlier >= 280 for earlier, later in itertools.pairwise(at_ms))
    sent_b = [event.at_ms for event in rig.calls("sendMessage") if event.person_id == crowd.accounts[1].id][
        -1
    ]
    assert sent_b < at_ms[1]


async def test_who_blocked_the_bot_is_unreachable_and_gets_nothing_more(rig: Rig) -> None:
    crowd = await gather(rig, 2)
    rig.world.block(crowd.accounts[0].id)
    await crowd.notify()
    await until(lambda: sorted(crowd.states()) == ["sent", "unreachable"])
    assert rig.value("SELECT unreachable_ms FROM people WHERE id = :id", id=crowd.persons[0].id)
    calls = len(rig.calls("sendMessage"))
    await crowd.bot.store.write(
        lambda tx: deliveries.enqueue(
            tx, person_id=crowd.persons[0].id, key="more", notice={"kind": "text", "text": "more"}
        )
    )
    await until(lambda: crowd.states()[-1] == "unreachable")
    assert len(rig.calls("sendMessage")) == calls


async def test_a_flood_wait_stops_the_lane_for_exactly_that_long_and_no_burst_follows(rig: Rig) -> None:
    pump = dataclasses.replace(SHORT.pump, broadcast_per_s=20.0, in_flight=4)
    crowd = await gather(rig, 20, dataclasses.replace(SHORT, pump=pump))
    before = len(rig.calls("sendMessage"))
    rig.fault("429", "sendMessage", after_calls=5, retry_after=1)
    await crowd.broadcast()
    await until(lambda: crowd.states() == ["sent"] * 20)
    (refused_ms,) = [event.at_ms for event in rig.world.transcript if event.kind == "fault"]
    after_ms = [
        call.at_ms - refused_ms for call in rig.calls("sendMessage")[before:] if call.at_ms > refused_ms
    ]
    # Calls that were under way when it was said may still arrive; everything else waits, and then comes evenly.
    rest_ms = [moment_ms for moment_ms in after_ms if moment_ms > 900]
    assert len(after_ms) - len(rest_ms) <= pump.in_flight
    assert rest_ms[0] >= 995
    assert rest_ms[-1] - rest_ms[0] >= (len(rest_ms) - 1) * 45
    assert all(len(crowd.got(index)) == 1 for index in range(20))


async def test_other_notices_of_the_lane_wait_too_but_replies_do_not(rig: Rig) -> None:
    crowd = await gather(rig, 2)
    rig.fault("429", "sendMessage", chat_id=crowd.accounts[0].id, retry_after=1)
    await crowd.bot.store.write(call, crowd.persons[:1], None)
    await until(lambda: "Flood" in str(rig.value("SELECT trouble FROM deliveries")))
    await crowd.bot.store.write(call, crowd.persons[1:], None)
    rig.world.send_text(crowd.accounts[1].id, "/help")
    await until(lambda: len(crowd.got(1)) == 1)
    assert "sent" not in crowd.states()
    await until(lambda: crowd.states() == ["sent", "sent"])


async def test_a_broadcast_that_was_perhaps_sent_is_never_sent_again(rig: Rig) -> None:
    crowd = await gather(rig, 6, HANG_SOON)
    for index, kind in enumerate(["500_after", "cut_after", "hang_after", "500_before", "cut_before"]):
        rig.fault(kind, "sendMessage", chat_id=crowd.accounts[index].id, seconds=1.5)
    broadcast_id = await crowd.broadcast()
    await until(lambda: rig.value("SELECT state FROM broadcasts") == "done")
    assert crowd.states() == ["uncertain"] * 5 + ["sent"]
    assert [len(crowd.got(index)) for index in range(6)] == [1, 1, 1, 0, 0, 1]
    assert rig.value("SELECT finished_ms FROM broadcasts WHERE id = :id", id=broadcast_id)


async def test_a_notice_that_was_perhaps_sent_is_sent_again_once(rig: Rig) -> None:
    crowd = await gather(rig)
    rig.fault("500_after", "sendMessage", times=5)
    await crowd.notify()
    await until(lambda: crowd.states() == ["uncertain"])
    await asyncio.sleep(0.5)
    assert len(crowd.got()) == 2
    assert rig.value("SELECT attempts FROM deliveries") == 2


async def test_what_was_surely_not_sent_is_tried_again_and_at_last_given_up(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = await gather(rig)
    url = crowd.bot._wire._methods
    crowd.bot._wire._urls.clear()
    monkeypatch.setattr(crowd.bot._wire, "_methods", "http://127.0.0.1:9/bot/")
    await crowd.bot.store.write(call, crowd.persons, None)
    await until(lambda: (rig.value("SELECT attempts FROM deliveries") or 0) >= 2)
    crowd.bot._wire._urls.clear()
    monkeypatch.setattr(crowd.bot._wire, "_methods", url)
    await until(lambda: crowd.states() == ["sent"])
    assert len(crowd.got()) == 1
    crowd.bot._wire._urls.clear()
    monkeypatch.setattr(crowd.bot._wire, "_methods", "http://127.0.0.1:9/bot/")
    await crowd.bot.store.write(call, crowd.persons, await crowd.bot.store.write(make_broadcast, 1))
    await until(lambda: crowd.states() == ["sent", "failed"])
    assert (
        rig.value("SELECT attempts FROM deliveries WHERE state = 'failed'") == SHORT.pump.patience.tries_max
    )


async def test_a_process_that_ended_during_calls_leaves_them_uncertain_by_the_same_rule(rig: Rig) -> None:
    crowd = await gather(rig, 2)
    crowd.bot._pump.limits = dataclasses.replace(SHORT.pump, batch=0)
    broadcast_id = await crowd.bot.store.write(make_broadcast, 1)
    await crowd.bot.store.write(call, crowd.persons[:1], broadcast_id)
    await crowd.bot.store.write(call, crowd.persons[1:], None)
    for delivery_id in (1, 2):
        assert await crowd.bot.store.write(deliveries.claim, delivery_id)
    await rig.stop()
    assert crowd.states() == ["sending", "sending"]
    await rig.start()
    await until(lambda: crowd.states() == ["uncertain", "sent"])
    assert len(crowd.got(0)) == 0
    assert len(crowd.got(1)) == 1
    assert rig.value("SELECT state FROM broadcasts") == "done"


async def test_a_stopped_broadcast_sends_nothing_more_and_a_paused_one_goes_on_later(rig: Rig) -> None:
    pump = dataclasses.replace(SHORT.pump, broadcast_per_s=30.0)
    crowd = await gather(rig, 12, dataclasses.replace(SHORT, pump=pump))
    broadcast_id = await crowd.broadcast()

    def set_state(tx: Tx, state: str) -> None:
        tx._engine.execute("UPDATE broadcasts SET state = :state", {"state": state})

    await until(lambda: "sent" in crowd.states())
    await crowd.bot.store.write(set_state, "paused")
    await until(lambda: "sending" not in crowd.states())
    await asyncio.sleep(0.3)
    sent = crowd.states().count("sent")
    assert sent < 12
    assert crowd.states().count("waiting") == 12 - sent
    await crowd.bot.store.write(set_state, "sending")
    await until(lambda: crowd.states() == ["sent"] * 12)
    assert rig.value("SELECT state FROM broadcasts WHERE id = :id", id=broadcast_id) == "done"


async def test_who_mutes_calls_after_the_broadcast_was_made_gets_none(rig: Rig) -> None:
    crowd = await gather(rig)
    await crowd.bot.store.write(
        lambda tx: tx.run("people.set_muted", id=crowd.persons[0].id, muted_ms=tx.now_ms)
    )
    await crowd.broadcast()
    await until(lambda: crowd.states() == ["cancelled"])
    assert crowd.got() == []
    await crowd.notify()
    await until(lambda: crowd.states() == ["cancelled", "sent"])


async def test_progress_is_shown_seldom_and_at_the_end(rig: Rig) -> None:
    pump = dataclasses.replace(SHORT.pump, broadcast_per_s=100.0, progress_every_s=0.1)
    crowd = await gather(rig, 30, dataclasses.replace(SHORT, pump=pump))
    shown: list[int] = []

    async def show(broadcast_id: int) -> None:
        shown.append(crowd.states().count("sent"))

    crowd.bot._pump._on_progress = show
    await crowd.broadcast()
    await until(lambda: 30 in shown)
    assert len(shown) <= 10
    assert shown == sorted(shown)


async def test_a_notice_that_has_become_untrue_is_not_sent(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(store: Any, person_id: int, notice: Any) -> Screen | None:
        return None

    monkeypatch.setitem(notices.COMPOSERS, "text", nothing)
    crowd = await gather(rig)
    await crowd.notify()
    await until(lambda: crowd.states() == ["cancelled"])


async def test_a_notice_that_cannot_be_put_into_words_fails_alone_and_is_told(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fussy(store: Any, person_id: int, notice: Any) -> Screen | None:
        if str(notice["text"]).startswith("for "):
            raise KeyError("a name of somebody")
        return Screen(Text().plain(notice["text"]))

    monkeypatch.setitem(notices.COMPOSERS, "text", fussy)
    bot = await rig.start()
    root, ada = rig.world.add_person("Root"), rig.world.add_person("Ada")
    await rig.know(bot, root, "admin")
    person = await rig.know(bot, ada)
    await bot.store.write(call, [person], None)
    await until(lambda: len(rig.texts(root)) == 2)
    assert "could not be put into words" in rig.texts(root)[1]
    assert "a name of somebody" not in rig.texts(root)[1]
    assert rig.value("SELECT trouble FROM deliveries WHERE state = 'failed'").startswith("incident ")


async def test_a_row_that_cannot_be_begun_is_given_up_and_holds_nobody_up(rig: Rig) -> None:
    crowd = await gather(rig, 2)

    def spoil(tx: Tx) -> None:
        call(tx, crowd.persons, None)
        tx._engine.execute("UPDATE deliveries SET payload = 'spoilt' WHERE id = 1", {})

    await crowd.bot.store.write(spoil)
    await until(lambda: crowd.states() == ["failed", "sent"])
    assert rig.value("SELECT trouble FROM deliveries WHERE id = 1").startswith("incident ")


async def test_replies_go_at_once_while_a_broadcast_is_sent(rig: Rig) -> None:
    pump = dataclasses.replace(SHORT.pump, broadcast_per_s=10.0)
    crowd = await gather(rig, 20, dataclasses.replace(SHORT, pump=pump))
    await crowd.broadcast()
    await until(lambda: "sent" in crowd.states())
    rig.world.send_text(crowd.accounts[-1].id, "/help")
    await until(lambda: len(crowd.got(19)) == 1)
    assert crowd.states().count("sent") < 19


async def test_a_full_disk_does_not_make_the_pump_forget_what_it_sent(rig: Rig) -> None:
    crowd = await gather(rig)
    store = crowd.bot.store

    async def send_and_fill(claimed: Any) -> Any:
        outcome = await original(claimed)
        await store._writer.execute_fetchall("PRAGMA query_only=ON")
        return outcome

    original = crowd.bot._pump.sender.send
    crowd.bot._pump.sender.send = send_and_fill  # type: ignore[method-assign]
    await crowd.notify()
    await until(crowd.got)
    await asyncio.sleep(0.3)
    assert crowd.states() == ["sending"]
    await store._writer.execute_fetchall("PRAGMA query_only=OFF")
    await until(lambda: crowd.states() == ["sent"])
    assert len(crowd.got()) == 1


async def test_old_notices_are_swept_and_broadcasts_stay(rig: Rig) -> None:
    crowd = await gather(rig, 2)
    await crowd.broadcast()
    await crowd.notify()
    await until(lambda: crowd.states() == ["sent"] * 4)
    old = {"long_ago": crowd.bot.sources.now_ms() - deliveries.KEPT_MS - 1}

    def age(tx: Tx) -> None:
        tx._engine.execute("UPDATE deliveries SET finished_ms = :long_ago", old)
        tx._engine.execute("UPDATE inbox SET finished_ms = :long_ago", old)

    await crowd.bot.store.write(age)
    assert await crowd.bot.store.write(deliveries.sweep) == 2
    assert await crowd.bot.store.write(deliveries.sweep) == 0
    assert rig.rows("SELECT DISTINCT lane FROM deliveries") == [("broadcast",)]
    assert await crowd.bot.store.write(inbox.sweep) == 2
