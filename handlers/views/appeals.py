"""Appeals as screens: asking, the list, one with everything needed to answer it, and the answer. Pure."""

from __future__ import annotations

from actions.appeals import Case, Line, Thing, Told
from actions.withholdings import Withholding
from handlers.language import N_, _, aligned, duration, moment, money, p_
from handlers.screen import Button, Rows, Screen
from handlers.views import people
from handlers.views.corrections import exactly
from handlers.views.withholdings import covered
from rules import corrections as rules
from rules.text import Text

OUTCOMES = {
    # Translators: What became of an appeal; the student reads it above the answer.
    "released": N_("The pay that was held back is yours again: it is approved."),
    "upheld": N_("The pay stays held back for good. Your other pay stays yours."),
    "answered": N_("You asked about one of your answers."),
    "lapsed": N_("Nobody decided in time, so the pay was released to you by itself."),
    "open": N_("Waits for an answer."),
}
STANDING_OUTCOMES = {
    # Translators: What became of an appeal about a pause or a removal; the student reads it above the answer.
    ("paused", "released"): N_("You are back at work, and your answers on hold count again."),
    ("paused", "upheld"): N_("It stays as it was decided. All you did stays paid."),
    ("removed", "released"): N_("You are back on the project."),
    ("removed", "upheld"): N_("A second person looked at it, and it stays so. All you did stays paid."),
}


def ask_text(thing: Thing) -> Screen:
    """Ask a student for their text."""
    text = Text().line(_heading(thing), "bold").plain("\n")
    least, most = rules.TEXT_LEAST, rules.TEXT_MOST
    text.line(
        _(
            "Say in one message how it was, or what is not right: {least} to {most} characters.",
            least=least,
            most=most,
        )
    )
    text.plain(_("It goes to who looks after the project, with your pseudonym. /cancel to leave it."))
    return Screen(text, [[Button(_("Cancel"), "q:cancel")]])


def _heading(thing: Thing) -> str:
    if thing.about == "judgment":
        return aligned(thing.project.title, f"#{thing.id}")
    if thing.about == "standing":
        return aligned(thing.project.title, _("ask a person"))
    return _("{project} · held back", project=thing.project.title)


def sent(found: Told) -> Screen:
    """Say that it was sent, and until when it is answered."""
    when = moment(found.appeal.answer_by_ms, found.time_zone)
    text = Text().line(_("Sent to the project's coordinator."), "bold")
    text.plain(_("Answer by {when}; after that an admin gets it.", when=when))
    return Screen(text, [[Button(_("Earnings"), "e:now")]])


def cancelled() -> Screen:
    """Say that nothing was sent."""
    return Screen(Text().plain(_("Cancelled. Nothing was sent.")), [[Button(_("Earnings"), "e:now")]])


def answered(found: Told) -> Screen:
    """Give a student the answer to their appeal."""
    text = (
        Text()
        .line(_("{project} · the answer to what you asked", project=found.project.title), "bold")
        .plain("\n")
    )
    text.line(_(_outcome(found)))
    if found.answer:
        text.plain("\n").add(found.answer, "blockquote").plain("\n")
    if found.appeal.about == "standing":
        return Screen(
            text, [[Button(_("Go on"), f"p:go:{found.project.id}"), Button(_("Earnings"), "e:now")]]
        )
    if found.appeal.judgment_id is not None:
        button = Button(f"#{found.appeal.judgment_id}", f"e:one:{found.appeal.judgment_id}")
        return Screen(text, [[button, Button(_("Earnings"), "e:now")]])
    return Screen(text, [[Button(_("Earnings"), "e:now")]])


def _outcome(found: Told) -> str:
    return STANDING_OUTCOMES.get((found.became, found.appeal.state), OUTCOMES[found.appeal.state])


def listing(found: list[Told], held: list[Withholding]) -> Screen:
    """List what waits for an answer or a decision."""
    text = Text().line(_("Appeals"), "bold").plain("\n")
    rows: Rows = []
    for one in found:
        when = moment(one.appeal.answer_by_ms, one.time_zone)
        late = (
            _("late, an admin has it") if one.appeal.escalated_ms is not None else _("by {when}", when=when)
        )
        text.line(aligned(_thing(one), one.project.title, late))
        rows.append([Button(aligned(_thing(one), one.project.title)[:40], f"q:case:{one.appeal.id}")])
    if not found:
        text.line(_("Nobody waits for an answer."))
    if held:
        text.plain("\n").line(_("Pay held back, or proposed to be"), "bold")
    for what in held:
        # Translators: One case of pay that is held back, by number.
        label = (
            _("Held back {number}", number=str(what.id))
            if what.state == "held"
            else _("Proposed {number}", number=str(what.id))
        )
        rows.append([Button(label, f"w:see:{what.id}")])
    return Screen(text, rows)


def _thing(one: Told) -> str:
    if one.appeal.about == "standing":
        # Translators: What an appeal is about, in a list: a student was paused, or removed by a person.
        return _("Removal") if one.became == "removed" else p_("noun", "Pause")
    return f"#{one.appeal.judgment_id}" if one.appeal.judgment_id is not None else _("Pay held back")


def case(found: Case) -> Screen:
    """Show an appeal with the student's words, the rule and the figures, and what the one who looks may do."""
    text = Text().line(aligned(found.project.title, _("appeal")), "bold").plain("\n")
    text.code(found.pseudonym).plain("\n").add(found.text or "–", "blockquote").plain("\n\n")
    if found.withheld is not None:
        what = found.withheld.withholding
        text.line(_("Held back: {covered}", covered=covered(found.withheld.shares)))
        text.line(_("What was seen: {reason}", reason=what.reason))
        text.line(_("Rule: pay is held back only for cheating that one person saw and an admin confirmed."))
        if what.state == "held" and what.decide_by_ms is not None:
            when = moment(what.decide_by_ms, found.time_zone)
            text.line(_("Decide by {when}; after that it is released by itself.", when=when))
    if found.line is not None:
        _figures(text, found.line, found.time_zone)
    if found.stands is not None:
        people.behind(text, found.stands, found.time_zone)
    if found.appeal.state == "open":
        text.plain("\n").line(_("Answer by {when}.", when=moment(found.appeal.answer_by_ms, found.time_zone)))
    else:
        text.plain("\n").line(_("Answered."))
        if found.answer:
            text.add(found.answer, "blockquote").plain("\n")
    return Screen(text, [*_moves(found), [Button(_("Appeals"), "q:list")]])


def _figures(text: Text, line: Line, time_zone: str) -> None:
    text.line(aligned(f"#{line.id}", _("answered {when}", when=moment(line.answered_ms, time_zone))))
    credited, spent, cap = duration(line.credited_ms), duration(line.spent_ms), duration(line.cap_ms)
    text.line(_("{credited} credited of {spent}, cap {cap}", credited=credited, spent=spent, cap=cap))
    if line.scheme == "hour":
        text.line(_("{rate}/h", rate=money(line.rate_micro, line.currency)))
    text.line(_("Pay {amount}", amount=exactly(line.amount_micro, line.currency)))
    if line.approved_ms is not None:
        text.line(_("Approved {when}.", when=moment(line.approved_ms, time_zone)))
    else:
        text.line(_("Not approved yet."))


def _moves(found: Case) -> Rows:
    number, rows = found.appeal.id, []
    if found.can_answer:
        rows.append([Button(_("Answer"), f"q:do:{number}:answer", style="primary")])
        if found.is_admin:
            rows.append([Button(_("Correct the pay"), f"x:judgment:{found.appeal.judgment_id}")])
    if found.stands is not None:
        rows.append([Button(_("Look at them"), f"n:one:{found.project.id}:{found.appeal.person_id}")])
    # Translators: Two buttons: a paused or removed student works again; or the pause or removal stays.
    back = [Button(_("Bring back"), f"q:do:{number}:back", style="primary")] if found.can_bring_back else []
    stay = [Button(_("It stays"), f"q:do:{number}:stay", style="danger")] if found.can_stay else []
    if back or stay:
        rows.append([*back, *stay])
    free = [Button(_("Release"), f"q:do:{number}:release", style="primary")] if found.can_release else []
    # Translators: A button: the pay stays held back for good.
    keep = [Button(_("Uphold"), f"q:do:{number}:uphold", style="danger")] if found.can_uphold else []
    return [*rows, [*free, *keep]] if free or keep else rows


ASKS = {
    # Translators: Asks the one who decides for the words of the answer.
    "release": N_(
        "Released once you send the answer. Write what the student reads, {least} to {most} characters."
    ),
    "uphold": N_(
        "Taken for good once you send the answer. Write what the student reads, {least} to {most} characters."
    ),
    "answer": N_("Write what the student reads, {least} to {most} characters."),
    "back": N_(
        "Back at work once you send the answer. Write what the student reads, {least} to {most} characters."
    ),
    "stay": N_(
        "It stays so once you send the answer. Write what the student reads, {least} to {most} characters."
    ),
}


def ask_answer(found: Case, verdict: str) -> Screen:
    """Ask for the words of the answer; sending them decides."""
    text = Text().line(aligned(found.project.title, found.pseudonym), "bold").plain("\n")
    if found.withheld is not None:
        text.line(covered(found.withheld.shares))
    text.line(_(ASKS[verdict], least=rules.REASON_LEAST, most=rules.TEXT_MOST))
    text.plain(_("/cancel to leave it."))
    return Screen(text, [[Button(_("Cancel"), f"q:case:{found.appeal.id}")]])
