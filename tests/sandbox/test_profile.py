"""What the bot says about itself: commands by scope and language, names and descriptions, the menu button."""

from typing import Any

import pytest

from sandbox import Person, World
from tests.sandbox.api import Api


def commands(*names: str) -> list[dict[str, str]]:
    return [{"command": name, "description": f"Do {name}"} for name in names]


async def shown(api: Api, person: Person) -> list[str]:
    """Return the names of the commands in a person's menu."""
    return [command["command"] for command in (await api.sim("GET", "chat", person=person.id))["commands"]]


async def test_the_narrowest_scope_and_then_the_language_wins(api: Api, world: World, ann: Person) -> None:
    eva = world.add_person("Eva", language_code="de-AT")
    world.send_text(eva.id, "/start")
    await api.ok("setMyCommands", commands=commands("all"))
    await api.ok("setMyCommands", commands=commands("alle"), language_code="de")
    assert (await shown(api, ann), await shown(api, eva)) == (["all"], ["alle"])
    await api.ok("setMyCommands", commands=commands("private"), scope={"type": "all_private_chats"})
    assert (await shown(api, ann), await shown(api, eva)) == (["private"], ["private"])
    own = {"type": "chat", "chat_id": ann.id}
    await api.ok("setMyCommands", commands=commands("own", "more"), scope=own)
    assert (await shown(api, ann), await shown(api, eva)) == (["own", "more"], ["private"])
    assert await api.ok("getMyCommands", scope=own) == commands("own", "more")
    assert await api.ok("getMyCommands", language_code="de") == commands("alle")
    assert await api.ok("getMyCommands", scope=own, language_code="de") == []
    await api.ok("deleteMyCommands", scope=own)
    assert await shown(api, ann) == ["private"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (commands("Start"), "BOT_COMMAND_INVALID"),
        (commands("x" * 33), "BOT_COMMAND_INVALID"),
        (commands("/start"), "BOT_COMMAND_INVALID"),
        ([{"command": "a", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "a", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        (commands(*(f"c{number}" for number in range(101))), "BOT_COMMANDS_TOO_MUCH"),
        (["start"], "can't parse BotCommand: expected an Object"),
    ],
)
async def test_commands_that_are_refused(api: Api, given: list[Any], said: str) -> None:
    assert await api.refused("setMyCommands", commands=given) == f"Bad Request: {said}"
    assert await api.ok("getMyCommands") == []


async def test_a_hundred_commands_are_allowed(api: Api) -> None:
    assert await api.ok("setMyCommands", commands=commands(*(f"c{number}" for number in range(100))))


async def test_scopes_that_are_refused(api: Api, world: World) -> None:
    ben = world.add_person("Ben")
    given = {"commands": commands("a")}
    not_started = await api.refused("setMyCommands", **given, scope={"type": "chat", "chat_id": ben.id})
    assert not_started == "Bad Request: chat not found"
    unknown = await api.refused("setMyCommands", **given, scope={"type": "galaxy"})
    assert unknown == "Bad Request: can't parse BotCommandScope: Unsupported type specified"
    no_chat = await api.refused("setMyCommands", **given, scope={"type": "chat"})
    assert no_chat == "Bad Request: chat_id is empty"
    language = await api.refused("setMyCommands", **given, language_code="eng")
    assert language == "Bad Request: LANG_CODE_INVALID"


@pytest.mark.parametrize(
    ("what", "limit", "shown_as"),
    [
        ("Name", 64, "name"),
        ("Description", 512, "description"),
        ("ShortDescription", 120, "short_description"),
    ],
)
async def test_names_and_descriptions_have_languages_and_limits(
    api: Api, world: World, what: str, limit: int, shown_as: str
) -> None:
    eva = world.add_person("Eva", language_code="de")
    await api.ok(f"setMy{what}", **{shown_as: "x" * limit})
    await api.ok(f"setMy{what}", **{shown_as: "auf Deutsch", "language_code": "de"})
    assert await api.ok(f"getMy{what}") == {shown_as: "x" * limit}
    assert (await api.sim("GET", "chat", person=eva.id))["bot"][shown_as] == "auf Deutsch"
    await api.ok(f"setMy{what}", language_code="de")
    assert await api.ok(f"getMy{what}", language_code="de") == {shown_as: "x" * limit}
    assert (await api.refused(f"setMy{what}", **{shown_as: "x" * (limit + 1)})).startswith(
        "Bad Request: BOT_"
    )


async def test_the_menu_button_is_set_for_all_or_for_one(api: Api, ann: Person) -> None:
    async def button() -> Any:
        return (await api.sim("GET", "chat", person=ann.id))["menu_button"]

    assert await button() == {"type": "commands"}
    web_app = {"type": "web_app", "text": "Open", "web_app": {"url": "https://e.org"}}
    await api.ok("setChatMenuButton", menu_button=web_app)
    assert await button() == web_app
    await api.ok("setChatMenuButton", chat_id=ann.id, menu_button={"type": "commands"})
    assert await button() == {"type": "commands"}
    assert await api.ok("getChatMenuButton") == web_app
    await api.ok("setChatMenuButton", chat_id=ann.id)
    assert await api.ok("getChatMenuButton", chat_id=ann.id) == {"type": "default"}
    assert await button() == web_app
    for wrong in ({"type": "lever"}, {"type": "web_app"}):
        assert "can't parse MenuButton" in await api.refused("setChatMenuButton", menu_button=wrong)


async def test_the_bot_tells_who_it_is(api: Api, world: World) -> None:
    me = await api.ok("getMe")
    assert (me["id"], me["is_bot"], me["username"]) == (
        int(api.sandbox.token.split(":")[0]),
        True,
        "veritap_bot",
    )
    assert await api.ok("close") is True
    assert await api.ok("logOut") is True
