"""A bare bot to compare with: python-telegram-bot as it comes, with its own httpx and its own polling. It answers a tap and edits the
message; it keeps, judges, books and picks nothing."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes

KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Correct", callback_data="yes"),
            InlineKeyboardButton("Wrong", callback_data="no"),
        ],
        [
            InlineKeyboardButton("Undo", callback_data="undo"),
            InlineKeyboardButton("Skip", callback_data="skip"),
        ],
    ]
)
_numbers = itertools.count(1)


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/start: put a message with buttons into the chat."""
    assert update.effective_message is not None
    await update.effective_message.reply_text("Tap", reply_markup=KEYBOARD)


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a tap and edit its message, both at once."""
    query = update.callback_query
    assert query is not None
    text = f"{query.data} was tapped, number {next(_numbers)}"
    await asyncio.gather(query.answer("Saved"), query.edit_message_text(text, reply_markup=KEYBOARD))


def main() -> None:
    logging.basicConfig(level=logging.WARNING)
    url = os.environ["TELEGRAM_API_URL"]
    application: Application[Any, Any, Any, Any, Any, Any] = (
        ApplicationBuilder()
        .token(os.environ["TELEGRAM_BOT_TOKEN"])
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .concurrent_updates(True)
        .build()
    )
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(tapped))
    application.run_polling()


if __name__ == "__main__":
    main()
