"""A cap that proves too tight, as its coordinators read it: the figures, the proposal, and what came of it. Pure."""

from __future__ import annotations

from actions.caps import Told
from handlers.language import _, aligned, duration, money, n_, percent
from handlers.screen import Button, Rows, Screen
from rules.money import earned_micro
from rules.text import Text


def notice(found: Told) -> Screen:
    """Tell of a cap that is too tight, with the way to raise it or leave it."""
    proposal, project = found.proposal, found.project
    text = Text().line(aligned(project.title), "bold").plain("\n")
    share = percent(proposal.met / proposal.judgments)
    text.line(_("The cap of {time} an item may be too tight.", time=duration(proposal.cap_ms)))
    text.line(
        n_(
            # Translators: {met} of {n} answers took as long as is paid, or longer. Careful: whose known answers are right often enough.
            "Of the newest {n} answer of careful students {met} took that long or longer ({share}).",
            "Of the newest {n} answers of careful students {met} took that long or longer ({share}).",
            proposal.judgments,
            met=proposal.met,
            share=share,
        )
    ).plain("\n")
    text.plain(_("{time} would be enough for 19 in 20.", time=duration(proposal.proposed_ms)))
    if found.is_open and project.rules.pay.scheme == "hour":
        pay = project.rules.pay
        rate_micro = max([pay.rate_micro, *pay.rates_micro.values()])
        most = money(earned_micro(proposal.proposed_ms, rate_micro), pay.currency)
        text.plain(" ").plain(_("An item could then cost up to {most}.", most=most))
    return Screen(_with_end(text, found), _rows(found))


def _with_end(text: Text, found: Told) -> Text:
    """Say what came of it."""
    if found.proposal.state == "taken":
        new = duration(found.proposal.proposed_ms)
        return text.plain("\n\n").italic(
            _("Done: items shown from now on have a cap of {time}. Earlier ones keep theirs.", time=new)
        )
    if found.proposal.state == "left":
        return text.plain("\n\n").italic(_("Left as it is."))
    if not found.is_open:
        return text.plain("\n\n").italic(_("The cap has changed since."))
    return text


def _rows(found: Told) -> Rows:
    number, project = found.proposal.id, Button(_("Project"), f"c:see:{found.project.id}")
    if not found.is_open:
        return [[project]]
    new = duration(found.proposal.proposed_ms)
    # Translators: Buttons under a proposal for a higher limit.
    take = Button(_("Raise to {time}", time=new), f"c:cap:{number}:y", style="success")
    return [[take, Button(_("Leave it"), f"c:cap:{number}:n")], [project]]
