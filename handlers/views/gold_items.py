"""Gold items as their coordinators read them: how they are, those in doubt, those that leaked, and those that are proposed. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from actions.gold_items import DOUBTFUL, LEAKED, Health, Laid, Outlook
from actions.gold_proposals import PROPOSED_MOST, Proposal
from actions.projects import Project
from handlers.language import N_, _, aligned, n_, number, percent
from handlers.screen import Button, Rows, Screen
from handlers.views import judged_item, questions
from handlers.views.judged_item import Around, Sight
from rules import rulings
from rules.kinds import AnyQuestion, Sheet, Value
from rules.rulings import Answers
from rules.text import Text

KEYS_OFFERED = 8
"""So many other keys have a button; beyond them an item is better imported anew."""
LABEL_MAX = 40
MILLION = 1_000_000
SUREST = 0.99
"""Rounding never makes certain what is not."""
DECIDED = {
    # Translators: what was decided about a gold item, above the next one.
    "kept": N_("In use again. What people answered to it counts again."),
    "changed": N_("It has its new key. What people answered is held to that."),
    "dropped": N_("Not used any more. What people answered to it speaks about nobody."),
    "accepted": N_("It is gold now."),
    "declined": N_("It stays what it is, and is not proposed again."),
}
ONE_KEY = N_("All keys say the same, so who always taps that is never found. Add gold with other answers.")
LEAK_DROPPED = N_("It stays retired.")


def health(project: Project, found: Health, keys: dict[str, int], counts: Sequence[int]) -> Screen:
    """Show how a project's gold items are. `keys`: how many in use have each key; `counts`: open cases in doubt, leaked, proposed."""
    doubtful, leaked, proposed = counts
    text = Text().line(_("{project} · gold items", project=project.title), "bold").plain("\n")
    live, frozen, retired = number(found.live), number(found.frozen), number(found.retired)
    text.line(
        _("{live} in use · {frozen} frozen · {retired} retired", live=live, frozen=frozen, retired=retired)
    )
    if keys:
        said = [aligned(_key_said(project, word), str(count)) for word, count in keys.items()]
        text.line(_("by key: {keys}", keys=", ".join(said[:6])))
    if len(keys) == 1 and found.live > 1:
        text.plain("\n").line(_(ONE_KEY), "italic")
    if not found.live:
        text.plain("\n").line(_("Without gold no confidence can be stated, only agreement."), "italic")
    text.plain("\n").line(
        _("Frozen: careful people contradict the key; it counts for nobody until you decide."), "italic"
    )
    text.line(_("Retired: shown often enough, leaked, or dropped."), "italic")
    text.add(_("Proposed: settled items that would make good gold."), "italic")
    number_of = project.id
    rows: Rows = []
    if doubtful:
        label = n_("{n} frozen: is the key right?", "{n} frozen: are the keys right?", doubtful)
        rows.append([Button(label, f"g:at:{number_of}:{DOUBTFUL}:0:0", style="primary")])
    if leaked:
        rows.append([Button(n_("{n} leaked", "{n} leaked", leaked), f"g:at:{number_of}:{LEAKED}:0:0")])
    if proposed:
        many = "+" if proposed >= PROPOSED_MOST else ""
        label = _("{n} proposed", n=f"{proposed}{many}")
        rows.append([Button(label, f"g:new:{number_of}:0")])
    return Screen(text, [*rows, [Button(_("Quality"), f"k:quality:{number_of}")]])


def warning(found: Outlook | None) -> str:
    """Say what the golds of a project that opens cannot do; empty where there is nothing to say."""
    if found is None:
        return ""
    lines = [_(ONE_KEY)] if found.keys == 1 and found.golds > 1 else []
    if found.golds < found.useful:
        lines.append(
            n_(
                "With {n} gold no label can be called surer than {share}; the confidence that this project wants takes {useful}.",
                "With {n} golds no label can be called surer than {share}; the confidence that this project wants takes {useful}.",
                found.golds,
                share=percent((found.golds + 1) / (found.golds + 2)),
                useful=number(found.useful),
            )
        )
    return "\n".join(lines)


def _key_said(project: Project, word: str) -> str:
    lead = next((ask for ask in project.rules.ask if not ask.when and ask.COMPARED), None)
    return (
        word
        if lead is None
        else questions.said(project.rules, {lead.id: rulings.answer_of(lead, word)}, Sheet())
    )


def nothing(project: Project, note: str = "") -> Screen:
    """Say that no gold item needs anybody."""
    text = Text().line(_("{project} · gold items", project=project.title), "bold").plain("\n")
    if note:
        text.line(note, "italic").plain("\n")
    text.plain(_("Nothing here needs you now."))
    return Screen(text, [_back(project)])


def case(found: Laid, page: int = 0, note: str = "") -> Screen:
    """Show a gold item that needs a person, with what was answered to it and what can be done."""
    sight = Sight(found.project.definition, found.item.fields, is_rich=found.is_rich)
    top = Text()
    if note:
        top.line(note, "italic").plain("\n")
    what = _("Frozen gold") if found.case.kind == DOUBTFUL else _("Leaked gold")
    top.line(aligned(what, f"{found.place + 1}/{found.of}", found.project.title), "bold").plain("\n")
    said = judged_item.said(found.project.rules, found.sides, sight.sheet)
    around = Around(top, said, _why(found, sight.sheet), _moves(found, sight.sheet), _ways(found))
    data = f"g:at:{found.project.id}:{found.case.kind}:{found.place}"
    return judged_item.screen(sight, page, around, lambda to: f"{data}:{to}")


def _why(found: Laid, sheet: Sheet) -> Text:
    seen, rules = found.case.seen, found.project.rules
    key = questions.said(rules, found.key, sheet)
    text = Text().bold(_("Key: {key}", key=key)).plain("\n")
    if found.case.kind == DOUBTFUL:
        likely = _key_said(found.project, str(seen["likely"]))
        given, against = int(seen["answers"]), int(seen["answers"]) - int(seen["agreed"])
        text.line(
            n_(
                "{against} of {n} answer was another one. Weighed by who gave them, they say {likely}.",
                "{against} of {n} answers were others. Weighed by who gave them, they say {likely}.",
                given,
                against=against,
                likely=likely,
            )
        )
        text.line(
            _(
                "A key that is answered so is right about {share} of the time.",
                share=percent(float(seen["right"])),
            )
        )
        text.plain(_("It counts for nobody until you decide."))
        return text
    told = {
        "passed": int(seen["passed"]),
        "n": int(seen["answers"]),
        "expected": number(float(seen["expected"]), 1),
    }
    text.line(
        _(
            "People who get {expected} of {n} such items right got {passed} of this one right lately. The key seems to be known.",
            **told,
        )
    )
    return text.plain(_("It is not shown any more."))


def _moves(found: Laid, sheet: Sheet) -> Rows:
    number_of = found.case.id
    if found.case.kind == LEAKED:
        keep = Button(_("Use it again"), f"g:keep:{number_of}")
        return [[Button(_("Leave it retired"), f"g:drop:{number_of}"), keep]]
    ask = found.project.rules.asked(found.question)
    said = questions.said(found.project.rules, {found.question: found.key.get(found.question, "")}, sheet)
    rows: Rows = [[Button(_("The key is right: {key}", key=said)[:LABEL_MAX], f"g:keep:{number_of}")]]
    for value in _others(found, ask)[:KEYS_OFFERED] if ask is not None else []:
        label = _("New key: {key}", key=questions.said(found.project.rules, {found.question: value}, sheet))
        operation = rulings.operation_of(ask, value) if ask is not None else ""
        rows.append([Button(label[:LABEL_MAX], f"g:key:{number_of}:{operation}")])
    return [*rows, [Button(_("Drop it"), f"g:drop:{number_of}")]]


def _others(found: Laid, ask: AnyQuestion | None) -> list[Value]:
    """Give the other keys that somebody answered, what people say first."""
    if ask is None:
        return []
    likely = rulings.answer_of(ask, str(found.case.seen["likely"]))
    given = [side.verdict.get(found.question) for side in found.sides]
    values = [likely, *(value for value in given if value is not None and value != "give_up")]
    key = found.key.get(found.question)
    return [value for place, value in enumerate(values) if value != key and value not in values[:place]]


def _ways(found: Laid) -> Rows:
    number_of = found.project.id
    skip = Button(_("Skip"), f"g:at:{number_of}:{found.case.kind}:{found.place + 1}:0")
    return [[*([skip] if found.of > 1 else []), *_back(found.project)]]


def _back(project: Project) -> list[Button]:
    return [Button(_("Gold items"), f"g:see:{project.id}")]


def proposal(found: Proposal, page: int = 0, note: str = "") -> Screen:
    """Show a settled item that would make a good gold; one tap takes or declines it."""
    sight = Sight(found.project.definition, found.item.fields, is_rich=found.is_rich)
    top = Text()
    if note:
        top.line(note, "italic").plain("\n")
    top.line(_("New gold? · {project}", project=found.project.title), "bold").plain("\n")
    said = judged_item.said(found.project.rules, found.sides, sight.sheet)
    key: Answers = found.gold
    below = (
        Text().bold(_("Key: {key}", key=questions.said(found.project.rules, key, sight.sheet))).plain("\n")
    )
    share, golds = percent(min(found.confidence / MILLION, SUREST)), number(found.golds)
    below.line(_("{share} sure · {golds} golds have this key", share=share, golds=golds))
    below.add(_("As gold it tells how people work, not how right the labels are."), "italic")
    rows: Rows = [
        [
            Button(_("Make it gold"), f"g:yes:{found.item.id}", style="primary"),
            Button(_("No"), f"g:no:{found.item.id}"),
        ]
    ]
    around = Around(top, said, below, rows, [_back(found.project)])
    return judged_item.screen(sight, page, around, lambda to: f"g:show:{found.item.id}:{to}")


def notice(project: Project, doubtful: int, leaked: int) -> Screen | None:
    """Tell a coordinator that gold items need them. None once none does."""
    text = Text().line(project.title, "bold").plain("\n")
    rows: Rows = []
    if doubtful:
        text.line(
            n_(
                "{n} gold item is frozen: careful people contradict its key. It counts for nobody until you say what is right.",
                "{n} gold items are frozen: careful people contradict their keys. They count for nobody until you say what is right.",
                doubtful,
            )
        )
        rows.append([Button(_("Look at it"), f"g:at:{project.id}:{DOUBTFUL}:0:0")])
    elif leaked:
        text.line(
            n_(
                "{n} gold item is shown no more: its key seems to be known.",
                "{n} gold items are shown no more: their keys seem to be known.",
                leaked,
            )
        )
        rows.append([Button(_("Look at it"), f"g:at:{project.id}:{LEAKED}:0:0")])
    return Screen(text, rows) if rows else None
