"""Markdown as students read it: nothing of a text is lost, doubled or moved, whatever is in it, and what is no markup stays."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.markdown import BULLET, PICTURE, RULE, pieces
from rules.text import MESSAGE_UNITS_MAX, PAGE_ENTITIES_MAX, PAGE_UNITS, Piece, Text, pages, units
from sandbox.entities import DETECTED_TYPES, UNCLEAN, format_text

# Signs that may be markup; which of them were is what the exact cases say.
SIGNS = set("*_~`#>|-+=:\\[]()!<.)")
ADDED = set(BULLET + RULE + PICTURE + "()")

FRAGMENTS = [
    "word ", "two words", "\n", "\n\n", "    ", "  ", "\t", "# ", "###### ", "> ", ">", "- ", "* ", "+ ", "1. ", "12) ", "-", "*",
    "_", "**", "__", "***", "~~", "~~~", "`", "``", "```", "```py\n", "\n```\n", "---\n", "===\n", "| ", " | ", "|a|b|\n|-|-|\n",
    "|:-:|\n", "[", "]", "](", "](a.b)", "[x](http://a.b/c_d_e \"t\")", "![", "![alt](i.png)", "[ref][1]", "\n[1]: http://x.y\n",
    "<", ">", "<b>", "</b>", "<!-- c -->", "<details>", "<http://a.b>", "http://a.b/_c_*d* ", "$", "$$", "\n$$\n", "\\(", "\\)",
    "\\[", "\\]", "\\frac{a}{b}", "\\\\", "\\", "\\*", "\\begin{align}\n", "\\end{align}\n", "$x_1 * y$", "!", "(", ")", "{", "}",
    "2*3*4", "a_b_c", "__init__", "List<String>", "☐", "[ ] ", "[x] ", "[^1]", "[^1]: note", "👩‍👩‍👧", "👍🏽", "🇺🇦", "שלום", "مرحبا",
    "漢字",
    "**漢字**字", "e\u0301", "\u202e", "\ufeff", "\u00a0", "\u2028", "\x0b", "\x0c", "\x1c", "\x85", "\r\n", "\r", "\ud800", "\udc00",
]  # fmt: skip
MARKDOWN = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=4)), max_size=40).map("".join)


def shown(source: str) -> str:
    """Join what is shown."""
    return "".join(piece.text for piece in pieces(source))


def styled(source: str, style: str) -> list[str]:
    """Give the texts in a style."""
    return [piece.text for piece in pieces(source) if style in piece.style.split()]


def visible(text: str, without: set[str]) -> list[str]:
    return [one for one in text.replace("\0", "\ufffd") if not one.isspace() and one not in without]


def with_languages(source: str) -> str:
    """Join what is shown, a language of code included; not where it stands in the line above already."""
    text = ""
    for piece in pieces(source):
        language = piece.style.partition(":")[2]
        last_line = text.rstrip("\n").rpartition("\n")[2]
        text += piece.text if last_line.startswith(f"{language} ") else language + piece.text
    return text


def is_inside(part: list[str], whole: list[str]) -> bool:
    """Tell whether the whole holds the part, in its order, perhaps with more in between."""
    rest = iter(whole)
    return all(one in rest for one in part)


@settings(max_examples=300)
@given(MARKDOWN.filter(lambda text: "&" not in text))
@example("a\0b")
@example("- a\n  > b\n    - ```py x\n      c\n")
@example("> " * 40 + "deep")
@example("- " * 40 + "deep")
@example("|a|b|\n|-|-|\n|c|d|e|f|\n|g|\nh")
@example("# \n#\n>\n-\n- \n* * *\n***\n")
@example("```\n```\n~~~ py x\n~~~")
@example("\\[a\n\nb\\] $$ c\n\nd $$")
@example("[`](a.b)`](c.d)")
@example("![a ![b](c.d)](e.f) [![g](h.i)](j.k)")
@example("[a](<b c> 'd') [](e.f) [g.h](i.j)")
def test_nothing_but_markup_is_dropped_and_nothing_is_moved(source: str) -> None:
    read = with_languages(source)
    said, written = visible(read, SIGNS | ADDED), visible(source, SIGNS | ADDED)
    if "|" in source:
        # The rows of a table too wide for a phone repeat its headers.
        assert is_inside(written, said)
    else:
        assert said == written
        assert is_inside(visible(read, ADDED), visible(source, ADDED))


@settings(max_examples=200)
@given(MARKDOWN)
def test_what_is_shown_begins_and_ends_with_something(source: str) -> None:
    text = shown(source)
    assert not text.startswith("\n")
    assert not text.endswith("\n")
    assert pieces(source) == pieces(source)
    assert all(piece.text for piece in pieces(source))


WORDS = st.text(st.sampled_from("ab1ñяשم"), min_size=1, max_size=4)


@given(WORDS, st.lists(st.tuples(st.sampled_from(["*", "_", "**", "__", "***", "*_"]), WORDS), max_size=6))
@example("2", [("*", "3"), ("*", "4")])
def test_stars_and_underscores_inside_of_words_are_never_markup(
    first: str, rest: list[tuple[str, str]]
) -> None:
    source = first + "".join(sign + word for sign, word in rest)
    assert pieces(source) == [Piece(source)]


@given(st.text(st.characters(exclude_characters="\0\r", exclude_categories=())).filter(str.strip))
@example("```\n~~~~~~\n`````")
@example("<b>&lt;\\frac{a}{b} $x$ **b** [a](b.c)")
def test_code_is_shown_character_by_character(code: str) -> None:
    assert pieces(f"``````py\n{code}\n``````") == [Piece(code, "pre:py")]


@given(st.text(st.characters(exclude_characters="\0\r\n`", exclude_categories=())).filter(str.strip))
def test_code_in_a_line_is_shown_character_by_character(code: str) -> None:
    assert pieces(f"a ` {code} ` b") == [Piece("a "), Piece(code, "code"), Piece(" b")]


@given(st.text(st.characters(exclude_characters="\0\r\n$\\", exclude_categories=())).filter(str.strip))
@example("x_1 * y")
@example("|a|_b_**c**<d>[e](f.g)`h`&lt;")
def test_a_formula_is_shown_character_by_character(tex: str) -> None:
    for source in (f"$$ {tex} $$", f"\\[ {tex} \\]"):
        assert pieces(source) == [Piece(source, "pre")]
        assert pieces(f"so {source} holds") == [Piece("so "), Piece(source, "code"), Piece(" holds")]
    assert pieces(f"so \\( {tex} \\) holds")[1] == Piece(f"\\( {tex} \\)", "code")


@pytest.mark.parametrize(
    "source",
    [
        "List<String> xs", "if a<b and c>d", "vector<std::string>", "2*3*4", "2 * 3 * 4", "(a)*b*(c)", "(a)*(b)*(c)", "2**3**4",
        "a_b_c", "__init__", "obj.__class__.__name__", "__init__.py and __new__()", "**kwargs and *args", "(*args, **kwargs)",
        "*.py and *.txt", 'between "*" and "*"', "/*a*/ and /*b*/", "-*- coding: utf-8 -*-", "A ____ and a _____ here",
        "<details>\n<summary>S</summary>\n\ntext\n\n</details>", "a <!-- comment --> b", "<!--\n- a\n-->"[:4],
        "\\frac{a}{b}", "\\{x\\} \\, \\; \\% \\left\\{ a \\\\ b", "\\begin{x} \\\\", "$5 and $6", "$5, $6.50 and $7k", "US$5-$6",
        "$HOME:$PATH", "$20 million and 30$", "f[x](y)", "handlers[name](event)", "P[X=1](t)", "[0, 1](x)", "[a]() [b]", "[^1] and [1]",
        "[^1]: A note.", "[text][1]", "[1]: http://a.b \"t\"", "<http://a.b/c_d>", "http://a.b/_c_/*d*", "https://x.y/?a=1&copy=2",
        "- [ ] open\n- [x] done", "+ 35\n+ 12", "- 5\n- 7", "* 3", "1. a\n1. b\n7. c", "1986. A year", "03) x", "a\nb\nc", "a\n  b",
        "Title\n=====", "a | b", "|a|b|", "~5~ ~ 6", "👩‍👩‍👧‍👦 👍🏽 🇺🇦", "שלום *", "مرحبا بكم", "漢字。",
        "x\u202ey\u200dz", "a & b &c; &", "~~",
        "\ud83d", "#hashtag", "#1", "1.5", "-5", "- - -5", "!", "![alt]", "![alt](x)", "2. a\n   - b\n     + c\n\n   d",
    ],
)  # fmt: skip
def test_what_is_no_markup_is_shown_as_it_is(source: str) -> None:
    assert shown(source) == source
    assert not [piece for piece in pieces(source) if piece.style], "and in no style"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**a** *b* ~~c~~ `d`", [("a", "bold"), (" ", ""), ("b", "italic"), (" ", ""), ("c", "strikethrough"), (" ", ""), ("d", "code")]),
        ("**a *b* `c`**", [("a ", "bold"), ("b", "bold italic"), (" ", "bold"), ("c", "code")]),
        ("***a***", [("a", "italic bold")]),
        ("**中文**字", [("中文", "bold"), ("字", "")]),
        ("# A **b** `c`\ntext", [("A b ", "bold"), ("c", "code"), ("\ntext", "")]),
        ("## a ##", [("a", "bold")]),
        ("#", [("#", "")]),
        ("> a\n> b\n\nc", [("a\nb", "blockquote"), ("\n\nc", "")]),
        ("> a\n>\n> > **b**\n> c", [("a\n\n> ", "blockquote"), ("b", "blockquote bold"), ("\n> c", "blockquote")]),
        (">", [(">", "blockquote")]),
        ("> a\n> ```\n> b\n> ```\n> c", [("a", "blockquote"), ("\n", ""), ("b", "pre"), ("\n", ""), ("c", "blockquote")]),
        ("1. a\n   > b", [("1. a\n", ""), ("b", "blockquote")]),
        ("* a\n  b\n* * c", [("• a\n  b\n• • c", "")]),
        ("1. a\n\n   b\n10. c", [("1. a\n\n   b\n10. c", "")]),
        ("- ```c++\n  x\n  ```", [("-\n", ""), ("x", "pre:c++")]),
        ("```py title=x\na\n```", [("py title=x\n", ""), ("a", "pre:py")]),
        ("```{r}\na\n```", [("{r}\n", ""), ("a", "pre")]),
        ("````md\n```py\na\n```\n````", [("```py\na\n```", "pre:md")]),
        ("```\na", [("a", "pre")]),
        ("```py\n```", [("```py", "")]),
        ("    a\n     b", [("a\n b", "pre")]),
        ("a\n\n---\nb", [("a\n\n" + RULE + "\nb", "")]),
        ("a\n---\nb", [("a\n" + RULE + "\nb", "")]),
        ("[a](http://b.c)", [("a (http://b.c)", "")]),
        ('[**a**](http://b.c "t")', [("a", "bold"), (' (http://b.c "t")', "")]),
        ("[http://b.c](http://b.c) [](d.e)", [("http://b.c d.e", "")]),
        ("word[1](https://b.c)", [("word1 (https://b.c)", "")]),
        ("![a *b*](c.png) ![](d.png)", [("🖼 a *b* (c.png) 🖼 d.png", "")]),
        ("a\\\nb  \nc", [("a\nb\nc", "")]),
        ("\\* \\_ \\# \\$5 1\\. \\<b> \\&lt;", [("* _ # $5 1. <b> &lt;", "")]),
        ("&lt;b&gt; &amp; &copy; &nope;", [("<b> & © &nope;", "")]),
        ("so $x_1 * y$-axis, the $n$th", [("so ", ""), ("$x_1 * y$", "code"), ("-axis, the ", ""), ("$n$", "code"), ("th", "")]),
        ("\\(x_1*y*z\\)", [("\\(x_1*y*z\\)", "code")]),
        ("a:\n$$\nb\n+ c\n= d\n$$\ne", [("a:\n", ""), ("$$\nb\n+ c\n= d\n$$", "pre"), ("\ne", "")]),
        ("\\[\na \\\\ b\n\\].", [("\\[\na \\\\ b\n\\].", "pre")]),
        ("\\begin{align}\n- a &= b\n\\end{align}", [("\\begin{align}\n- a &= b\n\\end{align}", "pre")]),
        ("", []),
        (" \n\t\n", []),
    ],
)  # fmt: skip
def test_markup_is_shown_as_styles(source: str, expected: list[tuple[str, str]]) -> None:
    assert [(piece.text, piece.style) for piece in pieces(source)] == expected


def test_a_narrow_table_is_columns() -> None:
    source = "| Name | Pts |\n|:--|--:|\n| Ann | 5 |\n| 漢字 `x` | **12** |\n| a \\| b |\n"
    table = "Name   | Pts\n-------+----\nAnn    |   5\n漢字 x |  12\na | b"
    assert pieces(source + "\nafter") == [Piece(table, "pre"), Piece("\n\nafter")]


def test_a_wide_table_is_records() -> None:
    long = "a sentence that does not stand beside another"
    source = f"| Step | Why | |\n|-|-|-|\n| 1 | {long} | **x** |\n| 2 | | |\n| 3 |\n"
    text = f"Step: 1\nWhy: {long}\nx\n\nStep: 2\nWhy:\n\nStep: 3\nWhy:"
    assert shown(source) == text
    assert styled(source, "bold") == ["x"]


def test_headers_too_long_to_repeat_are_numbered() -> None:
    long = "a header that is much longer than any label could be"
    assert shown(f"|{long}|b|\n|-|-|\n|c|d|\n") == f"1: {long}\n2: b\n\n1: c\n2: d"


def test_pipes_beyond_the_last_column_stay_in_it() -> None:
    assert shown("|a|b|\n|-|-|\n|c|$|x|$|\n") == "a | b\n--+------\nc | $|x|$"


def test_a_table_with_too_many_cells_is_the_lines_it_was_written_in() -> None:
    source = "|a|b|\n|-|-|\n" + "|1|2|\n" * 2000
    assert pieces(source) == [Piece(source.rstrip("\n"), "pre")]


def test_a_table_ends_where_no_pipe_is() -> None:
    assert pieces("|a|\n|-|\n|b|\nc") == [Piece("a\n-\nb", "pre"), Piece("\nc")]


NASTY = [
    "*a " * 3000, "**a** `b` _c_ " * 700, "> " * 10_000, "`" * 10_000, "[" * 10_000, "*" * 10_000, "|" * 10_000, "$" * 10_000,
    "# **a**\n" * 900, "> **a** *b*\n" * 900, "- a\n  - b\n" * 900, "|a|b|\n|-|-|\n|1|2|\n\n" * 300, "```py\na\n```\n" * 300,
    "```py\n" + "print('👍🏽')\n" * 900, "\ud800\0\udc00" * 900, "👩‍👩‍👧‍👦 **שלום** " * 700, "$x$ and \\(y\\) " * 900, "a" * 200_000,
    "> ```\n> a\n> ```\n> **b *c* ~~d~~**\n" * 300, "|" + "h" * 30 + "|g|\n|-|-|\n" + "|" + "c" * 30 + "|d|\n" * 200,
]  # fmt: skip


def hold_against_telegram(source: str) -> None:
    """Send each page as Telegram would take it: nothing is refused, no entity is left out or cut."""
    found = pages(pieces(source))
    assert [one for page in found for one in page if not one.text] == []
    assert "".join(one.text for page in found for one in page) == shown(source)
    for page in found:
        text, entities = Text(page).render()
        assert units(text) <= min(PAGE_UNITS, MESSAGE_UNITS_MAX)
        assert len(entities) <= PAGE_ENTITIES_MAX
        sent = [dict(one) for one in entities]
        _, kept = format_text(text, None, sent)
        if not UNCLEAN.search(text):
            ours = [one for one in kept if one["type"] not in DETECTED_TYPES]
            assert covered(text, ours) == covered(text, entities)


def covered(text: str, entities: list[dict[str, Any]]) -> list[set[str]]:
    """Say in which styles each unit of a text is that is no white space: Telegram may cut an entity in two, but not drop it."""
    styles: list[set[str]] = [set() for _ in range(units(text))]
    for one in entities:
        for place in range(one["offset"], one["offset"] + one["length"]):
            styles[place].add(f"{one['type']} {one.get('language', '')}")
    wide = [part for one in text for part in [one] * units(one)]
    return [found for found, one in zip(styles, wide, strict=True) if not one.isspace()]


@settings(max_examples=150)
@given(MARKDOWN)
@example("> **a `b` *c***\n> ```x\n> d\n> ```")
@example("**$a$ ~~*b*~~**\n# *c* **d** `e`")
def test_telegram_takes_each_page_as_it_is(source: str) -> None:
    hold_against_telegram(source)


@pytest.mark.parametrize("source", NASTY, ids=lambda source: repr(source[:12]))
def test_telegram_takes_the_pages_of_nasty_texts(source: str) -> None:
    hold_against_telegram(source)


@pytest.mark.parametrize("sign", ["*", "_", "[", "`", "$", "|", "~", "\\", "<", "!", "&", "("])
def test_ten_thousand_signs_are_shown(sign: str) -> None:
    assert shown("a" + sign * 10_000) == "a" + (sign * (5_000 if sign == "\\" else 10_000)).ljust(
        10_000, sign
    )


def test_what_is_nested_too_deeply_is_shown_as_it_was_written() -> None:
    assert shown(">" * 10_000 + "a").count(">") >= 9_999
    assert shown("> " * 10_000 + "a").endswith("> a")
    assert shown("- " * 10_000 + "a") == "- " * 10_000 + "a"


def steps(source: str) -> int:
    """Count the calls that laying out a text takes."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        pieces(source)
    finally:
        sys.setprofile(before)
    return count


UNITS = [
    "[", "![", "[a](", "[a](b.c \"", "[`", "**[", "[*a", "*a ", "*a _b ", "a* *b ", "`a", "$a ", "$x", "\\(", "\\[\n", "$$x\n", "$$\n",
    "\\begin{a}\n", "> ", ">", "> - ", "- ", "- a\n", "- a\n* b\n", "-\n", "1. a\n", "a\n", "a\n\n", ">\n", "> a\n", "|", "|a", "|\n-\n",
    "|a|b|\n|-|-|\n|1|2|\n\n", "a|b\n", "|-|\n", "~~a ", "__a", "http://a.b/_x ", "http://a_", "# a\n", "```\n", "[a](b.c) ",
    "<a", "&a", "    a\n", "\\a", "![a](b.c",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_text_takes_twice_the_steps(unit: str) -> None:
    assert steps(unit * 800) <= 2.5 * steps(unit * 400) + 500


def test_two_hundred_thousand_characters_are_shown() -> None:
    paragraph = "A **bold** word, $x_1$ and `code`: 2*3*4.\n\n"
    source = paragraph * (200_000 // len(paragraph))
    assert visible(shown(source), SIGNS) == visible(source, SIGNS)
    assert shown(source).count("A bold word") > 1000, (
        "a long chapter is laid out; the rest is as it was written"
    )
