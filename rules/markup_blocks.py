"""The blocks of Markdown: which lines belong together. Of CommonMark's rules some are stricter here, and one more reads formulas.

Nesting is capped before the parser's own limit, at which it would drop text. A line that is underlined is no heading, since under a
line of a model's answer `---` stands for a rule. A definition of a reference is text, as are the references.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock, blockquote, code, fence, heading, hr, list_block

NESTING_MAX = 24
CONTAINERS_MAX = 16
"""Levels of quotes and lists; a list takes two. What is deeper is text."""

BLOCK_TOKENS_MAX = 16_000
"""About three thousand items of lists, or as many headings. What comes after is paragraphs."""

TABLE_CELLS_MAX = 1500
TABLE_COLUMNS_MAX = 20
"""A larger table is shown as the lines that it was written in."""

_BLOCK_SIGNS = frozenset("`~>*+-_#|:$\\0123456789")
_DELIMITER_SIGNS = frozenset("|-: \t")
_DELIMITER = re.compile(r":?-+:?")
_PIPE = re.compile(r"(?<!\\)\|")
_MATH_OPENING = re.compile(r"\$\$|\\\[|\\begin\{(?P<name>[A-Za-z]+\*?)\}")
_MATH_ENDS = {"$$": "$$", "\\[": "\\]"}
_MATH_PUNCTUATION = ".,;:"


def set_up_blocks(parser: MarkdownIt) -> None:
    """Give a parser the rules for blocks, in the order in which they are tried."""
    everywhere = ["paragraph", "blockquote", "list", "table"]
    rules = Ruler[RuleFuncBlockType]()
    rules.push("table", _capped(_table), {"alt": ["paragraph"]})
    rules.push("code", code, {"alt": []})
    rules.push("fence", fence, {"alt": everywhere})
    rules.push("math", _math, {"alt": everywhere})
    rules.push("blockquote", _capped(blockquote), {"alt": everywhere})
    rules.push("hr", hr, {"alt": everywhere})
    rules.push("list", _capped(list_block), {"alt": ["paragraph", "blockquote", "table"]})
    rules.push("heading", _capped(heading), {"alt": ["paragraph", "blockquote", "table"]})
    rules.push("paragraph", _paragraph, {"alt": []})
    parser.block.ruler = rules


def _capped(rule: RuleFuncBlockType) -> RuleFuncBlockType:
    def capped(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        fits = state.level < CONTAINERS_MAX and len(state.tokens) < BLOCK_TOKENS_MAX
        return fits and rule(state, start, end, silent)

    return capped


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _interrupted(state: StateBlock, line: int, end: int, by: str) -> bool:
    return any(rule(state, line, end, True) for rule in state.md.block.ruler.getRules(by))


def _paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take the lines up to an empty one or to another block. (CommonMark's rule, asking only where a block could begin.)"""
    parent, state.parentType = state.parentType, "paragraph"
    end, line = state.lineMax, start + 1
    while line < end and not state.isEmpty(line):
        # Deeper than a block may stand, or held by a quote's lazy continuation: a part of the paragraph in any case.
        may_begin = state.sCount[line] - state.blkIndent <= 3 and state.sCount[line] >= 0
        if may_begin and _has_sign(state, line) and _interrupted(state, line, end, "paragraph"):
            break
        line += 1
    content = state.getLines(start, line, state.blkIndent, False).strip(" \t\n")
    state.line = line
    state.push("paragraph_open", "p", 1).map = [start, line]
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = content, [start, line], []
    state.push("paragraph_close", "p", -1)
    state.parentType = parent
    return True


def _has_sign(state: StateBlock, line: int) -> bool:
    """Tell whether a line could begin a block, by its first character, or by that of the next for a table."""
    if state.src[state.bMarks[line] + state.tShift[line]] in _BLOCK_SIGNS:
        return True
    following = state.bMarks[line + 1] + state.tShift[line + 1]
    return following < len(state.src) and state.src[following] in "|-:"


def _math(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a formula that has lines of its own: in `$$`, in `\\[ \\]`, or from `\\begin{…}` to its `\\end{…}`."""
    text = _line(state, start)
    opening = _MATH_OPENING.match(text)
    if opening is None or state.is_code_block(start):
        return False
    name = opening["name"]
    closer = f"\\end{{{name}}}" if name else _MATH_ENDS[opening[0]]
    line = _math_end(state, start, end, len(opening[0]), closer)
    if line < 0:
        return False
    if silent:
        return True
    content = state.getLines(start, line + 1, state.blkIndent, False).strip()
    state.line = line + 1
    token = state.push("math_block", "math", 0)
    token.map, token.content = [start, line + 1], content
    inner = content if name else content.rstrip(_MATH_PUNCTUATION)[len(opening[0]) : -len(closer)]
    token.meta = {"tex": inner.strip(), "display": True}
    return True


def _math_end(state: StateBlock, start: int, end: int, skip: int, closer: str) -> int:
    """Find the line that a formula ends in; -1 where it does not end, or something stands behind its end."""
    unclosed = state.env.setdefault("unclosed", {})
    if unclosed.get(closer, len(state.src)) <= state.bMarks[start]:
        return -1
    for line in range(start, end):
        if line > start and (state.isEmpty(line) or state.sCount[line] < state.blkIndent):
            return -1
        text = _line(state, line)
        found = text.find(closer, skip if line == start else 0)
        if found >= 0:
            return -1 if text[found + len(closer) :].strip().strip(_MATH_PUNCTUATION) else line
    unclosed[closer] = state.bMarks[start]
    return -1


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a table: a line with pipes over a line of dashes with as many columns, and rows, which have pipes as well."""
    if start + 2 > end or state.sCount[start + 1] < state.blkIndent or state.is_code_block(start + 1):
        return False
    aligned = _alignments(_line(state, start + 1))
    if aligned is None or state.is_code_block(start):
        return False
    header = _line(state, start)
    if "|" not in header or len(_cells(header)) != len(aligned):
        return False
    if silent:
        return True
    line = _table_end(state, start + 2, end)
    columns = len(aligned)
    if columns > TABLE_COLUMNS_MAX or columns * (line - start) > TABLE_CELLS_MAX:
        token = state.push("code_block", "code", 0)
        token.content = state.getLines(start, line, state.blkIndent, False) + "\n"
        token.map = [start, line]
    else:
        _push_table(state, start, line, aligned)
    state.line = line
    return True


def _alignments(text: str) -> list[str] | None:
    """Read the line under a table's header: "left", "right", "center" or "" for each column; None for any other line."""
    if "|" not in text or "-" not in text or not _DELIMITER_SIGNS.issuperset(text):
        return None
    marks = [mark.strip() for mark in _cells(text)]
    if not all(map(_DELIMITER.fullmatch, marks)):
        return None
    sides = {(True, True): "center", (True, False): "left", (False, True): "right", (False, False): ""}
    return [sides[mark.startswith(":"), mark.endswith(":")] for mark in marks]


def _cells(text: str, columns: int = 0) -> list[str]:
    """Split a row at its pipes. The last of so many columns keeps whatever follows, with its pipes: nothing is left out."""
    text = text.strip()
    text = text.removeprefix("|")
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _PIPE.split(text, maxsplit=max(columns - 1, 0))]


def _table_end(state: StateBlock, line: int, end: int) -> int:
    while line < end and not state.isEmpty(line):
        text = _line(state, line)
        if state.sCount[line] < state.blkIndent or state.is_code_block(line) or "|" not in text:
            break
        if text[0] in _BLOCK_SIGNS and text[0] != "|" and _interrupted(state, line, end, "table"):
            break
        line += 1
    return line


def _push_table(state: StateBlock, start: int, end: int, aligned: list[str]) -> None:
    state.push("table_open", "table", 1).map = [start, end]
    for line in range(start, end):
        if line == start + 1:
            continue
        part, tag = ("thead", "th") if line == start else ("tbody", "td")
        if line in (start, start + 2):
            state.push(f"{part}_open", part, 1)
        state.push("tr_open", "tr", 1).map = [line, line + 1]
        for cell, side in zip(_cells(_line(state, line), len(aligned)), aligned, strict=False):
            _push_cell(state, tag, cell, side, line)
        state.push("tr_close", "tr", -1)
        if line in (start, end - 1):
            state.push(f"{part}_close", part, -1)
    state.push("table_close", "table", -1)


def _push_cell(state: StateBlock, tag: str, text: str, side: str, line: int) -> None:
    token = state.push(f"{tag}_open", tag, 1)
    if side:
        token.attrs = {"style": f"text-align:{side}"}
    content = state.push("inline", "", 0)
    content.content, content.map, content.children = text, [line, line + 1], []
    state.push(f"{tag}_close", tag, -1)
