"""Each kind of question, judged with one thumb: what is read before a verdict, how few taps it takes, and what they leave in the books."""

from __future__ import annotations

from tests.stories.conftest import House
from tests.stories.phone import Phone
from tests.stories.projects import CHAIN, COMPARE, QUOTE, SCALES, chain

VERDICTS = {"A better", "B better", "Tie", "Both bad"}


def long_answer(name: str, sentences: int) -> str:
    return "\n".join(f"Sentence {place} of the {name} answer, which goes on." for place in range(sentences))


async def test_two_long_answers_are_both_read_before_the_verdict(house: House) -> None:
    one, two = long_answer("first", 120), long_answer("second", 90)
    ada = await house.at_card(COMPARE, [{"prompt": "Which?", "one": one, "two": two}])
    message_id, read = ada.last.message_id, ""
    for _ in range(9):
        assert "Which?" in ada.text, "what is asked stands above each answer"
        read += ada.text
        if "▶" not in ada.labels:
            break
        assert not VERDICTS & set(ada.labels), "a verdict before both were read"
        assert "Read both answers to the end" in ada.text
        await ada.press("▶")
    assert set(ada.labels) >= VERDICTS
    for line in [*one.splitlines(), *two.splitlines()]:
        assert line in read
    await ada.press("Read A")
    assert "• Read A" in ada.labels
    is_first = "the first answer" in ada.text
    assert set(ada.labels) >= VERDICTS, "who has read both may go back and decide there"
    assert (await ada.press("A better")).startswith("Saved")
    assert ada.last.message_id == message_id
    assert house.recorded() == [{"better": "a" if is_first else "b"}]


async def test_the_answer_read_first_wins_whatever_side_of_the_item_it_is(house: House) -> None:
    rows = [
        {"prompt": f"Question {place}?", "one": "This is one.", "two": "This is two."} for place in range(8)
    ]
    ada, read_first = await house.at_card(COMPARE, rows), []
    for _ in rows:
        first = ada.text.partition("A ━━━\n")[2]
        read_first.append("a" if first.startswith("This is one.") else "b")
        assert (await ada.press("A better")).startswith("Saved")
    assert [one["better"] for one in house.recorded()] == read_first


async def test_fifteen_steps_are_fifteen_taps_on_one_message(house: House) -> None:
    ada = await house.at_card(CHAIN, [chain(15)])
    message_id, count = ada.last.message_id, len(house.world.messages(ada.id))
    toast = ""
    for number in range(1, 16):
        assert f"Step {number} of 15" in ada.text
        assert f"▶ {number}  Step {number} says" in ada.text
        assert f"{'✓' if number > 1 else '▶'} 1  Step 1" in ada.text
        toast = await ada.press("Good")
    assert toast.startswith("Saved")
    assert (ada.last.message_id, len(house.world.messages(ada.id))) == (message_id, count)
    assert house.recorded() == [{"check": {"ratings": [1] * 15, "end": "solution"}}]


async def test_a_chain_of_two_pages_turns_to_the_step_by_itself(house: House) -> None:
    ada = await house.at_card(CHAIN, [chain(12, size=400)])
    assert "1/2" in ada.labels
    rated = 0
    while "1/2" in ada.labels and rated < 12:
        await ada.press("Good")
        rated += 1
    assert 0 < rated < 12
    assert "2/2" in ada.labels, "no tap is spent on turning the page"
    assert f"▶ {rated + 1}  Step" in ada.text
    assert (await ada.press("Wrong")).startswith("Saved")
    assert house.recorded()[0]["check"] == {"ratings": [1] * rated + [-1], "end": "found_error"}


async def test_the_ways_to_leave_a_chain(house: House) -> None:
    ada = await house.at_card(CHAIN, [chain(4), {**chain(3), "problem": "And this?"}])
    await ada.press("Good")
    assert (await ada.press("Bad problem")).startswith("Saved")
    assert (await ada.press("I give up")).startswith("Saved")
    assert [one["check"] for one in house.recorded()] == [
        {"ratings": [1], "end": "bad_problem"},
        {"ratings": [], "end": "give_up"},
    ]


async def test_undo_goes_back_step_by_step_and_then_to_the_item_before(house: House) -> None:
    ada = await house.at_card(CHAIN, [chain(3), {**chain(3), "problem": "And this?"}])
    await ada.press("Good")
    await ada.press("Neutral")
    await ada.press("Undo ↩")
    assert "Step 2 of 3" in ada.text
    assert "· 2  Step 2" not in ada.text
    await ada.press("Wrong")
    assert house.recorded()[0]["check"]["ratings"] == [1, -1]
    await ada.press("Good")
    await ada.press("Undo ↩")
    assert "Step 1 of 3" in ada.text, "within the second card"
    assert len(house.recorded()) == 1
    assert await ada.press("Undo ↩") == "Taken back. Answer it again."
    assert "Step 2 of 3" in ada.text, "the first chain, where it was ended"
    assert house.recorded() == []


async def test_several_scales_stand_on_one_card(house: House) -> None:
    ada = await house.at_card(SCALES, [{"text": "Drink water."}])
    message_id = ada.last.message_id
    assert "How helpful?" in ada.text
    await ada.press("4")
    assert "How correct?" in ada.text
    assert "4" in ada.text.partition("Your answer:")[2], "what was answered so far stays in sight"
    await ada.press("2")
    await ada.press("Undo ↩")
    assert "How correct?" in ada.text
    await ada.press("5")
    assert "Drink water." in ada.text, "no scrolling back to what is rated"
    assert (await ada.press("3")).startswith("Saved")
    assert ada.last.message_id == message_id
    assert house.recorded() == [{"helpful": 4, "correct": 5, "harmless": 3}]


async def test_a_sentence_is_quoted_by_its_number(house: House) -> None:
    text = "Water is wet. It boils at 50 °C. It freezes at 0 °C."
    ada = await house.at_card(QUOTE, [{"text": text}])
    assert "2  It boils at 50 °C." in ada.text
    assert (await ada.press("2")).startswith("Saved")
    (span,) = house.recorded()[0]["where"]
    assert text[span["start"] : span["end"]] == "It boils at 50 °C."


async def test_a_flag_with_a_reason_leaves_the_item_and_goes_on(house: House) -> None:
    ada = await house.at_card(CHAIN, [chain(3), {**chain(2), "problem": "And this?"}])
    before = ada.text
    await ada.press("Good")
    await ada.press("⋯")
    await ada.press("Flag a problem")
    assert "Thank you" in await ada.press("Text is broken")
    assert ada.text != before
    assert "Step 1 of" in ada.text
    assert house.recorded() == []
    assert house.rows("SELECT state, flag_reason FROM assignments WHERE flag_reason > ''") == [
        ("flagged", "text")
    ]


async def double(ada: Phone, label: str) -> tuple[str, str]:
    """Tap a button twice, as an impatient thumb does; give both toasts."""
    message_id, data = ada.last.message_id, ada.find(label)
    return await ada.tap(message_id, data), await ada.tap(message_id, data, changes=False)


async def test_a_double_tap_rates_one_step(house: House) -> None:
    ada = await house.at_card(CHAIN, [chain(5)])
    await double(ada, "Good")
    assert "Step 2 of 5" in ada.text
    assert house.recorded() == []
