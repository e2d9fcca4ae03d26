"""Refusals: what a person asked for cannot be done, and that is nobody's fault in the machine. The docstring is the sentence they read;
`{…}` in it is filled from the arguments."""

from __future__ import annotations

from typing import Any, ClassVar


class Refusal(Exception):
    """This cannot be done."""

    is_written_down: ClassVar[bool] = False
    """Whether it goes into the audit: a refusal of a right, or of a move of money."""

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.template.format(**details))

    @property
    def template(self) -> str:
        """The sentence before it is filled, as translators know it."""
        return self.__doc__ or ""

    @property
    def sentence(self) -> str:
        """What the person reads."""
        return str(self)


class Stranger(Refusal):
    """I don't know you yet. Veritap works by invitation: open the link that your coordinator sent you."""


class ConsentNeeded(Refusal):
    """Before we go on I need your agreement. Tap /start to read it."""


class ProfileNeeded(Refusal):
    """Your profile is not finished. Tap /start to go on with it; it takes four taps."""


class Suspended(Refusal):
    """Your account is suspended. What you earned stays yours. Write to the person who invited you to ask why."""


class NotAllowed(Refusal):
    """This is for people with the role {role}. If you should have it, ask an admin for an invitation."""

    is_written_down = True


class NotYours(Refusal):
    """This button belongs to somebody else's task."""


class UnknownInvitation(Refusal):
    """This invitation link is not valid. Please ask for a new one."""


class InvitationExpired(Refusal):
    """This invitation has ended. Please ask for a new one."""


class InvitationUsedUp(Refusal):
    """All places of this invitation are taken. Please ask for a new one."""


class NoSuchProject(Refusal):
    """There is no project called "{slug}"."""


class NotOpen(Refusal):
    """This project is not open at the moment."""


class NoSeatLeft(Refusal):
    """All places on this project are taken. You will see it in /projects again when one is free."""


class OutsideAudience(Refusal):
    """This project asks for another {what} than your profile has. You can change your profile in /settings."""


class OutOfDate(Refusal):
    """This button is out of date."""


class OneUseOnly(Refusal):
    """An invitation with the role {role} is for one person. Make one for each."""


class OutOfBounds(Refusal):
    """{what} can be {least} to {most}."""


class NotOnProject(Refusal):
    """You are not on "{title}" yet. Look at it in /projects."""


class NotYourProject(Refusal):
    """You do not coordinate "{slug}". Ask its owner or an admin to add you."""

    is_written_down = True


class NotChangeable(Refusal):
    """The project "{slug}" stays as it is. {why}"""


class NotReadyToOpen(Refusal):
    """The project "{slug}" cannot open yet.{missing}"""


class ProjectClosed(Refusal):
    """This project is closed, so nothing can be added to it. Open it again first."""


class FileTooLarge(Refusal):
    """This file is too large: at most {limit} can be taken. Please split it and send the parts one by one."""


class LastAdmin(Refusal):
    """There must always be an admin. Make somebody else one first."""


class TheySuspended(Refusal):
    """This person is suspended. Lift that before giving a role."""


class NotOpenToCall(Refusal):
    """The project "{title}" is not open, so nobody could join. Open it first."""


class NobodyToCall(Refusal):
    """There is nobody to call at the moment: everybody is left out for one of the reasons shown."""


class CallTooLong(Refusal):
    """That is too long for a call: at most {most} characters on {lines} lines. Send a shorter text."""


class FileGone(Refusal):
    """I no longer have that file in mind. Send it once more."""


class BooksRed(Refusal):
    """Payouts are locked: the last check of the books found something wrong. Work goes on. veritap verify says what it is."""


class NoDraftNow(Refusal):
    """Nothing is owed in {currency} at the moment, so there is nothing to draft."""


class BatchMoved(Refusal):
    """This batch has moved on since: look at it again in /payouts."""


class ListChanged(Refusal):
    """The list has changed since you looked at it. Look at it again before you freeze it."""


class EmptyBatch(Refusal):
    """Nobody would be paid by this batch, so it cannot be frozen. Lower the minimum, or wait for payout details."""


class PayeeGone(Refusal):
    """Somebody in this batch was erased since, so its files cannot be made again. The copy that you have stays valid."""


class NothingTyped(Refusal):
    """There is nothing to save. Open /payout and begin again."""


class NotAnAmount(Refusal):
    """I cannot book "{text}". Send digits and at most six decimals, such as 5.00; zero moves nothing, and there is a largest amount."""


class WordsOutOfBounds(Refusal):
    """Please write {least} to {most} characters, in plain words."""


class BelowZero(Refusal):
    """That is more than is approved: {approved}. Only approved money can be taken back, and never more than there is."""

    is_written_down = True


class SamePerson(Refusal):
    """You proposed this yourself, so somebody else must agree to it."""

    is_written_down = True


class YourOwnMoney(Refusal):
    """This is about your own money, so somebody else must decide it."""

    is_written_down = True


class NoSuchThing(Refusal):
    """There is no record of that number."""


class NoSuchStudent(Refusal):
    """Nobody on this project goes by "{pseudonym}". Send the pseudonym as People shows it, such as s-4fK2…"""


class OverBudget(Refusal):
    """The budget does not hold that: {left} is left. Give less, or raise the budget in the project file."""

    is_written_down = True


class NobodyForBonus(Refusal):
    """Nobody works on this project at the moment, so nobody would get it."""


class TooManyForBonus(Refusal):
    """A bonus goes to at most {most} students at once."""


class NotADay(Refusal):
    """I cannot read "{text}" as a day in the past. Send it like this: 2026-11-03"""


class NothingToHold(Refusal):
    """There is no unpaid money in that. What is paid, or in a payout already, is never touched."""


class HeldAlready(Refusal):
    """Pay of this student on this project is held back already, or proposed to be. One is decided before the next."""


class TooEarlyToTake(Refusal):
    """The student has seven days to say how it was. Until then it can be released, but not taken for good."""

    is_written_down = True


class AnswerTheAppeal(Refusal):
    """The student has asked a person to look at this. Answer that in /appeals; the answer decides it."""


class AlreadyAsked(Refusal):
    """You have asked about this already. The answer comes here."""


class TooLateToAsk(Refusal):
    """This has been decided, so there is nothing left to ask about it."""


class TooManyAppeals(Refusal):
    """{most} questions of yours are open. Wait for an answer before you ask the next one."""


class AppealClosed(Refusal):
    """Somebody has answered this in the meantime, or it was decided."""


class NoRoundQuestion(Refusal):
    """A calibration round needs a question that is answered by buttons, and this project asks only for words or quotes."""


class NotEnoughItems(Refusal):
    """A calibration round needs at least {least} work items that no round has had. Import more items first."""


class CohortTooSmall(Refusal):
    """A calibration round needs at least {least} students who are at work on the project. Of two, each would know the other's answer."""


class NotAllRuled(Refusal):
    """Every item needs its ruling, with the reason, before the students can be told."""


class YourOwnStanding(Refusal):
    """This is about your own standing, so somebody else must decide it."""

    is_written_down = True


class YourOwnRemoval(Refusal):
    """You removed this student yourself, so somebody else must answer that it stays so. You can take them back."""

    is_written_down = True
