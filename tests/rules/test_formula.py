"""Formulas as a line of plain text: readable where they are simple, and never lost where they are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import formula, markdown


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"f(x) = x^2 \sin x", "f(x) = x² sin x"),
        (r"1 + 2 + \dots + n = \frac{n(n+1)}{2}", "1 + 2 + … + n = (n(n+1))/2"),
        (r"10\ \mathrm{m/s^2}", "10 m/s²"),
        (r"\int x\,e^{x}\,dx", "∫ x e^x dx"),
        (r"\sqrt{\frac{a}{b}} \le \alpha^{-1}", "√(a/b) ≤ α⁻¹"),
        (r"a_{n+1} = 2a_n + x_{max}", "aₙ₊₁ = 2aₙ + x_max"),
        (r"\tfrac12 g\,t^2", "1/2 g t²"),
        (r"30^\circ", "30°"),
        (r"2\lambda \times 5\%", "2λ × 5%"),
        (r"\begin{aligned} x &= 1 \\ y &= 2 \end{aligned}", "x = 1 y = 2"),
        (r"P(\text{ill} \mid +)", "P(ill | +)"),
    ],
)
def test_simple_formulas_read_as_one_writes_them(tex: str, said: str) -> None:
    assert formula.plain(tex) == said


@given(st.text(alphabet=r"\{}^_ frac12sqrtxalph$&", max_size=60))
def test_whatever_is_in_it_something_on_one_line_comes_out(tex: str) -> None:
    said = formula.plain(tex)
    assert said == " ".join(said.split())
    assert "{" not in said
    assert "}" not in said


@given(st.text(max_size=80))
def test_a_text_becomes_one_line(source: str) -> None:
    said = markdown.in_a_line(source)
    assert said == " ".join(said.split())


def test_markup_and_formulas_are_plain_and_the_rest_stays() -> None:
    source = "# **Prove**\n\n$n^2 \\ge n$ and `a * b`, then\n\n$$\\frac{1}{2}$$"
    assert markdown.in_a_line(source) == "Prove n² ≥ n and a * b, then 1/2"
    assert markdown.in_a_line("it costs $5 and $6") == "it costs $5 and $6"
