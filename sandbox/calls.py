"""One call of the Bot API: from name and fields to the bytes of the answer, faults on the way. No HTTP."""

import inspect
from collections.abc import Mapping
from typing import Any, NamedTuple

import sandbox.methods_chats
import sandbox.methods_files
import sandbox.methods_messages
import sandbox.methods_profile
import sandbox.methods_updates  # noqa: F401  (each module puts its methods into the table)
from sandbox.errors import (
    OTHER_POLLER,
    ApiError,
    bad_request,
    blocked_by_user,
    conflict,
    not_found,
    too_many_requests,
    unauthorized,
)
from sandbox.faults import AFTER_THE_EFFECT, Fault
from sandbox.models import dump_json
from sandbox.parameters import METHODS, Method, Upload, Values, read_values
from sandbox.updates import Pending
from sandbox.world import World


class Reply(NamedTuple):
    """Be the answer to a call: an HTTP status and a body, or no answer at all where the connection is cut."""

    status: int
    body: bytes
    cut: bool = False


CUT = Reply(0, b"", cut=True)
BAD_JSON = Reply(200, b'{"ok":true,"result":')


async def answer(world: World, name: str, fields: Mapping[str, Any], uploads: Mapping[str, Upload]) -> Reply:
    """Run a method and return its answer; faults on order strike before or after its effect."""
    method = METHODS.get(name.lower())
    if method is None:
        return error_reply(not_found())
    if not world.faults:
        return await _run(world, method, fields, uploads)
    chat_id = _chat_of(world, fields)
    fault = world.faults.take_for_call(method.name, chat_id)
    if fault is None:
        return await _run(world, method, fields, uploads)
    world.note("fault", chat_id, method.name, fault.kind, None)
    if fault.kind in AFTER_THE_EFFECT:
        reply = await _run(world, method, fields, uploads)
        return await _spoilt(world, fault, reply)
    return await _refused(world, fault)


def error_reply(error: ApiError) -> Reply:
    """Return an error as the Bot API writes it."""
    body = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return Reply(error.code, dump_json(body).encode())


async def _run(
    world: World, method: Method, fields: Mapping[str, Any], uploads: Mapping[str, Upload]
) -> Reply:
    values: Values = {}
    try:
        values, unknown = read_values(method, fields, uploads)
        if unknown and world.refuse_unknown:
            raise bad_request(f'unknown parameter "{unknown[0]}"')
        if method.sends and world.rate_limits and isinstance(values["chat_id"], int):
            world.rates.check(values["chat_id"], world.clock.now_ms())
        result = method.run(world, values)
        if inspect.iscoroutine(result):
            return _updates_reply(world, await result)
    except ApiError as error:
        _note(world, method, values, error.description)
        return error_reply(error)
    _note(world, method, values, result)
    return Reply(200, b'{"ok":true,"result":' + dump_json(result).encode() + b"}")


def _updates_reply(world: World, batch: list[Pending]) -> Reply:
    if batch:
        world.note("updates", None, "getUpdates", [pending.update_id for pending in batch], None)
    texts = ",".join(pending.text for pending in batch)
    return Reply(200, b'{"ok":true,"result":[' + texts.encode() + b"]}")


def _note(world: World, method: Method, values: Values, outcome: Any) -> None:
    # The transcript remembers that there was a file, not its bytes.
    detail = {name: value.name if isinstance(value, Upload) else value for name, value in values.items()}
    given = values.get("chat_id")
    chat_id = given if isinstance(given, int) else None
    world.note("call", chat_id, method.name, detail, outcome)
    world.feed.wake(chat_id)


def _chat_of(world: World, fields: Mapping[str, Any]) -> int | None:
    query = world.queries.get(fields.get("callback_query_id", ""))
    if query is not None:
        return query.person_id
    try:
        return int(fields["chat_id"])
    except (KeyError, ValueError, TypeError):
        return None


async def _refused(world: World, fault: Fault) -> Reply:
    """Answer without having done anything."""
    if fault.kind == "cut_before":
        return CUT
    if fault.kind == "hang_before":
        await world.clock.sleep(round(fault.seconds * 1000))
        return error_reply(ApiError(504, "Gateway Timeout"))
    errors = {
        "429": too_many_requests(fault.retry_after),
        "500_before": ApiError(500, "Internal Server Error"),
        "403": blocked_by_user(),
        "401": unauthorized(),
        "404": not_found(),
        "409": conflict(OTHER_POLLER),
    }
    return error_reply(errors[fault.kind])


async def _spoilt(world: World, fault: Fault, reply: Reply) -> Reply:
    """Keep the answer to a call that has had its effect from arriving whole and in time."""
    match fault.kind:
        case "hang_after":
            await world.clock.sleep(round(fault.seconds * 1000))
            return reply
        case "cut_after":
            return CUT
        case "bad_json":
            return BAD_JSON
        case "502_after":
            return error_reply(ApiError(502, "Bad Gateway"))
        case _:
            return error_reply(ApiError(500, "Internal Server Error"))
