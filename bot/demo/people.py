"""Who lives in the demo: a few people to be, and a few students who worked before. Their ids stay the same."""

from __future__ import annotations

import dataclasses

from actions.people import Visitor
from storage.vault import Vault


@dataclasses.dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the demo. `hint` says what to try as them; `projects`: the slugs of those that they qualify for."""

    telegram_id: int
    name: str
    label: str
    hint: str
    username: str = ""
    language_code: str = "en"
    accuracy: float = 1.0
    projects: tuple[str, ...] = ()

    def visitor(self, vault: Vault) -> Visitor:
        """Give them as the bot sees whoever writes to it."""
        key = vault.index(str(self.telegram_id))
        return Visitor(key, self.telegram_id, self.name, self.username, self.language_code)


ADA = Somebody(
    7_100_000_001,
    "Ada",
    "Student",
    "has passed the exams; tap Go on for a first task, /projects for other kinds",
    "ada_demo",
    projects=("answers", "compare", "steps", "ratings"),
)
BEN = Somebody(7_100_000_002, "Ben", "New student", "was invited; tap Start for the road to the first task")
OLENA = Somebody(
    7_100_000_005,
    "Олена",
    "Student, Ukrainian",
    "compares answers; the bot speaks her language",
    language_code="uk",
    projects=("compare",),
)
NOUR = Somebody(
    7_100_000_006,
    "نور",
    "Student, Arabic",
    "rates explanations; the bot writes from right to left",
    language_code="ar",
    projects=("ratings",),
)
CORA = Somebody(
    7_100_000_003, "Cora", "Coordinator", "/project, /broadcast, /invite, or send a .toml file", "cora_demo"
)
ADAM = Somebody(7_100_000_004, "Adam", "Admin", "/invite, /roles, /health", "adam_demo")
TO_BE = (ADA, BEN, CORA, ADAM, OLENA, NOUR)
QUALIFIED = (ADA, OLENA, NOUR)
"""They come to the demo with their exams behind them."""

EARLIER = (
    Somebody(
        7_200_000_001, "Dana", "", "", accuracy=0.95, projects=("answers", "compare", "steps", "ratings")
    ),
    Somebody(7_200_000_002, "Emil", "", "", accuracy=0.85, projects=("ratings", "answers", "compare")),
    Somebody(7_200_000_003, "Fay", "", "", accuracy=0.70, projects=("steps", "answers")),
)
"""They worked yesterday and have left the chat since, so nothing is sent to them."""
