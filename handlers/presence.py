"""Whether a person can be reached: Telegram tells when somebody blocks the bot, and when they let it in again."""

from __future__ import annotations

from telegram import ChatMember, Update
from telegram.ext import ChatMemberHandler

from actions import reach
from handlers.context import Context


async def changed(update: Update, context: Context) -> None:
    """Somebody blocked the bot, or lets it write again."""
    change = update.my_chat_member
    if change is None or change.chat.type != change.chat.PRIVATE:
        return
    is_gone = change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
    await context.write(reach.lose_by_key if is_gone else reach.regain_by_key, context.visitor.key)


HANDLER = ChatMemberHandler(changed, ChatMemberHandler.MY_CHAT_MEMBER)
