"""Settings changed on the spot: safe ones at once, risky ones for a minute."""

import errno
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from common.protocol.setting_values import judge, listed
from kiosk.maintenance.hardware.setting_panel import CHANGED_ON_THE_SPOT, choices
from kiosk.maintenance.session import Session
from kiosk.prompts.ui import Back, Home
from kiosk.settings.settings import Origin, Settings
from tests.kiosk.maintenance.given import OVER, technician
from tests.kiosk.maintenance.scripted import SILENCE, Workshop
from tests.kiosk.maintenance.tools import audited


async def test_a_safe_setting_is_changed_on_the_spot_and_audited_before_and_after(workshop: Workshop) -> None:
    await workshop.play(
        ("overview", "settings"), ("settings", "speech.volume"), ("choose", "3"), ("settings", Back()), OVER
    )
    assert Settings(workshop.path / "kiosk.toml").config.speech.volume == 30
    detail = {"technician": "enrolment", "setting": "speech.volume", "before": "70", "after": "30"}
    assert ("setting-changed", detail) in audited(workshop.store)
    assert workshop.changes == 1


async def test_a_change_made_here_can_be_taken_back_so_that_central_counts_again(workshop: Workshop) -> None:
    workshop.settings.take_feed({"kiosk.opens": "07:30"})
    display = await workshop.play(
        ("overview", "settings"), ("settings", "kiosk.opens"), ("choose", "4"),
        ("settings", "kiosk.opens"), ("choose", "take_back"), ("settings", Back()), OVER,
    )  # fmt: skip
    opens = workshop.settings.get("kiosk.opens")
    assert (opens.value, opens.origin) == ("07:30", Origin.FEED)
    offered = [prompt.buttons for prompt in display.seen if getattr(prompt, "panel", "") == "choose"]
    assert [len(buttons) for buttons in offered] == [0, 1], "offered only where something was changed here"
    detail = {"technician": "enrolment", "setting": "kiosk.opens", "before": "08:00", "after": "07:30"}
    assert ("setting-taken-back", detail) in audited(workshop.store)
    assert workshop.changes == 2


async def test_a_risky_change_that_nobody_confirms_is_undone(workshop: Workshop) -> None:
    seen: list[str] = []
    workshop.more["settings_changed"] = lambda: seen.append(workshop.settings.config.screen.orientation)
    display = await workshop.play(
        ("overview", "settings"),
        ("settings", "screen.orientation"),
        ("choose", "1"),
        ("keep", "undo"),
        ("settings", Back()),
        OVER,
    )
    assert display.ended == "exit"
    assert seen == ["landscape", "portrait"]
    assert [event for event, _ in audited(workshop.store)][-3:-1] == ["setting-changed", "setting-undone"]


async def test_a_risky_change_is_undone_also_when_nobody_sees_anything_any_more(workshop: Workshop) -> None:
    workshop.more["revert_s"] = 0.05
    await workshop.play(
        ("overview", "settings"),
        ("settings", "screen.orientation"),
        ("choose", "1"),
        ("keep", SILENCE),
        ("settings", Back()),
        OVER,
    )
    assert workshop.settings.config.screen.orientation == "portrait"
    assert [event for event, _ in audited(workshop.store)][-2] == "setting-undone"


async def test_who_leaves_a_risky_change_has_undone_it_which_is_audited(workshop: Workshop) -> None:
    await workshop.play(("overview", "settings"), ("settings", "screen.orientation"), ("choose", "1"), ("keep", Home()))
    assert workshop.settings.config.screen.orientation == "portrait"
    assert [event for event, _ in audited(workshop.store)][-3:-1] == ["setting-changed", "setting-undone"]


async def test_a_risky_change_that_the_disk_does_not_keep_is_undone(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    seen: list[str] = []
    workshop.more["settings_changed"] = lambda: seen.append(workshop.settings.config.screen.orientation)
    monkeypatch.setattr("kiosk.settings.settings.keep", full)
    await workshop.play(
        ("overview", "settings"), ("settings", "screen.orientation"), ("choose", "1"), ("keep", "keep"),
        ("setting", Back()), ("settings", Back()), OVER,
    )  # fmt: skip
    assert workshop.settings.config.screen.orientation == "portrait"
    assert seen == ["landscape", "portrait"]


async def test_a_risky_change_that_is_confirmed_stays(workshop: Workshop) -> None:
    await workshop.play(
        ("overview", "settings"),
        ("settings", "screen.orientation"),
        ("choose", "1"),
        ("keep", "keep"),
        ("settings", Back()),
        OVER,
    )
    assert Settings(workshop.path / "kiosk.toml").config.screen.orientation == "landscape"


async def test_a_technician_sees_settings_but_only_a_manager_changes_them_or_opens_a_day(workshop: Workshop) -> None:
    technician(workshop)
    display = await workshop.play(
        ("overview", "settings"), ("settings", Back()), ("overview", "power"), ("power", Back()), OVER
    )
    assert all(line.id is None for line in workshop.lines(display, "settings").values())
    day = next(button for button in display.seen[-2].buttons if button.id == "day")
    assert not day.availability.is_offered


async def test_tiles_are_chosen_in_the_order_of_touch(workshop: Workshop) -> None:
    await workshop.play(
        ("overview", "settings"), ("settings", "kiosk.tiles"), ("tiles", "water-bill"),
        ("tiles", "clearance"), ("tiles", "plan-copy"),
        ("tiles", "clearance"), ("tiles", "keep"), ("settings", Back()), OVER,
    )  # fmt: skip
    assert workshop.settings.config.kiosk.tiles == ["water-bill", "plan-copy"]


@pytest.mark.parametrize("key", [one for one in CHANGED_ON_THE_SPOT if one != "kiosk.tiles"])
def test_what_is_offered_for_a_setting_is_what_it_may_be(workshop: Workshop, key: str) -> None:
    offered = choices(SimpleNamespace(tools=workshop.tools()), workshop.settings.get(key))  # type: ignore[arg-type]
    for value in offered.values():
        judge({key: value})
    assert len(offered) > 1


def test_a_setting_whose_values_nobody_lists_is_not_offered_anothers() -> None:
    assert listed("kiosk.paperless") == (True, False)
    with pytest.raises(LookupError, match=r"kiosk\.order_page"):
        listed("kiosk.order_page")


def test_what_is_chosen_from_is_in_steps_that_somebody_can_touch(workshop: Workshop) -> None:
    session = cast("Session", SimpleNamespace(tools=workshop.tools()))
    settings = {one.key: one for one in workshop.settings.all()}
    offered = {
        key: list(choices(session, settings[key]).values())
        for key in CHANGED_ON_THE_SPOT
        if key in settings and key != "kiosk.tiles"
    }
    assert offered["speech.volume"] == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    assert offered["screen.brightness"] == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100], "never dark"
    assert offered["kiosk.languages"] == [["ar", "en"], ["en", "ar"]]
    for key in ("kiosk.opens", "kiosk.closes"):
        assert offered[key][:3] + offered[key][-3:] == ["06:00", "06:30", "07:00", "20:00", "20:30", None]
    roll = replace(settings["speech.volume"], key="devices.printer.roll_m")
    assert list(choices(session, roll).values()) == [20, 30, 40, 50, 60, 80, 100, 120, 150, 200]
    assert list(choices(session, roll)) == [str(place) for place in range(10)]
