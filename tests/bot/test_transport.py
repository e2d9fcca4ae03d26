"""Calls to Telegram: what each answer, or its absence, is turned into; what is tried again; and that no token shows."""

from __future__ import annotations

import contextlib
import socket
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import Application

from actions import refusals
from bot.errors import Flood, NotSent, SlowAnswer, Uncertain
from bot.transport import Backend, Patience, TelegramApi, Wire
from sandbox import Sandbox
from tests.bot.conftest import Rig

QUICK = Patience(connect_s=2.0, answer_s=0.6, file_s=5.0)


class Line:
    """An open wire to the sandbox, with somebody to write to."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.wire = Wire(rig.sandbox.url, rig.sandbox.token, QUICK)
        self.api = TelegramApi(self.wire)
        self.ada = rig.world.add_person("Ada")
        rig.world.send_text(self.ada.id, "hello")

    async def attempt(self) -> Any:
        return await self.api.attempt("sendMessage", chat_id=self.ada.id, text="hi")

    async def call(self, method: str = "sendMessage", **more: Any) -> Any:
        return await self.api.call(method, chat_id=self.ada.id, text="hi", **more)


@pytest.fixture
async def line(rig: Rig) -> Any:
    line = Line(rig)
    await line.wire.open()
    yield line
    await line.wire.close()


@pytest.mark.parametrize(
    ("kind", "error", "was_sent"),
    [
        ("429", Flood, False),
        ("403", Forbidden, False),
        ("401", InvalidToken, False),
        ("404", EndPointNotFound, False),
        ("500_before", Uncertain, False),
        ("500_after", Uncertain, True),
        ("502_after", Uncertain, True),
        ("cut_before", Uncertain, False),
        ("cut_after", Uncertain, True),
        ("hang_before", SlowAnswer, False),
        ("hang_after", SlowAnswer, True),
        ("bad_json", Uncertain, True),
    ],
)
async def test_each_trouble_has_its_error(
    line: Line, kind: str, error: type[Exception], was_sent: bool
) -> None:
    line.rig.fault(kind, "sendMessage", retry_after=7, seconds=1.5)
    with pytest.raises(error) as caught:
        await line.attempt()
    assert type(caught.value) is error
    assert line.rig.texts(line.ada) == (["hi"] if was_sent else [])
    if isinstance(caught.value, Flood):
        assert caught.value.retry_after == 7
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


async def test_a_refusal_of_telegram_keeps_its_words(line: Line) -> None:
    with pytest.raises(BadRequest, match="Message text is empty"):
        await line.api.attempt("sendMessage", chat_id=line.ada.id, text="")
    with pytest.raises(BadRequest, match="Chat not found"):
        await line.api.attempt("sendMessage", chat_id=1, text="hi")
    line.rig.fault("409", "getUpdates")
    with pytest.raises(Conflict):
        await line.api.attempt("getUpdates")


async def test_an_unknown_method_is_no_wrong_token(line: Line) -> None:
    with pytest.raises(EndPointNotFound):
        await line.api.attempt("sendTelepathy")


async def test_a_wrong_token_is_told_at_the_first_call(rig: Rig) -> None:
    wire = Wire(rig.sandbox.url, "1000000001:Wrong_token_that_opens_nothing_0000", QUICK)
    await wire.open()
    with pytest.raises(InvalidToken):
        await TelegramApi(wire).attempt("getMe")
    await wire.close()


async def test_a_server_that_is_not_there_was_sent_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    wire = Wire(url, Sandbox().token, QUICK)
    await wire.open()
    with pytest.raises(NotSent, match="could not be reached"):
        await TelegramApi(wire).attempt("getMe")
    await wire.close()
    with pytest.raises(NotSent):
        await TelegramApi(wire).attempt("getMe")


async def test_errors_are_what_a_handler_of_python_telegram_bot_expects() -> None:
    assert issubclass(NotSent, NetworkError)
    assert issubclass(Uncertain, NetworkError)
    assert issubclass(SlowAnswer, TimedOut)
    assert issubclass(Flood, RetryAfter)


@pytest.mark.parametrize("kind", ["500_after", "cut_after", "hang_after", "cut_before"])
async def test_a_message_that_was_perhaps_sent_is_not_sent_again(line: Line, kind: str) -> None:
    line.rig.fault(kind, "sendMessage", seconds=1.5)
    with pytest.raises(Uncertain):
        await line.call()
    assert len(line.rig.calls("sendMessage")) <= 1
    assert len(line.rig.texts(line.ada)) <= 1


@pytest.mark.parametrize("kind", ["500_after", "cut_after", "cut_before", "hang_after"])
async def test_an_edit_that_was_perhaps_made_is_made_again(line: Line, kind: str) -> None:
    sent = await line.attempt()
    line.rig.fault(kind, "editMessageText", seconds=1.5)
    # The second call meets an edit that is there already, which says so.
    with contextlib.suppress(BadRequest):
        await line.api.call(
            "editMessageText", chat_id=line.ada.id, message_id=sent["message_id"], text="edited"
        )
    assert line.rig.texts(line.ada) == ["edited"]


async def test_a_short_flood_wait_is_sat_out_and_a_long_one_is_not(line: Line) -> None:
    line.rig.fault("429", "sendMessage", retry_after=1)
    assert (await line.call())["text"] == "hi"
    line.rig.fault("429", "sendMessage", retry_after=600)
    with pytest.raises(Flood):
        await line.call()
    assert line.rig.texts(line.ada) == ["hi"]


async def test_a_file_goes_up_and_comes_down_again(line: Line) -> None:
    data = bytes(range(256)) * 100
    sent = await line.api.upload(
        "sendDocument", "document", "data é.bin", data, chat_id=line.ada.id, caption="a file", reply_markup={}
    )
    assert sent["document"]["file_name"] == "data é.bin"
    assert sent["caption"] == "a file"
    assert await line.api.download(sent["document"]["file_id"], len(data)) == data


async def test_a_file_above_the_limit_is_refused(line: Line) -> None:
    sent = await line.api.upload("sendDocument", "document", "a", b"x" * 5000, chat_id=line.ada.id)
    with pytest.raises(refusals.FileTooLarge, match="at most 0 MB"):
        await line.api.download(sent["document"]["file_id"], 4999)
    path = (await line.api.call("getFile", file_id=sent["document"]["file_id"]))["file_path"]
    assert await line.wire.fetch(path, 4999) is None


async def test_python_telegram_bot_itself_works_over_the_wire(line: Line) -> None:
    application = (
        Application.builder()
        .token(line.rig.sandbox.token)
        .base_url(f"{line.rig.sandbox.url}/bot")
        .base_file_url(f"{line.rig.sandbox.url}/file/bot")
        .request(Backend(line.wire))
        .get_updates_request(Backend(line.wire))
        .updater(None)
        .job_queue(None)
        .build()
    )
    await application.initialize()
    sent = await application.bot.send_message(line.ada.id, "by the library")
    document = await application.bot.send_document(line.ada.id, b"bytes", filename="b.txt", caption="c")
    assert sent.text == "by the library"
    assert document.document is not None
    assert document.document.file_name == "b.txt"
    line.rig.fault("500_after", "sendMessage")
    with pytest.raises(NetworkError):
        await application.bot.send_message(line.ada.id, "again")
    line.rig.fault("hang_before", "sendMessage", seconds=1.5)
    with pytest.raises(TimedOut):
        await application.bot.send_message(line.ada.id, "again")
    await application.shutdown()


async def test_no_error_and_no_picture_of_an_object_holds_the_token(line: Line) -> None:
    token = line.rig.sandbox.token
    for kind in ("429", "403", "401", "404", "500_before", "cut_before", "hang_before", "bad_json"):
        line.rig.fault(kind, "sendMessage", seconds=1.5)
        with pytest.raises(TelegramError) as caught:
            await line.attempt()
        assert token not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"
    for thing in (line.wire, line.api, Backend(line.wire)):
        assert token not in f"{thing!r} {thing}"
