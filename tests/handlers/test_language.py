"""Each person is answered in their own language: the words, the plurals, the figures, and the stories in which it is chosen."""

from __future__ import annotations

import asyncio
import itertools
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import pofile
from babel.messages.catalog import Catalog
from hypothesis import given
from hypothesis import strategies as st

from actions import deliveries, invitations, refusals, roles
from handlers import about, errors, language
from handlers.language import LOCALES, NAMES, _, aligned, choose, n_, speaking, spoken
from handlers.views import onboarding
from handlers.views.words import with_style
from rules import calendar, consent, credit, money
from rules.credit import DAY_MS
from rules.profile import ZONES
from tests.handlers.screens import sound
from tests.handlers.test_admin import rows, until
from tests.stories.conftest import House, agree_and_tell, sums
from tests.stories.phone import Phone
from tests.translations import PLURALS as PLURAL_FORMS

AT_MS = 1_795_716_000_000
OTHERS = [code for code in NAMES if code != "en"]
GREETING = "Veritap · paid checking of AI answers"
STRANGER = "I don't know you yet. Veritap works by invitation: open the link that your coordinator sent you."
WORDS: dict[str, dict[str, str]] = {
    "uk": {
        GREETING: "Veritap · оплачувана перевірка відповідей ШІ",
        STRANGER: "Я вас ще не знаю.",
        "Language": "Мова",
        "Settings": "Налаштування",
        "As in Telegram": "Як у Telegram",
        "Go on with your tasks": "Продовжити завдання",
        "{project} · {rate} an hour": "{project} · {rate} за годину",
        roles.GIVEN["coordinator"]: "Тепер ви координатор.",
        about.SHORT_DESCRIPTION: "Оплачувана перевірка.",
    },
    "ar": {
        GREETING: "Veritap · مراجعة مدفوعة",
        "{project} · {rate} an hour": "{project} · {rate} في الساعة",
        "On {project} since {year}": "في {project} منذ {year}",
    },
}
PLURALS = ("{n} task", "{n} tasks")
FORMS = {
    "uk": ("{n} завдання", "{n} завдання (2)", "{n} завдань"),
    "ar": ("صفر", "واحدة", "اثنتان", "{n} قليل", "{n} كثير", "{n} آخر"),
}


@pytest.fixture
def taught(tmp_path: Path) -> Iterator[None]:
    """Teach a few words of two languages, and forget them afterwards."""
    for code, words in WORDS.items():
        catalog = Catalog(locale=code)
        if code in PLURAL_FORMS:
            catalog.mime_headers = [("Plural-Forms", PLURAL_FORMS[code])]
        for said, translated in words.items():
            catalog.add(said, translated)
        catalog.add(PLURALS, FORMS[code])
        with (tmp_path / f"{code}.po").open("wb") as file:
            pofile.write_po(file, catalog)
        language.learn(code, tmp_path / f"{code}.po")
    yield
    for code in WORDS:
        language.learn(code, LOCALES / f"{code}.po")


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("es-419", "es"),
        ("pt-br", "pt"),
        ("pt_PT", "pt"),
        ("hi", "hi"),
        ("AR", "ar"),
        ("uk", "uk"),
        ("", "en"),
        ("ukr", "en"),
        ("-", "en"),
        ("de", "en"),
    ],
)
def test_any_code_of_telegram_gives_a_language_of_ours(code: str, wanted: str) -> None:
    assert choose(code) == wanted


def test_english_is_said_as_the_code_says() -> None:
    assert _("Nothing yet.") == "Nothing yet."
    assert _("{right} of {of} right", right=3, of=1204) == "3 of 1,204 right"
    assert n_("{n} item", "{n} items", 1) == "1 item"
    assert n_("{n} item of {of}", "{n} items of {of}", 1204, of="x") == "1,204 items of x"
    assert language.p_("button", "Open") == "Open"
    assert _("") == ""


@pytest.mark.usefixtures("taught")
def test_plural_forms_follow_the_language() -> None:
    with speaking("uk"):
        said = [n_(*PLURALS, number) for number in (1, 2, 5, 21, 1204)]
    assert said == ["1 завдання", "2 завдання (2)", "5 завдань", "21 завдання", "1\xa0204 завдання (2)"]
    with speaking("ar"):
        assert [n_(*PLURALS, number) for number in (0, 2, 3, 11)] == ["صفر", "اثنتان", "3 قليل", "11 كثير"]


@pytest.mark.usefixtures("taught")
def test_what_is_not_translated_falls_back_to_english() -> None:
    with speaking("uk"):
        assert _("No such text anywhere") == "No such text anywhere"
        assert n_("{n} thing", "{n} things", 2) == "2 things"
        assert _("") == ""


@pytest.mark.usefixtures("taught")
def test_names_in_latin_letters_do_not_turn_arabic_round() -> None:
    with speaking("ar"):
        assert (
            _("On {project} since {year}", project="Check maths", year=2026)
            == "في \u2068Check maths\u2069 منذ 2,026"
        )
        assert _("{project} · {rate} an hour", project="Maths", rate="24").startswith(
            "\u200f\u2068Maths\u2069 · "
        )
        assert aligned("Maths", "مفتوح") == "\u200f\u2068Maths\u2069 · مفتوح"
        assert aligned("رياضيات") == "\u200fرياضيات"
        assert str(with_style("في {name}", "bold", name="Maths")) == "في \u2068Maths\u2069"
    assert aligned("Maths", "open") == "Maths · open"


def test_a_style_stays_with_the_value_wherever_the_language_puts_it() -> None:
    text = with_style("«{name}» is {state} now", "bold", name="A {state} b", state="open")
    assert [(piece.text, piece.style) for piece in text.pieces if piece.style] == [
        ("A {state} b", "bold"),
        ("open", "bold"),
    ]
    assert str(text) == "«A {state} b» is open now"


@given(st.integers(-(10**14), 10**14), st.sampled_from(["USD", "EUR", "UAH", "INR", "JPY", "XTS"]))
def test_english_money_is_that_of_the_rules_and_the_others_keep_its_figures(
    amount_micro: int, currency: str
) -> None:
    english = money.show(amount_micro, currency)
    assert language.money(amount_micro, currency) == english
    for code in OTHERS:
        with speaking(code):
            said = language.money(amount_micro, currency)
        assert re.sub(r"[^0-9]", "", said) == re.sub(r"[^0-9]", "", english)


@given(st.integers(0, 10**10), st.sampled_from(ZONES))
def test_english_times_are_those_of_the_rules(duration_ms: int, zone: str) -> None:
    assert language.duration(duration_ms) == credit.show(duration_ms)
    assert language.about(duration_ms) == credit.show_about(duration_ms)
    assert language.moment(AT_MS + duration_ms, zone) == calendar.moment(AT_MS + duration_ms, zone)
    assert language.clock(AT_MS, zone) == calendar.clock(AT_MS, zone)


@given(st.integers(0, 10**10), st.sampled_from(OTHERS), st.sampled_from(ZONES))
def test_every_language_writes_western_digits(duration_ms: int, code: str, zone: str) -> None:
    at_ms = AT_MS + duration_ms
    with speaking(code):
        said = [language.duration(duration_ms), language.about(duration_ms), language.moment(at_ms, zone)]
        said += [
            language.number(duration_ms),
            language.percent(0.75),
            language.clock(at_ms, zone),
            _("{n}", n=duration_ms),
        ]
        assert language.city(zone)
    digits = {sign for words in said for sign in words if sign.isdigit()}
    assert digits <= set(string.digits)
    assert re.sub(r"[^0-9]", "", said[3]) == str(duration_ms)


def test_figures_read_as_their_language_writes_them() -> None:
    with speaking("uk"):
        assert language.duration(850_000) == "14 хв 10 с"
        assert language.duration(3 * 3_600_000 + 5 * 60_000) == "3 год 05 хв"
        assert language.about(840_000) == "14 хвилин"
        assert language.moment(AT_MS, "Europe/Kyiv") == "чт, 26 лист., 20:00"
        assert language.money(3_120_000, "UAH") == "3,12\xa0₴"
        assert language.city("Europe/Kyiv") == "Київ"
    with speaking("es"):
        assert language.number(1204.5, 1) == "1.204,5"
        assert language.percent(0.75) == "75\xa0%"
        assert language.duration(4_200_000) == "1 h 10 min"
        assert language.either(["a", "b", "c"]) == "a, b o c"
    with speaking("ar"):
        assert language.listed(["a", "b"]) == "a، b"


def test_a_translated_consent_stands_above_the_english_that_is_agreed_to(tmp_path: Path) -> None:
    catalog = Catalog(locale="uk")
    for place, words in enumerate(itertools.chain.from_iterable(consent.POINTS)):
        catalog.add(words, f"переклад {place}")
    with (tmp_path / "uk.po").open("wb") as file:
        pofile.write_po(file, catalog)
    digest, english = consent.digest(), onboarding.ask_consent()
    language.learn("uk", tmp_path / "uk.po")
    with speaking("uk"):
        screen = onboarding.ask_consent()
    language.learn("uk", LOCALES / "uk.po")
    text, [original] = (
        str(screen.text),
        [piece for piece in screen.text.pieces if "blockquote" in piece.style],
    )
    assert text.index("переклад 9") < text.index(original.text)
    assert all(words in original.text for _heading, words in consent.POINTS)
    assert screen.rows[0][0].data == english.rows[0][0].data
    assert consent.digest() == digest
    assert not any("blockquote" in piece.style for piece in english.text.pieces)
    sound(screen)


def test_a_refusal_is_said_in_words_but_names_stay(tmp_path: Path) -> None:
    catalog = Catalog(locale="uk")
    catalog.add(
        "This project asks for another {what} than your profile has. You can change your profile in /settings.",
        "Інше: {what}",
    )
    catalog.add("degree", "ступінь")
    catalog.add("open", "відкрито")
    with (tmp_path / "uk.po").open("wb") as file:
        pofile.write_po(file, catalog)
    language.learn("uk", tmp_path / "uk.po")
    with speaking("uk"):
        said = [
            errors.words(one)
            for one in (refusals.OutsideAudience(what="degree"), refusals.NoSuchProject(slug="open"))
        ]
    language.learn("uk", LOCALES / "uk.po")
    assert said[0] == "Інше: ступінь"
    assert '"open"' in said[1]


async def test_each_task_speaks_its_own_language() -> None:
    async def speaks(code: str) -> str:
        language.speak(code)
        await asyncio.sleep(0)
        return spoken()

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(speaks(code)) for code in NAMES]
    assert [task.result() for task in tasks] == list(NAMES)
    assert spoken() == "en"
    with speaking("uk"):
        with speaking("ar"):
            assert spoken() == "ar"
        assert spoken() == "uk"


async def join(house: House, name: str, code: str, project_id: int | None = None) -> Phone:
    """Give somebody a phone in a language, and have them open an invitation."""
    token = await house.write(
        invitations.create, role="student", project_id=project_id, uses=1, lasts_ms=DAY_MS, created_by=None
    )
    phone = Phone(house.world, name, language_code=code)
    await phone.say(f"/start {token}")
    return phone


@pytest.mark.usefixtures("taught")
async def test_people_are_greeted_in_the_language_of_their_telegram(house: House) -> None:
    oksana, amal, ada = [
        await join(house, name, code) for name, code in (("Оксана", "uk"), ("Amal", "ar"), ("Ada", "de"))
    ]
    assert oksana.text.startswith(WORDS["uk"][GREETING])
    assert amal.text.startswith(WORDS["ar"][GREETING])
    assert ada.text.startswith(GREETING)
    stranger = Phone(house.world, "Ivan", language_code="uk")
    assert await stranger.say("/work") == WORDS["uk"][STRANGER]


@pytest.mark.usefixtures("taught")
async def test_a_language_is_chosen_in_the_settings_and_left_to_telegram_again(house: House) -> None:
    ada = await join(house, "Ada", "en", await house.project(sums(2)))
    await agree_and_tell(ada)
    await ada.say("/settings")
    await ada.press("🌐 English")
    await ada.press("Українська")
    assert ada.text.startswith("Мова")
    assert "✓ Українська" in ada.labels
    assert (await ada.say("/settings")).startswith("Налаштування")
    await ada.say("/language")
    await ada.press("Як у Telegram")
    assert ada.text.startswith("Language")
    assert (await ada.say("/settings")).startswith("Settings")


@pytest.mark.usefixtures("taught")
async def test_a_notice_comes_in_ones_language(house: House) -> None:
    ada = await join(house, "Ada", "uk", await house.project(sums(2)))
    await agree_and_tell(ada)

    async def tell(key: str) -> None:
        notice = {"kind": "text", "text": roles.GIVEN["coordinator"]}
        person_id = 1
        await house.write(deliveries.enqueue, person_id=person_id, key=key, notice=notice)

    await tell("as-telegram-says")
    await until(ada, "Тепер ви координатор.")
    assert rows(house, "SELECT detail FROM audit WHERE deed = 'agree'") == [("shown in uk",)]
    await ada.say("/language")
    await ada.press("English")
    await tell("as-chosen")
    await until(ada, "You are a coordinator now.")


@pytest.mark.usefixtures("taught")
async def test_menus_are_told_in_every_language(house: House) -> None:
    api = house.bot.services.api
    scope = {"type": "all_private_chats"}

    async def hint(**of: object) -> str:
        found = await api.call("getMyCommands", **of)
        return str(found[0]["description"]) if found else ""

    async def eventually(wanted: str, **of: object) -> None:
        for _turn in range(100):
            if await hint(**of) == wanted:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"the menu says {await hint(**of)!r}, not {wanted!r}")

    await eventually("Go on with your tasks", scope=scope)
    await eventually("Продовжити завдання", scope=scope, language_code="uk")
    told = await api.call("getMyShortDescription", language_code="uk")
    assert told["short_description"] == "Оплачувана перевірка."
    ada = await join(house, "Ada", "en")
    own = {"type": "chat", "chat_id": ada.id}
    await ada.say("/language")
    await ada.press("Українська")
    await eventually("Продовжити завдання", scope=own)
    await ada.press("English")
    await eventually("", scope=own)


def test_a_pause_and_to_pause_are_two_words_where_a_language_has_two() -> None:
    for code, noun, verb in (("es", "Pausa", "Pausar"), ("pt", "Pausa", "Pausar")):
        with speaking(code):
            assert (language.p_("noun", "Pause"), _("Pause")) == (noun, verb)
