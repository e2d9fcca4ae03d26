"""Floor 1, what is decided: pure functions on plain values.

Nothing here awaits, reads a clock, draws a chance, or knows of SQL and Telegram. A rule may import the standard
library, numpy, and pydantic for what comes from outside, and is proved by a table of examples and a property.
"""
