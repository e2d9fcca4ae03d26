"""Stories of somebody new, and of slips of the thumb: where the road leads, and what one reads when it does not go on."""

from __future__ import annotations

from actions import items, projects
from tests.actions.projects_for_tests import TOML
from tests.stories.conftest import House, agree_and_tell, sums
from tests.stories.phone import Phone


async def other_project(house: House, slug: str, title: str, **audience: list[str]) -> int:
    """Make and open one more project, under a name of its own."""
    text = TOML.format(training=0, exam=0, gold_share=0.0)
    text = text.replace('slug = "sums"', f'slug = "{slug}"').replace("Check sums", title)
    for key, wanted in audience.items():
        text = text.replace("[qualification]", f"[audience]\n{key} = {wanted}\n[qualification]")
    await house.write(projects.create_or_update, None, text)
    await items.import_lines(house.store, None, slug, ['{"sum": "1 + 1 = 2"}'])
    return (await house.write(projects.set_state, None, slug, "open")).project.id


async def newcomer(house: House, project_id: int) -> Phone:
    """Bring somebody by a project's link to the end of their profile."""
    phone = await house.invite("Ada", project_id=project_id)
    await agree_and_tell(phone)
    return phone


async def test_the_link_of_a_project_leads_to_it_among_others(house: House) -> None:
    await house.project(sums(3))
    ada = await newcomer(house, await other_project(house, "poems", "Read poems"))
    assert ada.text.startswith("Read poems")
    assert "Join" in ada.labels
    await ada.press("Projects")
    assert "Check sums" in ada.text


async def test_a_project_that_does_not_fit_says_why(house: House) -> None:
    await house.project(sums(3))
    ada = await newcomer(house, await other_project(house, "poems", "Read poems", degrees=["master"]))
    assert ada.text.startswith("Read poems")
    assert "another degree" in await ada.press("Join")


async def test_words_where_a_button_is_asked_for_are_answered(house: House) -> None:
    ada = await house.invite("Ada", project_id=await house.project(sums(3)))
    await ada.press("Let's start")
    await ada.press("I agree")
    assert "tap one of the buttons" in await ada.say("Bachelor")
    assert "1 of 4" in ada.text
    await ada.press("Bachelor's")
    await ada.say("Marine biology")
    await ada.press("Back")
    assert "Now: Marine biology" in ada.text


async def test_the_last_language_stays(house: House) -> None:
    ada = await newcomer(house, await house.project(sums(3)))
    await ada.say("/settings")
    await ada.press("Languages")
    assert await ada.press("✓ English") == "One language is needed; add another first."
    assert "✓ English" in ada.labels
    assert await ada.press("Deutsch") == ""


async def test_a_project_worked_on_can_be_looked_at_and_left(house: House) -> None:
    ada = await newcomer(house, await house.project(sums(3)))
    await ada.press("Join")
    await ada.say("/projects")
    await ada.press("1 · Details")
    await ada.press("Leave this project")
    assert await ada.press("Leave") == "You left Check sums."
    await house.world.wait_for(lambda: ada.labels == ["1 · Details"])


async def test_done_without_a_reason_says_what_is_missing(house: House) -> None:
    ada = await newcomer(house, await house.project(sums(3)))
    await ada.press("Join")
    await ada.press("Wrong")
    assert await ada.press("Done") == "Choose 1 or more first, then Done."
    await ada.press("Digit")
    assert (await ada.press("Done")).startswith("Saved")
