"""The chat page as a person meets it: a real browser, the real sandbox, and the test in the bot's place."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp

from tests.sandbox.stage import IN_BROWSER, KEYBOARD, PAYLOAD, TOKEN, Stage, text_of

pytestmark = IN_BROWSER

Json = dict[str, Any]

NAMED_ROLES = {"button", "link", "textbox", "checkbox", "option", "image", "log", "dialog"}


async def test_start_sends_the_payload_but_shows_only_the_command(stage: Stage) -> None:
    await stage.page.click("#start")
    message = (await stage.update())["message"]
    assert message["text"] == f"/start {PAYLOAD}"
    await stage.until(f"{text_of(message['message_id'])} === '/start'")
    assert await stage.js("document.getElementById('start').hidden")


async def test_people_are_switched_by_tap_arrow_and_address(stage: Stage) -> None:
    await stage.begin()
    stage.sandbox.world.send_text(stage.ingrid.id, "hello")
    await stage.bot("sendMessage", chat_id=stage.ingrid.id, text="for Ingrid")
    ingrid = f"[data-person='{stage.ingrid.id}']"
    await stage.until(f"document.querySelector(\"{ingrid}\").ariaLabel === 'Ingrid, Coordinator, 1 unread'")
    await stage.page.click(ingrid)
    await stage.until("document.querySelector('.in .text').textContent === 'for Ingrid'")
    assert await stage.js("location.hash") == f"#person={stage.ingrid.id}"
    await stage.until(f'document.querySelector("{ingrid} .badge").hidden')
    await stage.page.press("ArrowLeft")
    await stage.page.press("Enter")
    await stage.until("document.querySelector('.out .text').textContent === '/start'")
    await stage.js(f"location.hash = 'person={stage.ingrid.id}'")
    await stage.until("document.querySelector('.in')")


async def test_entities_keep_every_character_and_their_places(stage: Stage) -> None:
    await stage.begin()
    text = "👩\u200d🔬 bold 😀 nested\n\n  two  spaces\ncode <b>\nquoted\nlast\u200fשלום /help @veritap_bot"
    parts: list[tuple[str, str, str]] = [
        ("b > u", "underline", "bold"),
        ("b > i", "italic", "😀 nested"),
        (".spoiler", "spoiler", "two  spaces"),
        (".pre > code", "pre", "code <b>"),
        (".quote", "blockquote", "quoted"),
        (".link", "bot_command", "/help"),
    ]
    entities: list[Json] = [{"type": "bold", "offset": 6, "length": 14}]
    for _, kind, part in parts:
        offset, length = (len(one.encode("utf-16-le")) // 2 for one in (text[: text.index(part)], part))
        more = {"language": "html"} if kind == "pre" else {}
        entities.append({"type": kind, "offset": offset, "length": length, **more})
    message_id = await stage.say(text, entities=entities)
    assert await stage.js(text_of(message_id)) == text
    for selector, _, part in parts:
        shown = f"document.querySelector('[data-id=\"{message_id}\"] .text {selector}').textContent"
        assert await stage.js(shown) == part
    assert await stage.js("document.querySelector('.pre').dataset.language") == "html"
    await stage.page.click(".spoiler.is-hidden")
    await stage.until("!document.querySelector('.spoiler.is-hidden')")
    await stage.page.click(".in button.link")
    assert (await stage.update())["message"]["text"] == "/help"


async def test_a_tap_reaches_the_bot_and_its_answer_ends_the_spinner(stage: Stage) -> None:
    await stage.begin()
    message_id = await stage.say("Is it correct?", reply_markup=KEYBOARD)
    await stage.page.click(".key.success")
    await stage.until("document.querySelector('.key.success[aria-busy=true] .spinner')")
    query = (await stage.update())["callback_query"]
    came = (query["data"], query["message"]["message_id"], query["from"]["id"])
    assert came == ("a:yes", message_id, stage.nora.id)
    assert await stage.js("document.querySelector('.toast') === null")
    await stage.until(
        "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/sim/tap'))"
    )
    saved = "Saved · 41 s · +$0.27"
    await stage.bot("answerCallbackQuery", callback_query_id=query["id"], text=saved)
    await stage.until(f"document.querySelector('.toast').textContent === '{saved}'")
    await stage.until("!document.querySelector('.key[aria-busy=true], .key .spinner')")


async def test_an_edit_changes_the_bubble_in_its_place(stage: Stage) -> None:
    await stage.begin()
    for number in range(25):
        await stage.send(f"line {number}\nmore of it")
    message_id = await stage.say("item 1", reply_markup=KEYBOARD)
    await stage.js("""
        window.card = [...document.querySelectorAll('.message')].at(-1);
        window.keys = [...card.querySelectorAll('.key')];
        window.others = [...document.querySelectorAll('.meta')].filter((meta) => !card.contains(meta));
        keys[2].focus();
    """)
    fewer = [[{"text": "Right", "callback_data": "b:yes"}, {"text": "Wrong", "callback_data": "b:no"}]]
    await stage.edit(message_id, "item 2\nlonger", reply_markup={"inline_keyboard": fewer})
    await stage.until(f"{text_of(message_id)} === 'item 2\\nlonger'")
    kept = await stage.js("""({
        same: card.isConnected && keys.map((key) => key.isConnected).join() === 'true,true,false',
        label: keys[0].textContent,
        others: others.every((node) => node.isConnected),
        count: document.querySelectorAll('.message').length,
        edited: card.querySelector('.edited').textContent,
        focus: document.activeElement === keys[1],
        atEnd: log.scrollHeight - log.scrollTop - log.clientHeight < 2,
    })""")
    wanted = {"same": True, "label": "Right", "others": True, "count": 27, "edited": "edited"}
    assert kept == {**wanted, "focus": True, "atEnd": True}
    await stage.js("window.words = card.querySelector('.text')")
    place: Json = {"chat_id": stage.nora.id, "message_id": message_id}
    await stage.bot("editMessageReplyMarkup", **place)
    await stage.until("!card.querySelector('.key')")
    assert await stage.js("words.isConnected")


async def test_who_reads_further_up_stays_there(stage: Stage) -> None:
    await stage.page.set_media(prefers_reduced_motion="reduce")  # what still moves has no place to compare
    await stage.begin()
    ids = [await stage.send(f"line {number}\nmore of it") for number in range(25)]
    await stage.until(f"{text_of(ids[-1])} !== undefined")
    await stage.js("log.scrollTop = 400")
    await stage.until("!jump.hidden")
    await stage.js("""
        const below = (one) => one.getBoundingClientRect().top > 200;
        window.anchor = [...document.querySelectorAll('.message')].find(below);
        window.before = anchor.getBoundingClientRect().top;
    """)
    await stage.say("one more")
    await stage.edit(ids[0], "far\nlonger\nthan\nbefore")
    await stage.until(f"{text_of(ids[0])}.startsWith('far')")
    assert await stage.js("Math.abs(anchor.getBoundingClientRect().top - before) < 1.5")
    assert await stage.js("jump.ariaLabel") == "1 new message, go to the end"
    await stage.page.click("#jump")
    await stage.until("jump.hidden && log.scrollHeight - log.scrollTop - log.clientHeight < 2")


async def test_an_alert_takes_the_focus_and_gives_it_back(stage: Stage) -> None:
    await stage.begin()
    await stage.say("Is it correct?", reply_markup=KEYBOARD)
    await stage.js("document.querySelector('.key.danger').focus()")
    await stage.page.press("Enter")
    query = (await stage.update())["callback_query"]
    await stage.bot("answerCallbackQuery", callback_query_id=query["id"], text="Paused", show_alert=True)
    await stage.until("document.querySelector('dialog:modal .dialog-text').textContent === 'Paused'")
    assert await stage.js("document.activeElement.textContent") == "OK"
    await stage.page.press("Enter")
    await stage.until("!document.querySelector('dialog') && document.activeElement.matches('.key.danger')")


async def test_a_file_arrives_at_the_bot_as_it_was(stage: Stage, tmp_path: Path) -> None:
    await stage.begin()
    path = tmp_path / "items é.jsonl"
    path.write_bytes(bytes(range(256)) * 8)
    await stage.page.set_files("#file", path)
    await stage.until("document.activeElement.matches('.caption')")
    await stage.page.type("for maths")
    await stage.page.press("Enter")
    message = (await stage.update())["message"]
    assert (message["document"]["file_name"], message["caption"]) == (path.name, "for maths")
    file = await stage.bot("getFile", file_id=message["document"]["file_id"])
    address = f"{stage.sandbox.url}/file/bot{TOKEN}/{file['file_path']}"
    async with stage.client.get(address) as response:
        assert await response.read() == path.read_bytes()
    await stage.until(f"document.querySelector('.document-name').textContent === {json.dumps(path.name)}")


async def test_a_document_downloads_under_its_name(stage: Stage, tmp_path: Path) -> None:
    await stage.begin()
    form = aiohttp.FormData({"chat_id": str(stage.nora.id), "caption": "Week 46"})
    form.add_field("document", b"day,hours\nMon,3\n", filename="statement.csv", content_type="text/csv")
    async with stage.client.post(f"{stage.sandbox.url}/bot{TOKEN}/sendDocument", data=form) as response:
        assert response.status == 200
    await stage.page.save_downloads(tmp_path)
    await stage.page.click(".document")
    for _ in range(100):
        if (tmp_path / "statement.csv").exists():
            break
        await asyncio.sleep(0.05)
    assert (tmp_path / "statement.csv").read_bytes() == b"day,hours\nMon,3\n"


async def test_html_in_a_text_is_shown_and_never_obeyed(stage: Stage) -> None:
    await stage.begin()
    text = "<img src=x onerror='window.injected=1'><script>window.injected=1</script> &amp; <b>x</b>"
    keyboard = {"inline_keyboard": [[{"text": text[:60], "callback_data": "x"}]]}
    message_id = await stage.say(text, reply_markup=keyboard)
    assert await stage.js(text_of(message_id)) == text
    assert await stage.js("document.querySelector('.key-label').textContent") == text[:60]
    assert await stage.js("document.querySelectorAll('.log img, .log script').length") == 0
    assert await stage.js("window.injected === undefined")


async def test_a_rich_message_passes_only_what_is_allowed(stage: Stage) -> None:
    await stage.begin()
    html = (
        "<h2>Two <i>answers</i></h2><p>Area <tg-math>\\pi r^2</tg-math></p>"
        "<table><tr><th>A</th><td align='right'>1</td></tr></table><a href='https://example.org/'>good</a>"
        "<ul><li>one</li></ul><pre><code class='language-python'>x &lt; 1</code></pre>"
        "<details><summary>More</summary><tg-spoiler>hidden</tg-spoiler></details>"
    )
    await stage.bot("sendRichMessage", chat_id=stage.nora.id, rich_message={"html": html})
    await stage.until("document.querySelector('.rich table')")
    assert await stage.js("document.querySelector('.rich .math').ariaLabel") == "\\pi r^2"
    assert await stage.js("document.querySelector('.rich .pre > code').textContent") == "x < 1"
    assert await stage.js("document.querySelector('.rich a').href") == "https://example.org/"
    # Whatever the server lets through, the page trusts nothing: its renderer is asked directly.
    hostile = (
        "<p onclick='window.injected=1' style='position:fixed'>kept</p><script>window.injected=1</script>"
        "<img src=x onerror='window.injected=1'><iframe src='/'></iframe><style>*{display:none}</style>"
        "<svg><a href='javascript:1'>x</a></svg><a href='javascript:alert()'>bad</a><input autofocus>"
    )
    left = await stage.js(f"""import('/static/js/rich.js').then(({{ renderRich }}) => {{
        const place = document.body.appendChild(document.createElement('div'));
        place.append(renderRich({json.dumps(hostile)}, {{}}));
        return [place.innerHTML, window.injected ?? null];
    }})""")
    assert left == ['<p dir="auto">kept</p>bad', None]
    # The browser complains of handlers and styles in what is only parsed; of nothing else.
    stage.page.troubles[:] = [one for one in stage.page.troubles if "Content Security Policy" not in one]


async def test_a_rich_message_keeps_its_numbers_and_directions(
    stage: Stage,
) -> None:
    await stage.begin()
    cells = "".join(f"<td>column{n}</td>" for n in range(12))
    html = (
        f'<ol start="3"><li value="3">c</li><li value="7">g</li></ol><table bordered><tr>{cells}</tr></table>'
        "<blockquote><p>\u05e9\u05dc\u05d5\u05dd</p></blockquote><p><code>x</code> \u05e9\u05dc\u05d5\u05dd</p>"
    )
    rich = {"html": html, "is_rtl": True}
    await stage.bot("sendRichMessage", chat_id=stage.nora.id, rich_message=rich)
    await stage.until("document.querySelector('.rich table')")
    assert await stage.js("[...document.querySelectorAll('.rich li')].map((one) => one.value)") == [3, 7]
    direction = "getComputedStyle(document.querySelector('.rich {}')).direction"
    assert await stage.js(direction.format("blockquote")) == "rtl"
    assert await stage.js(direction.format("> p")) == "rtl"
    assert await stage.js(direction.format("code")) == "ltr"
    assert await stage.js(
        "(({ scrollWidth: all, clientWidth: seen }) => all > seen)(document.querySelector('.rich .table'))"
    )
    assert await stage.js("document.documentElement.scrollWidth <= innerWidth")


async def test_the_theme_follows_the_system_and_the_button(stage: Stage) -> None:
    paper = "getComputedStyle(document.getElementById('chat')).backgroundColor"
    light = await stage.js(paper)
    await stage.page.set_media(prefers_color_scheme="dark")
    await stage.until(f"{paper} !== '{light}' && theme.ariaLabel === 'Switch to the light theme'")
    await stage.page.click("#theme")
    await stage.until(f"{paper} === '{light}'")
    assert await stage.js("localStorage.getItem('veritap-theme')") == "light"


async def test_the_menu_lists_commands_and_typing_filters_them(stage: Stage) -> None:
    await stage.begin()
    names = ("work", "earnings", "help")
    await stage.bot("setMyCommands", commands=[{"command": one, "description": f"To {one}"} for one in names])
    await stage.page.click("#menu")
    shown = "[...document.querySelectorAll('.command')].map((one) => one.textContent)"
    assert await stage.until(shown) == ["/workTo work", "/earningsTo earnings", "/helpTo help"]
    await stage.page.press("Escape")
    await stage.until("document.getElementById('commands').hidden && document.activeElement.id === 'menu'")
    await stage.page.click("#input")
    await stage.page.type("/e")
    assert await stage.until(shown) == ["/earningsTo earnings"]
    await stage.page.press("Enter")
    assert (await stage.update())["message"]["text"] == "/earnings"
    assert await stage.js("input.value") == ""


async def test_typing_sends_lines_and_keyboards_of_the_bot_answer(stage: Stage) -> None:
    await stage.begin()
    await stage.bot("sendChatAction", chat_id=stage.nora.id, action="typing")
    await stage.until("document.getElementById('bot-status').textContent === 'typing'")
    await stage.say("Which field?", reply_markup={"keyboard": [["Maths", "Physics"]]})
    await stage.page.click(".reply-keyboard .key")
    assert (await stage.update())["message"]["text"] == "Maths"
    prompt = {"force_reply": True, "input_field_placeholder": "Its name"}
    await stage.say("Which university?", reply_markup=prompt)
    await stage.until("input.placeholder === 'Its name' && document.activeElement === input")
    await stage.page.type("Aalto")
    await stage.page.press("Enter", shift=True)
    await stage.page.type("Espoo")
    await stage.page.press("Enter")
    answer = (await stage.update())["message"]
    assert answer["text"] == "Aalto\nEspoo"
    assert answer["reply_to_message"]["text"] == "Which university?"


async def test_after_a_lost_line_everything_is_there_again(stage: Stage) -> None:
    await stage.begin()
    message_id = await stage.say("before")
    port = int(stage.sandbox.url.rsplit(":", 1)[1])
    await stage.sandbox.stop()
    await stage.until("document.getElementById('bot-status').textContent === 'Reconnecting…'")
    await stage.sandbox.start(port=port)
    await stage.edit(message_id, "after")
    await stage.until(f"{text_of(message_id)} === 'after'", timeout_s=8)
    await stage.until("document.getElementById('bot-status').textContent === 'bot'")
    stage.page.troubles.clear()


async def test_a_screen_reader_finds_a_name_on_everything(stage: Stage) -> None:
    await stage.begin()
    await stage.bot("setMyCommands", commands=[{"command": "work", "description": "Next task"}])
    code = [{"type": "pre", "offset": 0, "length": 4}]
    await stage.say("code and /work", entities=code, reply_markup=KEYBOARD)
    await stage.page.click("#menu")
    nodes = await stage.page.accessibility_tree()
    nameless = [node for node in nodes if node["role"] in NAMED_ROLES and not node["name"].strip()]
    assert nameless == []
    names = {node["name"] for node in nodes if node["role"] == "button"}
    keys = {"Correct", "Wrong", "Skip", "Send", "Attach", "Commands", "Copy the code"}
    assert names >= {*keys, "Nora, Student", "Ingrid, Coordinator"}
    log = next(node for node in nodes if node["role"] == "log")
    assert (log["name"], log["properties"]["live"]) == ("Messages", "polite")
