"""Rows that training code reads: the preference, unpaired and stepwise types of TRL, and OpenAI's preference fine-tuning. Pure.

TRL: github.com/huggingface/trl, docs/source/dataset_formats.md, the standard (plain text) forms. OpenAI:
developers.openai.com/api/docs/guides/direct-preference-optimization. Whatever has no clear verdict is left out of all four.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.formats.exports.judged import TIED, UNSETTLED, Column, Judged, LeftOut, Plan, Row, Rows, as_text

BOTH_BAD = LeftOut("both answers are bad")
EVEN = LeftOut("the two answers are as good as each other")
BAD_PROBLEM = LeftOut("the problem itself is bad")
NEITHER = LeftOut("the answer means neither good nor bad")
ALIKE = LeftOut("the two answers are the same text")
PROMPT = Column("prompt", "text", "What the model was given.")
PREFERENCE_COLUMNS = [
    PROMPT,
    Column("chosen", "text", "The better answer."),
    Column("rejected", "text", "The other one."),
]
UNPAIRED_COLUMNS = [
    PROMPT,
    Column("completion", "text", "What the model wrote."),
    Column("label", "bool", "Whether it is good."),
]
STEPWISE_COLUMNS = [
    PROMPT,
    Column("completions", "texts", "The steps, up to the first wrong one."),
    Column("labels", "bools", "Whether each step is right."),
]
OPENAI_COLUMNS = [
    Column("input", "object", "The prompt as a message of the user."),
    Column("preferred_output", "object", "The better answer as a message of the assistant."),
    Column("non_preferred_output", "object", "The other one."),
]


def _pair(plan: Plan, item: Judged) -> tuple[str, str] | LeftOut:
    """Give the better answer and the other one."""
    if not item.is_settled:
        return UNSETTLED
    leads = plan.leading(item)
    if leads not in ("a", "b"):
        return {"both_bad": BOTH_BAD, "tie": EVEN}.get(str(leads), TIED)
    one, other = (as_text(item.fields.get(name)) for name in (plan.preference.a, plan.preference.b))
    if one == other:
        return ALIKE
    return (one, other) if leads == "a" else (other, one)


def preference(plan: Plan, item: Judged) -> Rows:
    """`prompt`, `chosen`, `rejected`: for DPO and reward models."""
    pair = _pair(plan, item)
    if isinstance(pair, LeftOut):
        return pair
    return [{"prompt": item.text(plan.prompt), "chosen": pair[0], "rejected": pair[1]}]


def openai_preference(plan: Plan, item: Judged) -> Rows:
    """`input`, `preferred_output`, `non_preferred_output`: one exchange each."""
    pair = _pair(plan, item)
    if isinstance(pair, LeftOut):
        return pair
    asked = {
        "messages": [{"role": "user", "content": item.text(plan.prompt)}],
        "tools": [],
        "parallel_tool_calls": True,
    }
    preferred, other = ([{"role": "assistant", "content": text}] for text in pair)
    return [{"input": asked, "preferred_output": preferred, "non_preferred_output": other}]


def unpaired(plan: Plan, item: Judged) -> Rows:
    """`prompt`, `completion`, `label`: for KTO and BCO."""
    if not item.is_settled:
        return UNSETTLED
    leads = plan.leading(item)
    if leads is None:
        return TIED
    if leads not in plan.good and leads not in plan.bad:
        return NEITHER
    row: Row = {
        "prompt": item.text(plan.prompt),
        "completion": as_text(item.fields.get(plan.completion)),
        "label": leads in plan.good,
    }
    return [row]


def stepwise(plan: Plan, item: Judged) -> Rows:
    """`prompt`, `completions`, `labels`: for process reward models. A neutral step is not wrong."""
    if not item.is_settled:
        return UNSETTLED
    label = plan.leading(item)
    if not isinstance(label, dict):
        return TIED
    if label["end"] == "bad_problem":
        return BAD_PROBLEM
    verdicts = list(_verdicts(label["ratings"], label["first_wrong"]))
    steps = plan.steps.steps(item.fields)[: len(verdicts)]
    row: Row = {
        "prompt": item.text(plan.prompt),
        "completions": [str(step) for step in steps],
        "labels": verdicts[: len(steps)],
    }
    return [row]


def _verdicts(ratings: Sequence[int | None], first_wrong: int) -> Iterator[bool]:
    """Say of each step whether it is right. Before the first wrong step good and neutral may tie, and neither is wrong; behind it, the
    chain ends where ratings tie."""
    for place, rating in enumerate(ratings):
        if first_wrong < 0 or place < first_wrong:
            yield True
        elif rating is None:
            return
        else:
            yield rating >= 0
