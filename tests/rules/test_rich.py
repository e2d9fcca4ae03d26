"""Rich messages: what they show is what was written, each limit is counted, and nothing of a text becomes markup.

The words are read back by a parser that shares nothing with the writer, and held beside the classic form of the same text.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules import markdown, rich, rich_markdown
from rules.markup import tokens
from rules.text import Piece, Text
from sandbox.errors import ApiError
from sandbox.rich import rich_content

BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 pre blockquote ul ol li table tr td th tg-math-block".split())
LIST_SIGNS = "-+*•"
DEEPER_QUOTE = ">"
MATH_SIGNS = "$\\()[]"


class Reader(HTMLParser):
    """Read what somebody sees: words, the sign of each item, the line of each rule."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.lists: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ul", "ol"):
            self.lists.append(tag)
        elif tag == "li":
            self.seen.append("• " if self.lists[-1] == "ul" else f"{dict(attrs)['value']}. ")
        elif tag in ("td", "th"):
            self.cells.append("")
        elif tag == "hr":
            self.seen.append(markdown.RULE)
        elif tag == "br":
            self.seen.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self.lists.pop()
        if tag in BLOCKS:
            self.seen.append("\n")

    def handle_data(self, data: str) -> None:
        self.seen.append(data)
        if self.cells:
            self.cells[-1] += data


def read(source: str) -> Reader:
    reader = Reader()
    reader.feed(source)
    reader.close()
    return reader


def seen(source: str) -> str:
    return "".join(read(source).seen)


def ink(text: str, without: str = "") -> str:
    """Give the characters that leave ink, without control characters and some signs."""
    kept = re.sub("[\x00-\x1f]", " ", text)
    return "".join(character for character in kept if not character.isspace() and character not in without)


def taken(source: str) -> bool:
    """Tell whether the sandbox takes HTML as a rich message. A word is added, since an empty one is no question of markup."""
    try:
        rich_content({"html": f"{source}<p>.</p>"})
    except ApiError as error:
        raise AssertionError(error.description) from error
    return True


FRAGMENTS = st.sampled_from(
    [
        "\n", "\n\n", "  \n", "- ", "* ", "1. ", "2) ", "10. ", "> ", "# ", "### ", "```\n", "~~~python\n", "    ", "  ", "---\n", "***",
        "*", "**", "_", "~~", "`", "``", "$", "$$", "\\(", "\\)", "\\[", "\\]", "\\frac{a}{b}", "\\", "$x^2$", "$$\ny = 1\n$$.\n", "&amp;",
        "&lt;", "<b>", "</p>", "<details>", "<!-- c -->", "List<int>", "a<b", "word", "x", "5", "-5", "[a](http://b.c)", "![i](http://b.c)",
        "|", "| a | b |\n", "|---|---|\n", "\u0000", "\t", "\r\n", "שלום", "مرحبا", "👍🏽", "é", "<", ">", '"', "'",
    ]
)  # fmt: skip
MARKDOWN = st.one_of(st.lists(FRAGMENTS, max_size=30).map("".join), st.text(max_size=200))


@given(MARKDOWN)
@example("- - - a\n1. > # b\n\n   c")
@example("* 3\n* 4\n- 5")
@example("-\n- a")
@example("$$x$$.\n\n\\begin{a}b\\end{a},")
def test_what_is_shown_is_what_the_classic_form_shows(source: str) -> None:
    written = rich_markdown.markdown_html(source)
    if rich.fits(written):
        assert taken(written)
    if "table_open" in [token.type for token in tokens(source)]:
        return
    classic, shown = "".join(piece.text for piece in markdown.pieces(source)), seen(written)
    without = LIST_SIGNS + MATH_SIGNS + DEEPER_QUOTE
    assert ink(shown, without) == ink(classic, without)
    assert sum(map(shown.count, LIST_SIGNS)) == sum(map(classic.count, LIST_SIGNS))


CELL = st.text(alphabet="ab1 <>&*-\\é", max_size=6).filter(lambda text: not text.strip().endswith("\\"))


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=5))
def test_a_table_shows_each_cell_in_its_place(rows: list[list[str]]) -> None:
    width = len(rows[0])
    squared = [(row + [""] * width)[:width] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in squared]
    source = "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])
    cells = read(rich_markdown.markdown_html(source)).cells
    expected = [ink(cell, "*\\") for row in squared for cell in row]
    assert [ink(cell, "*\\") for cell in cells] == expected


@given(st.text(max_size=300))
@example("  indented\n\n\n\tand a tab  twice")
def test_plain_text_and_code_show_every_character(text: str) -> None:
    for written in (rich.plain_html(text), rich.code_html(text, "python")):
        assert ink(seen(written)) == ink(text)
        assert taken(written)


STYLES = st.sampled_from(
    ["", "bold", "italic", "code", "blockquote", "blockquote bold", "bold italic", "pre", "pre:python", "expandable_blockquote"]
)  # fmt: skip


@given(st.lists(st.builds(Piece, st.text(alphabet="ab <&\n", max_size=8), STYLES), max_size=10))
def test_interface_text_shows_every_character(pieces: list[Piece]) -> None:
    written = rich.from_pieces(Text(pieces))
    assert ink(seen(written)) == ink("".join(piece.text for piece in pieces))
    assert taken(written)


def test_interface_text_keeps_its_lines_and_faces() -> None:
    text = (
        Text()
        .bold("Maths · 7/20")
        .plain("\n▓▓░ · today $3\n\n")
        .add("Janet\n", "blockquote")
        .add("<16>", "blockquote bold")
    )
    text.plain("\n\n").add("x = 1\n  y", "pre:python").plain("\n").italic("Read on.")
    assert rich.from_pieces(text) == (
        "<p><b>Maths · 7/20</b><br>▓▓░ · today $3</p><blockquote><p>Janet<br><b>&lt;16&gt;</b></p></blockquote>"
        '<pre><code class="language-python">x = 1\n  y</code></pre><p><i>Read on.</i></p>'
    )


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("a\nb", "<p>a<br>b</p>"),
        ("List<String> xs", "<p>List&lt;String&gt; xs</p>"),
        ("if a<b and c>d", "<p>if a&lt;b and c&gt;d</p>"),
        ("2*3*4 a_b_c", "<p>2*3*4 a_b_c</p>"),
        ("<details>x</details>", "<p>&lt;details&gt;x&lt;/details&gt;</p>"),
        ("$\\frac{a}{b}$", "<p><tg-math>\\frac{a}{b}</tg-math></p>"),
        ("$$\na < b\n$$.", "<tg-math-block>a &lt; b.</tg-math-block>"),
        ("```py\na < b\n```", '<pre><code class="language-py">a &lt; b</code></pre>'),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n7. b", '<ol start="3"><li value="3">a</li><li value="7">b</li></ol>'),
        ("- 5\n- b", "<p>- 5</p><p>- b</p>"),
        ("1) a", "<p>1) a</p>"),
        ("0. a", "<p>0. a</p>"),
        ("> **a**", "<blockquote><p><b>a</b></p></blockquote>"),
        ("## a", "<h2>a</h2>"),
        ("|a|b|\n|-|-:|\n|1|", '<table bordered striped><tr><th>a</th><th align="right">b</th></tr><tr><td>1</td><td></td></tr></table>'),
    ],
)  # fmt: skip
def test_markdown_is_written_so(source: str, written: str) -> None:
    assert rich_markdown.markdown_html(source) == written


@pytest.mark.parametrize(
    ("source", "is_wanted"),
    [
        ("| a | b |\n|---|---|\n| 1 | 2 |", True),
        ("so $x^2$ is", True),
        ("so \\(x^2\\) is", True),
        ("$$\nx\n$$", True),
        ("x" * (rich_markdown.LONG_UNITS + 1), True),
        ("x" * rich_markdown.LONG_UNITS, False),
        ("it costs $5 and $6 | or so", False),
        ("**bold** `code`\n\n```\nx | y\n```", False),
    ],
)
def test_rich_is_for_tables_formulas_and_length(source: str, is_wanted: bool) -> None:
    assert rich_markdown.wanted(source) is is_wanted


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        (f"<p>{'x' * 32_000}</p>", f"<p>{'x' * 32_001}</p>"),
        (f"<p>{'&lt;' * 32_000}</p>", f"<p>{'😀' * 16_001}</p>"),
        ("<p>x</p>" * 480, "<p>x</p>" * 481),
        ("<ul>" + "<li>x</li>" * 239 + "</ul>", "<ul>" + "<li>x</li>" * 240 + "</ul>"),
        ("<blockquote>" * 15 + "<p>x</p>" + "</blockquote>" * 15, "<blockquote>" * 16 + "<p>x</p>" + "</blockquote>" * 16),
        (f"<table><tr>{'<td>x</td>' * 20}</tr></table>", f"<table><tr>{'<td>x</td>' * 21}</tr></table>"),
    ],
)  # fmt: skip
def test_the_limits_are_kept_with_a_margin(within: str, beyond: str) -> None:
    assert rich.fits(within)
    assert taken(within)
    assert not rich.fits(beyond)


def test_what_cannot_be_sent_is_made_so_that_it_can() -> None:
    assert rich.plain_html("a\x00b\ud800c\r\nd") == "<p>a b\ufffdc<br>d</p>"
    assert rich.code_html("x", 'a" onclick="') == "<pre><code>x</code></pre>"
    assert rich.code_html(" \n") == ""


def test_the_direction_is_that_of_most_letters() -> None:
    assert rich.reads_right_to_left(rich.plain_html("Maths 1/2\n\nمرحبا بالعالم كيف الحال"))
    assert not rich.reads_right_to_left(rich.plain_html("a long English text with שלום in it"))
    assert not rich.reads_right_to_left("<p>1 2 3</p>")
