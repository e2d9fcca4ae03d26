"""Rate limits: off by default; switched on, 30 sends a second overall and one a second in a chat, three at once."""

import pytest

from sandbox import Person, World
from sandbox.errors import ApiError
from sandbox.rates import Rates
from tests.sandbox.api import Api


async def test_limits_are_off_until_switched_on(api: Api, world: World, ann: Person) -> None:
    for _ in range(40):
        await api.send(ann)
    await api.sim("POST", "rate_limits", {"on": True})
    for _ in range(3):
        await api.send(ann)
    refused = await burst(api, ann)
    assert refused["error_code"] == 429
    assert refused["description"] == "Too Many Requests: retry after 1"
    assert refused["parameters"] == {"retry_after": 1}
    world.clock.advance(3_000)
    assert (await api.call("sendMessage", chat_id=ann.id, text="x"))["ok"]


async def burst(api: Api, person: Person) -> dict[str, object]:
    """Send until refused; a slow machine may let a fourth pass."""
    for _ in range(50):
        answer = await api.call("sendMessage", chat_id=person.id, text="x")
        if not answer["ok"]:
            return answer
    raise AssertionError("never refused")


def allowed(rates: Rates, chat_ids: list[int], now_ms: int) -> int:
    """Return how many of these sends at one moment pass."""
    passed = 0
    for chat_id in chat_ids:
        try:
            rates.check(chat_id, now_ms)
        except ApiError:
            continue
        passed += 1
    return passed


def test_one_chat_takes_three_at_once_and_then_one_a_second() -> None:
    rates = Rates()
    assert allowed(rates, [1] * 10, 0) == 3
    assert allowed(rates, [1] * 10, 999) == 0
    assert allowed(rates, [1] * 10, 1_000) == 1
    assert allowed(rates, [1] * 10, 10_000) == 3


def test_all_chats_together_take_thirty_a_second() -> None:
    rates = Rates()
    assert allowed(rates, list(range(100)), 0) == 30
    assert allowed(rates, list(range(100, 200)), 1_000) == 30


def test_a_refusal_says_how_long_to_wait_and_does_not_count() -> None:
    rates = Rates()
    allowed(rates, [1] * 3, 0)
    for _ in range(5):
        with pytest.raises(ApiError) as caught:
            rates.check(1, 0)
        assert caught.value.parameters == {"retry_after": 1}
    rates.check(1, 1_000)
