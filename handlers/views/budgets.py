"""A project's budget as its coordinators read it: the line on its page, and the notices when it runs low and when it is reached. Pure."""

from __future__ import annotations

from actions.budgets import Budget
from actions.projects import Project
from handlers.language import _, aligned, money, percent
from handlers.screen import Button, Screen
from rules.text import Text


def line(budget: Budget, currency: str) -> str:
    """Say what of a budget is set aside for items that are out, and left; what is spent stands before it."""
    return _(
        # Translators: Three amounts of money. Reserved: set aside for items that are out and not answered yet.
        "reserved {reserved} · left {left} of {budget}",
        reserved=money(budget.reserved_micro, currency),
        left=money(budget.left_micro, currency),
        budget=money(budget.budget_micro, currency),
    )


def reached(project: Project, budget: Budget, most_micro: int) -> Screen:
    """Tell that a project has paused itself, with the figures and the ways on."""
    currency = project.rules.pay.currency
    left, whole = money(budget.left_micro, currency), money(budget.budget_micro, currency)
    text = Text().line(aligned(project.title, _("paused")), "bold").plain("\n")
    text.line(_("{left} of {budget} left.", left=left, budget=whole))
    text.line(_("The next item could cost up to {most}.", most=money(most_micro, currency))).plain("\n")
    text.plain(
        _("To go on, raise budget in the project file, send it here and open the project. Or close it.")
    )
    text.plain(" ").plain(_("Items that are out can still be answered, and are paid."))
    return Screen(text, [[_see(project)]])


def warning(project: Project, budget: Budget) -> Screen:
    """Tell that most of a budget is spent or set aside."""
    currency = project.rules.pay.currency
    # Rounded down: what is not all is not told as all.
    share = percent(100 * (budget.spent_micro + budget.reserved_micro) // budget.budget_micro / 100)
    text = Text().line(aligned(project.title), "bold").plain("\n")
    text.line(_("{share} of the budget is spent or reserved.", share=share))
    spent = _("spent {spent}", spent=money(budget.spent_micro, currency))
    text.line(f"{spent} · {line(budget, currency)}").plain("\n")
    text.plain(_("When it no longer pays for one more item, the project pauses itself."))
    return Screen(text, [[_see(project)]])


def _see(project: Project) -> Button:
    return Button(_("Project"), f"c:see:{project.id}")
