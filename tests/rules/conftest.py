"""How hard the rules are tried: the same examples in each run, so that no run fails by chance and nobody waits for luck.

`VERITAP_LONG_TESTS=1 python3 run.py test tests/rules tests/actions/test_machine.py` draws twenty times as many, new ones each time.
"""

from __future__ import annotations

import os

from hypothesis import settings

LONG = os.environ.get("VERITAP_LONG_TESTS", "") not in ("", "0")

# A shared machine may be slow at any moment, so no example has a deadline.
settings.register_profile("check", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("long", max_examples=2_000, deadline=None)
settings.load_profile("long" if LONG else "check")
