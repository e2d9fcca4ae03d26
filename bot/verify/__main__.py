"""`python3 -m bot.verify FILE`: the proof by itself, with the standard library alone."""

from __future__ import annotations

import sys

from bot.verify.report import main

sys.exit(main(sys.argv[1:]))
