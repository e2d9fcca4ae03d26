"""How parameters are declared, and read from a query, a form or JSON. No rules of any one method."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from sandbox.errors import ApiError, bad_request, not_utf8
from sandbox.models import Json

if TYPE_CHECKING:
    from sandbox.world import World


class Kind(Enum):
    """Name the types of parameters; the names are those of the Bot API's pages."""

    INTEGER = "Integer"
    STRING = "String"
    BOOLEAN = "Boolean"
    CHAT = "Integer or String"
    FILE = "InputFile or String"
    UPLOAD = "InputFile"
    OBJECT = "an object"
    ARRAY = "an array"


INTEGER, STRING, BOOLEAN, CHAT = Kind.INTEGER, Kind.STRING, Kind.BOOLEAN, Kind.CHAT
FILE, UPLOAD, OBJECT, ARRAY = Kind.FILE, Kind.UPLOAD, Kind.OBJECT, Kind.ARRAY


@dataclass(slots=True)
class Upload:
    """Hold a file that came in the body of a call."""

    name: str
    data: bytes


Values = dict[str, Any]
Handler = Callable[["World", Values], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """Declare a method: what it is called, what it takes, what it gives and what runs."""

    name: str
    required: Mapping[str, Kind]
    optional: Mapping[str, Kind]
    run: Handler
    sends: bool
    kinds: Mapping[str, Kind] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", {**self.required, **self.optional})


METHODS: dict[str, Method] = {}


def method(
    name: str,
    required: Mapping[str, Kind] | None = None,
    optional: Mapping[str, Kind] | None = None,
    *,
    sends: bool = False,
) -> Callable[[Handler], Handler]:
    """Put a function in the table of methods; `sends` ones are held to the rate limits."""

    def register(run: Handler) -> Handler:
        METHODS[name.lower()] = Method(name, required or {}, optional or {}, run, sends)
        return run

    return register


# What Telegram answers when these are missing; others get a general sentence.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "from_chat_id": "chat_id is empty",
    "action": "wrong parameter action in request",
    "document": "there is no document in the request",
    "photo": "there is no photo in the request",
    "file_id": "file_id not specified",
}
ESCAPED_SURROGATE = rb"\ud"
TRUE_WORDS = frozenset({"true", "yes", "1"})
FALSE_WORDS = frozenset({"false", "no", "0"})


def read_values(
    method: Method, fields: Mapping[str, Any], uploads: Mapping[str, Upload]
) -> tuple[Values, list[str]]:
    """Return the parameters in their types and the names that the method does not know; 400 for a wrong one.

    An absent, null or empty field counts as not given, except for an empty text, which says something.
    """
    kinds = method.kinds
    values: Values = {}
    unknown: list[str] = []
    for name, given in fields.items():
        kind = kinds.get(name)
        if kind is None:
            unknown.append(name)
        elif given is not None and (given != "" or kind is STRING):
            values[name] = READERS[kind](name, given)
    for name, upload in uploads.items():
        if kinds.get(name) in (FILE, UPLOAD):
            values[name] = upload
    for name, given in values.items():
        if kinds[name] is FILE and isinstance(given, str) and given.startswith("attach://"):
            values[name] = _attached(given, uploads)
    for name in method.required:
        if name not in values:
            raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))
    return values, unknown


def _attached(reference: str, uploads: Mapping[str, Upload]) -> Upload:
    upload = uploads.get(reference.removeprefix("attach://"))
    if upload is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return upload


def _wrong(name: str, kind: Kind) -> ApiError:
    return bad_request(f'parameter "{name}" must be {kind.value}')


def _integer(name: str, given: Any) -> int:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str):
        try:
            return int(given)
        except ValueError:
            pass
    raise _wrong(name, INTEGER)


def _string(name: str, given: Any) -> str:
    if not isinstance(given, str):
        raise _wrong(name, STRING)
    return given


def _boolean(name: str, given: Any) -> bool:
    if isinstance(given, bool):
        return given
    word = str(given).lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise _wrong(name, BOOLEAN)


def _chat(name: str, given: Any) -> int | str:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str):
        try:
            return int(given)
        except ValueError:
            return given
    raise _wrong(name, CHAT)


def _json(name: str, given: Any, kind: Kind) -> Any:
    if not isinstance(given, str):
        return given
    return parse_json(given, f'"{name}" JSON {kind.value.split()[-1]}')


def parse_json(source: str | bytes, what: str) -> Any:
    """Return the JSON's value; 400 where it is none, or has a text that no UTF-8 can hold, a lone surrogate."""
    try:
        value = json.loads(source)
        if ESCAPED_SURROGATE in (source if isinstance(source, bytes) else source.encode()).lower():
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise not_utf8() from None
    except (ValueError, RecursionError):
        raise bad_request(f"can't parse {what}") from None
    return value


def _object(name: str, given: Any) -> Json:
    value = _json(name, given, OBJECT)
    if not isinstance(value, dict):
        raise _wrong(name, OBJECT)
    return value


def _array(name: str, given: Any) -> list[Any]:
    value = _json(name, given, ARRAY)
    if not isinstance(value, list):
        raise _wrong(name, ARRAY)
    return value


READERS: dict[Kind, Callable[[str, Any], Any]] = {
    INTEGER: _integer,
    STRING: _string,
    BOOLEAN: _boolean,
    CHAT: _chat,
    FILE: _string,
    UPLOAD: _string,
    OBJECT: _object,
    ARRAY: _array,
}
