"""What becomes of an error in a handler: a refusal is read to the person, anything else is left to the intake.

A refusal is nobody's fault in the machine: it ends here. A fault is written on the errand; the intake logs
it, tells the person its number, and decides about the inbox row.
"""

from __future__ import annotations

from telegram.ext import ApplicationHandlerStop

from actions import people, refusals
from handlers.context import TOAST_MAX, Context, errand
from handlers.language import _
from handlers.screen import Screen
from rules.text import Text


async def on_error(update: object, context: Context) -> None:
    """Answer a refusal; leave any other error to the intake."""
    error: BaseException | None = context.error
    if isinstance(error, refusals.Refusal):
        try:
            await _refuse(context, error)
            error = None
        except Exception as trouble:
            error = trouble
    current = errand.get(None)
    if current is not None:
        current.trouble = error
    # Whatever went wrong, no further handler may answer the same update as if nothing had.
    raise ApplicationHandlerStop


SAID = frozenset({"what", "role"})
"""What fills a refusal and is a word of ours; anything else is somebody's own, such as a project's short name."""


def words(refusal: refusals.Refusal) -> str:
    """Say a refusal in the language spoken: its sentence, and the words that fill it where they are known."""
    details = {name: _(str(one)) if name in SAID else one for name, one in refusal.details.items()}
    return _(refusal.template, **details)


async def _refuse(context: Context, refusal: refusals.Refusal) -> None:
    if refusal.is_written_down:
        await _write_down(context, refusal)
    sentence = words(refusal)
    if context.event is None:
        return
    if context.event.callback_query is None:
        await context.say(Screen(Text().plain(sentence)))
    elif len(sentence) <= TOAST_MAX:
        await context.toast(sentence, alert=True)
    else:
        await context.toast()
        await context.say(Screen(Text().plain(sentence)))


async def _write_down(context: Context, refusal: refusals.Refusal) -> None:
    person = await context.read(people.find, context.visitor.key)
    actor = person.pseudonym if person is not None else "stranger"
    subject = str(refusal.details.get("role", type(refusal).__name__))
    await context.write(people.audit, actor, "refused", subject, context.tapped[:64])
