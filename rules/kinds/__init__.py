"""The kinds of question that a project can ask, a module each. To add one: write its module, name it here, and give it its buttons in
`handlers/views/questions.py`."""

from typing import Annotated

from pydantic import Field

from rules.kinds.base import Answered, GoldTrouble, Marked, Marks, Question, Sheet, Value
from rules.kinds.choice import Choice, Tags
from rules.kinds.preference import Preference
from rules.kinds.scale import Scale
from rules.kinds.span import Span
from rules.kinds.steps import Steps
from rules.kinds.text import TextAnswer

KINDS = ("choice", "tags", "scale", "preference", "steps", "text", "span")
AnyQuestion = Choice | Tags | Scale | Preference | Steps | TextAnswer | Span
Ask = Annotated[AnyQuestion, Field(discriminator="kind")]

__all__ = [
    "KINDS",
    "Answered",
    "AnyQuestion",
    "Ask",
    "Choice",
    "GoldTrouble",
    "Marked",
    "Marks",
    "Preference",
    "Question",
    "Scale",
    "Sheet",
    "Span",
    "Steps",
    "Tags",
    "TextAnswer",
    "Value",
]
