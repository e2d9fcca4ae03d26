"""Refusals: the error answers of the Bot API, in Telegram's own words. Not when to refuse."""

from typing import Any


class ApiError(Exception):
    """Carry an error answer of the Bot API: its code, its description and its `parameters`."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class SandboxError(ValueError):
    """Tell whoever drives the sandbox that a person cannot do this, such as tapping a missing message."""


def bad_request(reason: str) -> ApiError:
    """Return the 400 answer that Telegram gives for this reason."""
    return ApiError(400, f"Bad Request: {reason}")


def cannot_parse(reason: str) -> ApiError:
    """Return the 400 answer for text whose formatting cannot be read."""
    return bad_request(f"can't parse entities: {reason}")


def not_utf8() -> ApiError:
    """Return the 400 answer to text that is no UTF-8."""
    return bad_request("strings must be encoded in UTF-8")


def blocked_by_user() -> ApiError:
    """Return the answer to a send whose receiver has blocked the bot."""
    return ApiError(403, "Forbidden: bot was blocked by the user")


def too_many_requests(retry_after_seconds: int) -> ApiError:
    """Return the 429 answer that asks to wait `retry_after_seconds`."""
    return ApiError(
        429, f"Too Many Requests: retry after {retry_after_seconds}", retry_after=retry_after_seconds
    )


def unauthorized() -> ApiError:
    """Return the answer to a wrong token."""
    return ApiError(401, "Unauthorized")


def not_found() -> ApiError:
    """Return the answer to a method that does not exist."""
    return ApiError(404, "Not Found")


def conflict(reason: str) -> ApiError:
    """Return a 409: two ways of receiving updates at once."""
    return ApiError(409, f"Conflict: {reason}")


OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
