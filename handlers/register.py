"""Puts the route table into the application, and behind it what answers when no route fits."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, TypeHandler

from handlers import errors, general, presence, routes
from handlers.context import Context
from handlers.routing import EDITED, PRIVATE, Input

BEFORE_ALL = -1
"""The group of what runs before any route is looked for."""


async def listen(update: Update, context: Context) -> None:
    """Hear in which language to answer, before anything else."""
    if update.effective_user is not None:
        await context.services.languages.listen(context.services.store, context.visitor)


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Add every handler, in the order of the table."""
    application.add_handler(TypeHandler(Update, listen), group=BEFORE_ALL)
    for route in routes.TABLE:
        if not isinstance(route, Input):
            application.add_handler(route.handler())
    application.add_handler(CommandHandler("help", general.help_command, filters=PRIVATE))
    application.add_handler(CommandHandler("cancel", general.cancel_command, filters=PRIVATE))
    application.add_handler(MessageHandler(PRIVATE, general.message))
    application.add_handler(MessageHandler(EDITED, general.edited))
    application.add_handler(CallbackQueryHandler(general.old_button))
    application.add_handler(presence.HANDLER)
    application.add_error_handler(errors.on_error)
