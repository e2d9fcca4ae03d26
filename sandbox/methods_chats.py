"""The methods about taps and chats: answers, actions, reactions, forwards, copies, pins, drafts."""

from sandbox.content import (
    BUSINESS,
    CAPTION,
    EFFECTS,
    QUIET,
    SENDING,
    TOPIC,
    caption_content,
    known_chat,
    open_chat,
    place,
    text_content,
)
from sandbox.errors import bad_request
from sandbox.models import CallbackAnswer, Json, Message, words
from sandbox.parameters import ARRAY, BOOLEAN, CHAT, INTEGER, STRING, Values, method
from sandbox.world import World

ANSWER_LIMIT = 200
# Past this the person's app has given up on the tap. Telegram names no figure; taps themselves live 150 s.
ANSWER_WITHIN_MS = 150_000
TYPING_MS = 5_000
ACTIONS = words(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note"
)
REACTIONS = words(
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 "
    "🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 "
    "😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 "
    "🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
# What a copy takes along; a forward takes everything but the keyboard.
CONTENT_FIELDS = words("text entities link_preview_options rich_message photo document sticker voice")
CAPTION_FIELDS = words("caption caption_entities")


@method(
    "answerCallbackQuery",
    {"callback_query_id": STRING},
    {"text": STRING, "show_alert": BOOLEAN, "url": STRING, "cache_time": INTEGER},
)
def answer_callback_query(world: World, values: Values) -> bool:
    """Answer a tap, once and in time."""
    query_id = values["callback_query_id"]
    query = world.queries.get(query_id)
    now_ms = world.clock.now_ms()
    if query is None or query.answered or now_ms - query.at_ms > ANSWER_WITHIN_MS:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = values.get("text", "")
    if len(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    url = values.get("url")
    if url is not None and not url.startswith(("https://t.me/", "tg://")):
        raise bad_request("URL_INVALID")
    answer = CallbackAnswer(text, values.get("show_alert", False), url, now_ms)
    world.answer_query(query_id, query, answer)
    return True


@method("sendChatAction", {"chat_id": CHAT, "action": STRING}, {**BUSINESS, "message_thread_id": INTEGER})
def send_chat_action(world: World, values: Values) -> bool:
    """Show for five seconds what the bot is doing."""
    chat = open_chat(world, values["chat_id"])
    if values["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.typing_until_ms = world.clock.now_ms() + TYPING_MS
    world.feed.tell(chat.person.id, "typing", typing=True, action=values["action"])
    return True


@method(
    "sendMessageDraft",
    {"chat_id": INTEGER, "draft_id": INTEGER},
    {"message_thread_id": INTEGER, "text": STRING, "parse_mode": STRING, "entities": ARRAY},
)
def send_message_draft(world: World, values: Values) -> bool:
    """Show a text that is still being written; the sandbox only checks it and shows typing."""
    if values.get("text"):
        text_content(values)
    chat = open_chat(world, values["chat_id"])
    if not values["draft_id"]:
        raise bad_request("draft identifier must be non-zero")
    chat.typing_until_ms = world.clock.now_ms() + TYPING_MS
    world.feed.tell(chat.person.id, "typing", typing=True, action="typing")
    return True


@method(
    "setMessageReaction", {"chat_id": CHAT, "message_id": INTEGER}, {"reaction": ARRAY, "is_big": BOOLEAN}
)
def set_message_reaction(world: World, values: Values) -> bool:
    """Put the bot's one emoji on a message, or take it away."""
    chat = open_chat(world, values["chat_id"])
    message = chat.messages.get(values["message_id"])
    if message is None:
        raise bad_request("message to react not found")
    reactions = [_emoji(reaction) for reaction in values.get("reaction", [])]
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    message.reactions = reactions
    world.redraw(chat, message)
    return True


def _emoji(reaction: object) -> str:
    if not isinstance(reaction, dict) or reaction.get("type") != "emoji":
        raise bad_request("REACTION_INVALID")
    emoji = reaction.get("emoji")
    if emoji not in REACTIONS:
        raise bad_request("REACTION_INVALID")
    return str(emoji)


@method(
    "forwardMessage",
    {"chat_id": CHAT, "from_chat_id": CHAT, "message_id": INTEGER},
    {**TOPIC, **QUIET, **EFFECTS, "video_start_timestamp": INTEGER},
    sends=True,
)
def forward_message(world: World, values: Values) -> Json:
    """Send a message on, with the name of whoever wrote it."""
    message = _source(world, values, "forward")
    chat = open_chat(world, values["chat_id"])
    content = {name: value for name, value in message.raw.items() if name in CONTENT_FIELDS | CAPTION_FIELDS}
    origin = {"type": "user", "date": message.raw["date"], "sender_user": message.raw["from"]}
    return place(world, chat, {"forward_origin": origin, **content}, values).raw


@method(
    "copyMessage",
    {"chat_id": CHAT, "from_chat_id": CHAT, "message_id": INTEGER},
    {**CAPTION, **SENDING, "video_start_timestamp": INTEGER, "show_caption_above_media": BOOLEAN},
    sends=True,
)
def copy_message(world: World, values: Values) -> Json:
    """Send the same content again as the bot's own."""
    message = _source(world, values, "copy")
    chat = open_chat(world, values["chat_id"])
    content = {name: message.raw[name] for name in CONTENT_FIELDS if name in message.raw}
    if "caption" in values:
        content |= caption_content(values)
    else:
        content |= {name: message.raw[name] for name in CAPTION_FIELDS if name in message.raw}
    return {"message_id": place(world, chat, content, values).message_id}


def _source(world: World, values: Values, verb: str) -> Message:
    message = known_chat(world, values["from_chat_id"]).messages.get(values["message_id"])
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.raw.get("has_protected_content"):
        raise bad_request(f"message can't be {'forwarded' if verb == 'forward' else 'copied'}")
    return message


@method(
    "pinChatMessage", {"chat_id": CHAT, "message_id": INTEGER}, {**BUSINESS, "disable_notification": BOOLEAN}
)
def pin_chat_message(world: World, values: Values) -> bool:
    """Pin a message at the top of the chat."""
    chat = open_chat(world, values["chat_id"])
    message_id = values["message_id"]
    if message_id not in chat.messages:
        raise bad_request("message to pin not found")
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    chat.pinned.append(message_id)
    return True


@method("unpinChatMessage", {"chat_id": CHAT}, {**BUSINESS, "message_id": INTEGER})
def unpin_chat_message(world: World, values: Values) -> bool:
    """Unpin a message, the newest pinned one if none is named."""
    chat = open_chat(world, values["chat_id"])
    message_id = values.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    return True


@method("getChat", {"chat_id": CHAT})
def get_chat(world: World, values: Values) -> Json:
    """Tell about a person's chat."""
    chat = known_chat(world, values["chat_id"])
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    info: Json = {
        **chat.person.chat,
        "accent_color_id": chat.person.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, True),
    }
    if chat.pinned and chat.pinned[-1] in chat.messages:
        info["pinned_message"] = chat.messages[chat.pinned[-1]].raw
    return info
