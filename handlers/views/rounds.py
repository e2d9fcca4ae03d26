"""Calibration rounds as their coordinators see them: the list, a draft, one that is open or over, and who is asked. Pure."""

from __future__ import annotations

from actions.round_drafts import Cohort
from actions.round_figures import Round
from actions.rounds import Asked, Listed, Seen
from handlers.language import N_, _, about, aligned, day, moment, money, n_, number, p_
from handlers.screen import Button, Rows, Screen, grid
from handlers.views import round_items
from rules import rounds as rules
from rules.rounds import Figure
from rules.text import Text

FEW_ITEMS = 20
"""Agreement that rests on fewer items than this swings by chance alone."""
CONFUSING = 0.24
"""An item is worth a training item from here on: as one of eight who answers otherwise makes it."""
TAUGHT_MOST = 2
PHASES = {
    # Translators: when the agreement of a group of students was measured: before a calibration round, on its items, after it.
    "before": N_("before"),
    "during": N_("on its items"),
    "after": N_("after"),
}


def listing(found: Listed) -> Screen:
    """List a project's rounds with the agreement before and after each, or say what a round is."""
    text = Text().line(_("{project} · calibration rounds", project=found.project.title), "bold").plain("\n")
    drafts = [one for one in found.rounds if one.state == "draft"]
    if not found.rounds:
        text.plain(
            _(
                "The same few items go to everybody, paid as work. Then you see how the answers spread, rule on each item and "
                "say why, and every student reads that beside their own answer."
            )
        )
    for one in found.rounds:
        waits = found.to_rule.get(one.id)
        state = _ended(waits.missing, waits.items) if waits is not None else _state(one, found.time_zone)
        text.line(_named(one), "bold").line(state)
        if one.state == "told":
            text.line(_before_and_after(one))
    # Translators: a button: draft a calibration round.
    begin = _("Go on with the draft") if drafts else p_("button", "New round")
    rows = [[Button(begin, f"k:rnew:{found.project.id}")]]
    rows += grid([Button(_named(one), f"k:round:{one.id}") for one in found.rounds if one not in drafts], 2)
    return Screen(text, [*rows, [Button(_("Back"), f"k:quality:{found.project.id}")]])


def _named(one: Round) -> str:
    return _("Round {number}", number=one.number)


def _state(one: Round, time_zone: str) -> str:
    match one.state:
        case "draft":
            return _("a draft")
        case "open":
            return _("open until {when}", when=moment(one.closes_ms or 0, time_zone))
    return _("results told {day}", day=day(one.told_ms or 0, time_zone))


def _ended(missing: int, items: int) -> str:
    """Say of a round that is over what it still wants of its coordinator."""
    if not missing:
        return _("Ended. Every item has its ruling; the students were not told yet.")
    # Translators: The plural follows {n}, all items of a round; {missing} of them have no ruling yet.
    return n_(
        "Ended. Your rulings are still to come: {missing} of {n} item",
        "Ended. Your rulings are still to come: {missing} of {n} items",
        items,
        missing=missing,
    )


def _before_and_after(one: Round) -> str:
    before, after = rules.load(one.before), rules.load(one.after)
    # Translators: Krippendorff's alpha of a group before and after a calibration round: "α 0.41 (38 items) → 0.63 (27 items)".
    return _("α {before} → {after}", before=_short(before), after=_short(after))


def _short(figures: list[Figure]) -> str:
    if not figures or not figures[0].items:
        return _("– (no items)")
    alpha = figures[0].alpha
    told = _("all alike") if alpha is None else number(alpha, 2)
    return n_("{alpha} ({n} item)", "{alpha} ({n} items)", figures[0].items, alpha=told)


def page(seen: Seen, note: str = "") -> Screen:
    """Show a round: what is proposed, how far it is, or what came of it."""
    text = Text()
    if note:
        text.line(note, "italic").plain("\n")
    heading = _("{project} · round {number}", project=seen.project.title, number=seen.round.number)
    text.line(heading, "bold").plain("\n")
    if seen.round.state == "draft":
        return _draft(text, seen)
    ended = seen.round.state == "closed"
    text.line(_ended(seen.to_rule, len(seen.items)) if ended else _state(seen.round, seen.time_zone))
    text.line(_progress(seen)).plain("\n")
    _items(text, seen)
    _agreement(text, seen)
    if _to_teach(seen):
        text.plain("\n").line(
            _("What confused most teaches most: one tap makes it a training item, with your words.")
        )
    return Screen(text, [*_item_buttons(seen), *_moves(seen), _back(seen)])


def _draft(text: Text, seen: Seen) -> Screen:
    text.line(_who(seen))
    if seen.items:
        text.line(_extent(seen)).plain("\n")
        _items(text, seen)
    text.plain("\n").plain(_how_proposed(seen))
    number_, count = seen.round.id, len(seen.items)
    days = [
        Button(f"• {_days(one)}" if one == seen.round.days else _days(one), f"k:rdays:{number_}:{one}")
        for one in rules.DAYS
    ]
    sizes = [Button(_("Fewer items"), f"k:rmore:{number_}:{count - 1}")] if count > rules.ITEMS_LEAST else []
    sizes += _more(seen)
    # Translators: a button: which students take part in a calibration round.
    people = [Button(p_("button", "Who takes part"), f"k:rwho:{number_}:0")]
    go = n_("Open it for {n} student", "Open it for {n} students", seen.cohort)
    opens = [Button(go, f"k:ropen:{number_}", style="success")]
    moves = opens if count >= rules.ITEMS_LEAST else []
    drop = [Button(_("Drop the draft"), f"k:rdrop:{number_}"), *_back(seen)]
    return Screen(text, [*_item_buttons(seen), sizes, days, people, moves, drop])


def _more(seen: Seen) -> list[Button]:
    """Offer the next item on which answers part; where there is none, others, which nobody gets unasked."""
    number_, count = seen.round.id, len(seen.items)
    if count >= rules.ITEMS_MOST:
        return []
    if seen.left.parted:
        return [Button(_("More items"), f"k:rmore:{number_}:{count + 1}")]
    added = min(max(1, rules.ITEMS_PROPOSED - count), seen.left.others)
    if not added:
        return []
    # Translators: a button: put items into a calibration round on which all students agree so far, or which nobody answered.
    label = n_("Add {n} other item", "Add {n} other items", added)
    return [Button(label, f"k:radd:{number_}:{count + added}")]


def _how_proposed(seen: Seen) -> str:
    """Say on how many items answers part, what a round still lacks, and how it gets it."""
    ask, least = rules.leading(seen.project.rules), rules.ITEMS_LEAST
    spread = [rules.confusion(rules.values_of(ask, one.answers)) if ask else 0.0 for one in seen.items]
    parted, others = sum(one > 0 for one in spread), sum(not one for one in spread)
    if others and parted:
        told = n_("Answers part on {n} of them.", "Answers part on {n} of them.", parted)
    elif others:
        told = _("Answers part on none of them: all agree, or nobody has answered yet.")
    elif parted >= least:
        told = _("On these items answers differ most.")
    else:
        told = _few(parted)
    if parted + others < least:
        return told
    swap = _("Tap one to read or swap it.")
    return f"{told} {swap}"


def _few(parted: int) -> str:
    """Say that too few items part the answers for a round, and what other ones are good for."""
    told = (
        n_(
            "Answers part on only {n} item that no round has had.",
            "Answers part on only {n} items that no round has had.",
            parted,
        )
        if parted
        else _("Answers part on no item that a round has not had.")
    )
    more = _(
        "A round takes {least} or more. You can add items on which all agree so far, or which nobody has answered: at the start of a "
        "project they show early where people differ.",
        least=rules.ITEMS_LEAST,
    )
    return f"{told} {more}"


def _who(seen: Seen) -> str:
    if seen.round.everyone:
        return n_("{n} student: everybody at work", "{n} students: everybody at work", seen.cohort)
    return n_("{n} student, chosen by you", "{n} students, chosen by you", seen.cohort)


def _extent(seen: Seen) -> str:
    """Say how long it is open, and what it takes and costs at about the expected time."""
    pay, count = seen.project.rules.pay, len(seen.items)
    each_ms = count * pay.expected_ms
    cost = money(pay.terms("", "work").amount_micro(pay.expected_ms) * count * seen.cohort, pay.currency)
    return _(
        "{days} open · about {time} each · about {cost} in all",
        days=_days(seen.round.days),
        time=about(each_ms),
        cost=cost,
    )


def _days(days: int) -> str:
    return n_("{n} day", "{n} days", days)


def _progress(seen: Seen) -> str:
    told = {"given": seen.done, "of": seen.cohort * len(seen.items)}
    # Translators: The plural follows {n}, the students who take part.
    return n_(
        "{n} student · {given} of {of} answers", "{n} students · {given} of {of} answers", seen.cohort, **told
    )


def _items(text: Text, seen: Seen) -> None:
    for one in seen.items:
        snippet = round_items.snippet(one.item.fields, seen.project.rules)
        text.plain(f"{one.item.place}  ").line(snippet, "bold")
        text.line(f"    {round_items.in_short(seen.project.rules, one.answers)}{_mark(seen, one)}")


def _mark(seen: Seen, one: Asked) -> str:
    if one.item.ruling is None:
        # Translators: a note behind an item of a round that is over; as are the next two.
        waits = _("no ruling yet")
        return "" if seen.round.state in ("draft", "open") else f" · {waits}"
    ruled, made = _("ruled"), _("ruled, and a training item")
    return f" · {ruled}" if one.item.training_item_id is None else f" · {made}"


def _agreement(text: Text, seen: Seen) -> None:
    """Set the agreement before, during and after beside each other, never without what it rests on."""
    # Translators: how far the answers of the students who took part agree.
    text.plain("\n").line(_("How far these students agree"), "bold")
    phases = {"before": seen.before, "during": seen.during, "after": seen.after}
    asked = list(dict.fromkeys(one.question for figures in phases.values() for one in figures))
    for question in asked:
        if len(asked) > 1:
            text.line(question, "italic")
        for phase, figures in phases.items():
            found = next((one for one in figures if one.question == question), None)
            if found is not None:
                text.line(f"{_(PHASES[phase])}: {_figure(found)}")
    sizes = [one.items for one in (*seen.before, *seen.after)]
    if seen.after and min(sizes, default=0) < FEW_ITEMS:
        text.line(_("Few items swing by chance; take small changes for none."), "italic")


def _figure(found: Figure) -> str:
    if not found.items:
        return _("no item that two of them answered")
    items = n_("{n} item", "{n} items", found.items)
    if found.alpha is None:
        # Translators: {items} is such as "12 items".
        return _("all answers alike · {items}", items=items)
    alpha = number(found.alpha, 2)
    if found.low is not None and found.high is not None:
        alpha = _(
            "{value} ({low} to {high})", value=alpha, low=number(found.low, 2), high=number(found.high, 2)
        )
    if found.ac1 is None:
        return aligned(f"α {alpha}", items)
    # Translators: two measures of agreement that are written so in every language; {items} is such as "12 items".
    return _("α {alpha} · AC1 {ac1} · {items}", alpha=alpha, ac1=number(found.ac1, 2), items=items)


def _item_buttons(seen: Seen) -> Rows:
    buttons = [
        Button(
            f"{one.item.place} ✓" if one.item.ruling is not None else str(one.item.place),
            f"k:ritem:{seen.round.id}:{one.item.place}:-",
        )
        for one in seen.items
    ]
    return grid(buttons, 5)


def _moves(seen: Seen) -> Rows:
    number_ = seen.round.id
    if seen.round.state == "open":
        return [[Button(_("Close it now"), f"k:rclose:{number_}")]]
    rows: Rows = []
    if seen.round.state == "closed" and seen.is_ruled:
        rows.append([Button(_("Tell the students"), f"k:rtell:{number_}", style="success")])
    # Translators: a button: makes an item that confused many a training item; {place} is its number.
    teach = [
        Button(_("Train with {place}", place=one), f"k:rteach:{number_}:{one}") for one in _to_teach(seen)
    ]
    return [*rows, teach]


def _to_teach(seen: Seen) -> list[int]:
    """Give the places of the items that are most worth a training item: ruled, and answers parted on them most."""
    ask = rules.leading(seen.project.rules)
    if ask is None:
        return []
    found = [
        (rules.confusion(rules.values_of(ask, one.answers)), -one.item.place)
        for one in seen.items
        if one.item.ruling is not None and one.item.training_item_id is None
    ]
    return [-place for weight, place in sorted(found, reverse=True)[:TAUGHT_MOST] if weight >= CONFUSING]


def _back(seen: Seen) -> list[Button]:
    return [Button(_("Rounds"), f"k:rounds:{seen.project.id}")]


def cohort(found: Cohort) -> Screen:
    """Choose who takes part."""
    heading = _("{project} · round {number}", project=found.project.title, number=found.round.number)
    text = Text().line(heading, "bold").plain("\n")
    text.line(n_("{n} student takes part.", "{n} students take part.", found.chosen))
    text.plain(_("Tap one to put them in or take them out."))
    number_, all_in = found.round.id, bool(found.round.everyone)
    rows = grid(
        [
            Button(
                f"{'✓ ' if all_in or one.chosen else ''}{one.pseudonym}",
                f"k:rpick:{number_}:{found.page}:{one.person_id}",
            )
            for one in found.students
        ],
        2,
    )
    if found.pages > 1:
        back = Button("◀", f"k:rwho:{number_}:{max(0, found.page - 1)}")
        forth = Button("▶", f"k:rwho:{number_}:{min(found.pages - 1, found.page + 1)}")
        rows.append([back, Button(f"{found.page + 1}/{found.pages}", "c:page"), forth])
    # Translators: buttons: all students take part; none does yet.
    everybody = [Button(_("Everybody"), f"k:rall:{number_}:1"), Button(_("Nobody"), f"k:rall:{number_}:0")]
    return Screen(text, [*rows, everybody, [Button(_("Done"), f"k:round:{number_}")]])


def closed(project_title: str, one: Round) -> Screen:
    """Tell coordinators that a round is over and waits for them."""
    text = Text().line(_("{project} · round {number}", project=project_title, number=one.number), "bold")
    text.plain("\n").plain(
        _("The round is over. Rule on each item and say why; then the students can be told.")
    )
    return Screen(text, [[Button(_("Look at it"), f"k:round:{one.id}")]])
