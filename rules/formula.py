"""A formula in TeX as a line of plain text, for where a formula cannot be drawn: "\\frac{1}{2}" is "1/2". Nothing is checked, and whatever
is in it, something readable comes out; whoever judges a formula reads its source or sees it drawn, never this."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

SIGNS = {
    "times": "×",
    "cdot": "·",
    "div": "÷",
    "pm": "±",
    "mp": "∓",
    "le": "≤",
    "leq": "≤",
    "ge": "≥",
    "geq": "≥",
    "ne": "≠",
    "neq": "≠",
    "approx": "≈",
    "equiv": "≡",
    "sim": "∼",
    "propto": "∝",
    "to": "→",
    "rightarrow": "→",
    "Rightarrow": "⇒",
    "implies": "⇒",
    "iff": "⇔",
    "infty": "∞",
    "sum": "∑",
    "prod": "∏",
    "int": "∫",
    "partial": "∂",
    "nabla": "∇",
    "in": "∈",
    "subset": "⊂",
    "cup": "∪",
    "cap": "∩",
    "forall": "∀",
    "exists": "∃",
    "mid": "|",
    "circ": "∘",
    # Unicode spells these two without their b.
    "lambda": "λ",
    "Lambda": "Λ",
    "dots": "…",
    "ldots": "…",
    "cdots": "…",
    "quad": " ",
    "qquad": " ",
    "left": "",
    "right": "",
    "big": "",
    "Big": "",
    "displaystyle": "",
    "limits": "",
}
"""What a command is as a sign. A Greek letter is found by its name; any other command, as "\\sin", is its own word."""
NESTING_MAX = 8
"""Deeper braces than this are not read by anybody on one line."""

_PART = r"\{([^{}]*)\}"
_FRACTION = re.compile(rf"\\[dt]?frac\s*(?:{_PART}|(\w))\s*(?:{_PART}|(\w))")
_ROOT = re.compile(rf"\\sqrt\s*(?:\[[^\]]*\])?\s*(?:{_PART}|(\w))")
_WRAPPED = re.compile(
    rf"\\(?:text|mathrm|mathbf|mathit|mathsf|operatorname|boxed|overline|bar|vec|hat)\s*{_PART}"
)
_DEGREES = re.compile(r"\^\s*(?:\{\s*\\circ\s*\}|\\circ(?![A-Za-z]))")
_RAISED = re.compile(rf"\^\s*(?:{_PART}|([\dn]))")
_LOWERED = re.compile(rf"_\s*(?:{_PART}|([\dn]))")
_AROUND = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)\s*")
_SPACE = re.compile(r"\\[,;:! ]|~|\\\\|&")
_SUBSCRIPTS = dict(zip("0123456789+-n", "₀₁₂₃₄₅₆₇₈₉₊₋ₙ", strict=True))
_SUPERSCRIPTS = dict(zip("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", strict=True))
_ONE_THING = re.compile(r"[\w.,°√⁰-⁹⁺⁻ⁿ²³¹₀-₉₊₋ₙ]*")


def plain(tex: str) -> str:
    """Write a formula, without its delimiters, on one line of plain text."""
    text = _SPACE.sub(" ", _DEGREES.sub("°", _AROUND.sub(" ", tex)))
    for _ in range(NESTING_MAX):
        before = text
        for pattern, written in _INNERMOST:
            text = pattern.sub(written, text)
        if text == before:
            break
    text = _COMMAND.sub(lambda found: _said(found[1]), text)
    return " ".join(re.sub(r"\\(.)", r"\1", text.replace("{", "").replace("}", "")).split())


def _group(found: re.Match[str], first: int) -> str:
    return found[first] if found[first] is not None else found[first + 1] or ""


def _fraction(found: re.Match[str]) -> str:
    return f"{_apart(_group(found, 1))}/{_apart(_group(found, 3))}"


def _root(found: re.Match[str]) -> str:
    return f"√{_apart(_group(found, 1))}"


def _raised(found: re.Match[str]) -> str:
    return _set(_group(found, 1), _SUPERSCRIPTS, "^")


def _lowered(found: re.Match[str]) -> str:
    return _set(_group(found, 1), _SUBSCRIPTS, "_")


def _set(text: str, small: Mapping[str, str], mark: str) -> str:
    """Write what stands high or low in small signs where there are such signs, else behind a mark."""
    words = text.strip()
    if words and all(sign in small for sign in words):
        return "".join(small[sign] for sign in words)
    return f"{mark}{_apart(words)}"


def _apart(text: str) -> str:
    """Put brackets around what is more than one thing, so that it stays together."""
    words = text.strip()
    return words if _ONE_THING.fullmatch(words) else f"({words})"


_INNERMOST: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_WRAPPED, lambda found: found[1]),
    (_FRACTION, _fraction),
    (_ROOT, _root),
    (_RAISED, _raised),
    (_LOWERED, _lowered),
)
"""What is written anew from the innermost braces outwards."""


def _said(command: str) -> str:
    if command in SIGNS:
        sign = SIGNS[command]
        # A letter stands close to its number; a sign between two things does not.
        return sign if sign.isalpha() or not sign else f" {sign} "
    size = "SMALL" if command[0].islower() else "CAPITAL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {command.upper()}")
    except KeyError:
        return f"{command} "
