"""Checks of keyboards: what may be a button, how many, and what Telegram says otherwise. No drawing."""

from typing import Any

from sandbox.errors import ApiError, bad_request
from sandbox.models import Json, words

ROW_LIMIT = 8
BUTTONS_LIMIT = 100
CALLBACK_DATA_LIMIT_BYTES = 64
COPY_TEXT_LIMIT = 256
PLACEHOLDER_LIMIT = 64
STYLES = frozenset({"danger", "success", "primary"})
ACTIONS = words(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay disabled"
)
URL_SCHEMES = ("http://", "https://", "tg://")


def _cannot_parse(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def check_inline(markup: Json) -> Json | None:
    """Return an inline keyboard as Telegram keeps it, None for an empty one; 400 for one not allowed."""
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    kept = [[_check_button(button) for button in row] for row in rows if row]
    if any(len(row) > ROW_LIMIT for row in kept):
        raise bad_request("REPLY_MARKUP_INVALID")
    if sum(map(len, kept)) > BUTTONS_LIMIT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": kept} if kept else None


def _check_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _cannot_parse("expected an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _cannot_parse('Can\'t find field "text"')
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID" if text else "inline keyboard button text must be non-empty")
    actions = [name for name in button if name in ACTIONS]
    if not actions:
        raise _cannot_parse("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _cannot_parse("exactly one of the optional fields must be used")
    if "style" in button and button["style"] not in STYLES:
        raise _cannot_parse("invalid button style specified")
    _check_action(actions[0], button[actions[0]])
    return dict(button)


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data":
        if not isinstance(value, str):
            raise _cannot_parse('Field "callback_data" must be of type String')
        if not 1 <= len(value.encode("utf-8", "surrogatepass")) <= CALLBACK_DATA_LIMIT_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif action == "url":
        if not isinstance(value, str) or not value.startswith(URL_SCHEMES) or " " in value:
            raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    elif action == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= COPY_TEXT_LIMIT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def check_any(markup: Json) -> tuple[Json | None, Json | None]:
    """Return the inline keyboard, or the interface put in place of the person's keyboard; 400 for neither."""
    if "inline_keyboard" in markup:
        return check_inline(markup), None
    if "keyboard" in markup:
        return None, _check_reply_keyboard(markup)
    if markup.get("remove_keyboard") is True or markup.get("force_reply") is True:
        _check_placeholder(markup)
        return None, markup
    if not markup:
        return None, None
    raise bad_request("object expected as reply markup")


def _check_reply_keyboard(markup: Json) -> Json:
    rows = markup["keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays')
    for row in rows:
        for button in row:
            text = button.get("text") if isinstance(button, dict) else button
            if not isinstance(text, str) or not text.strip():
                raise bad_request("keyboard button text must be non-empty")
    _check_placeholder(markup)
    return markup


def _check_placeholder(markup: Json) -> None:
    placeholder = markup.get("input_field_placeholder", "")
    if not isinstance(placeholder, str) or len(placeholder) > PLACEHOLDER_LIMIT:
        raise bad_request("REPLY_MARKUP_PLACEHOLDER_INVALID")
