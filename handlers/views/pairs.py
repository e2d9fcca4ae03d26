"""Pairs to look at, as their coordinator reads them: what was found, the figures beside what chance gives, and some of the items. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.pairs import Listed, Seen, Shared, Suspicion, lead_of
from actions.projects import Project
from handlers.language import _, aligned, duration, isolated, listed, moment, n_, number
from handlers.screen import Button, Rows, Screen
from handlers.views import questions
from rules.kinds import Sheet, Steps
from rules.quality.questions import BAD_PROBLEM, Asked, value_of
from rules.text import Text

ODDS_MOST = 9
"""One in a billion: a longer number only looks more certain."""


def listing(found: Listed) -> Screen:
    """Show what is open, the least likely first."""
    text = Text().line(_("{project} · to look at", project=found.project.title), "bold").plain("\n")
    if found.looked_ms is None:
        text.plain(_("Nobody's answers were looked at yet. That happens once a night, on what came since."))
    elif not found.open:
        text.plain(_("Nothing stands out."))
    else:
        text.line(_("What honest work hardly explains. None of it is proof, and nothing follows by itself."))
        text.plain("\n")
        for place, one in enumerate(found.suspicions, 1):
            text.plain(f"{place}  ").code(names(one)).line(f" · {short(one)}")
    if found.looked_ms is not None:
        text.plain("\n").line(_looked(found, found.looked_ms), "italic")
    return Screen(text, _listed_rows(found))


def notice(project: Project, waiting: int) -> Screen:
    """Tell a coordinator that a look found something for the first time. It comes silently: nothing about it is urgent."""
    text = Text().line(project.title, "bold").plain("\n")
    text.line(
        n_(
            "The nightly look at the answers found {n} new thing that honest work hardly explains.",
            "The nightly look at the answers found {n} new things that honest work hardly explains.",
            waiting,
        )
    )
    text.plain(
        _(
            "They are for a human to look at. Nothing has happened to anybody: all answers count as before, and all stays paid."
        )
    )
    return Screen(text, [[Button(_("Look at it"), f"k:pairs:{project.id}:0")]], silent=True)


def _looked(found: Listed, looked_ms: int) -> str:
    when = moment(looked_ms, found.time_zone)
    pairs = n_("{n} pair", "{n} pairs", int(found.tested.get("pair", 0)))
    people = n_("{n} student", "{n} students", int(found.tested.get("script", 0)))
    # Translators: {people} is "80 students", {pairs} is "3,160 pairs".
    return _("Looked at {people} and {pairs}, last on {when}.", people=people, pairs=pairs, when=when)


def _listed_rows(found: Listed) -> Rows:
    opens = [Button(str(place), f"k:pair:{one.id}") for place, one in enumerate(found.suspicions, 1)]
    rows: Rows = [opens] if opens else []
    if found.pages > 1:
        before, after = (found.page - 1) % found.pages, (found.page + 1) % found.pages
        place = f"{found.page + 1}/{found.pages}"
        base = f"k:pairs:{found.project.id}"
        rows.append(
            [
                Button("◀", f"{base}:{before}"),
                Button(place, f"{base}:{found.page}"),
                Button("▶", f"{base}:{after}"),
            ]
        )
    rows.append([Button(_("Back"), f"k:quality:{found.project.id}")])
    return rows


def names(one: Suspicion) -> str:
    """Name whom it is about."""
    return one.one if one.other is None else f"{one.one} + {one.other}"


def short(one: Suspicion) -> str:
    """Say in half a line what was found."""
    evidence = one.evidence
    match one.kind:
        case "pair":
            # Translators: Of {of} items that two students both judged, they gave the same answer against all others on {wrong}.
            return _(
                "{wrong} of {of} alike against the others", wrong=evidence["wrong"], of=evidence["common"]
            )
        case "leak":
            return _("gold {right} of {of} right", right=evidence["golds_right"], of=evidence["golds"])
        case "moves":
            return n_("started together {n} time", "started together {n} times", evidence["together"])
    return _("times like a script's")


def seen(found: Seen) -> Screen:
    """Show one suspicion with its evidence, and what its coordinator may do."""
    one = found.suspicion
    text = Text().line(aligned(found.project.title, _("to look at")), "bold").code(names(one)).plain("\n\n")
    for line in _evidence(one.kind, one.evidence):
        text.line(line)
    if one.surprise_milli is not None:
        text.line(_likely(one.surprise_milli))
    _items(text, found)
    text.plain("\n").line(_innocent(one.kind), "italic")
    text.plain("\n").plain(_state(found))
    return Screen(text, _seen_rows(one))


def _likely(surprise_milli: int) -> str:
    odds = 10 ** min(ODDS_MOST, surprise_milli // 1000)
    return _("Among honest people that happens less than once in {n}.", n=number(odds))


def _evidence(kind: str, evidence: Mapping[str, Any]) -> list[str]:
    match kind:
        case "pair":
            return _of_pair(evidence)
        case "leak":
            return _of_leak(evidence)
        case "moves":
            return _of_moves(evidence)
    return _of_script(evidence)


def _of_pair(evidence: Mapping[str, Any]) -> list[str]:
    return [
        n_("Both judged {n} item.", "Both judged the same {n} items.", evidence["common"]),
        _(
            "Against what all others say they gave the same answer on {wrong}; {expected} would be chance.",
            wrong=evidence["wrong"],
            expected=number(evidence["wrong_expected"], 1),
        ),
        _(
            "They gave the same answer at all on {same}; {expected} would be chance.",
            same=evidence["same"],
            expected=number(evidence["same_expected"], 1),
        ),
    ]


def _of_leak(evidence: Mapping[str, Any]) -> list[str]:
    return [
        _("Gold: {right} of {of} right.", right=evidence["golds_right"], of=evidence["golds"]),
        _(
            "Other items: {right} of {of} as most others say.",
            right=evidence["agreed"],
            of=evidence["compared"],
        ),
        _(
            "From those one would expect about {n} golds right; that gold is easier for all is reckoned in.",
            n=number(evidence["expected"], 1),
        ),
    ]


def _of_moves(evidence: Mapping[str, Any]) -> list[str]:
    lines = [
        _(
            "Of {starts} times that one began to work, {together} came within 3 minutes of the other's start or end; "
            "{expected} would be chance.",
            starts=evidence["starts"],
            together=evidence["together"],
            expected=number(evidence["expected"], 1),
        )
    ]
    if evidence.get("same_payee"):
        lines.append(_("Both are paid to the same account."))
    return lines


def _of_script(evidence: Mapping[str, Any]) -> list[str]:
    lines = [n_("In {n} answer:", "In {n} answers:", evidence["answers"])]
    if even := evidence.get("even"):
        lines.append(
            _(
                "• nearly each took the same time, about {middle}. The spread is {spread}; that of most people here is {usual}.",
                middle=duration(round(even["middle_ms"])),
                spread=number(even["spread"], 2),
                usual=number(even["usual"], 2),
            )
        )
    if crowd := evidence.get("round"):
        lines.append(_("• the times crowd around one point of the second: {at} ms.", at=crowd["at_ms"]))
    if awake := evidence.get("sleepless"):
        lines.append(
            _(
                "• {hours} hours without a break of half an hour, {n} answers.",
                hours=number(awake["hours"], 1),
                n=awake["answers"],
            )
        )
    return lines


def _items(text: Text, found: Seen) -> None:
    lead = lead_of(found.project)
    if not found.shared or lead is None:
        return
    text.plain("\n").line(_("Some of them"), "bold")
    for one in found.shared:
        text.code(one.item).line(f" · {_shared(found.project, lead, one)}")


def _shared(project: Project, lead: Asked, one: Shared) -> str:
    others = [f"{_word(project, lead, word)} {number(count)}" for word, count in one.others.items()]
    # Translators: an answer that two students share, and how often each answer was given by others: "both Wrong; others: Correct 3".
    return _(
        "both {answer}; others: {others}",
        answer=_word(project, lead, one.answer),
        others=listed(others) or "–",
    )


def _word(project: Project, lead: Asked, word: str) -> str:
    ask = project.rules.asked(lead.question)
    assert ask is not None
    if isinstance(ask, Steps):
        return questions.said_steps(word if word == BAD_PROBLEM else int(word))
    return str(isolated(questions.said_one(ask, value_of(project.rules, lead, word), Sheet({}, False))))


def _innocent(kind: str) -> str:
    match kind:
        case "pair":
            return _(
                "What else it may be: one misread rule learnt in the same course, or talk about the items."
            )
        case "leak":
            return _("What else it may be: gold of another sort than the work. Look at which gold it was.")
        case "moves":
            return _("What else it may be: flatmates, friends, or a lecture that ends.")
    return _("What else it may be: very even items, or a clock of the phone's own.")


def _state(found: Seen) -> str:
    match found.suspicion.state:
        case "dismissed":
            return _("You found nothing here. It will not come up again.")
        case "confirmed":
            return _(
                "You found that this is cheating. Pay is held back only by a draft that an admin confirms."
            )
        case "faded":
            return _("The newest look no longer found this.")
    return _("Nothing was decided. Nobody's answers or pay change by looking.")


def _seen_rows(one: Suspicion) -> Rows:
    rows: Rows = []
    if one.state in ("open", "faded"):
        rows += [
            [
                Button(_("Nothing here"), f"k:pairno:{one.id}"),
                Button(_("It is cheating"), f"k:pairyes:{one.id}"),
            ]
        ]
    if one.state == "confirmed":
        people = [(one.one_id, one.one), *([(one.other_id, one.other)] if one.other_id else [])]
        rows += [
            [Button(_("Hold pay of {student} …", student=name), f"k:pairpay:{one.project_id}:{person}")]
            for person, name in people
        ]
    if one.state in ("dismissed", "confirmed"):
        rows.append([Button(_("Take that back"), f"k:pairback:{one.id}")])
    rows.append([Button(_("Back"), f"k:pairs:{one.project_id}:0")])
    return rows
