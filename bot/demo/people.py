"""Who lives in the demo: four people to be, and a few students who worked before. Their ids stay the same."""

from __future__ import annotations

import dataclasses

from actions.people import Visitor
from storage.vault import Vault


@dataclasses.dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the demo. `hint` says what to try as them."""

    telegram_id: int
    name: str
    label: str
    hint: str
    username: str = ""
    accuracy: float = 0.0

    def visitor(self, vault: Vault) -> Visitor:
        """Give them as the bot sees whoever writes to it."""
        return Visitor(vault.index(str(self.telegram_id)), self.telegram_id, self.name, self.username, "en")


ADA = Somebody(7_100_000_001, "Ada", "Student", "has passed the exam; tap Go on for a first task", "ada_demo")
BEN = Somebody(7_100_000_002, "Ben", "New student", "was invited; tap Start for the road to the first task")
CORA = Somebody(
    7_100_000_003, "Cora", "Coordinator", "/project, /broadcast, /invite, or send a .toml file", "cora_demo"
)
ADAM = Somebody(7_100_000_004, "Adam", "Admin", "/invite, /roles, /health", "adam_demo")
TO_BE = (ADA, BEN, CORA, ADAM)

EARLIER = (
    Somebody(7_200_000_001, "Dana", "", "", accuracy=0.95),
    Somebody(7_200_000_002, "Emil", "", "", accuracy=0.85),
    Somebody(7_200_000_003, "Fay", "", "", accuracy=0.70),
)
"""They worked yesterday and have left the chat since, so nothing is sent to them."""
