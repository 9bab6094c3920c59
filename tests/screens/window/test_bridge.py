"""The bridge between what is asked and what is touched, without a window: each call on screen, voice and panel."""

import asyncio
from typing import Any, cast
from unittest import mock

import pytest

from kiosk.prompts.choosing import Start
from kiosk.prompts.state import ChooseLanguage, NotNow, VoiceOptions
from kiosk.prompts.ui import Look, StatusStrip, Text

START, SORRY = Start(()), NotNow(Text("fault.unexpected"))
SPEAKS = Look("ar", has_speech=True)
ON, OFF = StatusStrip({}), StatusStrip({}, is_offline=True)


def asked(ui: Any) -> asyncio.Future[Any]:
    ui._answer = asyncio.get_running_loop().create_future()
    return cast("asyncio.Future[Any]", ui._answer)


async def test_one_thing_is_asked_at_a_time_and_input_is_closed_from_its_answer_on(ui: Any) -> None:
    asking = asyncio.create_task(ui.ask(START))
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="not_now was asked while another prompt waits"):
        await ui.ask(SORRY)
    ui.stage.is_open = True
    ui._complete("touched")
    assert await asking == "touched"
    assert (ui._answer, ui.stage.is_open, ui._shown) == (None, False, START)
    ui.stage.motion.end.assert_called_once_with()
    asking = asyncio.create_task(ui.ask(START))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert (ui._answer, ui._shown) == (None, START), "the picture stays"


def test_another_look_is_drawn_once_and_said_once(ui: Any) -> None:
    ui._shown = START
    ui.set_look(Look("ar"))
    assert (ui.panel.put.called, ui.guidance.screen.called) == (False, False)
    for look, explores, is_first in (
        (SPEAKS, True, True),
        (Look("en", has_speech=True), True, False),
        (Look(), False, False),
    ):
        ui.set_look(look)
        assert ui.stage.explores is explores
        assert ui.guidance.screen.call_args == mock.call(START, look, [], is_new=False, is_first=is_first)
    assert ui.panel.put.call_count == 3
    ui.guidance.is_available = False
    ui.set_look(SPEAKS)
    assert ui.stage.explores is False


@pytest.mark.parametrize(
    ("strip", "redraws", "draws"),
    [
        (ON, False, False),
        (StatusStrip({}, "12:00"), False, True),
        (OFF, True, False),
        (StatusStrip({}, battery_minutes=0), True, False),
    ],
)
def test_a_strip_is_drawn_alone_unless_its_signs_change(
    ui: Any, strip: StatusStrip, redraws: bool, draws: bool
) -> None:
    ui.set_strip(OFF)
    assert not ui.stage.method_calls, "nothing is shown yet"
    ui._strip, ui._shown = ON, START
    ui.set_strip(strip)
    assert (ui.panel.put.called, ui.stage.draw_strip.called) == (redraws, draws)
    assert ui._strip == strip
    ui._strip, battery = StatusStrip({}, battery_minutes=3), StatusStrip({}, battery_minutes=2)
    ui.stage.reset_mock()
    ui.set_strip(battery)
    assert (ui.stage.draw.called, ui.stage.draw_strip.call_args[0][1]) == (False, battery)


def test_nothing_of_a_visit_is_left(ui: Any) -> None:
    ui._shown, ui._left = START, [SORRY]
    ui.forget()
    assert (ui._shown, ui._left) == (None, [])
    assert ui.screens.mock_calls == [mock.call.forget(), mock.call.collect()]
    ui.guidance.stop.assert_called_once_with()
    ui.stage.motion.end.assert_called_once_with()


def test_a_screen_begins_afresh_unless_it_goes_on_after_what_was_asked_over_it(ui: Any) -> None:
    resumed = ui.screens.of.return_value.resume
    languages, voice = ChooseLanguage(), VoiceOptions(0, 0)
    assert (START.is_aside, languages.is_aside, voice.is_aside) == (False, True, True)
    steps: list[tuple[Any, bool, list[Any]]] = [
        (START, True, []), (START, False, []), (languages, True, [START]), (voice, True, [START, languages]),
        (languages, False, [START]), (START, False, []), (SORRY, True, []), (languages, True, [SORRY]),
    ]  # fmt: skip
    for shown, begins, left in steps:
        resumed.reset_mock()
        ui.guidance.reset_mock()
        is_new = shown != ui._shown
        ui._present(shown)
        assert (resumed.called, ui._left, ui._shown) == (begins, left, shown)
        assert ui.guidance.screen.call_args_list == ([mock.call(shown, Look("ar"), [])] if is_new else [])


@pytest.mark.parametrize(
    ("way", "shown", "moves"), [("on", SORRY, True), ("back", SORRY, True), ("on", START, False), (None, SORRY, False)]
)
def test_a_screen_moves_in_by_the_touch_that_led_to_it(ui: Any, way: str | None, shown: Any, moves: bool) -> None:
    ui._shown, ui._left_by = START, way
    ui._present(shown)
    assert ui.stage.move_in.call_args_list == ([mock.call(way)] if moves else [])
    assert ui._left_by is None


def test_a_picture_is_drawn_for_the_panel_as_it_stands_and_input_waits_for_it(ui: Any) -> None:
    ui._redraw()
    assert not ui.panel.method_calls
    ui._shown = START
    ui._redraw()
    assert [call[0] for call in ui.panel.method_calls] == ["fit", "theme.with_easy", "put"]
    assert (ui.stage.corners.width_px, ui.stage.corners.height_px) == (800, 600)
    assert ui.stage.is_open is False
    drawn = ui.stage.draw.call_args[0]
    assert drawn[:2] + drawn[3:] == (ui.screens.of.return_value, START, ON)
    assert (drawn[2].language.code, drawn[2].has_voice, drawn[2].explores) == ("ar", True, False)


@pytest.mark.parametrize("is_drawn", [True, False])
@pytest.mark.parametrize("state", ["none", "waits", "done"])
async def test_touches_are_taken_where_what_is_asked_can_be_seen(ui: Any, is_drawn: bool, state: str) -> None:
    ui.panel.is_drawn = is_drawn
    if state != "none":
        asked(ui)
    if state == "done":
        ui._answer.set_result(1)
    ui._open_input()
    assert ui.stage.is_open is (is_drawn and state == "waits")
