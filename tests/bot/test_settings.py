"""Settings: read from the right place, and a bad value told in one sentence that names the variable."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot import settings
from bot.settings import BadSetting
from storage.vault import new_key, parse_key

TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz-_01234"
KEY = new_key()


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_any_variable_there_is_a_default_for_everything_but_the_token() -> None:
    found = settings.load(None)
    assert found.token == ""
    assert found.telegram_api_url == "https://api.telegram.org"
    assert found.database_path == settings.FOLDER / "data" / "veritap.db"
    assert found.key_path == settings.FOLDER / "data" / "veritap.key"
    assert found.listen == ("127.0.0.1", 8080)
    assert found.log_format == "text"


def test_the_environment_wins_over_the_file_and_an_empty_line_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    file.write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nLOG_FORMAT=json\nWEBHOOK_URL=\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("LOG_FORMAT", "text")
    found = settings.load(file)
    assert found.token == TOKEN
    assert found.log_format == "text"
    assert found.webhook_url == ""


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TELEGRAM_BOT_TOKEN", "my token", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", "123456789", "@BotFather"),
        ("TELEGRAM_API_URL", "api.telegram.org", "https://api.telegram.org"),
        ("TELEGRAM_API_URL", "ftp://x", "https://api.telegram.org"),
        ("DATABASE_URL", "data/veritap.db", "sqlite:///data/veritap.db"),
        ("DATABASE_URL", "sqlite:///:memory:", "does not name a database file"),
        ("DATABASE_URL", "sqlite:///", "does not name a database file"),
        ("DATABASE_URL", "postgresql://user:word@host/name", "cannot use yet"),
        ("VERITAP_KEY", "secret", "32 bytes"),
        ("WEBHOOK_URL", "http://example.org/hook", "https://"),
        ("WEBHOOK_SECRET", "with space", "A-Z a-z 0-9 _ -"),
        ("WEB_LISTEN", "8080", "127.0.0.1:8080"),
        ("WEB_LISTEN", "127.0.0.1:99999", "127.0.0.1:8080"),
        ("WEB_LISTEN", "http://x:80", "127.0.0.1:8080"),
        ("LOG_FORMAT", "xml", "json (for machines)"),
    ],
)
def test_a_bad_value_is_told_with_its_variable_and_what_to_write(
    name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as caught:
        settings.load(None)
    sentence = str(caught.value)
    assert sentence.startswith(f"{name} ")
    assert words in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    if name in ("VERITAP_KEY", "WEBHOOK_SECRET") or "user:word" in value:
        assert value not in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_LISTEN", "[::1]:8080"),
        ("WEB_LISTEN", "localhost:0"),
        ("WEB_LISTEN", "0.0.0.0:80"),
        ("DATABASE_URL", "sqlite:////var/lib/veritap/x.db"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/"),
        ("WEBHOOK_URL", "https://example.org/hook"),
        ("VERITAP_KEY", KEY),
    ],
)
def test_good_values_are_taken(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    found = settings.load(None)
    assert not found.telegram_api_url.endswith("/")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"LOG_FORMAT=\xff\xfe")
    with pytest.raises(BadSetting, match="UTF-8"):
        settings.load(file)


def test_secrets_do_not_show(tmp_path: Path) -> None:
    found = settings.load(None, telegram_bot_token=TOKEN, veritap_key=KEY, webhook_secret="hidden_word")
    for secret in (TOKEN, KEY, "hidden_word"):
        assert secret not in f"{found!r} {found}"


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    found = settings.load(None, database_url=f"sqlite:///{tmp_path}/deep/veritap.db")
    key = found.key()
    assert len(parse_key(key)) == 32
    assert found.key() == key
    assert found.key_path == tmp_path / "deep" / "veritap.key"
    if os.name == "posix":
        assert stat.S_IMODE(found.key_path.stat().st_mode) == 0o600


def test_a_key_from_outside_is_not_written_anywhere(tmp_path: Path) -> None:
    found = settings.load(None, database_url=f"sqlite:///{tmp_path}/veritap.db", veritap_key=KEY)
    assert found.key() == KEY
    assert list(tmp_path.iterdir()) == []


def test_a_database_whose_key_is_gone_gets_no_fresh_one(tmp_path: Path) -> None:
    found = settings.load(None, database_url=f"sqlite:///{tmp_path}/veritap.db")
    (tmp_path / "veritap.db").write_bytes(b"not empty")
    with pytest.raises(BadSetting, match="put the key file back"):
        found.key()
    assert not found.key_path.exists()


def test_a_spoilt_key_file_is_told(tmp_path: Path) -> None:
    found = settings.load(None, database_url=f"sqlite:///{tmp_path}/veritap.db")
    found.key_path.write_text("not a key")
    with pytest.raises(BadSetting, match="does not hold a key"):
        found.key()
