"""Faults on order: what a test asks to go wrong, and the choice of the one that meets a call. No HTTP."""

from dataclasses import dataclass

from sandbox.errors import SandboxError
from sandbox.models import words

KINDS = words(
    "429 500_before 500_after 502_after hang_before hang_after cut_before cut_after 403 401 404 409 "
    "duplicate_update bad_json"
)
# With these the method has had its effect before the trouble begins.
AFTER_THE_EFFECT = frozenset({"500_after", "502_after", "hang_after", "cut_after", "bad_json"})


@dataclass(slots=True)
class Fault:
    """Ask for `times` calls of `method` to go wrong as `kind` says, after `after_calls` that go well."""

    kind: str
    method: str = "*"
    times: int = 1
    chat_id: int | None = None
    after_calls: int = 0
    retry_after: int = 1
    seconds: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise SandboxError(f"unknown kind of fault: {self.kind!r}")
        if self.times < 1 or self.after_calls < 0:
            raise SandboxError("a fault needs times >= 1 and after_calls >= 0")


class Faults:
    """Keep the faults that are still to come."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, fault: Fault) -> None:
        """Put a fault in line."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forget every fault."""
        self._waiting.clear()

    def take_for_call(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the fault that meets this call, counting it as used."""
        return self._take(method, chat_id, of_updates=False)

    def take_for_update(self, person_id: int) -> Fault | None:
        """Return the `duplicate_update` that meets the next update of this person."""
        return self._take("*", person_id, of_updates=True)

    def _take(self, method: str, chat_id: int | None, *, of_updates: bool) -> Fault | None:
        for fault in self._waiting:
            if (fault.kind == "duplicate_update") is not of_updates:
                continue
            if not of_updates and fault.method not in ("*", method):
                continue
            if fault.chat_id is not None and fault.chat_id != chat_id:
                continue
            if fault.after_calls:
                fault.after_calls -= 1
                continue
            self._use(fault)
            return fault
        return None

    def _use(self, fault: Fault) -> None:
        fault.times -= 1
        if not fault.times:
            self._waiting.remove(fault)
