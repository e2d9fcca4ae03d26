"""Messages on the chat page: nested formatting, both directions of writing, many buttons, edits, what people send."""

from typing import Any

from sandbox.entities import length_utf16
from tests.sandbox.stage import IN_BROWSER, KEYBOARD, Stage, text_of

pytestmark = IN_BROWSER

Json = dict[str, Any]

LINES = "\n".join(f"line {number}" for number in range(40))
AT_END = "log.scrollHeight - log.scrollTop - log.clientHeight < 2"

AT_REST = "!document.querySelector('.arrives')"


def entities_of(text: str, *parts: tuple[str, str], **more: str) -> list[Json]:
    return [
        {"type": kind, "offset": length_utf16(text[: text.index(part)]), "length": length_utf16(part)}
        | (more if kind == "pre" else {})
        for kind, part in parts
    ]


def buttons(*rows: list[str]) -> Json:
    return {"inline_keyboard": [[{"text": text, "callback_data": "x"} for text in row] for row in rows]}


async def test_a_quotation_holds_code_and_faces(stage: Stage) -> None:
    await stage.begin()
    code = "x = 1\n" + "y = 2  # " + "long " * 40
    text = f"Solution\nFirst bold words\n{code.rstrip()}\nthen `code` itself\nafter"
    quote = text[text.index("First") : text.index("\nafter")]
    parts = (("blockquote", quote), ("bold", "bold"), ("pre", code.rstrip()), ("code", "`code`"))
    message_id = await stage.say(text, entities=entities_of(text, *parts, language="python"))
    assert await stage.js(text_of(message_id)) == text
    shown = await stage.js("""({
        bold: document.querySelector('.quote > b').textContent,
        code: document.querySelector('.quote > code').textContent,
        language: getComputedStyle(document.querySelector('.quote > .pre'), '::before').content,
        scrolls: (({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector('.pre > code')),
        lines: Math.round(document.querySelector('.pre > code').clientHeight / 20),
        wide: document.documentElement.scrollWidth > innerWidth,
    })""")
    wanted = {"bold": "bold", "code": "`code`", "language": '"python"', "scrolls": True}
    assert shown == {**wanted, "lines": 3, "wide": False}


async def test_a_long_quotation_folds_and_opens(stage: Stage) -> None:
    await stage.begin()
    kind = "expandable_blockquote"
    await stage.say(LINES, entities=[{"type": kind, "offset": 0, "length": len(LINES)}])
    await stage.until(f"{AT_REST} && document.querySelector('.quote-toggle')")
    height = "document.querySelector('.quote').clientHeight"
    folded = await stage.js(height)
    await stage.page.click(".quote-toggle")
    await stage.until(f"{height} > {folded * 5}")
    await stage.page.click(".quote-toggle")
    await stage.until(f"{height} === {folded}")


async def test_each_paragraph_has_its_own_direction(stage: Stage) -> None:
    await stage.begin()
    text = "تحقق 7/20\nJanet has 3.\nهل الحل صحيح؟"
    await stage.say(
        text, entities=entities_of(text, ("bold", "صحيح")), reply_markup=buttons(["صحيح 👍", "Wrong?"])
    )
    edges = await stage.js("""(() => {
        const bubble = document.querySelector('.in .bubble').getBoundingClientRect();
        const range = document.createRange();
        const words = document.createTreeWalker(document.querySelector('.in .text'), NodeFilter.SHOW_TEXT).nextNode();
        return [0, 10, 24].map((start) => {
            range.setStart(words, start);
            range.setEnd(words, start + 2);
            const box = range.getBoundingClientRect();
            return box.left - bubble.left < 40 ? 'left' : bubble.right - box.right < 40 ? 'right' : 'middle';
        });
    })()""")
    assert edges == ["right", "left", "right"]
    assert await stage.js("getComputedStyle(document.querySelector('.in .meta')).float") == "left"
    directions = "[...document.querySelectorAll('.key-label')].map((one) => getComputedStyle(one).direction)"
    assert await stage.js(directions) == ["rtl", "ltr"]
    quote = [{"type": "blockquote", "offset": 0, "length": 12}]
    await stage.say("שלוש ארבע חמש", entities=quote)
    bar = "getComputedStyle(document.querySelector('.quote')).borderRightWidth"
    assert await stage.js(bar) == "3px"


async def test_many_and_long_buttons_stay_within_the_phone(stage: Stage) -> None:
    await stage.begin()
    long = "The denominator is not 3x - 7 but 3x + 7, since the sign was lost"
    eight = [[str(row * 8 + column) for column in range(8)] for row in range(12)]
    await stage.say("Which?", reply_markup=buttons(*eight[:11], [long]))
    await stage.until(AT_REST)
    measured = await stage.js("""(() => {
        const keys = [...document.querySelectorAll('.key')].map((key) => key.getBoundingClientRect());
        const last = document.querySelector('.keys:last-child .key');
        return {
            narrowest: Math.min(...keys.map(({ width }) => width)) >= 40,
            lowest: Math.min(...keys.map(({ height }) => height)) >= 44,
            inside: keys.every(({ left, right }) => left >= 0 && right <= innerWidth),
            oneLine: last.clientHeight < 50,
            named: last.title,
        };
    })()""")
    assert measured == {"narrowest": True, "lowest": True, "inside": True, "oneLine": True, "named": long}


async def test_a_card_that_grows_and_shrinks_keeps_its_buttons_in_place(stage: Stage) -> None:
    await stage.begin()
    await stage.send(LINES)
    card = await stage.say("short", reply_markup=KEYBOARD)
    await stage.until(f"{AT_END} && {AT_REST}")
    await stage.js("window.key = document.querySelector('.key.success')")
    foot = "Math.round(key.getBoundingClientRect().bottom)"
    before = await stage.js(foot)
    for text in (LINES * 2, "short again"):
        await stage.edit(card, text, reply_markup=KEYBOARD)
        await stage.until(f"{text_of(card)} === {text!r}")
        assert (await stage.js(foot), await stage.js(AT_END)) == (before, True)
    # A little above the end, with the buttons still in view, they stay under the finger as well.
    await stage.js("log.scrollTop -= 100")
    await stage.until("log.scrollHeight - log.scrollTop - log.clientHeight > 90")
    await stage.js("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    before = await stage.js(foot)
    await stage.edit(card, LINES, reply_markup=KEYBOARD)
    await stage.until(f"{text_of(card)} === {LINES!r}")
    assert abs(await stage.js(foot) - before) <= 1


async def test_a_prompt_leaves_the_question_in_view(stage: Stage) -> None:
    await stage.begin()
    await stage.say(LINES)
    await stage.say(
        "Say why", reply_markup={"force_reply": True, "input_field_placeholder": "3 to 500 characters"}
    )
    await stage.until(f"!replying.hidden && input.placeholder === '3 to 500 characters' && {AT_END}")


async def test_what_the_bot_deletes_leaves_the_page(stage: Stage) -> None:
    await stage.begin()
    answer = stage.sandbox.world.send_text(stage.nora.id, "my answer").message_id
    await stage.until(f"{text_of(answer)} === 'my answer'")
    await stage.bot("deleteMessage", chat_id=stage.nora.id, message_id=answer)
    await stage.until("document.querySelectorAll('.message').length === 1")
    assert await stage.js("document.querySelectorAll('.message.leaves').length") == 0
    await stage.bot("deleteMessage", chat_id=stage.nora.id, message_id=1)
    await stage.until("!document.querySelector('.message, .day')")


async def test_one_edits_ones_last_message_with_the_arrow(stage: Stage) -> None:
    await stage.begin()
    stage.sandbox.world.send_text(stage.nora.id, "the sine was lost")
    said = (await stage.update())["message"]["message_id"]
    await stage.until(f"{text_of(said)} !== undefined")
    await stage.page.click("#input")
    await stage.page.press("ArrowUp")
    assert await stage.js("[replying.innerText.split('\\n')[0], input.value]") == [
        "Edit message",
        "the sine was lost",
    ]
    await stage.page.press("Escape")
    assert await stage.js("[replying.hidden, input.value]") == [True, ""]
    await stage.page.press("ArrowUp")
    await stage.js("input.value = 'the sign was lost'")
    await stage.page.press("Enter")
    edited = (await stage.update())["edited_message"]
    assert (edited["message_id"], edited["text"]) == (said, "the sign was lost")
    await stage.until(f"{text_of(said)} === 'the sign was lost' && document.querySelector('.out .edited')")
    assert await stage.js("[replying.hidden, input.value]") == [True, ""]


async def test_a_message_has_a_menu_to_answer_and_edit(stage: Stage) -> None:
    await stage.begin()
    asked = await stage.say("Why?")
    stage.sandbox.world.send_text(stage.nora.id, "because")
    said = (await stage.update())["message"]["message_id"]
    await stage.until(f"{text_of(said)} !== undefined")
    items = "[...document.querySelectorAll('.menu-item')].map((one) => one.textContent)"
    press = "document.querySelector('[data-id=\"{}\"] .bubble').dispatchEvent(new MouseEvent('contextmenu', {{ bubbles: true }}))"
    await stage.js(press.format(said))
    assert await stage.js(items) == ["Reply", "Copy", "Edit"]
    await stage.page.press("Escape")
    assert await stage.js(items) == []
    await stage.js(press.format(asked))
    assert await stage.js(items) == ["Reply", "Copy"]
    await stage.page.press("Enter")
    await stage.page.type("Because of this")
    await stage.page.press("Enter")
    answer = (await stage.update())["message"]
    assert (answer["text"], answer["reply_to_message"]["message_id"]) == ("Because of this", asked)


async def test_the_clip_sends_stickers_and_voice_messages(stage: Stage) -> None:
    await stage.begin()
    await stage.page.click("#attach")
    await stage.page.press("ArrowDown")
    await stage.page.press("Enter")
    await stage.page.click(".menu.is-grid .menu-item:nth-child(4)")
    assert (await stage.update())["message"]["sticker"]["emoji"] == "🎉"
    await stage.until("document.querySelector('.sticker').textContent === '🎉'")
    await stage.page.click("#attach")
    await stage.page.click(".menu-item:nth-child(3)")
    assert (await stage.update())["message"]["voice"]["duration"] == 4
    await stage.until("document.querySelector('.voice').ariaLabel === 'Voice message, 0:04'")


async def test_a_long_text_goes_out_in_parts(stage: Stage) -> None:
    await stage.begin()
    await stage.page.click("#input")
    await stage.page.type("word " * 1000)
    await stage.page.press("Enter")
    parts = [(await stage.update())["message"]["text"] for _ in range(2)]
    assert " ".join(parts) == ("word " * 1000).strip()


async def test_the_language_of_the_app_is_chosen_in_the_profile(stage: Stage) -> None:
    await stage.begin()
    for code, text in (("", "Help"), ("uk", "Довідка")):
        commands = [{"command": "help", "description": text}]
        await stage.bot("setMyCommands", commands=commands, language_code=code)
    await stage.page.click(f"[data-person='{stage.nora.id}']")
    await stage.until("document.querySelector('dialog #language').value === 'en'")
    await stage.js("language.value = 'uk'; language.dispatchEvent(new Event('change'))")
    await stage.page.press("Escape")
    await stage.page.click("#menu")
    await stage.until("document.querySelector('.command span').textContent === 'Довідка'")
    stage.sandbox.world.send_text(stage.nora.id, "hello")
    assert (await stage.update())["message"]["from"]["language_code"] == "uk"
