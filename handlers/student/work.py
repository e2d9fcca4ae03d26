"""Work: /work, /pause and every tap on a task card. A tap becomes one action; its outcome becomes one edit and one toast."""

from __future__ import annotations

import asyncio
import json

from telegram import Update

from actions import cards, judgments, people, refusals, work
from actions.outcomes import (
    AlreadyJudged,
    AlreadyLeft,
    CannotUndo,
    ExamEnded,
    Explained,
    LeaseEnded,
    Left,
    Noted,
    OldCard,
    Outcome,
    ProjectEnded,
    Recorded,
    Stepped,
    Undone,
)
from actions.people import Visitor
from actions.ports import Tx
from actions.work import Card
from handlers.context import Context
from handlers.routing import Command, Route, Tap
from handlers.screen import Button, Screen
from handlers.views import card as card_view
from handlers.views import work as view
from rules import answers, credit, money
from rules.project_file import Tags
from rules.text import Text

Reply = tuple[Screen | None, str]
"""What a tap is answered with: a screen in place of the card (None: leave it) and the toast."""


async def work_command(update: Update, context: Context) -> None:
    """/work: show the card that lies open, or the next thing to do."""
    following = await context.write(_go_on, context.visitor)
    message_id = await context.say(view.next_screen(following))
    await context.write(people.place_card, context.visitor, message_id)


def _go_on(tx: Tx, visitor: Visitor, project_id: int | None = None) -> work.Next:
    """Give a student's next thing. Who asks for work after a set has seen its sum already, and gets the next set."""
    following = work.go_on(tx, visitor, project_id)
    if isinstance(following, work.SetEnded):
        return work.begin_set(tx, visitor, following.project.id)
    return following


async def pause_command(update: Update, context: Context) -> None:
    """/pause: lay the open card aside."""
    ended = await context.write(work.pause, context.visitor)
    if ended is None:
        await context.say(Screen(Text().plain("Nothing is open. /work starts a set.")))
    else:
        await context.say(view.set_ended(ended, paused=True))


async def card_tap(update: Update, context: Context) -> None:
    """Any button of a task card."""
    token, step, operation = _parse(context.tapped)
    if operation in ("m", "b", "F", "i", "r"):
        await _look(context, token, operation)
    elif operation == "p":
        await _pause(context)
    else:
        outcome = await context.write(judgments.tap, context.visitor, token, step, operation)
        screen, toast = reply_to(outcome)
        if operation == "d" and isinstance(outcome, OldCard):
            toast = _too_few(outcome.card)
        if screen is None:
            await _catch_up(context, toast)
        else:
            await asyncio.gather(context.toast(toast), context.show(screen))


def _too_few(card: Card) -> str:
    """Say that Done came before enough was ticked; nothing when that is not what the tap failed for."""
    ask = answers.question_now(card.project.rules, card.draft)
    if isinstance(ask, Tags) and len(card.draft.marks) < ask.at_least:
        return f"Choose {ask.at_least} or more first, then Done."
    return ""


async def _catch_up(context: Context, toast: str) -> None:
    """Answer a tap on what is done. A card whose next look never arrived, since the connection or the bot broke off, gets it now."""
    query = context.event.callback_query if context.event else None
    message_id = query.message.message_id if query is not None and query.message is not None else 0
    card = await context.read(cards.living, context.visitor, message_id)
    if card is None:
        await context.toast(f"{toast.removesuffix('.')}. /work goes on.")
    else:
        await asyncio.gather(context.toast(toast), context.show(card_view.screen(card)))


def reply_to(outcome: Outcome) -> Reply:
    """Turn the outcome of a tap into what the student sees."""
    match outcome:
        case Stepped(card):
            return card_view.screen(card), ""
        case Recorded():
            return view.next_screen(outcome.next), _saved(outcome)
        case Explained():
            return view.explained(outcome), _saved(outcome)
        case ExamEnded():
            return view.exam_ended(outcome), _saved(outcome)
        case Left(how, following):
            toast = "Skipped" if how == "skipped" else "Thank you. It is marked for the coordinator."
            return view.next_screen(following), toast
        case Noted(card):
            return card_view.screen(card), "Noted, thank you. Please answer as well as you can; it is paid."
        case Undone(card):
            return card_view.screen(card), "Taken back. Answer it again."
        case CannotUndo(card):
            return card_view.screen(card), "There is nothing to undo."
        case AlreadyJudged(answer):
            return None, f"Already saved: {answer}" if answer else "Already saved"
        case AlreadyLeft():
            return None, "You left this one already."
        case OldCard(card):
            return card_view.screen(card), ""
        case LeaseEnded(following):
            note = "That item's time had run out, so it went back to the others. Here is what comes next."
            return view.next_screen(following, note), "That item's time had run out."
        case ProjectEnded(project):
            text = Text().line(project.title, "bold").plain("\n")
            text.plain(
                "This project has closed, so this last answer was not taken. What you did before stays paid."
            )
            return Screen(
                text, [[Button("Earnings", "e:now"), Button("Projects", "p:list")]]
            ), "This project has closed."


def _saved(outcome: Recorded | Explained | ExamEnded) -> str:
    return (
        f"Saved · {credit.show(outcome.credited_ms)} · +{money.show(outcome.amount_micro, outcome.currency)}"
    )


def _parse(data: str) -> tuple[str, int, str]:
    """Take a card's callback data apart; anything else is a forged or broken button."""
    parts = data.split(":")
    if len(parts) != 4 or not parts[2].isascii() or not parts[2].isdigit() or len(parts[2]) > 9:
        raise refusals.OutOfDate
    return parts[1], int(parts[2]), parts[3]


async def _look(context: Context, token: str, operation: str) -> None:
    """Show another side of the card; nothing is changed."""
    card = await context.read(judgments.look, context.visitor, token)
    if card is None:
        await _catch_up(context, "This card is out of date.")
        return
    if operation == "r":
        await asyncio.gather(
            context.toast(), context.send_file("item.txt", _raw(card), "The item, exactly as it came.")
        )
        return
    sides = {
        "m": card_view.menu,
        "F": card_view.flag_menu,
        "i": card_view.instructions,
        "b": card_view.screen,
    }
    await asyncio.gather(context.toast(), context.show(sides[operation](card)))


def _raw(card: work.Card) -> bytes:
    fields = json.loads(card.fields)
    parts = [f"{show.field}:\n{fields.get(show.field, '')}" for show in card.project.rules.show]
    return "\n\n".join(parts).encode()


async def _pause(context: Context) -> None:
    ended = await context.write(work.pause, context.visitor)
    if ended is None:
        await context.toast("Nothing is open.")
    else:
        await asyncio.gather(context.toast("Paused"), context.show(view.set_ended(ended, paused=True)))


async def go_tap(update: Update, context: Context) -> None:
    """Buttons that lead on: to a project's card, into a stage, into the next set."""
    verb, _, number = context.tapped.removeprefix("p:").partition(":")
    project_id = context.number(number)
    actions = {"go": _go_on, "on": work.begin_stage, "set": work.begin_set}
    following = await context.write(actions[verb], context.visitor, project_id)
    _, message_id = await asyncio.gather(context.toast(), context.show(view.next_screen(following)))
    await context.write(people.place_card, context.visitor, message_id)


async def rest_tap(update: Update, context: Context) -> None:
    """That's it for now."""
    await asyncio.gather(context.toast(), context.show(view.rest()))


ROUTES: list[Route] = [
    Command("work", work_command, "Go on with your tasks"),
    Command("pause", pause_command, "Take a break; your place is kept"),
    Tap("a:", card_tap),
    Tap("p:go:", go_tap),
    Tap("p:on:", go_tap),
    Tap("p:set:", go_tap),
    Tap("p:rest", rest_tap),
]
