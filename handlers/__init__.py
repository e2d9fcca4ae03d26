"""Floor 4, Telegram in and Telegram out: what a person taps and what a person reads.

A handler looks up who is asking, calls one action and hands the outcome to a view. It may import actions,
rules and telegram; it holds no SQL and no policy, and it never reaches past actions into storage.
"""
