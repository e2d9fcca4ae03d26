"""Markdown as tokens: one CommonMark parser, set up so that only what is surely markup is taken for it, and nothing is ever dropped.

HTML, definitions of references, bare addresses and autolinks are text. Inline markup is read here, blocks in `rules.markup_blocks`.
Says nothing of how a token is shown. Beside CommonMark's tokens there are:

`math_inline`, `math_block`  `content` is the source with its delimiters, `meta["tex"]` without; `meta["display"]` tells `$$` from `$`.
`link_open` … `link_close`   `attrs["href"]` is the address as written, checked by nobody: text, never a thing to click on;
                             `meta["shown"]` is what stands between the brackets: the address and its title, as written.
`image`                      `content` is the description as written; `attrs["src"]` and `meta["shown"]` as for links.
`inline`                     has text and breaks as `text`, `softbreak` and `hardbreak`; a line's indent stays in its text.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.ruler import Ruler
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, backtick, entity
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from rules.markup_blocks import NESTING_MAX, set_up_blocks

MARKERS_MAX = 3
"""A longer run of `*` or `_` is a blank to be filled in, or an ornament."""

SIGNS_MAX = 12_000
"""So many signs that may be markup are looked at in a text: a long chapter has fewer. What comes after is plain text."""

_MAY_BEGIN = re.compile(r"[\n$&*\[\\\]_`]|~~|!(?=\[)")
_ESCAPED = frozenset("*_`#<>~$&+-.")
"""What a backslash takes the meaning from. Before any other sign it is TeX's, or the author's, and stays."""

_ADDRESS = re.compile(r"https?://[^\s<>\[\]`|\"]*[^\s<>\[\]`|\"*_~.,;:!?')$\\]", re.IGNORECASE)
_DESTINATION = re.compile(
    r"\(\s*+(?P<shown>(?:<(?P<marked>[^<>\n]*+)>|(?P<bare>[^\s()<>]++(?:\([^\s()<>]*+\)[^\s()<>]*+)*+))"
    r"(?:\s++(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?+)\s*+\)"
)
_LOOKS_LIKE_AN_ADDRESS = re.compile(r"[/:#@?.]")
_DOLLARS = re.compile(r"\$++")
_INLINE_MATH = re.compile(r"\$(?![\s$])(?P<tex>(?:[^$\\]|\\.)*+)(?<!\s)\$(?![$\dA-Z_{])", re.DOTALL)
_DISPLAY_MATH = re.compile(r"\$\$(?!\$)(?P<tex>(?:[^$\\]|\\.)++)\$\$(?!\$)", re.DOTALL)
_MONEY = re.compile(r"\d[\d.,]*\s*[-–—,;]?\s*[A-Za-z]{2}")
_IDENTIFIER = re.compile(r"__[A-Za-z0-9_]++(?<=[A-Za-z0-9]__)(?!\w)")
_OPENING_SIGNS = frozenset("([{\"'“‘«„¿¡—–-")
_AFTER_AN_OPENING_SIGN = frozenset("([{\"'“‘«„`$\\*_~!")
_CLOSERS = {"(": "\\)", "[": "\\]"}


def tokens(source: str) -> list[Token]:
    """Parse any text; nothing raises, and the time taken grows with the length."""
    return _PARSER.parse(source)


def _inline(state: StateCore) -> None:
    """Read what stands in each block. A text without a sign that could be markup is done at once."""
    left = SIGNS_MAX
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = []
        if _MAY_BEGIN.search(token.content) is None:
            _push_lines(token.children, token.content)
            continue
        left -= sum(1 for _ in _MAY_BEGIN.finditer(token.content))
        if left < 0:
            _push_lines(token.children, token.content)
        else:
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _push_lines(children: list[Token], text: str) -> None:
    for place, line in enumerate(text.split("\n")):
        if place:
            children.append(Token("softbreak", "br", 0))
        if line:
            children.append(Token("text", "", 0, content=line))


def _text(state: StateInline, silent: bool) -> bool:
    """Take everything up to the next sign that could be markup."""
    found = _MAY_BEGIN.search(state.src, state.pos, state.posMax)
    end = found.start() if found else state.posMax
    if end == state.pos:
        return False
    return _take(state, end, silent)


def _take(state: StateInline, end: int, silent: bool) -> bool:
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _sign(state: StateInline, silent: bool) -> bool:
    """Try what the sign at hand may begin. Inside a bare address nothing begins."""
    end = _address_end(state)
    if end:
        return _take(state, end, silent)
    rule = _RULES.get(state.src[state.pos])
    return rule is not None and rule(state, silent)


def _address_end(state: StateInline) -> int:
    """Tell where the bare address ends that the position is inside of; 0 outside of any."""
    if _last(state, "://") < 0:
        return 0
    spans: list[tuple[int, int]] = vars(state).setdefault("addresses", [])
    if not spans:
        spans += [match.span() for match in _ADDRESS.finditer(state.src)] or [(0, 0)]
    start, end = spans[bisect.bisect(spans, (state.pos,)) - 1]
    return end if start < state.pos < end <= state.posMax else 0


def _newline(state: StateInline, silent: bool) -> bool:
    """End a line: two spaces before make the break a hard one. The indent of the next line is kept, as it was written."""
    if not silent:
        pending = state.pending
        state.pending = pending.rstrip(" ")
        state.push("hardbreak" if pending.endswith("  ") else "softbreak", "br", 0)
    state.pos += 1
    return True


def _backslash(state: StateInline, silent: bool) -> bool:
    """Read a formula in `\\(…\\)` or `\\[…\\]`, a hard break, or an escaped sign."""
    after = state.src[state.pos + 1 : state.pos + 2] if state.pos + 1 < state.posMax else ""
    if after in _CLOSERS and _bracketed_math(state, after, silent):
        return True
    if after == "\n":
        if not silent:
            state.push("hardbreak", "br", 0)
        state.pos += 2
        return True
    if after in _ESCAPED and after:
        state.pos += 1
    return _take(state, min(state.pos + (1 if after in _ESCAPED else 2), state.posMax), silent)


def _bracketed_math(state: StateInline, bracket: str, silent: bool) -> bool:
    closer = _CLOSERS[bracket]
    if _last(state, closer) < state.pos + 2:
        return False
    end = state.src.find(closer, state.pos + 2, state.posMax)
    if end < 0:
        return False
    return _formula(state, end + 2, state.src[state.pos + 2 : end], bracket == "[", silent)


def _dollar(state: StateInline, silent: bool) -> bool:
    """Read a formula in `$…$` or `$$…$$`; money stays text."""
    found = _DISPLAY_MATH.match(state.src, state.pos, state.posMax)
    if found:
        return _formula(state, found.end(), found["tex"], True, silent)
    before = state.src[state.pos - 1] if state.pos else " "
    found = _INLINE_MATH.match(state.src, state.pos, state.posMax)
    if found and not before.isalnum() and not _MONEY.match(found["tex"]):
        return _formula(state, found.end(), found["tex"], False, silent)
    run = _DOLLARS.match(state.src, state.pos, state.posMax)
    assert run is not None
    return _take(state, run.end(), silent)


def _formula(state: StateInline, end: int, tex: str, display: bool, silent: bool) -> bool:
    if not tex.strip():
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = state.src[state.pos : end]
        token.meta = {"tex": tex, "display": display}
    state.pos = end
    return True


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Note a run of `*`, `_` or `~~` that may open or close emphasis; it never does between characters of a word."""
    if silent:
        return False
    source, start, marker = state.src, state.pos, state.src[state.pos]
    end = start
    while end < state.posMax and source[end] == marker:
        end += 1
    before = source[start - 1] if start else " "
    after = source[end] if end < state.posMax else " "
    opens, closes = _may_open(before, after), _may_close(before, after)
    identifier = (
        _IDENTIFIER.match(source, start, state.posMax) if marker == "_" and not _wordy(before) else None
    )
    if identifier:
        return _take(state, identifier.end(), silent)
    if end - start > MARKERS_MAX or not (opens or closes) or (marker == "~" and end - start != 2):
        return _take(state, end, silent)
    _note_delimiters(state, source[start:end], opens, closes)
    state.pos = end
    return True


def _note_delimiters(state: StateInline, run: str, opens: bool, closes: bool) -> None:
    struck = run[0] == "~"
    for sign in [run] if struck else run:
        token = state.push("text", "", 0)
        token.content = sign
        # A length of 0 spares strikethrough the "rule of three", which is for emphasis.
        length = 0 if struck else len(run)
        state.delimiters.append(Delimiter(ord(sign[0]), length, len(state.tokens) - 1, -1, opens, closes))


def _may_open(before: str, after: str) -> bool:
    """Tell whether emphasis may begin here: after white space, an opening sign or another marker, and before a character.

    Stricter than CommonMark, for which `(a)*b*(c)`, `/*b*/` and `"*" and "*"` hold emphasis.
    """
    if after.isspace():
        return False
    if before.isspace() or before in "*_~" or _wide(before):
        return True
    if before not in _OPENING_SIGNS or before == after:
        return False
    return after.isalnum() or after in _AFTER_AN_OPENING_SIGN


def _may_close(before: str, after: str) -> bool:
    """Tell whether emphasis may end here: after a character, and before anything but a character of a word."""
    return not before.isspace() and (not _wordy(after) or after == "_" or _wide(after))


def _wordy(character: str) -> bool:
    return character.isalnum() or character == "_"


def _wide(character: str) -> bool:
    """Tell a character of a script that is written without spaces, where emphasis can only stand inside of "words"."""
    return character >= "\u2e80" and unicodedata.east_asian_width(character) in ("W", "F")


def _link(state: StateInline, silent: bool) -> bool:
    """Read `[label](address)` or `![description](address)`; what stands in the brackets must look like an address."""
    source, start = state.src, state.pos
    image = source[start] == "!"
    bracket = start + image
    if _last(state, "](") <= bracket:
        return False
    label_end = state.md.helpers.parseLinkLabel(state, bracket, not image)
    found = _DESTINATION.match(source, label_end + 1, state.posMax) if label_end > bracket else None
    if found is None:
        return False
    address = found["bare"] if found["marked"] is None else found["marked"]
    sure = "://" in address or (
        _LOOKS_LIKE_AN_ADDRESS.search(address) and not _follows_an_expression(source, start)
    )
    if not sure:
        return False
    if not silent:
        _push_link(state, image, bracket + 1, label_end, found["shown"], address)
    state.pos = found.end()
    return True


def _last(state: StateInline, what: str) -> int:
    """Find the last place of some signs; looked for once, since a text may open many things and close none."""
    known = vars(state)
    if what not in known:
        known[what] = state.src.rfind(what)
    return int(known[what])


def _follows_an_expression(source: str, start: int) -> bool:
    """Tell whether a bracket at this place could be an index: `handlers[name](event.text)`."""
    return start > 0 and (_wordy(source[start - 1]) or source[start - 1] in ")]")


def _push_link(state: StateInline, image: bool, start: int, end: int, shown: str, address: str) -> None:
    if image:
        token = state.push("image", "img", 0)
        token.attrs, token.meta = {"src": address, "alt": ""}, {"shown": shown}
        token.content = state.src[start:end]
        return
    token = state.push("link_open", "a", 1)
    token.attrs, token.meta = {"href": address}, {"shown": shown}
    limit, state.posMax, state.pos = state.posMax, end, start
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.posMax = limit
    state.push("link_close", "a", -1)


_RULES: dict[str, Callable[[StateInline, bool], bool]] = {
    "\n": _newline,
    "\\": _backslash,
    "$": _dollar,
    "&": entity,
    "`": backtick,
    "*": _emphasis,
    "_": _emphasis,
    "~": _emphasis,
    "[": _link,
    "!": _link,
}


def _set_up() -> MarkdownIt:
    parser = MarkdownIt("zero", {"maxNesting": NESTING_MAX})
    parser.core.ruler.at("inline", _inline)
    parser.core.ruler.enable(["text_join"])
    rules = Ruler[RuleFuncInlineType]()
    rules.push("text", _text)
    rules.push("sign", _sign)
    parser.inline.ruler = rules
    parser.inline.ruler2.enable(["balance_pairs", "strikethrough", "emphasis", "fragments_join"])
    set_up_blocks(parser)
    return parser


_PARSER = _set_up()
