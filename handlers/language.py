"""The language of the person being answered: their words from the catalogs, and numbers, money and times as they write them.

English is the source: it costs nothing and reads as the code says. What an item holds is never touched here.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime
import decimal
import functools
import gettext
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from babel import Locale, dates, lists, numbers, units
from babel.messages import mofile, pofile

from rules import calendar, credit
from rules import money as english_money

LOCALES = Path(__file__).parent / "locales"
SOURCE = "en"
NAMES = {
    "en": "English",
    "es": "Español",
    "pt": "Português",
    "hi": "हिन्दी",
    "ar": "العربية",
    "uk": "Українська",
}
"""The languages of the interface, each in its own words."""
_REGIONS = {"en": "en", "es": "es", "pt": "pt_BR", "hi": "hi_IN", "ar": "ar", "uk": "uk_UA"}
"""Whose ways of writing numbers and dates are followed."""
_CLDR_NAMES = {"Europe/Kyiv": "Europe/Kiev", "Asia/Kolkata": "Asia/Calcutta"}
"""Zones that were renamed; the names of their cities are still kept under the old name."""
_FROM_THE_RIGHT = frozenset({"ar"})
RIGHT_TO_LEFT_MARK = "\u200f"
_ISOLATE, _LEFT_TO_RIGHT, _END_OF_ISOLATE = "\u2068", "\u2066", "\u2069"
WESTERN = "latn"
"""The digits: students in every language read Western ones, and they are what models write."""

_catalogs: dict[str, gettext.NullTranslations] = {}
_spoken: contextvars.ContextVar[str] = contextvars.ContextVar("language", default=SOURCE)


def choose(code: str) -> str:
    """Give the interface's language for a code such as Telegram's "pt-br"; English for what is not offered."""
    first = code.replace("_", "-").partition("-")[0].casefold()
    return first if first in NAMES else SOURCE


def spoken() -> str:
    """Give the language of the person being answered."""
    return _spoken.get()


def speak(code: str) -> None:
    """Answer in a language from now on, within the present task."""
    _spoken.set(choose(code))


@contextlib.contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language within a block; whatever was spoken before is spoken after it."""
    token = _spoken.set(choose(code))
    try:
        yield
    finally:
        _spoken.reset(token)


def is_from_the_right() -> bool:
    """Tell whether the language spoken is written from right to left."""
    return _spoken.get() in _FROM_THE_RIGHT


def read_catalog(path: Path) -> gettext.NullTranslations:
    """Read a .po file into translations; a file that is not there translates nothing."""
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalog = pofile.read_po(file)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def learn(code: str, path: Path) -> None:
    """Take a language's words from a file, in place of the one that is shipped."""
    _catalogs[code] = read_catalog(path)


def _catalog(code: str) -> gettext.NullTranslations:
    if code not in _catalogs:
        # Read when the first person is spoken to in it, since reading one takes longer than answering a tap.
        learn(code, LOCALES / f"{code}.po")
    return _catalogs[code]


def _(text: str, /, **values: object) -> str:
    """Say a text in the language spoken. `{name}` in it is filled where values are given, whole numbers as people write them."""
    code = _spoken.get()
    said = text if code == SOURCE or not text else _catalog(code).gettext(text)
    return _filled(said, values) if values else said


def n_(one: str, many: str, number: int, /, **values: object) -> str:
    """Say a text in the plural form that a number asks for. `{n}` in it is the number as people write it."""
    code = _spoken.get()
    english = one if number == 1 else many
    said = english if code == SOURCE else _catalog(code).ngettext(one, many, number)
    written = _written(number)
    return _filled(said, {"n": written, **values}) if values else said.replace("{n}", written)


def p_(context: str, text: str, /, **values: object) -> str:
    """Say a short text that means different things in different places; `context` tells the translators which is meant."""
    code = _spoken.get()
    said = text if code == SOURCE else _catalog(code).pgettext(context, text)
    return _filled(said, values) if values else said


def _marked(text: str) -> str:
    return text


N_: Callable[[str], str] = _marked
"""Marks a text for the catalogs that is said later, with `_`."""


def _filled(said: str, values: Mapping[str, object]) -> str:
    written = {name: _written(one) if isinstance(one, int) else one for name, one in values.items()}
    if not is_from_the_right():
        return said.format(**written)
    filled = said.format(**{name: isolated(one) for name, one in written.items()})
    return RIGHT_TO_LEFT_MARK + filled if said.startswith("{") else filled


def isolated(value: object) -> object:
    """Keep a name in Latin letters from turning the words around it, where those run from right to left."""
    if not (isinstance(value, str) and is_from_the_right() and _has_latin(value)):
        return value
    if value.startswith((RIGHT_TO_LEFT_MARK, _ISOLATE)):
        # It has its direction already, as amounts of money do.
        return value
    return f"{_ISOLATE}{value}{_END_OF_ISOLATE}"


def _has_latin(text: str) -> bool:
    return any(unicodedata.bidirectional(sign) == "L" for sign in text)


def aligned(*parts: str) -> str:
    """Put a line together from parts such as a project's title and its state, joined by "·".

    Where the language runs from the right, a line that begins with a Latin name begins on the right all the same.
    """
    line = " · ".join(str(isolated(part)) for part in parts)
    if not is_from_the_right() or line.startswith(RIGHT_TO_LEFT_MARK):
        return line
    return f"{RIGHT_TO_LEFT_MARK}{line}"


@functools.cache
def _locale(code: str) -> Locale:
    return Locale.parse(_REGIONS[code])


def number(value: float, decimals: int = 0) -> str:
    """Write a number: "1,204", "3.1"."""
    return _written(value, decimals)


def _written(value: float, decimals: int = 0) -> str:
    code = _spoken.get()
    if code == SOURCE:
        return f"{value:,.{decimals}f}"
    if not decimals and -1000 < value < 1000:
        return f"{value:.0f}"
    exact = decimal.Decimal(f"{value:.{decimals}f}")
    grouped = numbers.format_decimal(
        exact, locale=_locale(code), numbering_system=WESTERN, decimal_quantization=False
    )
    return str(grouped)


def money(amount_micro: int, currency: str) -> str:
    """Write an amount: "$3.12". Rounded to the currency's decimals for display only, halves to even."""
    code = _spoken.get()
    if code == SOURCE:
        return english_money.show(amount_micro, currency)
    digits = english_money.decimals(currency)
    exact = decimal.Decimal(amount_micro).scaleb(-6)
    # The integer's own rounding, so that an amount reads the same in every language; adding nothing makes "-0.00" plain.
    rounded = exact.quantize(decimal.Decimal(1).scaleb(-digits), decimal.ROUND_HALF_EVEN) + 0
    sign = english_money.SIGNS.get(currency)
    if is_from_the_right() and sign:
        # As it is read everywhere, "$2.00", and kept from being turned round by the words beside it.
        return f"{_LEFT_TO_RIGHT}{_signed(sign, rounded, digits)}{_END_OF_ISOLATE}"
    written = str(numbers.format_currency(rounded, currency, locale=_locale(code), numbering_system=WESTERN))
    return written.replace(currency, sign) if sign else written


def _signed(sign: str, amount: decimal.Decimal, digits: int) -> str:
    return f"{'−' if amount < 0 else ''}{sign}{abs(amount):,.{digits}f}"


@functools.cache
def _abbreviated(code: str, name: str) -> str:
    """Give a unit of time with room for its figures: "{} min". Its short form is the same for every number."""
    sample = units.format_unit(5, f"duration-{name}", "short", locale=_locale(code), numbering_system=WESTERN)
    return sample.replace("5", "{}")


def _short(name: str, value: int, width: int = 1) -> str:
    return _abbreviated(_spoken.get(), name).format(f"{value:0{width}d}" if width > 1 else _written(value))


@functools.cache
def _minutes(code: str, count: int) -> str:
    return units.format_unit(count, "duration-minute", "long", locale=_locale(code), numbering_system=WESTERN)


def duration(duration_ms: int) -> str:
    """Write a duration: "41 s", "14 min 10 s", "3 h 05 min"."""
    if _spoken.get() == SOURCE:
        return credit.show(duration_ms)
    seconds = duration_ms // credit.SECOND_MS
    if seconds < 60:
        return _together(_short("second", seconds))
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        whole = _short("minute", minutes)
        return _together(f"{whole} {_short('second', seconds, 2)}" if seconds else whole)
    return _together(_hours(minutes))


def _together(written: str) -> str:
    """Keep figures and their units together where the words beside them run from right to left."""
    return f"{_ISOLATE}{written}{_END_OF_ISOLATE}" if is_from_the_right() else written


def _hours(minutes: int) -> str:
    hours, minutes = divmod(minutes, 60)
    return f"{_short('hour', hours)} {_short('minute', minutes, 2)}"


def about(duration_ms: int) -> str:
    """Write a duration roughly: "45 s", "14 minutes", "1 h 10 min"."""
    code = _spoken.get()
    if code == SOURCE:
        return credit.show_about(duration_ms)
    if duration_ms < 90 * credit.SECOND_MS:
        return _short("second", -(-duration_ms // credit.SECOND_MS))
    minutes = -(-duration_ms // credit.MINUTE_MS)
    return _minutes(code, minutes) if minutes < 60 else _hours(minutes)


def moment(at_ms: int, time_zone: str) -> str:
    """Write a moment in a time zone: "Thu 26 Nov, 18:00"."""
    code = _spoken.get()
    if code == SOURCE:
        return calendar.moment(at_ms, time_zone)
    here = calendar.local(at_ms, time_zone)
    joint = str(dates.get_datetime_format("medium", _locale(code)))
    return joint.format(f"{here:%H:%M}", _day(code, here.date()))


def day(at_ms: int, time_zone: str) -> str:
    """Write the day of a moment in a time zone: "Thu 26 Nov"."""
    here = calendar.local(at_ms, time_zone)
    code = _spoken.get()
    return f"{here:%a} {here.day} {here:%b}" if code == SOURCE else _day(code, here.date())


@functools.lru_cache(maxsize=1024)
def _day(code: str, day: datetime.date) -> str:
    return str(dates.format_skeleton("MMMEd", day, locale=_locale(code)))


def clock(at_ms: int, time_zone: str) -> str:
    """Write the time of day, by 24 hours in every language: "14:05"."""
    return calendar.clock(at_ms, time_zone)


def percent(share: float) -> str:
    """Write a share in whole per cent: 0.75 is "75 %"."""
    whole = round(share * 100)
    code = _spoken.get()
    if code == SOURCE:
        return f"{whole} %"
    exact = decimal.Decimal(whole).scaleb(-2)
    return str(numbers.format_percent(exact, locale=_locale(code), numbering_system=WESTERN))


def listed(parts: Sequence[str]) -> str:
    """Put parts in a row: "maths, physics"."""
    return ("، " if is_from_the_right() else ", ").join(parts)


def either(parts: Sequence[str]) -> str:
    """Put choices in a row: "maths or physics"."""
    code = _spoken.get()
    return " or ".join(parts) if code == SOURCE else lists.format_list(parts, "or", _locale(code))


def city(time_zone: str) -> str:
    """Name the city that a time zone is called after: "Los Angeles"."""
    code = _spoken.get()
    if code == SOURCE:
        return time_zone.rpartition("/")[2].replace("_", " ")
    return _city(code, time_zone)


@functools.cache
def _city(code: str, time_zone: str) -> str:
    names = _locale(code).time_zones.get(_CLDR_NAMES.get(time_zone, time_zone), {})
    return str(names.get("city", time_zone.rpartition("/")[2].replace("_", " ")))
