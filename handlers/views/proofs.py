"""The nightly proof of the books, as admins read it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from handlers.language import _, duration, money, n_
from rules.text import Text


def told(notice: Mapping[str, Any]) -> Text:
    """Tell the night's totals and the head hash; or, when the books are wrong, that, what was found first, and what to do."""
    text = Text()
    if notice["wrong"]:
        _red(text, notice)
    elif notice["was_red"]:
        text.line(_("The books are right again. Payouts are open."), "bold").plain("\n")
    else:
        text.line(_("The books are right."), "bold").plain("\n")
    text.line(n_("{n} entry since the last proof", "{n} entries since the last proof", notice["entries"]))
    text.line(_("Hours: {time}", time=duration(notice["credited_ms"])))
    for currency, sums in sorted(json.loads(notice["money"]).items()):
        text.line(
            _(
                "Earned {earned} · approved {approved} · paid {paid}",
                **{word: money(amount, currency) for word, amount in sums.items()},
            )
        )
    # Translators: The fingerprint of the newest entry of the ledger, for the admins to keep.
    text.plain("\n").line(_("Head hash, to hold against later:")).code(notice["head_hash"])
    return text


def _red(text: Text, notice: Mapping[str, Any]) -> None:
    text.line(_("⚠️ The books are wrong. Payouts are locked; work goes on."), "bold").plain("\n")
    for finding in notice["findings"]:
        text.plain("• ").line(finding)
    more = notice["wrong"] - len(notice["findings"])
    if more > 0:
        text.line(n_("… and {n} more finding", "… and {n} more findings", more))
    text.plain("\n").line(
        _("Keep a copy of the database before anything else. For all findings, run: veritap verify")
    )
    text.plain("\n")
