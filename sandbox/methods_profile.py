"""The methods by which the bot says what it is: commands, name, descriptions, menu button."""

from sandbox.content import known_chat
from sandbox.errors import bad_request
from sandbox.models import Json
from sandbox.parameters import ARRAY, INTEGER, OBJECT, STRING, Values, method
from sandbox.profile import (
    DESCRIPTION_LIMIT,
    NAME_LIMIT,
    SCOPES,
    SCOPES_OF_CHATS,
    SHORT_DESCRIPTION_LIMIT,
    ScopeKey,
    check_commands,
    check_language,
)
from sandbox.world import World

IN_A_LANGUAGE = {"language_code": STRING}
SCOPED = {"scope": OBJECT, **IN_A_LANGUAGE}
MENU_BUTTONS = frozenset({"commands", "web_app", "default"})


@method("getMe")
def get_me(world: World, values: Values) -> Json:
    """Tell who the bot is."""
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("setMyCommands", {"commands": ARRAY}, SCOPED)
def set_my_commands(world: World, values: Values) -> bool:
    """Set the commands of a scope in a language."""
    key = (_scope(world, values), check_language(values.get("language_code", "")))
    world.profile.commands[key] = check_commands(values["commands"])
    world.commands_changed()
    return True


@method("getMyCommands", optional=SCOPED)
def get_my_commands(world: World, values: Values) -> list[Json]:
    """Return what was set for exactly this scope and language."""
    key = (_scope(world, values), check_language(values.get("language_code", "")))
    return world.profile.commands.get(key, [])


@method("deleteMyCommands", optional=SCOPED)
def delete_my_commands(world: World, values: Values) -> bool:
    """Forget the commands of a scope in a language, so that the next wider ones show."""
    key = (_scope(world, values), check_language(values.get("language_code", "")))
    world.profile.commands.pop(key, None)
    world.commands_changed()
    return True


def _scope(world: World, values: Values) -> ScopeKey:
    scope = values.get("scope") or {"type": "default"}
    kind = scope.get("type")
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if kind not in SCOPES_OF_CHATS:
        return kind, 0, 0
    chat_id = scope.get("chat_id")
    if isinstance(chat_id, str) and chat_id.lstrip("-").isdigit():
        chat_id = int(chat_id)
    person = known_chat(world, chat_id).person if chat_id is not None else None
    if person is None:
        raise bad_request("chat_id is empty")
    if kind != "chat":
        raise bad_request("can't use specified scope in private chats")
    return kind, person.id, 0


@method("setMyName", optional={"name": STRING, **IN_A_LANGUAGE})
def set_my_name(world: World, values: Values) -> bool:
    """Set the bot's name in a language."""
    return _set(world.profile.names, values, "name", NAME_LIMIT)


@method("getMyName", optional=IN_A_LANGUAGE)
def get_my_name(world: World, values: Values) -> Json:
    """Return the bot's name in a language."""
    return {"name": _get(world.profile.names, values)}


@method("setMyDescription", optional={"description": STRING, **IN_A_LANGUAGE})
def set_my_description(world: World, values: Values) -> bool:
    """Set what an empty chat shows."""
    return _set(world.profile.descriptions, values, "description", DESCRIPTION_LIMIT)


@method("getMyDescription", optional=IN_A_LANGUAGE)
def get_my_description(world: World, values: Values) -> Json:
    """Return what an empty chat shows."""
    return {"description": _get(world.profile.descriptions, values)}


@method("setMyShortDescription", optional={"short_description": STRING, **IN_A_LANGUAGE})
def set_my_short_description(world: World, values: Values) -> bool:
    """Set what the bot's profile shows."""
    return _set(world.profile.short_descriptions, values, "short_description", SHORT_DESCRIPTION_LIMIT)


@method("getMyShortDescription", optional=IN_A_LANGUAGE)
def get_my_short_description(world: World, values: Values) -> Json:
    """Return what the bot's profile shows."""
    return {"short_description": _get(world.profile.short_descriptions, values)}


def _set(texts: dict[str, str], values: Values, name: str, limit: int) -> bool:
    text = values.get(name, "")
    language = check_language(values.get("language_code", ""))
    if len(text) > limit:
        raise bad_request(f"BOT_{'TITLE' if name == 'name' else 'INFO'}_INVALID")
    if text:
        texts[language] = text
    elif name != "name" or language:
        texts.pop(language, None)
    return True


def _get(texts: dict[str, str], values: Values) -> str:
    language = check_language(values.get("language_code", ""))
    return texts.get(language) or texts.get("", "")


@method("setChatMenuButton", optional={"chat_id": INTEGER, "menu_button": OBJECT})
def set_chat_menu_button(world: World, values: Values) -> bool:
    """Set the button beside the input field, for one chat or for all."""
    button = values.get("menu_button") or {"type": "default"}
    if button.get("type") not in MENU_BUTTONS:
        raise bad_request("can't parse MenuButton: Unsupported type specified")
    if button["type"] == "web_app" and not (button.get("text") and button.get("web_app")):
        raise bad_request("can't parse MenuButton: Can't find field \"text\"")
    chat_id = known_chat(world, values["chat_id"]).person.id if "chat_id" in values else 0
    if button["type"] == "default":
        world.profile.menu_buttons.pop(chat_id, None)
    else:
        world.profile.menu_buttons[chat_id] = button
    return True


@method("getChatMenuButton", optional={"chat_id": INTEGER})
def get_chat_menu_button(world: World, values: Values) -> Json:
    """Return the button beside the input field."""
    chat_id = known_chat(world, values["chat_id"]).person.id if "chat_id" in values else 0
    return world.profile.menu_buttons.get(chat_id, {"type": "commands" if not chat_id else "default"})
