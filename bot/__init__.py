"""The top floor: what starts Veritap and wires the floors together.

Here live the command line, the settings, the intake of updates, the delivery of messages, the timetable and
the demo. It may import every floor, and no floor imports it. Policy, SQL and wording belong further down.
"""
