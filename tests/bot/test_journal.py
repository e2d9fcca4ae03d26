"""The journal: a tool that is not ours reads it, agrees, and finds what was cooked."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import journal
from tests.bot import lived_in
from tests.bot.terminal import Terminal

BEAN_CHECK = Path(sys.executable).with_name("bean-check")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with every kind of entry in it."""
    path = tmp_path_factory.mktemp("journal") / "veritap.db"
    lived_in.live(path)
    return path


@pytest.fixture(scope="module")
def written(books: Path) -> str:
    """Give its journal for beancount."""
    path = books.with_name("books.beancount")
    with path.open("w", encoding="utf-8") as file:
        journal.write(books, "beancount", file)
    return path.read_text(encoding="utf-8")


def checked(text: str, path: Path) -> str:
    """Give what beancount has to say of a journal; nothing when it agrees."""
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([BEAN_CHECK, "--no-cache", path], capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (done.stderr == "")
    return done.stderr


def transactions(text: str) -> list[str]:
    """Cut a journal into its parts at empty lines: declarations, transactions, assertions."""
    return text.split("\n\n")


def raised(text: str) -> str:
    """Make one entry move a millionth more, on both of its sides."""
    parts = transactions(text)
    at = next(number for number, part in enumerate(parts) if 'kind: "bonus"' in part)
    parts[at] = parts[at].replace("7.500000", "7.500001")
    return "\n\n".join(parts)


def lost(text: str) -> str:
    """Leave one entry out."""
    parts = transactions(text)
    return "\n\n".join(part for part in parts if 'key: "judgment:7"' not in part)


def doubled(text: str) -> str:
    """Have one entry twice."""
    parts = transactions(text)
    at = next(number for number, part in enumerate(parts) if 'kind: "payment"' in part)
    return "\n\n".join([*parts[:at], parts[at], *parts[at:]])


def to_nobody(text: str) -> str:
    """Send one entry's money to an account that there is not."""
    parts = transactions(text)
    at = next(number for number, part in enumerate(parts) if 'kind: "bonus"' in part)
    parts[at] = re.sub(r"Student:\d+:", "Student:777:", parts[at])
    return "\n\n".join(parts)


def test_beancount_agrees_with_a_lived_in_journal(written: str, tmp_path: Path) -> None:
    assert checked(written, tmp_path / "books.beancount") == ""
    for kind in ("earning", "reversal", "topup", "withholding", "forfeit", "payout", "payment", "return"):
        assert f'kind: "{kind}"' in written
    assert " TIME\n" in written


@pytest.mark.parametrize(
    ("cook", "said"),
    [
        (raised, "Balance failed"),
        (lost, "Balance failed"),
        (doubled, "Balance failed"),
        (to_nobody, "unknown account"),
    ],
)
def test_beancount_finds_what_was_cooked(
    written: str, tmp_path: Path, cook: Callable[[str], str], said: str
) -> None:
    cooked = cook(written)
    assert cooked != written
    assert said in checked(cooked, tmp_path / "cooked.beancount")


def test_hledger_gets_declarations_entries_and_assertions(books: Path, tmp_path: Path) -> None:
    path = tmp_path / "books.journal"
    with path.open("w", encoding="utf-8") as file:
        assert journal.write(books, "hledger", file) > 100
    text = path.read_text(encoding="utf-8")
    assert "commodity 1000.000000 USD\n" in text
    assert "account student:4:in_payout\n" in text
    assert "    ; key: judgment:1\n" in text
    assert re.search(r"\n    student:4:approved  0 USD = \d+\.\d{6} USD\n", text)


def test_the_command_writes_a_file_and_never_overwrites(veritap: Terminal, books: Path) -> None:
    out = veritap.folder / "books.beancount"
    said, _ = veritap("verify", books, "--journal", "beancount", "--out", out)
    assert "Prove it with: bean-check" in said
    assert "exists already" in veritap.refuses("verify", books, "--journal", "beancount", "--out", out)
    assert veritap("verify", books, "--journal", "beancount")[0] == out.read_text(encoding="utf-8")
    assert "say which" in veritap.refuses("verify", books, "--out", veritap.folder / "other")
    assert "not a database" in veritap.refuses(
        "verify", veritap.file("text", "no database " * 99), "--journal", "hledger"
    )
    assert sorted(path.name for path in veritap.folder.glob("*.part")) == []
