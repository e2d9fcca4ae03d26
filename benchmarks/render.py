"""What it costs to lay out what a model wrote: a typical answer of 4 kB beside the bare parser, and texts of 50 kB made to be slow."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from markdown_it import MarkdownIt

from benchmarks.figures import spread
from rules.markdown import pieces
from rules.text import pages

ROUNDS = 21
HOSTILE_CHARACTERS = 50_000
ANSWER = """## Step 1: Set up the equation

We know that the train travels **120 km** in *1.5 hours*, so its speed is $v = \\frac{d}{t}$. With `d = 120` and
`t = 1.5` we get:

$$
v = \\frac{120}{1.5} = 80
$$

1. First, check the units: km and hours.
2. Then compare with List<float> xs, where x_1 * y < 80.
   - A detail that matters, (see [the source](https://example.com/a_b)).

| Train | Speed |
|-------|------:|
| A     | 80    |
| B     | 95    |

```python
def speed(distance: float, hours: float) -> float:
    return distance / hours
```

> Note: this costs $5 and not $6, which **nobody** expected.

"""
HOSTILE = [
    "[", "*", "*a ", "`", "> ", ">", "|", "$", "$a ", "\\(", "![[", "[a](b.c) ", "**a** ", "- a\n", "- a\n* b\n", "-\n", "a\n", "a\n\n",
    "# a\n", ">>>>>>>>>>>>>>>>\n", "|1|2|\n", "|a|b|\n|-|-|\n|1|2|\n\n", "```\n", "https://a.b/_x ", "\\[\n", "&amp;", "~~a ", "[`",
]  # fmt: skip


def cpu_ms(action: Callable[[str], object], text: str) -> float:
    start = time.process_time_ns()
    action(text)
    return (time.process_time_ns() - start) / 1e6


def whole(text: str) -> object:
    return pages(pieces(text))


def main() -> None:
    bare = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).parse
    answer = (ANSWER * 5)[:4096]
    rows = [(cpu_ms(whole, answer), cpu_ms(bare, answer)) for _ in range(ROUNDS)]
    ours = [one for one, _ in rows]
    sys.stdout.write(f"an answer of 4 kB: {spread(ours)} ms, ")
    sys.stdout.write(f"{spread([one / other for one, other in rows])} times the bare parser\n")
    slowest = []
    for unit in HOSTILE:
        text = (unit * HOSTILE_CHARACTERS)[:HOSTILE_CHARACTERS]
        slowest.append((statistics.median(cpu_ms(whole, text) for _ in range(3)), unit))
    for taken, unit in sorted(slowest, reverse=True)[:5]:
        sys.stdout.write(f"50 kB of {unit!r}: {taken:,.0f} ms\n")


if __name__ == "__main__":
    main()
