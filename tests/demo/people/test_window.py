"""What somebody before the window sees, reads, and says where something did not come."""

from pathlib import Path

import pytest

from demo.people import window
from demo.people.window import Eyes
from demo.processes import DemoFailed
from tests.demo.people.made_up import MadeUpWindow, screen


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "GLANCE_S", 0)


@pytest.fixture
def made_up() -> MadeUpWindow:
    return MadeUpWindow(screen("start"))


@pytest.fixture
def eyes(made_up: MadeUpWindow, tmp_path: Path) -> Eyes:
    return Eyes(made_up, tmp_path / "screens")


async def test_of_several_screens_the_one_that_comes_is_named_and_each_change_noted_once(
    eyes: Eyes, made_up: MadeUpWindow
) -> None:
    assert [await eyes.wait("ticket", "start"), await eyes.wait("start")] == ["start", "start"]
    made_up.shown = screen("ticket")
    assert await eyes.wait("ticket", "start", within_s=3) == "ticket"
    assert eyes.screens == ["start", "ticket"]
    assert set(made_up.waits) == {("ticket", 30.0), ("start", 30.0), ("ticket", 3), ("start", 3)}


async def test_what_did_not_come_is_named_with_what_stands_there(eyes: Eyes, made_up: MadeUpWindow) -> None:
    made_up.is_stuck = True
    with pytest.raises(DemoFailed, match=r"^the screen ticket or bill did not come; start was shown instead$"):
        await eyes.wait("ticket", "bill")
    with pytest.raises(DemoFailed, match=r"^a wonder did not come; the screen is start$"):
        await eyes.until(lambda: False, "a wonder", within_s=0)
    looks = iter([False, False, True])
    await eyes.until(lambda: next(looks), "a third look", within_s=60)
    assert next(looks, None) is None


async def test_why_a_button_could_not_be_touched_is_said(eyes: Eyes, made_up: MadeUpWindow) -> None:
    made_up.missing.add("ok")

    async def why() -> str:
        with pytest.raises(DemoFailed) as failed:
            await eyes.press("ok")
        return str(failed.value).removeprefix("ok could not be touched: ")

    assert (await why(), eyes.can_press("ok")) == ("it is not there; the screen is start", False)
    made_up.stage.offer("ok", enabled=False)
    assert (await why(), eyes.can_press("ok")) == ("it is not offered (“say ok”); the screen is start", False)
    made_up.stage.offer("ok")
    assert (await why(), eyes.can_press("ok")) == ("it can be now; the screen is start", True)
    made_up.stage.is_open = False
    assert await why() == "the panel takes no touch; the screen is start"


def test_a_look_takes_a_numbered_picture_and_reads_each_text_once(eyes: Eyes) -> None:
    eyes.look("start")
    eyes.window.stage.said = ["Bye"]
    eyes.look("end")
    assert eyes.texts == {"1-start": ["Hello"], "2-end": ["Bye"]}
    assert [one.name for one in eyes.pictures] == ["1-start.png", "2-end.png"]
    assert [one.read_bytes() for one in eyes.pictures] == [b"start", b"start"]
