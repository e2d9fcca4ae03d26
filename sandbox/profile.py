"""What the bot says about itself: commands by scope and language, name, descriptions, menu button."""

import re

from sandbox.errors import bad_request
from sandbox.models import Json, Person

COMMANDS_LIMIT = 100
COMMAND_PATTERN = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_DESCRIPTION_LIMIT = 256
NAME_LIMIT = 64
DESCRIPTION_LIMIT = 512
SHORT_DESCRIPTION_LIMIT = 120
LANGUAGE_PATTERN = re.compile(r"[a-z]{2}")

SCOPES_OF_CHATS = frozenset({"chat", "chat_administrators", "chat_member"})
SCOPES = SCOPES_OF_CHATS | {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}

ScopeKey = tuple[str, int, int]


class Profile:
    """Keep what the bot has set about itself, each in its languages."""

    def __init__(self, bot_name: str) -> None:
        self.commands: dict[tuple[ScopeKey, str], list[Json]] = {}
        self.names: dict[str, str] = {"": bot_name}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.menu_buttons: dict[int, Json] = {}

    def commands_for(self, person: Person) -> list[Json]:
        """Return the commands this person's menu shows: the narrowest scope wins, then their language."""
        scopes: list[ScopeKey] = [("chat", person.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
        for scope in scopes:
            for language in (person.language_code[:2], ""):
                commands = self.commands.get((scope, language))
                if commands:
                    return commands
        return []

    def menu_button_for(self, person: Person) -> Json:
        """Return the menu button in this person's chat."""
        return self.menu_buttons.get(person.id) or self.menu_buttons.get(0) or {"type": "commands"}

    def shown_to(self, person: Person) -> Json:
        """Return name and descriptions in this person's language."""
        language = person.language_code[:2]
        return {
            "name": _in_language(self.names, language),
            "description": _in_language(self.descriptions, language),
            "short_description": _in_language(self.short_descriptions, language),
        }


def _in_language(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("", "")


def check_commands(commands: list[object]) -> list[Json]:
    """Return the commands as Telegram keeps them; 400 where one is not allowed."""
    if len(commands) > COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_check_command(command) for command in commands]


def _check_command(command: object) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = command.get("command"), command.get("description")
    if not isinstance(name, str) or not COMMAND_PATTERN.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 1 <= len(description.strip()) <= COMMAND_DESCRIPTION_LIMIT:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description.strip()}


def check_language(language: str) -> str:
    """Return the language code; 400 unless it is empty or two letters."""
    if language and not LANGUAGE_PATTERN.fullmatch(language):
        raise bad_request("LANG_CODE_INVALID")
    return language
