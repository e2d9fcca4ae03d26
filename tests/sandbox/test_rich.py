"""Rich messages: what is kept for the page, the limits, and HTML that is not well-formed."""

from typing import Any

import pytest

from sandbox import Person, World
from tests.sandbox.api import Api, keyboard

TABLE = "<h2>Sum</h2><table><tr><th>a</th><td>1</td></tr></table><p>so <tg-math>x^2</tg-math><br>end</p>"


async def test_a_rich_message_keeps_its_source_and_its_words(api: Api, world: World, ann: Person) -> None:
    rich = {"html": TABLE, "is_rtl": True}
    message = await api.ok("sendRichMessage", chat_id=ann.id, rich_message=rich, reply_markup=keyboard("Yes"))
    assert message["rich_message"] == {
        "blocks": [{"type": "paragraph", "text": "Sum\na\n1\nso x^2\nend"}],
        **rich,
    }
    assert "text" not in message
    assert message["reply_markup"] == keyboard("Yes")
    assert world.last_message(ann.id).text == "Sum\na\n1\nso x^2\nend"


async def test_text_and_rich_text_are_edited_into_each_other(api: Api, ann: Person) -> None:
    message = await api.send(ann, "plain")
    place = {"chat_id": ann.id, "message_id": message["message_id"]}
    rich = await api.ok("editMessageText", **place, rich_message={"markdown": "# Big"})
    assert (rich["rich_message"]["markdown"], "text" in rich) == ("# Big", False)
    same = await api.refused("editMessageText", **place, rich_message={"markdown": "# Big"})
    assert same.startswith("Bad Request: message is not modified")
    plain = await api.ok("editMessageText", **place, text="plain")
    assert (plain["text"], "rich_message" in plain) == ("plain", False)


@pytest.mark.parametrize(
    ("rich", "said"),
    [
        ({}, "exactly one of the fields html and markdown must be specified in the rich message"),
        (
            {"html": "a", "markdown": "a"},
            "exactly one of the fields html and markdown must be specified in the rich message",
        ),
        ({"html": 5}, 'field "html" of the rich message must be of type String'),
        ({"html": "<p> </p>"}, "rich message is empty"),
        ({"html": "<p>a"}, "can't parse rich message: can't find end tag corresponding to start tag \"p\""),
        ({"html": "<b>a</i>"}, 'can\'t parse rich message: unexpected end tag "</i>", expected "</b>"'),
        ({"html": "a</b>"}, 'can\'t parse rich message: unexpected end tag "</b>"'),
        ({"html": "<script>a</script>"}, 'can\'t parse rich message: unsupported tag "script"'),
        ({"html": "<p>a<p>b</p></p>"}, 'can\'t parse rich message: unexpected start tag "p" inside "p"'),
        ({"html": "<b><h1>a</h1></b>"}, 'can\'t parse rich message: unexpected start tag "h1" inside "b"'),
        (
            {"html": "<tg-math>a<b>c</b></tg-math>"},
            'can\'t parse rich message: unexpected start tag "b" inside "tg-math"',
        ),
        ({"html": "<li>a</li>"}, 'can\'t parse rich message: unexpected start tag "li"'),
        ({"html": "<table><td>a</td></table>"}, 'can\'t parse rich message: unexpected start tag "td"'),
        (
            {"html": "<p><summary>a</summary></p>"},
            'can\'t parse rich message: unexpected start tag "summary"',
        ),
        ({"html": "x" * 32_769}, "message is too long"),
        ({"html": "<p>x</p>" * 501}, "RICH_MESSAGE_BLOCKS_EXCEEDED"),
        ({"markdown": "x\n\n" * 501}, "RICH_MESSAGE_BLOCKS_EXCEEDED"),
        ({"html": "<b>" * 17 + "x" + "</b>" * 17}, "RICH_MESSAGE_DEPTH_EXCEEDED"),
        ({"html": "<table><tr>" + "<td>x</td>" * 21 + "</tr></table>"}, "RICH_MESSAGE_COLUMNS_EXCEEDED"),
        (
            {"html": '<table><tr><td colspan="20">x</td><td>y</td></tr></table>'},
            "RICH_MESSAGE_COLUMNS_EXCEEDED",
        ),
    ],
)
async def test_rich_messages_that_are_refused(
    api: Api, world: World, ann: Person, rich: dict[str, Any], said: str
) -> None:
    refused = await api.refused("sendRichMessage", chat_id=ann.id, rich_message=rich)
    assert refused == f"Bad Request: {said}"
    assert len(world.messages(ann.id)) == 1


@pytest.mark.parametrize(
    "html",
    [
        "x" * 32_768,
        "<p>x</p>" * 500,
        "<b>" * 16 + "x" + "</b>" * 16,
        "<table><tr>" + "<td>x</td>" * 20 + "</tr></table>",
        "<p>" + "<b>x</b>" * 6_000 + "</p>",
        "<table>" + f"<tr>{'<td>x</td>' * 20}</tr>" * 499 + "</table>",
        "<details open><summary>more</summary><ul><li><input type='checkbox' checked>done</li></ul></details><hr/>",
    ],
)
async def test_rich_messages_at_the_limit(api: Api, ann: Person, html: str) -> None:
    assert await api.ok("sendRichMessage", chat_id=ann.id, rich_message={"html": html})
