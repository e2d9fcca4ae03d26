"""The quality of a project as screens: ten lines, each with a page behind it, and those pages that have no module of their own. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from actions.agreements import Figure
from actions.project_quality import AgreementPage, Answers, AnswersPage, Labels, LabelsPage, Quality
from actions.projects import Project
from handlers.language import N_, _, aligned, listed, moment, n_, number, percent
from handlers.screen import Button, Rows, Screen, grid
from rules.rounds import Figure as RoundFigure
from rules.text import Text

MILLION = 1_000_000
DECIMALS = 2
BAR_CELLS = 8
FIGURES_A_PAGE = 15
SUREST = 0.99
WEIGHED_FROM = 20
"""Answers that start the first weighing; it takes a moment to come, and until then nothing is said of it."""
RULES = {
    # Translators: rules by which answers do not count, before their figures.
    "standing": N_("the running check of a student's answers"),
    "signals": N_("several signs in one answer"),
    "appeal": N_("the answer to an appeal"),
}


def listing(found: list[Project]) -> Screen:
    """Ask which project's quality is meant."""
    if not found:
        return Screen(Text().plain(_("You have no project yet")), [[Button(_("Projects"), "c:list")]])
    text = Text().plain(_("Quality of which project?"))
    return Screen(text, [[Button(one.title[:40], f"k:quality:{one.id}")] for one in found[:40]])


def page(found: Quality) -> Screen:
    """Show a project's quality in ten lines; each opens."""
    text = Text().line(_("{project} · quality", project=found.project.title), "bold").plain("\n")
    for line in (
        _answers(found.answers),
        labels_line(found.labels, is_weighed=found.fitted_ms is not None or not found.golds.live),
        _disputes(found),
        _agreement(found.agreement),
        _golds(found),
        _people(found),
        _pairs(found),
        _rounds(found),
    ):
        text.line(line)
    if found.fitted_ms is not None or found.answers.given < WEIGHED_FROM:
        text.plain("\n").add(_fitted(found.fitted_ms, found.time_zone), "italic")
    return Screen(text, _rows(found))


def _answers(found: Answers) -> str:
    if not found.given:
        return _("No answers yet")
    line = n_("{n} answer", "{n} answers", found.given)
    if found.an_item is not None:
        line = aligned(line, _("{share} an item", share=number(found.an_item, 1)))
    aside = found.held + found.excluded
    return aligned(line, n_("{n} set aside", "{n} set aside", aside)) if aside else line


def labels_line(found: Labels, *, is_weighed: bool = True) -> str:
    """Say how many labels there are and how sure they are: "940 of 1,600 labels · 93 % ± 3 · 160 golds".

    `is_weighed`: whether the answers to gold were read, without which there may be gold and nobody knows what it tells.
    """
    line = labels_count(found)
    if not found.settled or not (is_weighed or found.golds):
        return line
    if not found.golds:
        # Translators: without gold items nobody can say how right labels are, only how far people agree.
        return aligned(line, _("agreement only, no gold"))
    return aligned(line, _sure(found), n_("{n} gold", "{n} golds", found.golds))


def labels_count(found: Labels) -> str:
    """Say how many items have their label, in the same words wherever it is said."""
    if found.complete is not None:
        # Translators: so many of a project's items need no further answer; nothing on it gets a label.
        return _("{n} of {of} items have all their answers", n=found.complete, of=found.of)
    # Translators: so many of a project's items have their label.
    return _("{n} of {of} labels", n=found.released, of=found.of)


def _sure(found: Labels) -> str:
    """Say a confidence with half its interval: "93 % ± 3". Rounding never makes certain what is not."""
    told = percent(min(found.confidence / MILLION, SUREST))
    return f"{told} ± {number(max(1, round(100 * found.reach / MILLION)))}"


def _disputes(found: Quality) -> str:
    queue = found.disputes
    if not queue.open:
        return _("No disputes")
    line = n_("{n} dispute", "{n} disputes", queue.open)
    return aligned(line, _("{n} seen by a senior", n=queue.reviewed)) if queue.reviewed else line


def _agreement(found: Figure | None) -> str:
    if found is None or not found.measured.items:
        return _("Agreement: too little to measure")
    measured = found.measured
    if measured.is_alike:
        alike = n_("{n} item", "{n} items", measured.items)
        # Translators: on the items that were compared every answer is the same one; {items} is such as "12 items".
        return _("Agreement") + " " + _("all answers alike · {items}", items=alike)
    parts = [f"α {number(measured.alpha or 0.0, DECIMALS)}"]
    if measured.ac1 is not None:
        # Translators: Gwet's AC1, a figure of agreement; its name stays as it is.
        parts.append(_("AC1 {figure}", figure=number(measured.ac1, DECIMALS)))
    # The name stands before the figures without a colon: it is the button's word too.
    parts.append(n_("{n} item", "{n} items", measured.items))
    return _("Agreement") + " " + aligned(*parts)


def _golds(found: Quality) -> str:
    golds = found.golds
    parts = [n_("{n} gold in use", "{n} golds in use", golds.live)]
    parts += [_("{n} frozen", n=golds.frozen)] if golds.frozen else []
    parts += [_("{n} retired", n=golds.retired)] if golds.retired else []
    parts += [_("{n} proposed", n=str(found.golds_proposed))] if found.golds_proposed else []
    return aligned(*parts)


def _people(found: Quality) -> str:
    watched, paused = found.people.get("watched", 0), found.people.get("paused", 0)
    if not watched and not paused:
        return _("Nobody watched or paused")
    parts = [_("{n} watched", n=watched)] if watched else []
    parts += [_("{n} paused", n=paused)] if paused else []
    return aligned(*parts)


def _pairs(found: Quality) -> str:
    if not found.pairs:
        return _("No pairs to look at")
    # Translators: pairs of people whose answers go together in a way that chance does not explain.
    return n_("{n} pair to look at", "{n} pairs to look at", found.pairs)


def _rounds(found: Quality) -> str:
    rounds = found.rounds
    if not (rounds.open or rounds.to_rule or rounds.told):
        return _("No calibration round yet")
    parts = [n_("{n} round open", "{n} rounds open", rounds.open)] if rounds.open else []
    parts += [n_("{n} round to rule on", "{n} rounds to rule on", rounds.to_rule)] if rounds.to_rule else []
    parts += [n_("{n} round told", "{n} rounds told", rounds.told)] if rounds.told and not parts else []
    before, after = _alpha(rounds.last_before), _alpha(rounds.last_after)
    if before and after:
        parts.append(f"α {before} → {after}")
    return aligned(*parts)


def _alpha(found: RoundFigure | None) -> str:
    return number(found.alpha, DECIMALS) if found is not None and found.alpha is not None else ""


def _fitted(fitted_ms: int | None, time_zone: str) -> str:
    if fitted_ms is None:
        return _("Labels go by agreement until all answers are weighed together.")
    return _("All answers weighed together last on {when}.", when=moment(fitted_ms, time_zone))


def _rows(found: Quality) -> Rows:
    number_of = found.project.id
    buttons = [
        # Translators: buttons of the quality page, two in a row; at most 18 characters each, with their number.
        _button(_("Disputes"), f"k:disputes:{number_of}:0", found.disputes.open),
        _button(_("Gold items"), f"g:see:{number_of}", found.golds.frozen + found.golds_leaked),
        _button(_("People"), f"n:list:{number_of}", found.people.get("paused", 0)),
        _button(_("Pairs"), f"k:pairs:{number_of}", found.pairs),
        _button(_("Rounds"), f"k:rounds:{number_of}", found.rounds.to_rule),
        _button(_("Agreement"), f"u:agree:{number_of}"),
        _button(_("Labels"), f"u:labels:{number_of}"),
        _button(_("Answers"), f"u:answers:{number_of}"),
    ]
    return [*grid(buttons, 2), [Button(_("Project"), f"c:see:{number_of}")]]


def _button(label: str, data: str, waiting: int = 0) -> Button:
    """Give a way to a page; the number of what waits there for a person stands on it."""
    return Button(
        aligned(label, number(waiting)) if waiting else label, data, style="primary" if waiting else ""
    )


def back(project: Project) -> Rows:
    """Give the way back to the ten lines."""
    return [[Button(_("Quality"), f"k:quality:{project.id}")]]


def answers(found: AnswersPage) -> Screen:
    """Show how many answers count, and by which rules some do not."""
    text = Text().line(_("{project} · answers", project=found.project.title), "bold").plain("\n")
    said = found.answers
    text.line(_("{n} count", n=said.counted))
    if said.held:
        text.line(_("{n} on hold until it is decided whether they count", n=said.held))
    if said.excluded:
        text.line(_("{n} left out of the labels; they stay paid", n=said.excluded))
    text.plain("\n")
    for one in found.set_aside:
        # Translators: answers on hold, or left out of the labels.
        state = _("on hold") if one.status == "held" else _("left out")
        told = {"rule": _rule_said(one.rule), "state": state, "people": one.people}
        text.line(
            n_(
                "• {n} {state}, {people} students: {rule}",
                "• {n} {state}, {people} students: {rule}",
                one.answers,
                **told,
            )
        )
    if not found.set_aside:
        text.plain(_("No rule has set any aside."))
    return Screen(text, back(found.project))


def _rule_said(rule: str) -> str:
    """Say a rule in words, whichever signs it saw and whoever looked again."""
    kind = rule.partition(":")[0].removesuffix("-decided")
    return _(RULES[kind]) if kind in RULES else rule


def labels(found: LabelsPage) -> Screen:
    """Show the labels and how sure they are, with what that rests on."""
    text = Text().line(_("{project} · labels", project=found.project.title), "bold").plain("\n")
    counts = found.labels
    if counts.complete is not None:
        text.line(labels_count(counts)).plain("\n")
        text.plain(_("This project asks nothing that can be compared, so its items get no label."))
        return Screen(text, back(found.project))
    text.line(_("{n} settled by their answers", n=counts.settled))
    text.line(_("{n} ruled by a person", n=counts.ruled))
    text.line(_("{n} in dispute", n=counts.unsure))
    text.line(_("{n} under way", n=counts.open)).plain("\n")
    _confidence(text, found)
    text.plain("\n").add(_fitted(found.fitted_ms, found.time_zone), "italic")
    return Screen(text, back(found.project))


def _confidence(text: Text, found: LabelsPage) -> None:
    counts = found.labels
    if not counts.settled:
        text.line(_("No label is settled yet."))
        return
    if not counts.golds:
        text.line(
            _(
                "There is no gold behind these labels, so nobody can say how right they are: only that people agree on them."
            )
        )
        return
    for least, items in found.sure:
        bar = "▓" * round(BAR_CELLS * items / max(1, counts.settled))
        sure = _("{least} % and more", least=least) if least else _("less")
        text.line(aligned(sure, number(items)) + (f" {bar}" if bar else ""))
    text.plain("\n").line(
        n_(
            "On average {sure}. How right labels like these are was seen on {n} gold item; the ± is what so few leave open.",
            "On average {sure}. How right labels like these are was seen on {n} gold items; the ± is what so few leave open.",
            counts.golds,
            sure=_sure(counts),
        )
    )


def agreement(found: AgreementPage, page: int = 0) -> Screen:
    """Show alpha and AC1 side by side for every question, with their intervals; a page of them where tags make them many."""
    pages = max(1, -(-len(found.figures) // FIGURES_A_PAGE))
    page = max(0, min(page, pages - 1))
    figures = sorted(found.figures, key=lambda figure: not _is_measured(figure))
    shown = figures[page * FIGURES_A_PAGE : (page + 1) * FIGURES_A_PAGE]
    text = Text().line(_("{project} · agreement", project=found.project.title), "bold").plain("\n")
    for figure in filter(_is_measured, shown):
        text.line(_name(figure), "bold")
        measured = figure.measured
        if measured.is_alike:
            text.line(_("α not defined: all answers are alike"))
        else:
            text.line(_told("α", measured.alpha, measured.alpha_low, measured.alpha_high))
        text.line(_told("AC1", measured.ac1, measured.ac1_low, measured.ac1_high))
        items = n_("{n} item", "{n} items", measured.items)
        text.line(aligned(items, n_("{n} answer", "{n} answers", measured.answers))).plain("\n")
    _unmeasured(text, [figure for figure in shown if not _is_measured(figure)])
    if not found.figures:
        text.line(_("This project asks nothing that can be compared.")).plain("\n")
    text.add(
        _(
            "0 is chance, 1 is full agreement; in brackets 95 % intervals. Where nearly all items have the same answer α falls "
            "and AC1 does not, so they are read together."
        ),
        "italic",
    )
    if any(figure.measured.is_alike for figure in shown):
        why = _("α weighs disagreements against chance. Where all answers are alike there are none to weigh.")
        text.plain(" ").add(why, "italic")
    return Screen(text, [*_turns(f"u:agree:{found.project.id}", page, pages), *back(found.project)])


def _turns(base: str, page: int, pages: int) -> Rows:
    if pages == 1:
        return []
    before, after = f"{base}:{(page - 1) % pages}", f"{base}:{(page + 1) % pages}"
    return [[Button("◀", before), Button(f"{page + 1}/{pages}", f"{base}:{page}"), Button("▶", after)]]


def _is_measured(figure: Figure) -> bool:
    return figure.measured.alpha is not None or figure.measured.ac1 is not None


def _unmeasured(text: Text, figures: Sequence[Figure]) -> None:
    """Name the questions that too few answered, each once with all its tags: a paragraph a tag would fill the screen."""
    tags: dict[str, list[str]] = {}
    for figure in figures:
        tags.setdefault(figure.asked.question, []).extend([figure.asked.tag] if figure.asked.tag else [])
    for question, named in tags.items():
        text.line(aligned(_titled(question), *([listed(named)] if named else [])), "bold")
        text.line(_("too little to measure")).plain("\n")


def _name(figure: Figure) -> str:
    name = _titled(figure.asked.question)
    return aligned(name, figure.asked.tag) if figure.asked.tag else name


def _titled(question: str) -> str:
    words = question.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def _told(name: str, value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return f"{name} –"
    told = f"{name} {number(value, DECIMALS)}"
    if low is None or high is None:
        return told
    return f"{told} ({number(low, DECIMALS)} – {number(high, DECIMALS)})"
