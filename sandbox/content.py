"""What sends have in common: the chat, the text, the keyboard, the message answered. No method of its own."""

from sandbox.entities import format_text, length_utf16
from sandbox.errors import bad_request, blocked_by_user
from sandbox.keyboards import check_any, check_inline
from sandbox.models import Chat, Json, Message
from sandbox.parameters import ARRAY, BOOLEAN, INTEGER, OBJECT, STRING, Kind, Values
from sandbox.personal import CAPTION_LIMIT, TEXT_LIMIT
from sandbox.world import World

TOPIC: dict[str, Kind] = {"message_thread_id": INTEGER, "direct_messages_topic_id": INTEGER}
QUIET: dict[str, Kind] = {"disable_notification": BOOLEAN, "protect_content": BOOLEAN}
BUSINESS: dict[str, Kind] = {"business_connection_id": STRING}
EFFECTS: dict[str, Kind] = {"message_effect_id": STRING, "suggested_post_parameters": OBJECT}
# What any message may be sent with.
SENDING: dict[str, Kind] = {
    **TOPIC,
    **QUIET,
    **EFFECTS,
    "allow_paid_broadcast": BOOLEAN,
    "reply_parameters": OBJECT,
    "reply_markup": OBJECT,
}
FORMATTING: dict[str, Kind] = {"parse_mode": STRING, "entities": ARRAY, "link_preview_options": OBJECT}
CAPTION: dict[str, Kind] = {"caption": STRING, "parse_mode": STRING, "caption_entities": ARRAY}
PLACE: dict[str, Kind] = {"message_id": INTEGER, "inline_message_id": STRING}


def known_chat(world: World, chat_id: int | str) -> Chat:
    """Return the chat with somebody who has written to the bot; 400 otherwise."""
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None or not chat.person.started:
        raise bad_request("chat not found")
    return chat


def open_chat(world: World, chat_id: int | str) -> Chat:
    """Return a chat that the bot may write to; 403 where it is blocked."""
    chat = known_chat(world, chat_id)
    if chat.person.blocked:
        raise blocked_by_user()
    return chat


def text_content(values: Values) -> Json:
    """Return the `text` and `entities` that a call asks for; 400 where Telegram would not show them."""
    if not values.get("text"):
        raise bad_request("message text is empty")
    text, entities = format_text(values["text"], values.get("parse_mode"), values.get("entities"))
    if not text:
        raise bad_request("text must be non-empty")
    if length_utf16(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    if "link_preview_options" in values:
        content["link_preview_options"] = values["link_preview_options"]
    return content


def caption_content(values: Values) -> Json:
    """Return the `caption` and `caption_entities` that a call asks for, if any."""
    given = values.get("caption")
    if not given:
        return {}
    caption, entities = format_text(given, values.get("parse_mode"), values.get("caption_entities"))
    if length_utf16(caption) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    content: Json = {"caption": caption} if caption else {}
    if caption and entities:
        content["caption_entities"] = entities
    return content


def inline_markup(values: Values) -> Json:
    """Return the inline keyboard of an edit as a field of the message, or nothing."""
    given = values.get("reply_markup")
    if given is None or given == {}:
        return {}
    markup = check_inline(given)
    return {"reply_markup": markup} if markup is not None else {}


def place(world: World, chat: Chat, content: Json, values: Values) -> Message:
    """Put the content into the chat with the keyboard, reply and protection that the call asks for."""
    markup, interface = check_any(values.get("reply_markup") or {})
    if "reply_parameters" in values:
        content = {**_reply(chat, values["reply_parameters"]), **content}
    if markup is not None:
        content["reply_markup"] = markup
    if values.get("protect_content"):
        content["has_protected_content"] = True
    return world.bot_writes(chat, content, interface)


def _reply(chat: Chat, parameters: Json) -> Json:
    message_id = parameters.get("message_id")
    if not isinstance(message_id, int):
        raise bad_request("can't parse reply parameters: Can't find field \"message_id\"")
    message = chat.messages.get(message_id)
    if message is None:
        if parameters.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": message.as_answered()}


def own_message(world: World, values: Values) -> tuple[Chat, Message]:
    """Return the message that an edit is about; 400 unless the bot wrote it and it is there."""
    if "inline_message_id" in values:
        raise bad_request("MESSAGE_ID_INVALID")
    if "chat_id" not in values:
        raise bad_request("chat_id is empty")
    if "message_id" not in values:
        raise bad_request("message identifier is not specified")
    chat = open_chat(world, values["chat_id"])
    message = chat.messages.get(values["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.outgoing:
        raise bad_request("message can't be edited")
    return chat, message
