"""Small words that several views share."""

from __future__ import annotations

import re

from handlers.language import _, either, isolated, listed
from rules import consent
from rules.audience import DEGREES, FIELDS, LANGUAGES, Audience
from rules.text import Piece, Text

_PLACE = re.compile(r"\{(\w+)\}")


def with_style(sentence: str, style: str, **values: str) -> Text:
    """Fill the places of a sentence that was said already, each value in a style, wherever its language puts them."""
    text = Text()
    for number, part in enumerate(_PLACE.split(sentence)):
        # What stands between two places is even, the name of a place odd.
        text.extend([Piece(str(isolated(values[part])), style)]) if number % 2 else text.plain(part)
    return text


def audience(wanted: Audience) -> str:
    """Say an audience in words: "Bachelor's or Master's, Maths or Physics, English"."""
    degrees = [_(DEGREES.get(word, word)) for word in wanted.degrees]
    fields = [_(FIELDS.get(word, word)) for word in wanted.fields]
    languages = [LANGUAGES.get(word, word) for word in wanted.languages]
    return listed([either(words) for words in (degrees, fields, languages) if words]) or _("everybody")


def consent_text() -> Text:
    """Give the text that a student agrees to. In another language the English original stands below: it is what is agreed to."""
    text = Text()
    for number, (heading, words) in enumerate(consent.POINTS):
        text.plain("\n" if number else "").bold(f"{_(heading)}: ").line(_(words))
    if all(_(words) == words for _heading, words in consent.POINTS):
        return text
    text.plain("\n").line(
        _("This is a translation. The English text is the one that you agree to:"), "italic"
    )
    english = "\n".join(f"{heading}: {words}" for heading, words in consent.POINTS)
    return text.add(english, "expandable_blockquote").plain("\n")
