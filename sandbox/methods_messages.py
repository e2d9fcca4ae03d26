"""The methods that write, edit and delete text messages."""

from sandbox.content import (
    BUSINESS,
    CAPTION,
    FORMATTING,
    PLACE,
    SENDING,
    caption_content,
    inline_markup,
    known_chat,
    open_chat,
    own_message,
    place,
    text_content,
)
from sandbox.errors import bad_request
from sandbox.models import Chat, Json, Message
from sandbox.parameters import ARRAY, BOOLEAN, CHAT, INTEGER, OBJECT, STRING, Values, method
from sandbox.rich import rich_content
from sandbox.world import World

DELETABLE_MS = 48 * 3600 * 1000
DELETED_AT_ONCE_LIMIT = 100
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
# An edit replaces these whole, and what it does not give is gone.
TEXT_FIELDS = ("text", "entities", "rich_message", "link_preview_options", "reply_markup", "edit_date")
CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media", "reply_markup", "edit_date")
KEYBOARD_FIELDS = ("reply_markup", "edit_date")
# A change of these alone does not count as a change.
NOT_COMPARED = frozenset({"edit_date", "link_preview_options"})


@method("sendMessage", {"chat_id": CHAT, "text": STRING}, {**BUSINESS, **FORMATTING, **SENDING}, sends=True)
def send_message(world: World, values: Values) -> Json:
    """Send a text."""
    content = text_content(values)
    return place(world, open_chat(world, values["chat_id"]), content, values).raw


@method(
    "sendRichMessage",
    {"chat_id": CHAT, "rich_message": OBJECT},
    {**BUSINESS, **SENDING},
    sends=True,
)
def send_rich_message(world: World, values: Values) -> Json:
    """Send a rich text: headings, tables, formulas."""
    content = rich_content(values["rich_message"])
    return place(world, open_chat(world, values["chat_id"]), content, values).raw


@method(
    "editMessageText",
    optional={**BUSINESS, "chat_id": CHAT, **PLACE, "text": STRING, **FORMATTING}
    | {"rich_message": OBJECT, "reply_markup": OBJECT},
)
def edit_message_text(world: World, values: Values) -> Json:
    """Replace a text or a rich text, and the keyboard with it."""
    rich = values.get("rich_message")
    content = rich_content(rich) if rich is not None else text_content(values)
    chat, message = own_message(world, values)
    if "text" not in message.raw and "rich_message" not in message.raw:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, chat, message, content | inline_markup(values), TEXT_FIELDS)


@method(
    "editMessageCaption",
    optional={**BUSINESS, "chat_id": CHAT, **PLACE, **CAPTION}
    | {"show_caption_above_media": BOOLEAN, "reply_markup": OBJECT},
)
def edit_message_caption(world: World, values: Values) -> Json:
    """Replace the words under a photo or a document, and the keyboard with them."""
    content = caption_content(values)
    chat, message = own_message(world, values)
    if "photo" not in message.raw and "document" not in message.raw:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, chat, message, content | inline_markup(values), CAPTION_FIELDS)


@method("editMessageReplyMarkup", optional={**BUSINESS, "chat_id": CHAT, **PLACE, "reply_markup": OBJECT})
def edit_message_reply_markup(world: World, values: Values) -> Json:
    """Replace the keyboard alone, or take it away."""
    chat, message = own_message(world, values)
    return _edit(world, chat, message, inline_markup(values), KEYBOARD_FIELDS)


def _edit(world: World, chat: Chat, message: Message, content: Json, replaced: tuple[str, ...]) -> Json:
    old = message.raw
    if all(old.get(name) == content.get(name) for name in replaced if name not in NOT_COMPARED):
        raise bad_request(NOT_MODIFIED)
    kept = {name: value for name, value in old.items() if name not in replaced}
    world.replace(chat, message, kept | content)
    return message.raw


@method("deleteMessage", {"chat_id": CHAT, "message_id": INTEGER})
def delete_message(world: World, values: Values) -> bool:
    """Take a message, the bot's or the person's, out of the chat for up to 48 hours."""
    chat = known_chat(world, values["chat_id"])
    message = chat.messages.get(values["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if not _deletable(world, message):
        raise bad_request("message can't be deleted for everyone")
    world.delete_message(chat, message.message_id)
    return True


@method("deleteMessages", {"chat_id": CHAT, "message_ids": ARRAY})
def delete_messages(world: World, values: Values) -> bool:
    """Take many messages out, those that are not there passed over; one that is too old spares them all."""
    chat = known_chat(world, values["chat_id"])
    message_ids = values["message_ids"]
    if not message_ids:
        raise bad_request("message identifiers are not specified")
    if len(message_ids) > DELETED_AT_ONCE_LIMIT:
        raise bad_request("too many message identifiers specified")
    present = [chat.messages[one] for one in dict.fromkeys(message_ids) if one in chat.messages]
    if not all(_deletable(world, message) for message in present):
        raise bad_request("message can't be deleted for everyone")
    for message in present:
        world.delete_message(chat, message.message_id)
    return True


def _deletable(world: World, message: Message) -> bool:
    return world.clock.now_ms() - message.sent_ms < DELETABLE_MS
