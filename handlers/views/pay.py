"""Pay in words: what an item or an hour brings, how a floor works, and what is not paid. Told before anything is asked. Pure."""

from __future__ import annotations

from handlers.language import _, duration, money, n_
from rules.pay import Terms
from rules.pay_table import Pay
from rules.text import Text


def rate(pay: Pay, degree: str = "", use: str = "work") -> str:
    """Say in a few words what a student with a degree is paid: "$24.00/h", "$0.40 an item"."""
    terms = pay.terms(degree, use)
    if pay.scheme == "hour":
        # Translators: {rate} is an amount of money for one hour.
        return _("{rate}/h", rate=money(terms.rate_micro, pay.currency))
    item = money(terms.piece_micro, pay.currency)
    if pay.scheme == "item":
        # Translators: {pay} is an amount of money for one item.
        return _("{pay} an item", pay=item)
    # Translators: {pay} is an amount of money for one item, {floor} one for an hour.
    return _("{pay} an item, at least {floor}/h", pay=item, floor=money(terms.rate_micro, pay.currency))


def in_full(pay: Pay, degree: str = "") -> list[str]:
    """Say what is paid and by which rule, a line each, for a student with a degree."""
    terms = pay.terms(degree, "work")
    if pay.scheme == "hour":
        return [_("Pay: {rate} an hour of credited time", rate=money(terms.rate_micro, pay.currency))]
    item = money(terms.piece_micro, pay.currency)
    lines = [_("Pay: {pay} an item, whatever time you take", pay=item)]
    if pay.scheme == "item_with_floor":
        floor = money(terms.rate_micro, pay.currency)
        # Translators: Half of all students take more than the typical time and half take less.
        lines.append(
            _(
                "Floor: if a week's typical time makes that less than {floor}/h, all are topped up",
                floor=floor,
            )
        )
    return lines


def of_stages(pay: Pay, training: int, exam: int) -> str:
    """Say whether training and exam are paid, as far as there are any."""
    stages = [use for use, items in (("training", training), ("exam", exam)) if items]
    unpaid = [use for use in stages if not pay.is_paid(use)]
    if not unpaid:
        return _("All of it is paid, passed or not.")
    if unpaid == stages:
        return _("None of it is paid on this project; what you do afterwards is.")
    if unpaid == ["training"]:
        return _("Training is not paid on this project. The exam is, passed or not.")
    return _("The exam is not paid on this project. Training is.")


def of_time(pay: Pay) -> str:
    """Say how long an item is expected to take, and how much of it counts at most."""
    told = {"time": duration(pay.expected_ms), "cap": duration(pay.cap_ms)}
    if pay.scheme == "hour":
        return _("Each item: about {time}, at most {cap} paid.", **told)
    return _("Each item: about {time}, at most {cap} counted.", **told)


def expected_micro(terms: Terms, items: int, expected_ms: int) -> int:
    """Work out what some items bring when each takes as long as is expected."""
    return items * terms.amount_micro(expected_ms)


def topped_up(title: str, judgments: int, amount_micro: int, currency: str) -> Text:
    """Tell a student of the top-up of a week."""
    text = Text().line(title, "bold").plain("\n")
    text.line(
        n_(
            "Last week's items took longer than planned, so your {n} item is topped up: +{pay}.",
            "Last week's items took longer than planned, so your {n} items are topped up: +{pay}.",
            judgments,
            pay=money(amount_micro, currency),
        )
    )
    return text.plain(_("Everybody gets the same for each item. It is approved already."))
