"""A project file and its items to begin with, as a coordinator gets them in chat. Small, whole, and ready to be opened."""

PROJECT = '''# Lines that begin with "#" are notes. Change what you like, keep the names of the keys.
slug = "example"                  # its short name: a-z, 0-9 and "-"
title = "Check sums"
instructions = """
Read the problem, then the solution that a language model wrote. Is it correct?"""
language = "en"

[pay]
currency = "USD"
rate_per_hour = "24.00"           # money stands in quotes
expected_seconds = 60             # told to the student beforehand
cap_seconds = 180                 # most time that is paid for one item

[audience]                        # an empty list means everybody
degrees = []                      # associate, bachelor, master, other
fields = []                       # maths, physics, computing ...
languages = ["en"]
seats = 20

[qualification]
training = 1                      # items that explain themselves; paid
exam = 2
pass_score = 0.5
retry_after_hours = 24

[quality]
gold_share = 0.10                 # how often an item has a known answer
gold_share_bounds = [0.03, 0.30]
overlap = [2, 3]                  # least and most answers an item gets

[[show]]                          # what a student sees of an item, in this order
field = "question"

[[show]]
field = "solution"

[[ask]]                           # what a student is asked
id = "correct"
kind = "choice"                   # choice, tags or scale
text = "Is the solution correct?"
options = [{ value = "yes", label = "Correct" }, { value = "no", label = "Wrong" }]

[[ask]]
id = "why"
kind = "tags"
text = "What is wrong?"
when = { correct = "no" }         # asked only after this answer
options = [{ value = "arithmetic", label = "Calculation" }, { value = "logic", label = "Logic" }]
'''

ITEMS = """{"id": "1", "use": "training", "question": "2 + 2?", "solution": "5", "gold": {"correct": "no"}, "explanation": "2 + 2 is 4."}
{"id": "2", "use": "exam", "question": "3 + 3?", "solution": "6", "gold": {"correct": "yes"}}
{"id": "3", "use": "exam", "question": "7 - 2?", "solution": "4", "gold": {"correct": "no"}}
{"id": "4", "question": "6 * 7?", "solution": "42", "gold": {"correct": "yes"}}
{"id": "5", "question": "10 - 3?", "solution": "7"}
{"id": "6", "question": "12 / 4?", "solution": "4"}
"""
