"""The coordinator's chat: a project from a file, its items, opening and closing it, its people."""

from __future__ import annotations

import json

from actions import projects
from sandbox.models import Message
from tests.actions import samples
from tests.stories.conftest import House, agree_and_tell
from tests.stories.phone import Phone


async def until(phone: Phone, words: str) -> Message:
    """Wait until the newest message of the bot says something, and give it."""
    try:
        await phone.world.wait_for(lambda: words in phone.text, timeout_s=10.0)
    except TimeoutError:
        raise AssertionError(f"{words!r} did not come; the chat says {phone.text!r}") from None
    return phone.last


async def coordinator(house: House, name: str = "Cleo") -> Phone:
    phone = await house.invite(name, "coordinator")
    await phone.say("/project")
    return phone


async def send(phone: Phone, name: str, text: str | bytes, words: str) -> None:
    """Send a file and wait for what it is answered with."""
    phone.world.upload(phone.id, name, text if isinstance(text, bytes) else text.encode())
    await until(phone, words)


async def touch(phone: Phone, data: str) -> str:
    """Tap on the newest message with any data and give the toast, without waiting for the chat to change."""
    query_id = phone.world.tap(phone.id, phone.last.message_id, data)
    await phone.world.wait_for(lambda: query_id in phone.world.answers, timeout_s=10.0)
    return phone.world.answers[query_id].text or ""


def content(house: House, message: Message) -> bytes:
    """Give the bytes of the document that a message carries."""
    stored = house.world.files.by_id(message.raw["document"]["file_id"])
    assert stored is not None
    return stored.data


async def with_items(house: House) -> Phone:
    """Bring a coordinator to the point where their project could be opened."""
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", samples.PROJECT, "a draft that nobody sees yet")
    await send(cleo, "maths.jsonl", "\n".join(samples.lines()), "25 items, all good")
    await cleo.press("Import 25")
    await until(cleo, "25 items are in Check maths")
    return cleo


async def test_from_a_file_to_an_open_project(house: House) -> None:
    cleo = await with_items(house)
    await cleo.press("Preview")
    assert "Is the solution correct?" in cleo.text
    assert "Preview 1/5" in cleo.labels
    await cleo.press("▶")
    assert "Preview 2/5" in cleo.labels
    assert await touch(cleo, "c:nothing") == "A preview: nothing is recorded."
    await cleo.press("Items")
    assert "20 to work on" in cleo.text
    assert "2 gold · 1 training · 2 exam" in cleo.text
    await cleo.press("Back")
    assert "Check maths · draft" in cleo.text
    assert "20 items to work on\n2 gold · 1 training · 2 exam" in cleo.text
    assert cleo.labels[0] == "Open"
    await cleo.press("Open")
    assert "Open: students can join and work." in cleo.text
    assert "Check maths · open" in cleo.text
    assert "0 of 20 labels" in cleo.text
    assert cleo.labels[-3:] == ["Pause", "Close", "Projects"]
    await cleo.press("Pause")
    assert "Check maths · paused\nNobody gets another item until you open it again." in cleo.text
    assert cleo.labels[:2] == ["Open again", "Close"], "what would be Open for the first time is Open again"
    await cleo.press("Close")
    assert "Close Check maths?" in cleo.text
    await cleo.press("Close")
    assert "Closed. What was earned stays earned." in cleo.text
    assert (await house.store.read(projects.by_slug, "maths")).state == "closed"


async def test_the_example_can_be_sent_back_and_opened(house: House) -> None:
    cleo = await coordinator(house)
    await cleo.say("/project")
    await cleo.press("Example files")
    await until(cleo, "Its items")
    files = [message for message in house.world.messages(cleo.id) if not message.outgoing][-2:]
    await send(cleo, "example.toml", content(house, files[0]), "a draft that nobody sees yet")
    await send(cleo, "example.jsonl", content(house, files[1]), "6 items, all good")
    await cleo.press("Import 6")
    await until(cleo, "6 items are in Check sums")
    await cleo.press("To the project")
    await cleo.press("Open")
    assert "Check sums · open" in cleo.text


async def test_the_first_item_is_shown_before_anything_is_imported(house: House) -> None:
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", samples.PROJECT, "a draft")
    await send(cleo, "maths.jsonl", "\n".join(samples.lines()), "all good")
    shown = [message for message in house.world.messages(cleo.id) if not message.outgoing][-2]
    assert "0 + 1?" in shown.text
    assert [button["text"] for button in shown.buttons] == ["Correct", "Wrong"]
    await cleo.press("Cancel")
    assert cleo.text == "Cancelled. Nothing was imported."
    await cleo.say("/project")
    assert "No items yet" in cleo.text


async def test_a_bad_project_file_is_told_by_key(house: House) -> None:
    cleo = await coordinator(house)
    broken = samples.PROJECT.replace('"24.00"', "24.00").replace(', label = "Wrong"', "")
    await send(cleo, "maths.toml", broken, "maths.toml cannot be used yet")
    assert '• pay.rate_per_hour must be money as text in quotes, such as "24.00".' in cleo.text
    assert "• ask[1].options[2].label is missing." in cleo.text
    assert "Nothing was changed." in cleo.text
    await send(cleo, "maths.toml", b"\xff\xfe", "This is not UTF-8 text (byte 1)")
    await send(cleo, "big.toml", b"#" * 70_000, "larger than 64 kB")


async def test_a_bad_line_does_not_keep_the_good_ones_out(house: House) -> None:
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", samples.PROJECT, "a draft")
    lines = [*samples.lines(), '{"question": "only"}']
    await send(cleo, "maths.jsonl", "\n".join(lines), "25 good, 1 bad:")
    assert '• line 26: has no "solution"' in cleo.text
    await cleo.press("Import those 25")
    await until(cleo, "25 items are in Check maths")


async def test_many_bad_lines_come_as_a_file(house: House) -> None:
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", samples.PROJECT, "a draft")
    await send(cleo, "maths.csv", "question,solution\n" + "1\n" * 30 + "1,2\n", "1 good, 30 bad:")
    assert "• line 11: has 1 columns where the first line names 2" in cleo.text
    assert "line 12" not in cleo.text
    assert "and 20 more; all of them are in the file above." in cleo.text
    sent = [message for message in house.world.messages(cleo.id) if "document" in message.raw]
    listed = content(house, sent[-1])
    assert listed.decode().splitlines()[29] == "line 31: has 1 columns where the first line names 2"


async def test_files_that_cannot_be_used_get_a_sentence(house: House) -> None:
    cleo = await coordinator(house)
    await send(cleo, "maths.jsonl", "{}", "Send its file (.toml) first.")
    await send(cleo, "maths.toml", samples.PROJECT, "a draft")
    await send(cleo, "maths.jsonl", "\n\n", "The file is empty.")
    await send(cleo, "maths.jsonl", "[" * 5000, "The only line cannot be used:")
    assert "line 1: is nested deeper than 32 levels" in cleo.text
    await send(cleo, "maths.pdf", "x", "This is neither by its name.")
    await send(cleo, "big.jsonl", b" " * 20_000_001, "at most 20 MB can be taken")


async def test_a_file_for_one_of_several_projects(house: House) -> None:
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", samples.PROJECT, "a draft")
    other = samples.PROJECT.replace('"maths"', '"sums"').replace("Check maths", "Check sums")
    await send(cleo, "sums.toml", other, "a draft")
    await send(cleo, "items.jsonl", "\n".join(samples.lines()), "For which project")
    await cleo.press("Check sums")
    await until(cleo, "items.jsonl for Check sums")
    await cleo.press("Import 25")
    await until(cleo, "25 items are in Check sums")
    await cleo.press("To the project")
    await cleo.press("Items")
    await send(cleo, "more.jsonl", json.dumps(samples.line(77)), "more.jsonl for Check sums")


async def test_an_older_files_button_imports_nothing(house: House) -> None:
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", samples.PROJECT, "a draft")
    await send(cleo, "one.jsonl", json.dumps(samples.line(1)), "one.jsonl for")
    first = cleo.last
    await send(cleo, "two.jsonl", json.dumps(samples.line(2)), "two.jsonl for")
    toast = await touch(cleo, first.data_of("Import 1"))
    assert toast == "I no longer have that file in mind. Send it once more."
    await cleo.press("Import 1")
    await until(cleo, "1 item is in")
    assert await house.store.read(lambda tx: tx.number("projects.count_items", id=1)) == 1


async def test_a_project_does_not_open_without_gold(house: House) -> None:
    cleo = await coordinator(house)
    await send(cleo, "maths.toml", samples.PROJECT, "a draft")
    await send(cleo, "maths.jsonl", "\n".join(samples.lines(gold=0)), "all good")
    await cleo.press("Import 23")
    await until(cleo, "23 items are in")
    await cleo.press("To the project")
    await cleo.press("Open")
    assert "cannot open yet" in cleo.text
    assert "gold_share is 0.1 and there are 0 gold items: 2 missing." in cleo.text
    assert "Check maths · draft" in cleo.text


async def test_a_file_sent_again_changes_the_project(house: House) -> None:
    cleo = await with_items(house)
    await send(cleo, "maths.toml", samples.PROJECT, "says this already")
    await send(cleo, "maths.toml", samples.PROJECT.replace("24.00", "25.00"), 'Changed "maths": pay.')


async def test_nobody_else_sees_or_moves_a_project(house: House) -> None:
    cleo = await with_items(house)
    rival = await coordinator(house, "Rival")
    assert "You have no project yet" in rival.text
    await rival.say("/project maths")
    assert rival.text == 'You do not coordinate "maths". Ask its owner or an admin to add you.'
    ada = await house.invite("Ada")
    for phone, words in ((rival, "You do not coordinate"), (ada, "with the role coordinator")):
        for data in (
            "c:open:1",
            "c:close:1",
            "c:people:1:0",
            "c:file:1:1",
            "c:items:1",
            "c:look:1:0",
            "b:new:1",
        ):
            assert words in await touch(phone, data), data
    await ada.send_file("maths.toml", samples.PROJECT.encode())
    assert ada.text == "I cannot take files from you. /help lists what I can do."
    assert (await house.store.read(projects.by_slug, "maths")).state == "draft"
    assert "25 items" in cleo.text


async def test_forged_buttons_are_out_of_date(house: House) -> None:
    cleo = await with_items(house)
    for data in (
        "c:see:x",
        "c:see:",
        "c:look:1",
        "c:look:1:9x",
        "c:people:1:2:3",
        "c:see:99",
        "b:go:1:never",
        "b:see:99",
    ):
        assert await touch(cleo, data) == "This button is out of date.", data


async def test_people(house: House) -> None:
    cleo = await with_items(house)
    await cleo.press("To the project")
    await cleo.press("Open")
    ada = await house.invite("Ada", project_id=1)
    await agree_and_tell(ada)
    await ada.press("Join")
    await ada.press("Begin")
    await ada.press("Wrong")
    await cleo.press("People")
    assert "Check maths · 1 student" in cleo.text
    assert "1 answer ·" in cleo.text
    assert "Ada" not in cleo.text
    await cleo.press("Back")
    await cleo.press("Export")
    assert "0 judgments, with pseudonyms." in cleo.text, "training is no data"
