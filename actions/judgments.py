"""Judgments: what a tap on a task card does. Whatever is tapped, twice, late, forged, from another account or an old card: a judgment is
recorded exactly once, with its time and its pay, in the transaction that takes the tap.

Pure rules decide what a tap means and what follows; this module only carries their decisions into the books.
"""

from __future__ import annotations

import dataclasses
import json

from actions import (
    assignments,
    budgets,
    desk,
    ledger,
    people,
    practice,
    prevalidation,
    qualifications,
    quality,
    standings,
    stints,
    tallies,
    undo,
)
from actions.desk import Desk
from actions.outcomes import (
    AlreadyJudged,
    AlreadyLeft,
    ExamEnded,
    Explained,
    LeaseEnded,
    Left,
    Noted,
    OldCard,
    Outcome,
    ProjectEnded,
    Recorded,
    Stepped,
    Typed,
)
from actions.people import Visitor
from actions.tallies import Judgment
from actions.work import Card
from rules import answers, card, credit, qualification
from rules import ledger as books
from rules.answers import Draft
from rules.kinds import TextAnswer
from rules.kinds.text import trimmed
from rules.qualification import QUALIFYING, WORKING
from storage.tx import Tx

FLAG_REASONS = {
    "text": "Text is broken",
    "unclear": "Question is unclear",
    "harmful": "Upsetting content",
    "other": "Other",
}


def tap(tx: Tx, visitor: Visitor, token: str, step: int, operation: str) -> Outcome:
    """Take a tap on a task card: an answer, a tick, a page, skip, flag or undo.

    `operation`: those of the questions' kinds (see `rules.kinds`), and `g2` go to the third page, `s` skip, `f…` flag with a reason, `u`
    undo. Refuses what belongs to somebody else.
    """
    held = desk.of_token(tx, visitor, token)
    match held.held.state:
        case "judged":
            return _already_judged(tx, held)
        case "skipped" | "flagged":
            return AlreadyLeft()
        case "open":
            return _act(tx, held, step, operation)
    return _take_up(tx, held, step, operation)


def _take_up(tx: Tx, held: Desk, step: int, operation: str) -> Outcome:
    """Go on with an item that was laid aside or whose lease ran out, if its student may still have it; the tap then counts."""
    lease = held.held
    if lease.state == "expired" and held.project.state == "closed":
        return ProjectEnded(held.project)
    if not _is_due(held):
        if lease.state != "expired":
            assignments.give_up(tx, lease, "expired")
        return LeaseEnded(desk.following(tx, held))
    if lease.state == "parked" and operation == "u":
        following = desk.following(tx, held)
        if isinstance(following, Card):
            # A second tap on Undo: the first one has laid another item open.
            return OldCard(following)
    if lease.state == "expired" and lease.use not in QUALIFYING:
        # A work item's place may have gone to somebody else, a gold item's never: taking back what is free would tell them apart.
        return LeaseEnded(desk.following(tx, held))
    if lease.state == "expired" and not budgets.can_pay(tx, held.project, lease.terms.most_micro):
        return LeaseEnded(desk.following(tx, held))
    assignments.start(tx, lease)
    return _act(tx, desk.again(tx, held), step, operation)


def _is_due(held: Desk) -> bool:
    """Tell whether an item belongs to where its student stands now: work for those at work, the exam of this attempt, and so on."""
    lease, standing = held.held, held.standing
    if lease.use in QUALIFYING:
        return (lease.use, lease.attempt) == (standing.standing, standing.attempt)
    return standing.standing in WORKING


def look(tx: Tx, visitor: Visitor, token: str) -> Card | None:
    """Give a card as it stands, if it lies open before its student; nothing is changed."""
    held = desk.of_token(tx, visitor, token)
    return desk.card(tx, held) if held.held.state == "open" else None


def asks_for_words(tx: Tx, visitor: Visitor) -> bool:
    """Tell whether the card that lies open before a visitor waits for words that they type."""
    held = desk.open_before(tx, visitor)
    shown = desk.bare_card(tx, held) if held is not None else None
    return shown is not None and isinstance(shown.question, TextAnswer) and _has_read(shown, "d")


def typed(tx: Tx, visitor: Visitor, text: str | None) -> Typed | None:
    """Take a message as the words that the open card asks for; it is shown there and kept with Done. None when no card asks for words.

    `text`: None for a message that has none, such as a sticker or a voice message.
    """
    held = desk.open_before(tx, visitor)
    shown = desk.card(tx, held) if held is not None else None
    if (
        held is None
        or shown is None
        or not isinstance(shown.question, TextAnswer)
        or not _has_read(shown, "d")
    ):
        return None
    if text is None:
        return Typed(shown, "not_text", 0)
    draft = answers.typed(held.project.rules, shown.draft, text)
    if draft is None:
        length = len(trimmed(text))
        return Typed(shown, "short" if length < shown.question.least else "long", length)
    return Typed(desk.set_draft(tx, held, shown, draft, makes_old=True), "", len(text))


def forget_words(tx: Tx, visitor: Visitor) -> Card | None:
    """Take words that stand on the open card away, as its Clear does. None when there are none."""
    held = desk.open_before(tx, visitor)
    shown = desk.bare_card(tx, held) if held is not None else None
    if held is None or shown is None or not isinstance(shown.question, TextAnswer) or not shown.draft.marks:
        return None
    return desk.set_draft(tx, held, shown, dataclasses.replace(shown.draft, marks=()), makes_old=True)


def _act(tx: Tx, held: Desk, step: int, operation: str) -> Outcome:
    if step != held.held.step:
        return OldCard(desk.card(tx, held))
    kind, rest = operation[:1], operation[1:]
    if kind == "g":
        return _turn_page(tx, held, rest)
    if kind == "s" and not rest:
        return _leave(tx, held, "skipped")
    if kind == "f" and rest in FLAG_REASONS:
        return _flag(tx, held, rest)
    if kind == "u" and not rest:
        return undo.undo(tx, held)
    return _answer(tx, held, operation)


def _turn_page(tx: Tx, held: Desk, rest: str) -> Outcome:
    shown = desk.card(tx, held)
    page = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 5 else -1
    if shown.layout.is_rich and (page > shown.layout.last or not shown.layout.last):
        # The rich card has no such page: its reader has the plain form before them, so the server must have refused this one.
        tx.run("assignments.set_plain", token=held.held.token)
        return _turn_page(tx, desk.again(tx, held), rest)
    if not 0 <= page <= min(shown.layout.last, shown.pages_seen + 1):
        return OldCard(shown)
    seen = max(page, shown.pages_seen)
    tx.run("assignments.set_page", token=held.held.token, page=page, pages_seen=seen)
    return Stepped(dataclasses.replace(shown, page=page, pages_seen=seen))


def _flag(tx: Tx, held: Desk, reason: str) -> Outcome:
    """Note that an item is broken. A training or exam item is answered all the same, since the set needs it."""
    tx.run("assignments.set_flag", token=held.held.token, reason=reason)
    if held.held.use in QUALIFYING:
        return Noted(desk.card(tx, held))
    return _leave(tx, held, "flagged")


def _leave(tx: Tx, held: Desk, how: str) -> Outcome:
    """Leave an item unanswered and go on. Training and exam items cannot be left."""
    if held.held.use in QUALIFYING:
        return OldCard(desk.card(tx, held))
    assignments.give_up(tx, held.held, how)
    return Left(how, desk.following(tx, held))


def _has_read(shown: Card, operation: str) -> bool:
    ask = shown.question
    return ask is not None and card.may_tap(
        shown.layout, ask, len(shown.draft.marks), shown.read_to, operation
    )


def _answer(tx: Tx, held: Desk, operation: str) -> Outcome:
    rules, shown = held.project.rules, desk.bare_card(tx, held)
    after = (
        answers.after_tap(rules, shown.draft, operation, shown.sheet) if _has_read(shown, operation) else None
    )
    if after is None:
        return OldCard(desk.card(tx, held))
    if answers.question_now(rules, after) is None:
        return _record(tx, held, after)
    makes_old = answers.makes_old(rules, shown.draft, after)
    return Stepped(desk.set_draft(tx, held, shown, after, makes_old=makes_old))


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is in the books: what it earned, whether it met its gold (None where there is none), and whether a break is due."""

    credited_ms: int
    amount_micro: int
    correct: bool | None
    is_break_due: bool


def _record(tx: Tx, held: Desk, draft: Draft) -> Outcome:
    """Keep an answer, and see what comes next."""
    kept, lease = keep(tx, held, draft), held.held
    if kept is None:
        return _already_judged(tx, held)
    if lease.use in QUALIFYING:
        return _qualify(tx, held, bool(kept.correct), kept.credited_ms, kept.amount_micro)
    following = desk.following(tx, held, is_break_due=kept.is_break_due)
    return Recorded(kept.credited_ms, kept.amount_micro, lease.currency, following)


def keep(tx: Tx, held: Desk, draft: Draft) -> Kept | None:
    """Carry a finished answer into the books, with its time and its pay. None when there was one already, and then nothing changes."""
    lease, rules = held.held, held.project.rules
    spent = assignments.spent_ms(tx, lease)
    credited = credit.credited_ms(spent, lease.cap_ms)
    amount = lease.terms.amount_micro(credited)
    exercise = practice.exercise(tx, lease)
    # What was given out as work stays work, though its item was made gold meanwhile: the key was made of answers like this one.
    known = lease.gold if lease.use != "work" else None
    gold = known if exercise is None else exercise.gold
    right = json.loads(gold) if gold is not None else None
    correct = None if right is None else answers.meets_gold(rules, right, draft.answers)
    judgment_id = tx.value(
        "judgments.add",
        token=lease.token,
        person_id=lease.person_id,
        project_id=lease.project_id,
        item_id=lease.item_id,
        use=lease.use,
        answers=json.dumps(dict(draft.answers), ensure_ascii=False),
        correct=None if correct is None else int(correct),
        shown_ms=lease.first_shown_ms,
        now_ms=tx.now_ms,
        steady_ms=tx.steady_ms,
        credited_ms=credited,
        amount_micro=amount,
        currency=lease.currency,
        scheme=lease.scheme,
        piece_micro=lease.piece_micro,
        flipped=lease.flipped,
    )
    if judgment_id is None:
        return None
    assignments.stop(tx, lease, "judged")
    tallies.add_earned(tx, lease.person_id, tx.now_ms, lease.currency, credited, amount)
    ledger.post(
        tx,
        key=f"judgment:{judgment_id}",
        kind="earning",
        person_id=lease.person_id,
        actor=f"person:{lease.person_id}",
        reason=f"{lease.use if lease.use in QUALIFYING else 'work'} item judged",
        postings=books.earning(lease.project_id, lease.person_id, credited, amount, lease.currency),
    )
    tallies.note_answers(tx, held, int(judgment_id), draft.answers)
    is_break_due = stints.after_answer(tx, lease.person_id, lease.first_shown_ms, tx.now_ms)
    if lease.use in QUALIFYING:
        ledger.plan_approval(tx, judgment_id)
        return Kept(credited, amount, correct, is_break_due)
    prevalidation.weigh(tx, held, int(judgment_id), spent)
    quality.note(tx, held.project, lease.item_id, lease.use)
    tallies.tally(tx, held, 1, credited, amount, correct)
    return Kept(credited, amount, correct, is_break_due)


def _qualify(tx: Tx, held: Desk, correct: bool, credited: int, amount: int) -> Outcome:
    """Move a student on after a training or exam answer."""
    exercise = practice.exercise(tx, held.held)
    if exercise is not None:
        told = _explained(held, correct, credited, amount)
        return dataclasses.replace(
            told,
            gold=json.loads(exercise.gold),
            place=exercise.place,
            of=exercise.of,
            exercise=exercise,
            ended=standings.practised(tx, exercise, correct=correct),
        )
    standing, plan = held.standing, held.project.rules.qualification.plan
    before = standing.progress
    after = qualification.after_answer(plan, before, correct, tx.now_ms)
    qualifications.set_progress(tx, standing, after)
    if before.standing == "training":
        return _explained(held, correct, credited, amount)
    if after.standing == "exam" and after.attempt == before.attempt:
        return Recorded(credited, amount, held.held.currency, desk.following(tx, held))
    return ExamEnded(
        project=held.project,
        passed=after.standing in WORKING,
        right=before.exam_right + correct,
        of=plan.exam,
        needed=qualification.needed_right(plan),
        retry_ms=after.retry_ms,
        credited_ms=credited,
        amount_micro=amount,
        currency=held.held.currency,
        time_zone=people.profile_of(tx, held.person).time_zone,
    )


def _explained(held: Desk, correct: bool, credited: int, amount: int) -> Explained:
    rules = held.project.rules
    return Explained(
        project=held.project,
        fields=held.held.fields,
        correct=correct,
        gold=json.loads(held.held.gold or "{}"),
        flipped=bool(held.held.flipped),
        explanation=held.held.explanation or "",
        credited_ms=credited,
        amount_micro=amount,
        currency=held.held.currency,
        place=held.standing.answered + 1,
        of=rules.qualification.training,
    )


def _already_judged(tx: Tx, held: Desk) -> AlreadyJudged:
    live = tx.one("judgments.live_of", Judgment, token=held.held.token)
    return AlreadyJudged(
        held.project, held.held.fields, json.loads(live.answers) if live else {}, bool(held.held.flipped)
    )
