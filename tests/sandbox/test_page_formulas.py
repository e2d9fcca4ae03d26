"""Formulas on the chat page: what is understood is drawn as MathML, and all else stays the source that it was."""

import html
import json
import random
import re
from pathlib import Path
from typing import Any

from rules import rich_markdown
from tests.sandbox.stage import IN_BROWSER, Stage

pytestmark = IN_BROWSER

DEMO = Path(__file__).resolve().parents[2] / "bot" / "demo"

# How a tree of MathML is written in these tests: {…} is a row, a space is a space, and all else is called by its tag without the m.
WRITE = """function write(node) {
    const inside = [...node.children].map(write);
    if (node.localName === 'mspace') return parseFloat(node.getAttribute('width')) > 0 ? ' ' : '';
    if (['mi', 'mn', 'mo', 'mtext'].includes(node.localName)) return node.textContent;
    if (['mrow', 'mstyle'].includes(node.localName)) return `{${inside.join('')}}`;
    if (node.localName === 'math') return inside.join('');
    const gap = ['mtd', 'msqrt'].includes(node.localName) ? '' : ';';
    return `${node.localName.slice(1)}(${inside.join(gap)})`;
}"""

DRAWN = {
    r"\frac{a}{b+1}": "frac(a;{b + 1})",
    r"\tfrac12 + \dfrac{1}{23}": "frac(1;2) + frac(1;23)",
    r"\sqrt{x} \sqrt[3]{x+1}": "sqrt({x})root({{x + 1}};3)",
    "x^2": "sup(x;2)",
    "x^23": "sup(x;2)3",
    "x_i^{2n}": "subsup(x;i;{2n})",
    "x^{2_i} a_{n+1}": "sup(x;sub(2;i))sub(a;{n+1})",
    "{}^{14}C": "sup({};14)C",
    "f'(x) - f''": "{f′}(x) − {f′′}",
    "f'^2": "sup({f′};2)",
    r"2 \times 3 \cdot 4 \pm 5": "2 × 3 ⋅ 4 ± 5",
    r"a \le b \neq c \approx d": "a ≤ b ≠ c ≈ d",
    "x = -1": "x = −1",
    "-a, (+b)": "−a, (+b)",
    "1.25 a": "1.25a",
    r"\alpha \in \Omega \subset \infty": "α ∈ Ω ⊂ ∞",
    r"\sum_{i=1}^n i": "underover(∑;{i=1};n) i",
    r"\int_0^1 x\,dx": "subsup(∫;0;1) x dx",
    r"\lim_{x \to 0} \sin x": "under(lim;{x→0}) sin x",
    r"\sin(x) \log^2 y": "sin(x) sup(log;2) y",
    r"\left(\frac{a}{b}\right)^2": "sup({(frac(a;b))};2)",
    r"\left. x \right|_0": "sub({x|};0)",
    r"\big[x\big]": "[x]",
    r"P(\text{ill or not} \mid +)": "P(ill\u00a0or\u00a0not ∣ +)",
    r"3\ \mathrm{m/s^2}": "3 {m/sup(s;2)}",
    r"\mathbb{R}^3, \mathbf{F}": "sup(ℝ;3), 𝐅",
    r"\vec{v} \bar x \hat{y} \overline{AB}": "over(v;→)over(x;¯)over(y;ˆ){{AB}}",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}": "{(table(tr(td(a);td(b));tr(td(c);td(d))))}",
    r"\begin{cases} x & \text{if } x > 0 \\ 0 \end{cases}": "{{table(tr(td(x);td(if\u00a0x > 0));tr(td(0)))}",
    r"\begin{aligned} a &= b \\ &= c \\ \end{aligned}": "{table(tr(td(a);td({} = b));tr(td();td({} = c)))}",
    r"a \; b \quad c \! d": "a b cd",
    r"1, \dots, n": "1, … , n",
    r"50\% + \$3 \{a\}": "50% + $3{a}",
    r"\binom{n}{k} \boxed{x}": "{(frac(n;k))} {x}",
    r"\operatorname{rank} A": "rank A",
    r"\underbrace{a+a}_{2}": "under(under({a + a};⏟);2)",
    "2 × 3 ≤ π": "2 × 3 ≤ π",
}  # fmt: skip

UNKNOWN = r"""\unknown{x}
x^
x^2^3
\frac{1}
\frac{1}{2
{x
x}
x & y
x \\ y
\left( x
x \right)
\left? x \right)
\middle| x
\begin{tikz} x \end{tikz}
\begin{pmatrix} x \end{bmatrix}
\begin{cases} a & b & c \end{cases}
\sqrt[3{x}
\text{a $x$ b}
\text{\alpha}
\mathbb{+}\mathbb{1}\mathbb{я}
50% more
#1
$x$
\def\x{1} \x
\constructor
\href{javascript:alert()}{x}
\sum'_{i} i
\
🎉"""

JOINED = "abcdefghijklmnopqrstuvwxyz" * 2


async def render(stage: Stage, sources: list[str], *, block: bool = True, tall: bool = True) -> list[Any]:
    """Draw formulas and write the trees down: a list of its parts for each, or None where it stays as it was."""
    options = f"{{ block: {json.dumps(block)}, tall: () => {json.dumps(tall)} }}"
    written: list[Any] = await stage.js(f"""import('/static/js/tex.js').then(({{ renderTex }}) => {{
        {WRITE}
        return {json.dumps(sources)}.map((source) => renderTex(source, {options})?.map(write) ?? null);
    }})""")
    return written


async def show(stage: Stage, markup: str) -> None:
    await stage.begin()
    await stage.bot("sendRichMessage", chat_id=stage.nora.id, rich_message={"html": markup})
    await stage.until("document.querySelector('.rich')")


async def test_what_is_understood_is_drawn(stage: Stage) -> None:
    drawn = await render(stage, list(DRAWN))
    assert dict(zip(DRAWN, drawn, strict=True)) == {source: [tree] for source, tree in DRAWN.items()}


async def test_what_is_not_understood_is_not_drawn_at_all(stage: Stage) -> None:
    sources = [*UNKNOWN.split("\n"), " ", "{" * 60 + "x" + "}" * 60, "x" * 5000]
    drawn = await render(stage, sources)
    assert {source: tree for source, tree in zip(sources, drawn, strict=True) if tree is not None} == {}


async def test_no_mixture_of_signs_is_an_error(stage: Stage) -> None:
    chance = random.Random(7)
    signs = [
        *"{}{}^_'&[]() x2+.,|",
        r"\\",
        r"\frac",
        r"\sqrt",
        r"\left",
        r"\right",
        r"\sum",
        r"\limits",
        r"\text",
    ]
    signs += [
        r"\begin{cases}",
        r"\end{cases}",
        r"\displaystyle",
        r"\hat",
        r"\big",
        r"\middle",
        "\\",
        "\n",
        "\\,",
    ]
    sources = ["".join(chance.choices(signs, k=chance.randint(1, 12))) for _ in range(3000)]
    drawn = await render(stage, sources, block=False)
    assert any(drawn)
    assert not all(drawn)


async def test_long_formulas_among_words_are_cut_outside_of_brackets(stage: Stage) -> None:
    source = "f = (a + b)(c + d) + e + g + h"
    assert await render(stage, [source], block=False) == [["f = ", "(a + b)(c + d) + ", "e + ", "g + ", "h"]]
    assert await render(stage, ["f = (a + b)"], block=False) == [["f = (a + b)"]]


async def test_every_formula_of_the_demo_is_drawn(stage: Stage) -> None:
    texts = [
        value for path in sorted(DEMO.glob("*.jsonl")) for value in strings(path.read_text(encoding="utf-8"))
    ]
    found = re.compile(r"<tg-math(?:-block)?>(.*?)</tg-math", re.DOTALL)
    rendered = [rich_markdown.markdown_html(text) for text in texts]
    sources = [html.unescape(one) for text in rendered for one in found.findall(text)]
    assert len(sources) > 50
    drawn = await render(stage, sources)
    assert [source for source, tree in zip(sources, drawn, strict=True) if tree is None] == []


def strings(lines: str) -> list[str]:
    """Every text within lines of JSON."""

    def within(value: Any) -> list[str]:
        if isinstance(value, dict | list):
            inner = value.values() if isinstance(value, dict) else value
            return [text for one in inner for text in within(one)]
        return [value] if isinstance(value, str) else []

    return [text for line in lines.splitlines() for text in within(json.loads(line))]


async def test_tall_brackets_need_a_font_that_has_them(stage: Stage) -> None:
    tall = [
        r"\left(\frac{1}{2}\right)",
        r"\begin{pmatrix} a \\ b \end{pmatrix}",
        r"\sqrt{\frac{a}{b}}",
        r"\big(x",
    ]
    low = [r"\left(x\right)", r"\sqrt{x}", r"\frac{1}{2}"]
    drawn = await render(stage, tall + low, tall=False)
    assert [tree is None for tree in drawn] == [True] * len(tall) + [False] * len(low)


async def test_a_formula_is_named_by_its_source(stage: Stage) -> None:
    await show(stage, "<p><tg-math>a &lt; b</tg-math> and <tg-math>\\odd &lt;b&gt;</tg-math></p>")
    about = "[...document.querySelectorAll('.math')].map((one) => [one.ariaLabel, one.title, one.querySelector('math') !== null])"
    assert await stage.js(about) == [["a < b", "a < b", True], [None, "", False]]
    assert await stage.js("document.querySelectorAll('.math')[1].textContent") == "\\odd <b>"
    named = [node for node in await stage.page.accessibility_tree() if node["name"] == "a < b"]
    assert [node["role"] for node in named] == ["math"]


async def test_a_wide_formula_scrolls_or_breaks_within_its_bubble(stage: Stage) -> None:
    sums = " + ".join(f"a_{{{number}}}" for number in range(30))
    sources = [sums, JOINED]
    blocks = "".join(f"<tg-math-block>{one}</tg-math-block>" for one in sources)
    await show(stage, blocks + "".join(f"<p>It is <tg-math>{one}</tg-math>, so</p>" for one in sources))
    hidden = "[...document.querySelectorAll('{}')].map((one) => one.scrollWidth > one.clientWidth + 1)"
    assert await stage.js(hidden.format(".math-block")) == [True, True]
    starts = """[...document.querySelectorAll('.math-block')].map((one) => {
        return one.querySelector('math').getBoundingClientRect().left >= one.getBoundingClientRect().left;
    })"""
    assert await stage.js(starts) == [True, True]
    assert await stage.js(hidden.format(".math-part:has(math:not([display]))")) == [False] * 30 + [True]
    assert await stage.js(f"{hidden.format('.rich, .rich p')}.includes(true)") is False


async def test_brackets_and_commas_stay_in_the_line_of_their_formula(stage: Stage) -> None:
    long = "100\\,(t - 1) + 200\\,(t - 2) + 300\\,(t - 3) + 4"
    await show(
        stage, "".join(f"<p>We see (<tg-math>{one}</tg-math>), so</p>" for one in ("100\\,(t - 1)", long))
    )
    split = await stage.js("""[...document.querySelectorAll('.rich p')].map((words) => {
        const math = words.querySelector('.math');
        const around = [math.previousSibling, math.nextSibling].map((text) => {
            const sign = document.createRange();
            sign.selectNodeContents(text);
            return sign;
        });
        const parts = [...math.querySelectorAll('.math-part')];
        return Array.from({ length: 140 }, (_, index) => 140 + index).filter((width) => {
            words.style.width = `${width}px`;
            const boxes = [around[0], parts[0], parts.at(-1), around[1]].map((one) => one.getBoundingClientRect());
            const [open, first, last, close] = boxes.map(({ top, bottom }) => (top + bottom) / 2);
            return Math.abs(open - first) > 8 || Math.abs(close - last) > 8;
        });
    })""")
    assert split == [[], []]
    lines = await stage.js("document.querySelectorAll('.math')[1].getClientRects().length")
    assert lines > 1
