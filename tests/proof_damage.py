"""How much damage the proof notices: `python -m tests.proof_damage [--damages N] [--seed S] [--sealed]`.

A lived-in database is damaged at one place, again and again, each time from the whole file: one column of one row of any table is changed
behind the guards' back, or one byte of the file. The rule for what counts: a damage is a change after which the file cannot be read as
before, or one after which a table reads otherwise. A byte that no table and no index reads (a free page, the rest of a page, a header's
hint) is no damage, and neither is one that turns a value into an equal one. By default the tables of the books are looked at: those from
which hours and money can be worked out. `--all` looks at every table.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot import verify
from tests.bot import lived_in
