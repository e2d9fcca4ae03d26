"""A strict stand-in of Telegram's Bot API: people, a clock, faults on order; for the demo and the tests.

It knows nothing of the bot that it serves and imports none of its floors.
"""

from sandbox.errors import SandboxError
from sandbox.faults import Fault
from sandbox.models import CallbackAnswer, Event, Message, Person
from sandbox.server import DEFAULT_TOKEN, Sandbox
from sandbox.world import World

__all__ = [
    "DEFAULT_TOKEN",
    "CallbackAnswer",
    "Event",
    "Fault",
    "Message",
    "Person",
    "Sandbox",
    "SandboxError",
    "World",
]
