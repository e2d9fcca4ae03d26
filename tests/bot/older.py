"""Servers that do not take rich messages: the sandbox, made older or set against them for as long as a test runs."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from sandbox import World
from sandbox.errors import bad_request
from sandbox.parameters import METHODS


def make_older(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """Turn the sandbox into a server from before rich messages: no such method, and the parameter of an edit is passed over."""
    world.refuse_unknown = False
    monkeypatch.delitem(METHODS, "sendrichmessage")
    edit = METHODS["editmessagetext"]
    known = {name: kind for name, kind in edit.optional.items() if name != "rich_message"}
    monkeypatch.setitem(METHODS, "editmessagetext", dataclasses.replace(edit, optional=known))


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, reason: str) -> None:
    """Have the sandbox refuse a method whenever it brings a rich message, and count the call all the same."""
    method = METHODS[name.lower()]

    def run(world: Any, values: Any) -> Any:
        if "rich_message" in values:
            raise bad_request(reason)
        return method.run(world, values)

    monkeypatch.setitem(METHODS, name.lower(), dataclasses.replace(method, run=run))
