"""Views: pure functions that turn an outcome into a message.

A view takes plain values and returns text, entities and a keyboard. It awaits nothing, asks no store and
sends nothing itself, so every screen can be tested by calling a function.
"""
