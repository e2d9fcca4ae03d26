"""Project definitions for the tests of rules: one small, one with every kind of question, and any within the limits."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from rules import project_file
from rules.project_file import Project

PAY = {"currency": "USD", "rate_per_hour": "24.00", "expected_seconds": 60, "cap_seconds": 180}


def define(**parts: Any) -> Project:
    """Make a checked definition; what is not given is small and plain."""
    whole = {
        "slug": "maths",
        "title": "Check maths",
        "instructions": "Read it all.",
        "pay": PAY,
        "show": [{"field": "question"}, {"field": "solution"}],
        "ask": [choice("correct", "yes", "no")],
    }
    return project_file.check(whole | parts)


def choice(question: str, *values: str, **more: Any) -> dict[str, Any]:
    """Ask for one of these."""
    options = [{"value": value, "label": value.capitalize()} for value in values]
    return {"id": question, "kind": "choice", "text": f"{question}?", "options": options, **more}


def tags(question: str, *values: str, **more: Any) -> dict[str, Any]:
    """Ask for any of these."""
    return {**choice(question, *values), "kind": "tags", **more}


def scale(question: str, low: int = 1, high: int = 5, **more: Any) -> dict[str, Any]:
    """Ask for a number."""
    ends = {"low": low, "high": high, "low_label": "bad", "high_label": "good"}
    return {"id": question, "kind": "scale", "text": f"{question}?", **ends, **more}


def preference(question: str, shown_as: str = "markdown", **more: Any) -> dict[str, Any]:
    """Ask which of two answers is better."""
    sides = {"a": "answer_a", "b": "answer_b", "as": shown_as}
    return {"id": question, "kind": "preference", "text": f"{question}?", **sides, **more}


def steps(question: str, **more: Any) -> dict[str, Any]:
    """Ask to rate each step."""
    return {"id": question, "kind": "steps", "text": "Is this step right?", "field": "steps", **more}


def text(question: str, **more: Any) -> dict[str, Any]:
    """Ask for words."""
    return {"id": question, "kind": "text", "text": f"{question}?", **more}


def span(question: str, **more: Any) -> dict[str, Any]:
    """Ask for a sentence of the solution."""
    return {"id": question, "kind": "span", "text": f"{question}?", "field": "solution", **more}


EVERY_KIND = define(
    ask=[
        choice("correct", "yes", "no", "unsure"),
        tags("why", "digit", "sign", "logic", when={"correct": ["no", "unsure"]}),
        scale("clear", 1, 5, tolerance=1),
        choice("how", "a", "b", when={"why": "sign"}),
        tags("praise", "short", "kind", when={"clear": [4, 5]}, at_least=0),
        scale("cold", -2, 3, when={"correct": "yes", "clear": 1}),
    ]
)

LABELS = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters="😀𝔘"), min_size=1, max_size=40
).filter(str.isprintable)


@st.composite
def shows(draw: st.DrawFn, kinds: tuple[str, ...] = ("plain", "markdown", "code")) -> Project:
    """Draw a definition that shows one to ten fields under labels as long and as wide as they may be."""
    names = [f"field_{number}" for number in range(draw(st.integers(1, 10)))]
    return define(
        show=[
            {
                "field": name,
                "as": draw(st.sampled_from(kinds)),
                **draw(st.one_of(st.just({}), st.builds(dict, label=LABELS))),
            }
            for name in names
        ]
    )
