"""What the bridge makes of touches, keys and seconds, without a window."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest

from kiosk.prompts.choosing import Done, Start
from kiosk.prompts.state import NotNow
from kiosk.prompts.ui import (
    VOICE_STEPS,
    AskForHelp,
    Back,
    Home,
    Look,
    OpenMaintenance,
    SetSpeech,
    SetVoice,
    SwitchLanguage,
    Text,
)

START, SORRY = Start(()), NotNow(Text("fault.unexpected"))
SPEAKS = Look("ar", has_speech=True)


def asked(ui: Any) -> asyncio.Future[Any]:
    ui._answer = asyncio.get_running_loop().create_future()
    return cast("asyncio.Future[Any]", ui._answer)


async def test_a_touch_answers_or_changes_the_screen_itself(ui: Any) -> None:
    ui._shown, heard = START, mock.Mock()
    ui.screens.of.return_value.typed = "12"
    assert ui._on_target(SimpleNamespace(answer=heard)) is True
    heard.assert_called_once_with()
    ui.panel.put.assert_called_once_with()
    ui.guidance.choices.assert_called_once_with("12", [], Look("ar"))
    assert ui._on_target(SimpleNamespace(answer="x")) is False, "nobody asks"
    answer = asked(ui)
    assert ui._on_target(SimpleNamespace(answer="x")) is True
    assert (answer.result(), ui.on_touch.call_count) == ("x", 3)
    assert ui._on_target(SimpleNamespace(answer="y")) is False
    target = SimpleNamespace(answer="z")
    ui._say_touched(target)
    ui.guidance.button.assert_called_once_with(target, Look("ar"))
    assert ui.on_touch.call_count == 5
    ui.on_touch = None
    ui._say_touched(target)
    ui._on_target(SimpleNamespace(answer=heard))


@pytest.mark.parametrize(
    ("answer", "way"),
    [
        (Back(), "back"),
        (Home(), "back"),
        (Done(), "back"),
        ("x", "on"),
        (SwitchLanguage("en"), "on"),
        (AskForHelp(), "on"),
    ],
)
async def test_what_leads_back_comes_from_where_it_came(ui: Any, answer: object, way: str) -> None:
    waits = asked(ui)
    assert ui._complete(answer) is True
    assert (waits.result(), ui._left_by, ui.stage.is_open) == (answer, way, False)
    assert ui._complete("late") is False


@pytest.mark.parametrize(
    ("shown", "has_voice", "speaks", "wakes"),
    [
        (START, True, False, True),
        (START, False, False, False),
        (START, True, True, False),
        (None, True, False, False),
        ("notice", True, False, False),
    ],
)
async def test_two_fingers_wake_the_voice_of_a_citizen_who_is_asked(
    ui: Any, shown: Any, has_voice: bool, speaks: bool, wakes: bool
) -> None:
    ui._shown, ui.guidance.is_available, ui._look = shown, has_voice, SPEAKS if speaks else Look("ar")
    waits = asked(ui)
    ui._wake_voice()
    assert waits.done() is wakes
    assert not wakes or waits.result() == SetSpeech(True)


async def test_the_gesture_opens_the_technicians_screens(ui: Any) -> None:
    waits = asked(ui)
    ui._open_maintenance()
    assert waits.result() == OpenMaintenance()


@pytest.mark.parametrize(
    ("wish", "speed", "answer"),
    [
        ("louder", 0, SetVoice(1)),
        ("quieter", 0, SetVoice(-1)),
        ("faster", VOICE_STEPS - 1, SetVoice(0, 1)),
        ("faster", VOICE_STEPS, SetVoice(0, -2 * VOICE_STEPS)),
        ("repeat", 0, None),
    ],
)
async def test_a_voice_is_made_louder_faster_or_says_it_again(ui: Any, wish: Any, speed: int, answer: object) -> None:
    ui._shown, ui._look = START, Look("ar", has_speech=True, speed=speed)
    waits = asked(ui)
    ui._adjust_voice(wish)
    assert (waits.result() if waits.done() else None) == answer
    said = [mock.call(START, ui._look, [], is_new=False)] if answer is None else []
    assert ui.guidance.screen.call_args_list == said


@pytest.mark.parametrize(("ticks", "draws"), [(True, True), (False, False)])
@pytest.mark.parametrize("was_open", [True, False])
def test_a_second_that_changes_a_screen_draws_it_where_it_is(ui: Any, ticks: bool, draws: bool, was_open: bool) -> None:
    ui._second(1.0)
    ui._shown, ui.stage.is_open = START, was_open
    screen = ui.screens.of.return_value
    screen.tick.return_value = ticks

    def redraw(*_: object) -> None:
        ui.stage.is_open = "touched meanwhile"

    ui.stage.redraw_screen.side_effect = redraw
    ui._second(1.0)
    assert ui.stage.redraw_screen.call_args_list == ([mock.call(screen, START)] if draws else [])
    assert ui.stage.is_open is was_open


def test_a_beat_is_told_to_all_and_only_a_demonstration_can_be_closed(ui: Any) -> None:
    ui._beat(0.1)
    assert (ui.stage.watch.call_count, ui._on_beat.call_count, ui.pulse.at > 0, ui.stalls) == (1, 1, True, 0)
    assert ui._on_close() is True
    ui._closable = True
    assert ui._on_close() is False
    ui.play_sample()
    ui.guidance.sample.assert_called_once_with(Look("ar"))
    assert ui.has_sound is True
    ui._touched_at -= 100
    assert 100 <= ui.idle_s < 160
    ui._note_touch()
    assert ui.idle_s < 60


TAB, ENTER, PLUS, LETTER = 9, 13, 270, 97


@pytest.mark.parametrize(
    ("key", "modifiers", "speaks", "moves", "answer", "heard"),
    [
        (TAB, [], False, True, SetSpeech(True), (True, True)),
        (TAB, [], True, True, None, (True, True)),
        (TAB, [], True, False, None, (False, False)),
        (ENTER, [], True, True, None, (False, True)),
        (PLUS, [], True, True, SetVoice(1), (False, False)),
        (PLUS, ["shift"], True, True, None, (False, False)),
        (PLUS, [], False, True, SetSpeech(True), (False, False)),
        (LETTER, [], False, True, None, (False, False)),
        (TAB, ["alt"], False, True, None, (False, False)),
    ],
)
async def test_a_key_wakes_the_voice_moves_or_does_nothing(
    ui: Any, key: int, modifiers: list[str], speaks: bool, moves: bool, answer: object, heard: tuple[bool, bool]
) -> None:
    touched, said = heard
    ui._shown, ui._look = START, SPEAKS if speaks else Look("ar")
    ui.stage.key.return_value = moves
    waits = asked(ui)
    ui._touched_at -= 1000
    assert ui._on_key(None, key, 43, "", modifiers) is True, "no key leads out"
    assert ui.idle_s < 500
    assert (waits.result() if waits.done() else None) == answer
    assert ui.on_touch.called is touched
    assert ui.guidance.button.call_args_list == ([mock.call(ui.stage.focused, ui._look)] if said else [])


def test_a_key_without_modifiers_is_taken_as_it_is_and_without_a_voice_none_is_woken(ui: Any) -> None:
    ui.guidance.is_available, ui._shown, ui.on_touch = False, START, None
    ui.stage.key.return_value = True
    assert ui._on_key(None, TAB) is True
    assert ui._on_key(None, TAB, 43) is True
    assert ui.stage.key.call_args_list == [mock.call("tab")] * 2
