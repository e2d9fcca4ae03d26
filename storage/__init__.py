"""Floor 2, what is kept: named SQL queries beside the modules that run them.

Rows come out as dataclasses. This is the only floor that knows a database engine; it may import the types of
rules, and neither Telegram nor the web. What must be atomic lives here, and no policy does.
"""
