"""Puts the route table into the application, and behind it what answers when no route fits."""

from __future__ import annotations

from typing import Any

from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler

from handlers import errors, general, presence, routes
from handlers.routing import PRIVATE, Input


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Add every handler, in the order of the table."""
    for route in routes.TABLE:
        if not isinstance(route, Input):
            application.add_handler(route.handler())
    application.add_handler(CommandHandler("help", general.help_command, filters=PRIVATE))
    application.add_handler(CommandHandler("cancel", general.cancel_command, filters=PRIVATE))
    application.add_handler(MessageHandler(PRIVATE, general.message))
    application.add_handler(CallbackQueryHandler(general.old_button))
    application.add_handler(presence.HANDLER)
    application.add_error_handler(errors.on_error)
