"""A data file as it is written, item by item: rows become text, and what is left out is counted. Pure; the caller keeps the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rules.formats.exports.cells import cell, dumps, line
from rules.formats.exports.formats import Format
from rules.formats.exports.judged import UNSETTLED, Column, Judged, LeftOut, Plan, Row
from rules.formats.exports.report import Report

NOTHING_COUNTED = "no judgment counts"


class DataFile:
    """One file under way. `head`, then `text` for each item, then `tail`; `report` knows the figures."""

    def __init__(self, form: Format, plan: Plan) -> None:
        self.form, self.plan = form, plan
        self.report = Report(form, plan)
        self.columns: list[Column] = form.columns(plan)

    def rows(self, item: Judged) -> list[Row]:
        """Make the rows of an item; none when it is left out."""
        self.report.see(item)
        made = self._unwanted(item) or self.form.rows(self.plan, item)
        if isinstance(made, LeftOut):
            self.report.leave_out(made.why)
            return []
        self.report.write(item, len(made))
        return made

    def _unwanted(self, item: Judged) -> LeftOut | None:
        wishes, counted = self.plan.wishes, len(item.counted)
        if not counted and not self.form.name.startswith("judgments"):
            return LeftOut(NOTHING_COUNTED)
        if counted < wishes.least_judgments:
            return LeftOut(f"fewer than {wishes.least_judgments} judgments count")
        return UNSETTLED if wishes.settled_only and not item.is_settled else None

    def head(self) -> str:
        """Give what stands before the first row."""
        if self.form.shape == "csv":
            return line(column.name for column in self.columns)
        return "[" if self.form.shape == "json" else ""

    def text(self, item: Judged) -> str:
        """Give the rows of an item as the file holds them."""
        before = self.report.rows
        return "".join(self._lines(self.rows(item), before))

    def _lines(self, rows: list[Row], before: int) -> Iterator[str]:
        for number, row in enumerate(rows, start=before + 1):
            match self.form.shape:
                case "csv":
                    yield line(cell(row[column.name]) for column in self.columns)
                case "json":
                    yield ("\n" if number == 1 else ",\n") + dumps({"id": number} | row)
                case _:
                    yield dumps(row) + "\n"

    def tail(self) -> str:
        """Give what stands behind the last row."""
        return "\n]\n" if self.form.shape == "json" else ""

    def record(self, row: Row) -> dict[str, Any]:
        """Give a row as Parquet takes it: objects as JSON text."""
        return {
            column.name: dumps(row[column.name])
            if column.type == "object" and row[column.name] is not None
            else row[column.name]
            for column in self.columns
        }
