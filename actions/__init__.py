"""Floor 3, what Veritap can do: one verb, one transaction.

An action is a plain function over a transaction that returns one value of a closed union, or raises a refusal
whose docstring the person reads. It may import storage and rules; it knows neither Telegram, nor the web, nor
an engine of SQL, and is handed the clock, chance and fresh ids.
"""
