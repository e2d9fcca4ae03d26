"""What students tap and type, one module for each noun.

The road of a student lives here: joining, consent, the profile, projects, work, hours, earnings and settings.
Wording and keyboards live in `handlers.views`; every decision lives in `actions` and `rules`.
"""
