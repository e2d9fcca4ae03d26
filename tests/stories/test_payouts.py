"""The story of a payout, told through the chat: two admins, three students, files out, a report back; two are paid and one comes back."""

from __future__ import annotations

import csv
import dataclasses
import io

from actions import people
from actions.ports import Tx
from sandbox.models import Message
from tests.actions.owed import bonus
from tests.stories.conftest import House, agree_and_tell, sums
from tests.stories.phone import Phone

OWED_MICRO = (52_905_000, 30_000_000, 12_349_999)


async def until(phone: Phone, words: str) -> Message:
    """Wait until a message of the bot says something, and give it."""

    def found() -> Message | None:
        said = [one for one in phone.world.messages(phone.id) if not one.outgoing and words in one.text]
        return said[-1] if said else None

    try:
        message = await phone.world.wait_for(found, timeout_s=15.0)
    except TimeoutError:
        raise AssertionError(f"{words!r} did not come; the chat says {phone.text!r}") from None
    assert message is not None
    return message


async def files(phone: Phone, count: int) -> list[tuple[str, bytes]]:
    """Wait until the bot has sent so many files, and give them."""

    def found() -> list[Message]:
        return [one for one in phone.world.messages(phone.id) if not one.outgoing and "document" in one.raw]

    await phone.world.wait_for(lambda: len(found()) >= count, timeout_s=15.0)
    return [(one.raw["document"]["file_name"], _content(phone, one)) for one in found()]


def _content(phone: Phone, message: Message) -> bytes:
    stored = phone.world.files.by_id(message.raw["document"]["file_id"])
    assert stored is not None
    return stored.data


async def admin(house: House, name: str) -> Phone:
    phone = await house.invite(name, "admin")
    await until(phone, "You are an admin")
    return phone


async def student(house: House, name: str, project_id: int, amount_micro: int) -> Phone:
    phone = await house.invite(name, project_id=project_id)
    await agree_and_tell(phone)
    await house.write(_owe, phone.id, amount_micro)
    return phone


def _owe(tx: Tx, telegram_id: int, amount_micro: int) -> None:
    person = people.find(tx, tx.vault.index(str(telegram_id)))
    assert person is not None
    bonus(tx, person.id, amount_micro)


async def tell(phone: Phone, way: str, account: str, name: str = "") -> None:
    """Tell the bot where one's money goes."""
    await phone.say("/settings")
    await phone.press("Payout")
    await phone.press(way)
    await phone.say(account)
    if name:
        assert "name on the account" in phone.text
        await phone.say(name)
    assert account in phone.text
    await phone.world.wait_for(lambda: account not in phone.written, timeout_s=10.0)
    await phone.press("Yes, save")


@dataclasses.dataclass(slots=True)
class Cast:
    """Two admins, and three students who are owed something."""

    ann: Phone
    bob: Phone
    students: list[Phone]


async def drafted(house: House) -> Cast:
    """Have an admin draft a payout, and its three students tell where their money goes."""
    project_id = await house.project(sums(1))
    ann, bob = await admin(house, "Ann"), await admin(house, "Bob")
    names = zip(("Ada", "Ben", "Eva"), OWED_MICRO, strict=True)
    ada, ben, eva = [await student(house, name, project_id, owed) for name, owed in names]
    await ann.say("/payouts")
    await ann.press("New payout · USD")
    assert "3 without payout details, asked for them · $95.24" in ann.text
    for one in (ada, ben, eva):
        await until(one, "Your pay can be sent")
    await tell(ada, "PayPal", "ada@example.org")
    assert "PayPal · a…@example.org" in ada.text
    await tell(ben, "Bank account", "DE89370400440532013000", "Ben Gold")
    assert "DE89 … 3000" in ben.text
    await tell(eva, "Wise", "eva@example.org", "Eva Stone")
    return Cast(ann, bob, [ada, ben, eva])


async def open_batch(phone: Phone) -> None:
    """Open the page of the one batch."""
    await phone.say("/payouts")
    await phone.press("Payout 1 · USD")


async def approved_by_two(cast: Cast) -> None:
    """Freeze the draft as one admin and approve it as the other."""
    ann, bob = cast.ann, cast.bob
    await open_batch(ann)
    assert "3 people · $95.24" in ann.text
    await ann.press("Freeze")
    assert "waits for approval" in ann.text
    assert "SHA-256" in ann.text
    assert "Approve" not in ann.labels
    refusal = await ann.tap(ann.last.message_id, "y:approve:1", changes=False)
    assert "Another admin has to approve" in refusal
    await until(bob, "A payout waits for a second admin")
    await bob.press("Look at it")
    await bob.press("The list as a file")
    [(_name, masked)] = await files(bob, 1)
    assert b"ada@example.org" not in masked
    await open_batch(bob)
    assert await bob.press("Approve") == "Approved"


async def sent(cast: Cast) -> list[str]:
    """Make the files, fill a Wise template, and give the references."""
    ann, (_ada, _ben, eva) = cast.ann, cast.students
    await open_batch(ann)
    await ann.press("Files")
    await ann.press("Make the files")
    [(generic, data), (paypal, lines)] = await files(ann, 2)
    assert (generic, paypal) == ("payout-1-USD.csv", "payout-1-USD-paypal.csv")
    assert lines.decode().startswith("ada@example.org,52.90,USD,W")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["amount"] for row in rows] == ["52.90", "30.00", "12.34"]
    await until(eva, "$12.34 is on its way to you")
    await open_batch(ann)
    await ann.press("Wise file")
    template = b"name,recipientEmail,paymentReference,amountCurrency,amount,sourceCurrency,targetCurrency\n"
    await ann.send_file("wise.csv", template)
    [*_earlier, (_wise, filled)] = await files(ann, 3)
    assert filled.startswith(template)
    assert b"Eva Stone,eva@example.org," in filled
    assert "1 payment has no column there" in (await until(ann, "Filled: 1 file")).text
    return [row["reference"] for row in rows]


async def test_from_the_first_draft_to_money_paid_and_one_payment_returned(house: House) -> None:
    cast = await drafted(house)
    await approved_by_two(cast)
    one, two, three = await sent(cast)
    back = "\n".join(
        [
            "Reference;Amount;Status",
            f"{one};52.90;Completed",
            f"{two};30.00;Returned",
            f"{three};12.34;Paid",
            "W01-9999;1.00;Paid",
            f"{three};12.34;Paid",
        ]
    )
    ann, (ada, ben, eva) = cast.ann, cast.students
    await ann.say("/payouts")
    await ann.press("Send a report")
    await ann.send_file("back.csv", back.encode())
    told = (await until(ann, "The report")).text
    assert "2 paid" in told
    assert "1 came back, approved again" in told
    assert "Line 5: W01-9999 · a reference that is not ours" in told
    assert f"Line 6: the same line again: {three}" in told
    await until(ada, "$52.90 was paid to you")
    await until(eva, "$12.34 was paid to you")
    await until(ben, "$30.00 came back to us")
    # What is no whole cent was never lost, and what came back can be paid again.
    assert held(house, "paid") == [12_340_000, 52_900_000]
    assert held(house, "approved") == [5_000, 9_999, 30_000_000]
    assert held(house, "in_payout") == []
    await ann.say("/payouts")
    assert "Payout 1 · USD · $95.24 · settled" in ann.text


def held(house: House, state: str) -> list[int]:
    """List what the students' accounts of a state hold."""
    rows = house.rows(
        "SELECT account, amount FROM balances WHERE asset = 'USD' AND amount > 0 ORDER BY amount"
    )
    return [amount for account, amount in rows if account.endswith(f":{state}")]


async def test_bad_files_and_words_are_answered(house: House) -> None:
    await house.project(sums(1))
    ann = await admin(house, "Ann")
    await ann.say("/payouts")
    assert "There was no payout yet." in ann.text
    await ann.press("Payout day")
    await ann.press("Friday")
    assert "Next payout: Fri" in ann.text
    await ann.press("Send a report")
    assert "CSV" in await ann.say("here it is")
    assert "reference, amount, status" in await ann.send_file("x.csv", b"name,sum\na,b\n")
    assert "Line 2 is neither UTF-8" in await ann.send_file(
        "x.csv", b"reference,amount,status\n\xff\xfa,1,Paid\n"
    )
    assert "spreadsheet" in await ann.send_file("x.xlsx", b"PK\x03\x04rest")
    await ann.say("/cancel")
    ada = await student(house, "Ada", 1, 10_000_000)
    assert "cannot take files" in await ada.send_file(
        "report.csv", b"reference,amount,status\nW01-0001,1,Paid\n"
    )
    await ada.say("/payout")
    await ada.press("Bank account")
    assert "check digits" in await ada.say("DE89370400440532013001")
    assert "do not fit" in ada.text
    await ada.say("DE89370400440532013000")
    await ada.say("Ada Byron")
    assert "buttons above" in await ada.say("yes")
    await ada.tap(ada.last.message_id, "d:save")
    assert "/payouts" not in ada.text
    assert "role" in await ada.say("/payouts")
