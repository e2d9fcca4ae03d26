"""A screen: text with a keyboard, as a pure value. Views make screens; the chat context sends them. Nothing here talks to Telegram."""

from __future__ import annotations

import dataclasses
from typing import Any

from rules import rich
from rules.text import Text

CALLBACK_BYTES_MAX = 64


@dataclasses.dataclass(frozen=True, slots=True)
class Button:
    """An inline button. `data` comes back when it is tapped; `url` opens a page; `style`: "", primary, success or danger."""

    label: str
    data: str = ""
    url: str = ""
    style: str = ""

    def payload(self) -> dict[str, Any]:
        """Give it as the Bot API wants it."""
        if len(self.data.encode()) > CALLBACK_BYTES_MAX:
            raise ValueError(f"callback data is longer than {CALLBACK_BYTES_MAX} bytes: {self.data}")
        target = {"url": self.url} if self.url else {"callback_data": self.data}
        return {"text": self.label, **target, **({"style": self.style} if self.style else {})}


Rows = list[list[Button]]


@dataclasses.dataclass(frozen=True, slots=True)
class Screen:
    """One message: what it says and the rows of buttons under it.

    `replaces`: a notice goes in the place of that message. `rich`: the whole message as HTML made by `rules.rich`, for servers that
    take it; the text says the same for those that do not. `rich_rows`: the buttons of the rich form where they are others.
    """

    text: Text
    rows: Rows = dataclasses.field(default_factory=list)
    silent: bool = False
    replaces: int | None = None
    rich: str = ""
    rich_rows: Rows | None = None

    def payload(self) -> dict[str, Any]:
        """Give the parameters that sendMessage and editMessageText share."""
        text, entities = self.text.render()
        payload: dict[str, Any] = {
            "text": text,
            "link_preview_options": {"is_disabled": True},
            "reply_markup": _keyboard(self.rows),
        }
        if entities:
            payload["entities"] = entities
        return payload

    def rich_payload(self) -> dict[str, Any]:
        """Give the parameters that sendRichMessage and editMessageText share; only for a screen that has a rich form."""
        if not self.rich:
            raise ValueError("this screen has no rich form")
        # Addresses, mentions and commands in an item are its text, not links to tap.
        message: dict[str, Any] = {"html": self.rich, "skip_entity_detection": True}
        if rich.reads_right_to_left(self.rich):
            message["is_rtl"] = True
        rows = self.rows if self.rich_rows is None else self.rich_rows
        return {"rich_message": message, "reply_markup": _keyboard(rows)}


def _keyboard(rows: Rows) -> dict[str, Any]:
    return {"inline_keyboard": [[button.payload() for button in row] for row in rows if row]}


def grid(buttons: list[Button], per_row: int) -> Rows:
    """Lay buttons out in rows of the same length."""
    return [buttons[start : start + per_row] for start in range(0, len(buttons), per_row)]
