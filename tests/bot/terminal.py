"""A command line for tests: it runs commands in this process, on a folder of its own, and holds what they say."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot import cli


class Terminal:
    """A command line on a folder of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.database = folder / "data" / "veritap.db"
        self._capsys = capsys

    def __call__(self, *words: str | Path, code: int = 0) -> tuple[str, str]:
        """Run a command that must end with this code; give what it wrote to stdout and to stderr."""
        self._capsys.readouterr()
        try:
            ended = cli.main([str(word) for word in words])
        except SystemExit as exit_:
            ended = int(exit_.code or 0)
        said = self._capsys.readouterr()
        assert ended == code, (ended, said)
        assert "Traceback" not in said.err
        return said.out, said.err

    def refuses(self, *words: str | Path, code: int = 2) -> str:
        """Run a command that must fail with one line on stderr and nothing on stdout; give the line."""
        out, err = self(*words, code=code)
        assert out == ""
        assert err.strip()
        return err.strip()

    def file(self, name: str, text: str | bytes) -> Path:
        """Write a file into the folder."""
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def rows(self, sql: str) -> list[Any]:
        """Look into the database."""
        connection = sqlite3.connect(self.database)
        found = connection.execute(sql).fetchall()
        connection.close()
        return found
