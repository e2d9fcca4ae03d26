"""Formatted text: given entities, HTML, MarkdownV2, cleaning, and what is found without being asked for."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import Person
from sandbox.entities import format_text, length_utf16
from sandbox.errors import ApiError
from tests.sandbox.api import Api


def bold(offset: int, length: int) -> dict[str, Any]:
    return {"type": "bold", "offset": offset, "length": length}


def spans(text: str, mode: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the shown text, and each entity as its type and the part of the text under it."""
    shown, entities = format_text(text, mode, None)
    units = shown.encode("utf-16-le")
    return shown, [
        (entity["type"], units[entity["offset"] * 2 :][: entity["length"] * 2].decode("utf-16-le"))
        for entity in entities
    ]


def refusal(text: str, mode: str | None = None, entities: list[Any] | None = None) -> str:
    with pytest.raises(ApiError) as caught:
        format_text(text, mode, entities)
    assert caught.value.code == 400
    return caught.value.description


@pytest.mark.parametrize(
    ("html", "shown", "entities"),
    [
        ("a <b>b <i>c</i></b> d", "a b c d", [("bold", "b "), ("bold", "c"), ("italic", "c")]),
        ("😀<b>😀</b>", "😀😀", [("bold", "😀")]),
        ("<strong>a</strong><em>b</em><ins>c</ins><del>d</del>", "abcd", [("bold", "a"), ("italic", "b")]),
        ("1 &lt; 2 &amp; &quot;3&quot; &#8364; &#x20AC; &nbsp;", '1 < 2 & "3" € € &nbsp;', []),
        ('<pre><code class="language-py">x = 1</code></pre>', "x = 1", [("pre", "x = 1")]),
        ("<pre>x</pre> <code>y</code>", "x y", [("pre", "x"), ("code", "y")]),
        ('<a href="https://e.org/?a=1&amp;b">here</a>', "here", [("text_link", "here")]),
        ("<a>nowhere</a>", "nowhere", []),
        ('<span class="tg-spoiler">s</span><tg-spoiler>t</tg-spoiler>', "st", [("spoiler", "st")]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", "q")]),
        ("<B>caps</B>", "caps", [("bold", "caps")]),
        ("<b></b>x", "x", []),
    ],
)
def test_html(html: str, shown: str, entities: list[tuple[str, str]]) -> None:
    text, found = spans(html, "HTML")
    assert text == shown
    assert found[: len(entities)] == entities


def test_a_language_and_an_address_are_kept() -> None:
    _, entities = format_text('<pre><code class="language-py">x</code></pre>', "html", None)
    assert entities == [{"offset": 0, "length": 1, "type": "pre", "language": "py"}]
    _, entities = format_text("[x](https://e.org/\\))", "MarkdownV2", None)
    assert entities == [{"offset": 0, "length": 1, "type": "text_link", "url": "https://e.org/)"}]
    _, entities = format_text("```rust\nfn```", "MarkdownV2", None)
    assert entities == [{"offset": 0, "length": 2, "type": "pre", "language": "rust"}]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("List<int>", 'Unsupported start tag "int" at byte offset 4'),
        ("é<u", "Unclosed start tag at byte offset 2"),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_html_that_cannot_be_read(html: str, said: str) -> None:
    assert refusal(html, "HTML") == f"Bad Request: can't parse entities: {said}"


@pytest.mark.parametrize(
    ("markdown", "shown", "entities"),
    [
        ("a *b _c_* d", "a b c d", [("bold", "b "), ("bold", "c"), ("italic", "c")]),
        ("__u__ ~s~ ||p||", "u s p", [("underline", "u"), ("strikethrough", "s"), ("spoiler", "p")]),
        ("_i __u___", "i u", [("italic", "i "), ("italic", "u"), ("underline", "u")]),
        ("`a*b` \\*", "a*b *", [("code", "a*b")]),
        ("```\nx\\`y```", "x`y", [("pre", "x`y")]),
        ("[t](https://e.org)", "t", [("text_link", "t")]),
        ("![👍](tg://emoji?id=5)", "👍", [("custom_emoji", "👍")]),
        (">q\n>r\nplain", "q\nr\nplain", [("blockquote", "q\nr")]),
        (">a\n**>b\n>c||", "a\nb\nc", [("blockquote", "a"), ("expandable_blockquote", "b\nc")]),
        ("😀*😀*", "😀😀", [("bold", "😀")]),
        ("1\\.5 \\- x", "1.5 - x", []),
    ],
)
def test_markdown(markdown: str, shown: str, entities: list[tuple[str, str]]) -> None:
    assert spans(markdown, "MarkdownV2") == (shown, entities)


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("1.5", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("é*b", "Can't find end of Bold entity at byte offset 2"),
        ("_a__", "Can't find end of Underline entity at byte offset 2"),
        ("`a", "Can't find end of Code entity at byte offset 0"),
        ("```py a", "Can't find end of PreCode entity at byte offset 0"),
        ("[a](b", "Can't find end of a URL at byte offset 4"),
        ("[a", "Can't find end of TextUrl entity at byte offset 0"),
        ("![a](b)", "Custom emoji entity must contain a tg://emoji URL"),
        (">*a\nb*", "Can't find end of Bold entity at byte offset 1"),
    ],
)
def test_markdown_that_cannot_be_read(markdown: str, said: str) -> None:
    assert refusal(markdown, "MarkdownV2") == f"Bad Request: can't parse entities: {said}"


def test_other_modes_are_refused() -> None:
    assert refusal("x", "XML") == "Bad Request: unsupported parse_mode"
    assert "legacy Markdown" in refusal("x", "Markdown")


@pytest.mark.parametrize(
    ("text", "entity", "said"),
    [
        ("hello", bold(5, 1), "entity begins after the end of the text at UTF-16 offset 5"),
        (
            "hello",
            bold(3, 9),
            "entity beginning at UTF-16 offset 3 ends after the end of the text at UTF-16 offset 12",
        ),
        ("😀x", bold(1, 2), "entity begins in a middle of a UTF-16 symbol at byte offset 1"),
        (
            "x😀",
            bold(0, 2),
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 2",
        ),
        ("x", bold(-1, 1), "receive an entity with incorrect offset"),
        ("x", bold(0, -1), "receive an entity with incorrect length"),
        (
            "x",
            {"type": "sparkle", "offset": 0, "length": 1},
            "can't parse MessageEntity: Unsupported type specified",
        ),
        ("x", {"type": "bold", "offset": 0}, "can't parse MessageEntity: Can't find field \"length\""),
        (
            "x",
            {"type": "text_link", "offset": 0, "length": 1},
            "can't parse MessageEntity: Can't find field \"url\"",
        ),
        ("x", "bold", "can't parse MessageEntity: expected an Object"),
        (
            "x",
            {"type": "bold", "offset": "0", "length": 1},
            'can\'t parse MessageEntity: Field "offset" must be of type Number',
        ),
        (
            "x",
            {"type": "text_link", "offset": 0, "length": 1, "url": "localhost"},
            "entity URL 'localhost' is invalid: Wrong HTTP URL",
        ),
    ],
)
def test_given_entities_that_do_not_fit(text: str, entity: Any, said: str) -> None:
    assert refusal(text, None, [entity]) == f"Bad Request: {said}"


async def test_of_more_than_a_hundred_entities_the_rest_is_silently_dropped(api: Api, ann: Person) -> None:
    message = await api.send(ann, "x" * 300, entities=[bold(at, 1) for at in range(0, 300, 2)])
    assert len(message["entities"]) == 100
    assert message["entities"][-1] == bold(198, 1)


def test_given_entities_pass_and_empty_ones_vanish() -> None:
    assert format_text("a😀b", None, [bold(1, 2), bold(0, 0)]) == ("a😀b", [bold(1, 2)])
    assert format_text("#tag", None, [{"type": "hashtag", "offset": 1, "length": 1}])[1] == [
        {"type": "hashtag", "offset": 0, "length": 4}
    ]


def test_control_characters_become_spaces_and_offsets_follow() -> None:
    assert format_text("a\tb\x00c", None, None) == ("a b c", [])
    assert format_text("a\r\nb", None, [bold(3, 1)]) == ("a\nb", [bold(2, 1)])
    assert format_text("\u202ea", None, [bold(0, 2)]) == ("a", [bold(0, 1)])


def test_space_around_the_text_goes() -> None:
    assert format_text(" \n a \n", None, None) == ("a", [])
    assert format_text("  a  ", None, [bold(1, 4)]) == ("a", [bold(0, 1)])
    assert format_text("  <code> a</code>", "HTML", None)[0] == " a"


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("see /help now", "bot_command", "/help"),
        ("/start@veritap_bot x", "bot_command", "/start@veritap_bot"),
        ("at https://e.org/a(b).", "url", "https://e.org/a(b"),
        ("mail a.b@e.org.", "email", "a.b@e.org"),
        ("hi @someone!", "mention", "@someone"),
        ("😀 #tag", "hashtag", "#tag"),
    ],
)
def test_what_telegram_finds_by_itself(text: str, kind: str, found: str) -> None:
    shown, entities = format_text(text, None, None)
    assert [entity["type"] for entity in entities] == [kind]
    start = entities[0]["offset"]
    units = shown.encode("utf-16-le")[start * 2 : (start + entities[0]["length"]) * 2]
    assert units.decode("utf-16-le") == found


def test_nothing_is_found_in_code_or_in_the_middle_of_words() -> None:
    assert [entity["type"] for entity in format_text("<code>/help #x</code>", "HTML", None)[1]] == ["code"]
    assert format_text("a/b 1/2 </int> #1 a@b", None, None)[1] == []


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_escaped_text_is_shown_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = format_text(text, None, None)
    assert format_text(escaped, "HTML", None) == plain
    marked = "".join(f"\\{letter}" if 0 < ord(letter) <= 126 else letter for letter in text)
    assert format_text(marked, "MarkdownV2", None) == plain


@settings(deadline=None)
@given(st.text(), st.sampled_from(["HTML", "MarkdownV2"]))
def test_any_text_is_read_or_refused_and_entities_lie_within(text: str, mode: str) -> None:
    try:
        shown, entities = format_text(text, mode, None)
    except ApiError:
        return
    end = length_utf16(shown)
    assert all(0 <= entity["offset"] < entity["offset"] + entity["length"] <= end for entity in entities)
    assert entities == sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
