"""Project files for stories, one for each kind of question, and items for them."""

from __future__ import annotations

from typing import Any

HEAD = """
slug = "story"
title = "Story"
instructions = "Read it and answer."
[pay]
currency = "USD"
rate_per_hour = "36.00"
expected_seconds = 30
cap_seconds = 600
[quality]
gold_share = 0.0
overlap = [2, 4]
"""
COMPARE = f"""{HEAD}
[[show]]
field = "prompt"
[[ask]]
id = "better"
kind = "preference"
text = "Which answer is better?"
a = "one"
b = "two"
as = "plain"
"""
CHAIN = f"""{HEAD}
[[show]]
field = "problem"
[[show]]
field = "steps"
as = "steps"
[[ask]]
id = "check"
kind = "steps"
text = "Is this step right?"
field = "steps"
"""
REASON = f"""{HEAD}
[[show]]
field = "text"
[[ask]]
id = "correct"
kind = "choice"
text = "Is it right?"
options = [{{ value = "yes", label = "Correct" }}, {{ value = "no", label = "Wrong" }}]
[[ask]]
id = "reason"
kind = "text"
text = "Say why."
when = {{ correct = "no" }}
least = 3
most = 200
"""
SCALES = f"""{HEAD}
[[show]]
field = "text"
as = "markdown"
""" + "".join(
    f"""
[[ask]]
id = "{name}"
kind = "scale"
text = "How {name}?"
low_label = "not at all"
high_label = "very"
"""
    for name in ("helpful", "correct", "harmless")
)
QUOTE = f"""{HEAD}
[[show]]
field = "text"
[[ask]]
id = "where"
kind = "span"
text = "Which sentence is wrong?"
field = "text"
"""


def chain(count: int, size: int = 20) -> dict[str, Any]:
    """Write a chain of so many steps of about so many characters each."""
    steps = [f"Step {place} says {'so and so ' * (size // 10)}." for place in range(1, count + 1)]
    return {"problem": "What is it?", "steps": steps}
