"""Files both ways: what the bot sends, what people upload, links that expire, and the limits."""

import io
from pathlib import Path

import aiohttp
import pytest

from sandbox import Person, World
from sandbox.files import ALL_FILES_LIMIT_BYTES, DOWNLOAD_LIMIT_BYTES, LINK_LIFETIME_MS, picture_size
from tests.sandbox.api import Api, minimal_png

MEGABYTE = 1024 * 1024


async def upload(api: Api, method: str, field: str, data: bytes, **fields: str) -> dict[str, object]:
    """Send a file by multipart and return the whole answer."""
    form = aiohttp.FormData(fields, quote_fields=False)
    form.add_field(field, io.BytesIO(data), filename="näme.md")
    async with api.session.post(api.url(method), data=form) as response:
        answer: dict[str, object] = await response.json()
        return answer


async def test_a_document_goes_out_and_is_sent_again_by_its_id(api: Api, world: World, ann: Person) -> None:
    answer = await upload(api, "sendDocument", "document", b"# Raw", chat_id=str(ann.id), caption="<b>c</b>")
    assert answer["ok"]
    document = world.last_message(ann.id).raw["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "näme.md",
        "text/markdown",
        5,
    )
    again = await api.ok("sendDocument", chat_id=ann.id, document=document["file_id"])
    assert again["document"] == document


async def test_an_attached_file_is_found_by_its_name(api: Api, world: World, ann: Person) -> None:
    fields = {"chat_id": str(ann.id), "document": "attach://part1"}
    assert (await upload(api, "sendDocument", "part1", b"x", **fields))["ok"]
    fields["document"] = "attach://part2"
    answer = await upload(api, "sendDocument", "part1", b"x", **fields)
    assert answer["description"] == "Bad Request: wrong file identifier/HTTP URL specified"


async def test_a_photo_keeps_its_size_and_caption(api: Api, world: World, ann: Person) -> None:
    fields = {"chat_id": str(ann.id), "caption": "<i>chart</i>", "parse_mode": "HTML"}
    assert (await upload(api, "sendPhoto", "photo", minimal_png(640, 480), **fields))["ok"]
    message = world.last_message(ann.id)
    (photo,) = message.raw["photo"]
    assert (photo["width"], photo["height"]) == (640, 480)
    assert (message.text, message.raw["caption_entities"][0]["type"]) == ("chart", "italic")
    edit = {"chat_id": ann.id, "message_id": message.message_id}
    assert (await api.ok("editMessageCaption", **edit, caption="new"))["caption"] == "new"
    assert "caption" not in await api.ok("editMessageCaption", **edit)
    assert await api.refused("editMessageText", **edit, text="x") == (
        "Bad Request: there is no text in the message to edit"
    )
    copied = await api.ok("copyMessage", chat_id=ann.id, from_chat_id=ann.id, message_id=message.message_id)
    assert copied["message_id"] == message.message_id + 1


@pytest.mark.parametrize(
    ("method", "head", "padding", "said"),
    [
        ("sendPhoto", b"no picture", 0, "Bad Request: IMAGE_PROCESS_FAILED"),
        ("sendPhoto", minimal_png(9_000, 2_000), 0, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        ("sendPhoto", minimal_png(210, 10), 0, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        ("sendPhoto", minimal_png(), 10 * MEGABYTE, "Bad Request: file is too big for a photo"),
        ("sendDocument", b"", 0, "Bad Request: file must be non-empty"),
        ("sendDocument", b"x", 50 * MEGABYTE, "Request Entity Too Large"),
    ],
)
async def test_files_that_are_refused(
    api: Api, world: World, ann: Person, method: str, head: bytes, padding: int, said: str
) -> None:
    field = method.removeprefix("send").lower()
    answer = await upload(api, method, field, head + bytes(padding), chat_id=str(ann.id))
    assert answer["description"] == said
    assert len(world.messages(ann.id)) == 1


async def test_a_caption_has_1024_characters(api: Api, world: World, ann: Person) -> None:
    fields = {"chat_id": str(ann.id), "caption": "x" * 1025}
    answer = await upload(api, "sendDocument", "document", b"x", **fields)
    assert answer["description"] == "Bad Request: message caption is too long"
    fields["caption"] = "x" * 1024
    assert (await upload(api, "sendDocument", "document", b"x", **fields))["ok"]


async def test_unknown_ids_and_addresses_are_refused(api: Api, ann: Person) -> None:
    said = "Bad Request: wrong file identifier/HTTP URL specified"
    for given in ("AgACno", "https://example.org/x.png"):
        assert await api.refused("sendDocument", chat_id=ann.id, document=given) == said
    assert await api.refused("getFile", file_id="AgACno") == "Bad Request: invalid file_id"


async def test_an_upload_of_a_person_is_downloaded_by_a_link_for_an_hour(
    api: Api, world: World, ann: Person
) -> None:
    sent = world.upload(ann.id, "../../tasks.jsonl", b'{"a": 1}', "here")
    (update,) = await api.updates()
    assert update["message"] == sent.raw
    assert update["message"]["caption"] == "here"
    document = update["message"]["document"]
    assert document["file_name"] == "../../tasks.jsonl"
    file = await api.ok("getFile", file_id=document["file_id"])
    url = f"{api.sandbox.url}/file/bot{api.sandbox.token}/{file['file_path']}"
    async with api.session.get(url) as response:
        assert await response.read() == b'{"a": 1}'
    async with api.session.get(url.replace("Sandbox", "Sandbux")) as response:
        assert response.status == 401
    world.clock.advance(LINK_LIFETIME_MS)
    async with api.session.get(url) as response:
        assert response.status == 404


async def test_a_link_must_be_asked_for_first(api: Api, world: World, ann: Person) -> None:
    world.upload(ann.id, "a.txt", b"x")
    url = f"{api.sandbox.url}/file/bot{api.sandbox.token}/documents/file_1.txt"
    async with api.session.get(url) as response:
        assert response.status == 404


async def test_the_bot_downloads_up_to_20_megabytes(api: Api, world: World, ann: Person) -> None:
    world.upload(ann.id, "fits", bytes(DOWNLOAD_LIMIT_BYTES))
    world.upload(ann.id, "too big", bytes(DOWNLOAD_LIMIT_BYTES + 1))
    fits, too_big = (update["message"]["document"]["file_id"] for update in await api.updates())
    assert (await api.ok("getFile", file_id=fits))["file_size"] == DOWNLOAD_LIMIT_BYTES
    assert await api.refused("getFile", file_id=too_big) == "Bad Request: file is too big"


async def test_the_page_uploads_and_downloads(api: Api, world: World, ann: Person) -> None:
    png = minimal_png(2, 2)
    url = f"{api.sandbox.url}/sim/upload"
    query = {"person": str(ann.id), "name": "pic.png", "caption": "c", "as": "photo"}
    async with api.session.post(url, params=query, data=png) as response:
        assert response.status == 200
    file_id = world.messages(ann.id)[-1].raw["photo"][0]["file_id"]
    async with api.session.get(f"{api.sandbox.url}/sim/file", params={"file_id": file_id}) as response:
        assert await response.read() == png
        assert response.content_type == "image/png"
        assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''pic.png"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    async with api.session.get(f"{api.sandbox.url}/sim/file", params={"file_id": "no"}) as response:
        assert response.status == 404


def test_the_oldest_files_go_when_there_are_too_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ALL_FILES_LIMIT_BYTES > 100 * MEGABYTE
    monkeypatch.setattr("sandbox.files.ALL_FILES_LIMIT_BYTES", 10)
    first, second = (world.files.add_document(name, bytes(6)) for name in ("a.txt", "b.txt"))
    assert world.files.by_id(first.file_id) is None
    assert world.files.by_id(second.file_id) is second


def test_pictures_are_measured() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x01\xe0\x02\x80\x03" + bytes(8)
    assert picture_size(jpeg) == (640, 480)
    assert picture_size(b"GIF89a\x05\x00\x06\x00") == (5, 6)
    assert picture_size(minimal_png(0, 1)) is None
    assert picture_size(b"\xff\xd8\xff") is None
    assert picture_size(Path(__file__).read_bytes()) is None
