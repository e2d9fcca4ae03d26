"""Stories: people and the real bot, told through the chat. The sandbox is the only thing that is not real."""
