"""The settings: every variable that Veritap reads, from the environment or `.env`, checked before it starts.

A bad value is told in one sentence that names the variable, what is wrong and what to write. Nothing else in
the house reads the environment.
"""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage import vault
from storage.errors import WrongKey

_HERE = Path(__file__).resolve().parents[1]
FOLDER = _HERE if (_HERE / "pyproject.toml").exists() else Path.cwd()
"""The project's folder: where `.env` is looked for and where relative paths start."""

TELEGRAM = "https://api.telegram.org"
DATABASE = "sqlite:///data/veritap.db"
LISTEN = "127.0.0.1:8080"
TOKEN_FORM = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{8,}")
SECRET_FORM = re.compile(r"[A-Za-z0-9_-]{1,256}")
PORT_MAX = 65535


class BadSetting(Exception):
    """A variable holds something that cannot be used; the text is for the person who wrote it."""


class Settings(BaseSettings):
    """What the bot is told from outside. A field is the variable of the same name in capitals."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = TELEGRAM
    database_url: str = DATABASE
    veritap_key: SecretStr | None = None
    webhook_url: str = ""
    webhook_secret: SecretStr | None = None
    web_listen: str = LISTEN
    log_format: str = Field(default="text")

    @field_validator("telegram_bot_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not TOKEN_FORM.fullmatch(value.get_secret_value()):
            raise ValueError(
                "does not look like a bot token (123456789:AAE…); copy the one that @BotFather gave you"
            )
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname:
            raise ValueError(f"is not a web address; write {TELEGRAM}, or that of your own Bot API server")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        if value.startswith(("postgres://", "postgresql://")):
            raise ValueError(f"names PostgreSQL, which this version cannot use yet; write {DATABASE}")
        if not re.match(r"sqlite:///.", value) or ":memory:" in value or value.endswith("/"):
            raise ValueError(
                f"does not name a database file; write {DATABASE}, or sqlite:////an/absolute/path.db"
            )
        return value

    @field_validator("veritap_key")
    @classmethod
    def _key(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            if value is not None:
                vault.parse_key(value.get_secret_value())
        except WrongKey as error:
            raise ValueError(
                "is not a key: 32 bytes in URL-safe base64 are needed; leave it out and one is made for you"
            ) from error
        return value

    @field_validator("webhook_url")
    @classmethod
    def _webhook_url(cls, value: str) -> str:
        if value and (urlsplit(value).scheme != "https" or not urlsplit(value).hostname):
            raise ValueError(
                "is not an https:// address; write the one that Telegram shall call, or leave it empty"
            )
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not SECRET_FORM.fullmatch(value.get_secret_value()):
            raise ValueError(
                "may hold 1 to 256 of A-Z a-z 0-9 _ - only; leave it out and one is made at each start"
            )
        return value

    @field_validator("web_listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not _is_host(host) or not port.isascii() or not port.isdigit() or int(port) > PORT_MAX:
            raise ValueError(
                f"is not an address and a port; write {LISTEN}, or 0.0.0.0:8080 to listen everywhere"
            )
        return value

    @field_validator("log_format")
    @classmethod
    def _format(cls, value: str) -> str:
        if value not in ("text", "json"):
            raise ValueError("must be text (for people) or json (for machines)")
        return value

    @property
    def token(self) -> str:
        """The bot's token in the clear; empty when there is none."""
        return self.telegram_bot_token.get_secret_value() if self.telegram_bot_token else ""

    @property
    def database_path(self) -> Path:
        """The database file."""
        return FOLDER / unquote(self.database_url.removeprefix("sqlite:///"))

    @property
    def key_path(self) -> Path:
        """Where the key is kept when VERITAP_KEY does not give it: beside the database, never in it."""
        return self.database_path.with_suffix(".key")

    @property
    def listen(self) -> tuple[str, int]:
        """The address and port of the web server; port 0 takes any free one."""
        host, _, port = self.web_listen.rpartition(":")
        return host.strip("[]"), int(port)

    def key(self) -> str:
        """Give the key to personal data; on first run it is made and kept in a file for its owner only.

        Raises BadSetting when a database is there but its key is gone: a fresh key could not open it.
        """
        if self.veritap_key is not None:
            return self.veritap_key.get_secret_value()
        if self.key_path.exists():
            return _read_key(self.key_path)
        if self.database_path.exists() and self.database_path.stat().st_size > 0:
            raise BadSetting(
                f"VERITAP_KEY is not set and {self.key_path} is missing, but {self.database_path.name} was "
                "made with a key; put the key file back, or set VERITAP_KEY to that key."
            )
        return _make_key(self.key_path)


def _is_host(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", text) is not None
    return True


def _read_key(path: Path) -> str:
    text = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        vault.parse_key(text)
    except WrongKey as error:
        raise BadSetting(
            f"{path} does not hold a key any more; put the right file back, or set VERITAP_KEY."
        ) from error
    return text


def _make_key(path: Path) -> str:
    text = vault.new_key()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Refused when the file came to be meanwhile: a key must never be overwritten.
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return _read_key(path)
    except OSError as error:
        raise BadSetting(
            f"VERITAP_KEY is not set and a new key cannot be kept in {path} ({error.strerror}); make that "
            "folder writable, or set VERITAP_KEY."
        ) from error
    return text


def load(env_file: Path | None = FOLDER / ".env", **given: Any) -> Settings:
    """Read the settings. Values given here win over the environment, and that wins over the file.

    Raises BadSetting.
    """
    try:
        return Settings(_env_file=env_file, _env_file_encoding="utf-8", **given)
    except ValidationError as error:
        raise BadSetting(" ".join(_sentence(dict(trouble)) for trouble in error.errors())) from None
    except UnicodeDecodeError:
        raise BadSetting(f"{env_file} is not UTF-8 text; save it as plain text in UTF-8.") from None
    except OSError as error:
        raise BadSetting(f"{env_file} cannot be read ({error.strerror}); make it a readable file.") from None


def _sentence(trouble: dict[str, Any]) -> str:
    name = str(trouble["loc"][0]).upper() if trouble["loc"] else "The settings"
    return f"{name} {str(trouble['msg']).removeprefix('Value error, ')}."
