"""What commands say of files that are not what they should be: one sentence that names the file and what to do."""

from __future__ import annotations

import pytest

from tests.actions import samples
from tests.bot.terminal import Terminal


def test_a_file_without_any_item_offers_nothing_to_skip(veritap: Terminal) -> None:
    veritap("project", "add", veritap.file("maths.toml", samples.PROJECT))
    picture = veritap.file("picture.png", b"\x89PNG\r\n\x1a\n\xff\xff")
    for more in ([], ["--skip-bad"]):
        said = veritap.refuses("items", "import", "maths", picture, *more, code=1)
        assert said.endswith(f"Nothing was imported: {picture} holds no item that can be used.")


def test_a_folder_in_the_place_of_a_file_is_named(
    with_project: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = with_project.folder
    with_project.file("README.md", "# My own notes")
    said = with_project.refuses("export", "maths", "--out", folder)
    assert f"{folder} is a folder with a README.md of its own" in said
    assert f"{folder} is a folder" in with_project.refuses("verify", folder)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}")
    for words in (["verify"], ["check"], ["project", "list"], ["run"]):
        said = with_project.refuses(*words)
        assert said.startswith(f"DATABASE_URL names a folder, {folder}; name a file in it: sqlite:///")
