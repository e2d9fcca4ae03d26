"""Work: /work, /pause and every tap on a task card. A tap becomes one action; its outcome becomes one edit and one toast."""

from __future__ import annotations

import asyncio
import json
import re

from telegram import Update

from actions import cards, judgments, people, refusals, settings, work
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
    Typed,
    Undone,
)
from actions.people import Visitor
from actions.ports import Tx
from actions.work import Card
from handlers.context import Context
from handlers.language import N_, _, duration, money, n_
from handlers.routing import Command, Route, Tap
from handlers.screen import Screen
from handlers.views import card as card_view
from handlers.views import questions, raw
from handlers.views import work as view
from rules.kinds import Sheet, Span, Tags, TextAnswer
from rules.text import Text

_RAW = re.compile(r"r[0-9]{0,3}", re.ASCII)
"""Shows the item as it came: its first page, or the one of that number."""

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
        await context.say(Screen(Text().plain(_("Nothing is open. /work starts a set."))))
    else:
        await context.say(view.set_ended(ended, paused=True))


async def card_tap(update: Update, context: Context) -> None:
    """Any button of a task card."""
    token, step, operation = _parse(context.tapped)
    if operation in ("m", "b", "F", "i", "D") or _RAW.fullmatch(operation):
        await _look(context, token, operation)
    elif operation in ("P", "R"):
        await _change_form(context, token, plain=operation == "P")
    elif operation == "p":
        await _pause(context)
    else:
        outcome = await context.write(judgments.tap, context.visitor, token, step, operation)
        screen, toast = reply_to(outcome)
        if isinstance(outcome, OldCard):
            toast = _why_not(outcome.card, operation)
        if screen is None:
            await _catch_up(context, toast)
        else:
            await asyncio.gather(context.toast(toast), context.show(screen))


def _why_not(card: Card, operation: str) -> str:
    """Say why a tick or Done was not taken: too few or too many are ticked. Nothing when that is not what the tap failed for."""
    ask, count = card.question, len(card.draft.marks)
    if not isinstance(ask, Tags | Span):
        return ""
    if operation == "d" and count < ask.at_least:
        return _("Choose {n} or more first, then Done.", n=ask.at_least)
    if operation[:1] == "t" and operation[-1:] == "+" and count >= ask.at_most:
        return _("At most {n} can be chosen. Take one away first.", n=ask.at_most)
    return ""


async def _catch_up(context: Context, toast: str) -> None:
    """Answer a tap on what is done. A card whose next look never arrived, since the connection or the bot broke off, gets it now."""
    query = context.event.callback_query if context.event else None
    message_id = query.message.message_id if query is not None and query.message is not None else 0
    card = await context.read(cards.living, context.visitor, message_id)
    if card is None:
        # Translators: {said} is a short sentence such as "Already saved: Wrong".
        await context.toast(_("{said}. /work goes on.", said=toast.rstrip(".।")))
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
            thanks = _("Thank you. It is marked for the coordinator.")
            return view.next_screen(following), _("Skipped") if how == "skipped" else thanks
        case Noted(card):
            return card_view.screen(card), _(
                "Noted, thank you. Please answer as well as you can; it is paid."
            )
        case Undone(card):
            return card_view.screen(card), _("Taken back. Answer it again.")
        case CannotUndo(card):
            return card_view.screen(card), _("There is nothing to undo.")
        case AlreadyJudged():
            return None, _already_saved(outcome)
        case AlreadyLeft():
            return None, _("You left this one already.")
        case OldCard(card):
            return card_view.screen(card), ""
        case LeaseEnded(following):
            note = _("That item's time had run out, so it went back to the others. Here is what comes next.")
            return view.next_screen(following, note), _("That item's time had run out.")
        case ProjectEnded(project):
            return view.project_ended(project), _("This project has closed.")


def _already_saved(outcome: AlreadyJudged) -> str:
    sheet = Sheet(json.loads(outcome.fields), outcome.flipped)
    answer = questions.said(outcome.project.rules, outcome.answers, sheet)
    return _("Already saved: {answer}", answer=answer) if answer else _("Already saved")


def _saved(outcome: Recorded | Explained | ExamEnded) -> str:
    time, pay = duration(outcome.credited_ms), money(outcome.amount_micro, outcome.currency)
    # Translators: the toast after an answer, such as "Saved · 41 s · +$0.27".
    return _("Saved · {time} · +{pay}", time=time, pay=pay)


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
        await _catch_up(context, _("This card is out of date."))
        return
    if operation == "D":
        data, caption = raw.text(card).encode("utf-8", "replace"), _("The item, exactly as it came.")
        await asyncio.gather(context.toast(), context.send_file("item.txt", data, caption))
        return
    if operation[:1] == "r":
        await asyncio.gather(context.toast(), context.show(raw.screen(card, int(operation[1:] or 0))))
        return
    sides = {
        "m": card_view.menu,
        "F": card_view.flag_menu,
        "i": card_view.instructions,
        "b": card_view.screen,
    }
    await asyncio.gather(context.toast(), context.show(sides[operation](card)))


async def _change_form(context: Context, token: str, *, plain: bool) -> None:
    """Show this card and those to come as plain text, or with formatting again."""
    card = await context.write(_set_form, context.visitor, token, plain)
    if card is None:
        await _catch_up(context, _("This card is out of date."))
        return
    toast = _("Plain text from now on. /settings changes it back.") if plain else ""
    await asyncio.gather(context.toast(toast), context.show(card_view.screen(card)))


def _set_form(tx: Tx, visitor: Visitor, token: str, plain: bool) -> Card | None:
    settings.set_plain(tx, visitor, plain)
    return judgments.look(tx, visitor, token)


async def typed(update: Update, context: Context) -> bool:
    """Take a message as the words that the open card asks for: they stand on the card, and the message goes. False when none are
    asked for."""
    if not await context.read(judgments.asks_for_words, context.visitor):
        return False
    message = context.event.effective_message if context.event else None
    text = message.text if message is not None else None
    outcome = await context.write(_typed, context.visitor, text)
    if outcome is None:
        return False
    found, place = outcome
    screen = card_view.screen(found.card, hint=_typing_note(found))
    await context.drop_message()
    message_id = await context.put(place, screen)
    if message_id != place:
        await context.write(people.place_card, context.visitor, message_id)
    return True


def _typed(tx: Tx, visitor: Visitor, text: str | None) -> tuple[Typed, int | None] | None:
    outcome = judgments.typed(tx, visitor, text)
    return (outcome, cards.place(tx, visitor)) if outcome is not None else None


async def cancel(context: Context) -> bool:
    """Take typed words off the open card, for /cancel. False when none stand there."""
    found = await context.write(_cancel_words, context.visitor)
    if found is None:
        return False
    card, place = found
    message_id = await context.put(place, card_view.screen(card))
    if message_id != place:
        await context.write(people.place_card, context.visitor, message_id)
    return True


def _cancel_words(tx: Tx, visitor: Visitor) -> tuple[Card, int | None] | None:
    card = judgments.forget_words(tx, visitor)
    return (card, cards.place(tx, visitor)) if card is not None else None


def _typing_note(outcome: Typed) -> str:
    """Say what is wrong with what was typed; nothing when it stands on the card."""
    ask = outcome.card.question
    if not outcome.trouble or not isinstance(ask, TextAnswer):
        return ""
    if outcome.trouble == "not_text":
        return _("Only words can be taken here. Please type your answer.")
    if outcome.trouble == "short":
        return n_(
            "That is too short: at least {n} character is needed.",
            "That is too short: at least {n} characters are needed.",
            ask.least,
        )
    return _(
        "That has {length} characters; at most {most} fit. Please shorten it.",
        length=outcome.length,
        most=ask.most,
    )


async def _pause(context: Context) -> None:
    ended = await context.write(work.pause, context.visitor)
    if ended is None:
        await context.toast(_("Nothing is open."))
    else:
        await asyncio.gather(context.toast(_("Paused")), context.show(view.set_ended(ended, paused=True)))


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
    Command("work", work_command, N_("Go on with your tasks")),
    Command("pause", pause_command, N_("Take a break; your place is kept")),
    Tap("a:", card_tap),
    Tap("p:go:", go_tap),
    Tap("p:on:", go_tap),
    Tap("p:set:", go_tap),
    Tap("p:rest", rest_tap),
]
