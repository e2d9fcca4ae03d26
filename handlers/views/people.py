"""People whom a coordinator has to look at, as screens: who is paused, watched or removed, one of them with the figures, and removing.
Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping

from actions.standing_appeals import Stands
from actions.standings import Change, Pause
from actions.standings_managed import Listing, Row, Student
from handlers.language import N_, _, aligned, listed, moment, n_, number
from handlers.screen import Button, Rows, Screen, grid
from handlers.views import standing
from rules import corrections as rules
from rules.text import Text, clip

EVIDENCE_MAX = 1_000_000
"""More to one than this is told as this."""
OLDER_REASON_UNITS_MAX = 120
BECAME = {
    # Translators: What a student became, in a list of what happened; only coordinators read it.
    "training": N_("back in training"),
    "exam": N_("back in the exam"),
    "active": N_("at work"),
    "watched": N_("watched"),
    "paused": N_("paused"),
    "removed": N_("removed"),
}
RULES = {
    # Translators: Why a student's standing changed; the end of a line that only coordinators read.
    "check": N_("by the running check"),
    "watch": N_("by the running check"),
    "practice": N_("after practice"),
    "time": N_("its time was over"),
    "person": N_("by a person"),
    "appeal": N_("by an appeal"),
}


def listing(found: Listing) -> Screen:
    """List who is paused, watched or removed."""
    text = Text().line(_("{project} · people to look at", project=found.project.title), "bold").plain("\n")
    text.line(standing.strictness_of(found.project)).plain("\n")
    if not found.rows:
        text.plain(_("Nobody is paused, watched or removed."))
    for row in found.rows:
        text.code(row.pseudonym).line(f" · {_state(row, found.time_zone)}")
    if found.counts.get("watched"):
        text.plain("\n").plain(_("Watched means that gold comes more often, and nothing else."))
    shown = sum(found.counts.values()) - len(found.rows)
    if shown > 0:
        text.plain("\n").plain(n_("and {n} more", "and {n} more", shown))
    number_ = found.project.id
    buttons = [Button(row.pseudonym, f"n:one:{number_}:{row.person_id}") for row in found.rows]
    ways = [Button(_("Quality"), f"k:quality:{number_}"), Button(_("Project"), f"c:see:{number_}")]
    return Screen(text, [*grid(buttons, 2), ways])


def _state(row: Row, time_zone: str) -> str:
    if row.ends_ms is not None and row.standing == "paused":
        return _("paused until {when}", when=moment(row.ends_ms, time_zone))
    return _(BECAME.get(row.standing, row.standing))


def line(counts: Mapping[str, int]) -> str:
    """Say how many people need a look: "2 people paused, 1 person watched"; empty when there is nobody."""
    parts = []
    if counts.get("paused"):
        parts.append(n_("{n} person paused", "{n} people paused", counts["paused"]))
    if counts.get("watched"):
        parts.append(n_("{n} person watched", "{n} people watched", counts["watched"]))
    return listed(parts)


def one(found: Student) -> Screen:
    """Show a student with the figures behind their standing, and what can be done."""
    text = Text().line(aligned(found.project.title, found.pseudonym), "bold")
    _standing(text, found)
    text.plain("\n")
    _figures(text, found)
    if found.history:
        text.plain("\n").line(_("What happened"), "bold")
    for place, change in enumerate(found.history):
        text.line(_event(change, found.time_zone))
        if change.reason:
            reason = clip(change.reason, OLDER_REASON_UNITS_MAX) if place else change.reason
            text.line(f"   {reason}", "italic")
    asked = [[Button(_("Read their appeal"), f"q:case:{found.appeal_id}")]] if found.appeal_id else []
    return Screen(text, [*asked, *_moves(found), [Button(_("Back"), f"n:list:{found.project.id}")]])


def _standing(text: Text, found: Student) -> None:
    pause = found.pause
    if pause is None:
        text.line(_(BECAME.get(found.standing, found.standing)))
        return
    text.line(_("paused until {when}", when=moment(pause.ends_ms, found.time_zone)))
    if pause.strikes > 1:
        # Translators: So many pauses of this student on this project, this one included; those that a person lifted are left out.
        text.line(_("pause number {n}", n=pause.strikes))
    if not pause.practice:
        text.line(_("There are too few items for practice: decide, or it ends by itself."))
    text.line(_of_answers(pause, found.held))


def _of_answers(pause: Pause, held: int) -> str:
    """Say what became of the answers that a pause put on hold."""
    if pause.answers == "counted":
        return n_("{n} answer counts again", "{n} answers count again", held)
    if pause.answers == "excluded":
        return n_("{n} answer left out, paid", "{n} answers left out, paid", held)
    return n_("{n} answer on hold, paid", "{n} answers on hold, paid", held)


def _figures(text: Text, found: Student) -> None:
    began = next((change for change in found.history if change.became == "paused"), None)
    read = found.reading
    if found.pause is not None and began is not None:
        _of_pause(text, began)
    elif read is None:
        text.line(_("No answer was compared yet."))
    else:
        golds, peers = (read.golds_right, read.golds), (read.peers_agreed, read.peers)
        _evidence(text, golds, peers, read.log_e_milli, read.alpha_micro)


def _of_pause(text: Text, began: Change) -> None:
    seen = began.seen
    golds, peers = (seen["golds_right"], seen["golds"]), (seen["peers_agreed"], seen["peers"])
    _evidence(text, golds, peers, seen["log_e_milli"], seen["alpha_micro"])


def _evidence(
    text: Text, golds: tuple[int, int], peers: tuple[int, int], log_e_milli: int, alpha_micro: int
) -> None:
    if not golds[1] + peers[1]:
        text.line(_("No answer was compared yet."))
        return
    text.line(_("gold {right} of {of} right", right=golds[0], of=golds[1]))
    text.line(_("with others {agreed} of {of}", agreed=peers[0], of=peers[1]))
    if alpha_micro:
        against = number(min(EVIDENCE_MAX, math.exp(min(20.0, log_e_milli / 1000))))
        limit = number(1_000_000 / alpha_micro)
        # Translators: The evidence that somebody works too poorly, such as 140 : 1, and where the project pauses, such as 100 : 1.
        text.line(_("evidence {evidence} : 1, pauses at {limit} : 1", evidence=against, limit=limit))


def behind(text: Text, found: Stands, time_zone: str) -> None:
    """Add what an appeal about a standing is about: the pause with its figures and its end, or the removal with its reason."""
    change, pause = found.change, found.pause
    text.line(_event(change, time_zone))
    if change.reason:
        text.line(_("Reason: {reason}", reason=change.reason))
    if pause is None:
        return
    _of_pause(text, change)
    if found.held:
        text.line(_of_answers(pause, found.held))
    if pause.state == "open":
        text.line(_("paused until {when}", when=moment(pause.ends_ms, time_zone)))
    else:
        text.line(_("The pause is over."))


def _event(change: Change, time_zone: str) -> str:
    rule = _(RULES.get(change.rule, change.rule))
    return f"{moment(change.at_ms, time_zone)} · {_(BECAME[change.became])} · {rule}"


def _moves(found: Student) -> Rows:
    if found.is_yours:
        return []
    where, rows = f"{found.project.id}:{found.person_id}", []
    if found.standing in ("paused", "removed"):
        # Translators: A button: a paused or removed student works again.
        label = _("Back to work") if found.standing == "paused" else _("Take them back")
        rows.append([Button(label, f"n:back:{where}", style="primary")])
    held = found.held if found.pause is not None and found.pause.answers == "held" else 0
    count = held if found.pause is not None else found.since
    if count:
        # Translators: A button: these answers do not count any more, and stay paid.
        label = n_("Leave {n} answer out", "Leave {n} answers out", count)
        rows.append([Button(label, f"n:out:{where}")])
    if found.can_remove:
        # Translators: A button: take a student off the project; asks first.
        rows.append([Button(_("Remove…"), f"n:ask:{where}", style="danger")])
    return rows


def confirm_removal(found: Student) -> Screen:
    """Say what removing does, before anything is done."""
    text = Text().line(
        _("Remove {pseudonym} from {project}?", pseudonym=found.pseudonym, project=found.project.title),
        "bold",
    )
    text.plain("\n").line(_("They get no more items here and read your reason. All they did stays paid."))
    text.line(_("They can ask for a second look; somebody else than you must agree that it stays so."))
    where = f"{found.project.id}:{found.person_id}"
    yes = Button(_("Write the reason"), f"n:why:{where}", style="danger")
    return Screen(text, [[yes, Button(_("Keep them"), f"n:one:{where}")]])


def ask_reason(found: Student) -> Screen:
    """Ask for the reason; sending it removes."""
    text = Text().line(aligned(found.project.title, found.pseudonym), "bold").plain("\n")
    least, most = rules.REASON_LEAST, rules.REASON_MOST
    text.line(_("Why? Write {least} to {most} characters; the student reads them.", least=least, most=most))
    text.plain(_("They are removed once you send it. /cancel to leave it."))
    return Screen(text, [[Button(_("Cancel"), f"n:one:{found.project.id}:{found.person_id}")]])


def notice(found: Change, pseudonym: str, title: str) -> Screen:
    """Tell a coordinator of a pause that wants their eye."""
    text = Text().line(aligned(title, pseudonym), "bold")
    text.plain(_("The running check has paused this student. A look of yours would help."))
    button = Button(_("Look at it"), f"n:one:{found.project_id}:{found.person_id}")
    return Screen(text, [[button]])
