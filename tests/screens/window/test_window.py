"""Journeys by real touches through Kivy's event loop, each in a process of its own: one window lives in one process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

AT_MOST_S = 110
"""A little less than what pytest gives a test: where a machine is busy a window takes its time to open and to close."""
PREFACE = """
import asyncio, json, sys, time
from pathlib import Path
from kiosk.prompts.choosing import ServiceInfo
from kiosk.prompts.order import HoldCode, TypeOrderNumber
from kiosk.prompts.state import Calling, HelpOffer, HelpResult, Starting, StillThere
from kiosk.prompts.ticket import Ahead, PrintingTicket, TakeTicket
from kiosk.prompts.ui import Look, Notice, OpenMaintenance, Priority, Text
from screens.window.kivy_setup import prepare
from screens.look.theme import Theme
theme = Theme(540, 960)
prepare(theme, Path(sys.argv[1]), False)
from screens.citizen.registry import CITIZEN
from screens.window.window import KivyUi
from tests.screens.samples import NAMES, SAMPLES, STRIP, start
ui = KivyUi(theme, ("ar", "en"), CITIZEN)
ui.set_strip(STRIP)
def ask(prompt):
    return asyncio.ensure_future(ui.ask(prompt))
def place(name):
    button = ui.stage.find(name)
    return button.center_x / theme.width_px, button.center_y / theme.height_px
"""


def play(tmp_path: Path, script: str) -> Any:
    """Run the body of `async def main()`; return what it returns, by way of JSON."""
    body = "\n".join(f"    {line}" for line in script.strip().splitlines())
    program = f"{PREFACE}\nasync def main():\n{body}\nprint(json.dumps(ui.run(main())))\n"
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=AT_MOST_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_one_touch_takes_a_ticket_and_the_language_redraws_the_same_prompt(tmp_path: Path) -> None:
    answers = play(
        tmp_path,
        """
first = ask(start())
await ui.press("tile:civil-affairs")
service = (await first).service
ui.show(PrintingTicket("A1014", NAMES["civil-affairs"]))
await ui.wait_for("printing")
ticket = TakeTicket("A1014", NAMES["civil-affairs"], ahead=Ahead(2, "09:05"))
second = ask(ticket)
await ui.press("language:en")
switched = (await second).language
ui.set_look(Look("en"))
third = ask(ticket)
await ui.press("done")
words = ui.stage.find("done").face.text
return [service, switched, words, type(await third).__name__]
""",
    )
    assert answers == ["civil-affairs", "en", "Done", "Done"]


def test_ten_quick_taps_answer_once_and_none_reaches_the_next_screen(tmp_path: Path) -> None:
    answers = play(
        tmp_path,
        """
first = ask(start())
await ui.wait_for("start")
tile = ui.stage.find("tile:civil-affairs")
x, y = place(tile.name)
taps = asyncio.gather(*(ui.touches.tap(x, y) for _ in range(10)))
answer = await first
second = ask(start(priority=Priority.ELDERLY))
await asyncio.sleep(0)
await taps
await ui.wait_for("start")
done = second.done()
second.cancel()
return [answer.service, done]
""",
    )
    assert answers[0] == "civil-affairs"
    assert answers[1] is False


def test_a_release_outside_a_second_finger_and_a_touch_too_short_answer_nothing(tmp_path: Path) -> None:
    answers = play(
        tmp_path,
        """
first = ask(start())
await ui.wait_for("start")
tile = ui.stage.find("tile:civil-affairs")
x, y = place(tile.name)
touch = ui.touches.down(x, y)
await ui.touches.taken()
pressed = tile.pressed
ui.touches.move(touch, x, y + 0.02)
ui.touches.move(touch, x, y + 0.06)
ui.touches.move(touch, x, y + 0.10)
ui.touches.up(touch)
await touch.ended.wait()
ui.stage.gate.now = lambda: 1.0
ui.stage.gate.since_last_look_s = lambda: 0.03
short = ui.touches.down(x, y)
ui.touches.up(short)
await short.ended.wait()
return [pressed, tile.pressed, first.done()]
""",
    )
    assert answers == [True, False, False]


def test_what_was_touched_stays_pressed_until_the_next_screen_and_no_frame_lies_between(tmp_path: Path) -> None:
    """A frame that only showed the button let go would be painted first, and the number a whole frame later."""
    answers = play(
        tmp_path,
        """
first = ask(start())
await ui.wait_for("start")
tile = ui.stage.find("tile:civil-affairs")
x, y = place(tile.name)
frames = []
ui.window.bind(on_flip=lambda *_: frames.append((ui.shown.name, tile.pressed)))
tap = asyncio.ensure_future(ui.touches.tap(x, y))
await first
ui.show(Calling())
await ui.wait_for("calling")
await tap
second = ask(start())
await ui.wait_for("start")
return [frames, ui.stage.find("tile:civil-affairs").pressed]
""",
    )
    assert answers == [[["start", True], ["calling", False], ["start", False]], False]


@pytest.mark.parametrize(("meanwhile", "typed"), [("ui.set_strip(other)", "5"), ("asked = await ask_again(asked)", "")])
def test_a_digit_under_a_finger_is_typed_where_the_strip_changes_but_not_into_another_question(
    tmp_path: Path, meanwhile: str, typed: str
) -> None:
    found = play(
        tmp_path,
        f"""
from dataclasses import replace
other = replace(STRIP, is_offline=not STRIP.is_offline)
async def ask_again(asked):
    asked.cancel()
    await asyncio.wait([asked])
    return ask(SAMPLES["find-number"])
asked = ask(SAMPLES["type-number"])
await ui.wait_for(SAMPLES["type-number"].name)
touch = ui.touches.down(*place("digit:5"))
await ui.touches.taken()
{meanwhile}
await ui.panel.next_flip()
await asyncio.sleep(0.06)  # as long as a finger stays
ui.touches.up(touch)
await touch.ended.wait()
digits = ui.stage.screen._digits
asked.cancel()
return digits
""",
    )
    assert found == typed


def test_cancelling_an_ask_leaves_the_picture_and_frees_the_window(tmp_path: Path) -> None:
    answers = play(
        tmp_path,
        """
first = ask(TypeOrderNumber())
for digit in "12345":
    await ui.press("digit:" + digit)
first.cancel()
await asyncio.wait({first})
kept = ui.shown.name
second = ask(TypeOrderNumber())
for digit in "67890":
    await ui.press("digit:" + digit)
await ui.press("ok")
digits = await second
ui.forget()
third = ask(TypeOrderNumber())
await ui.wait_for("type_number")
third.cancel()
return [kept, digits, ui.stage.find("ok").enabled]
""",
    )
    assert answers == ["type_number", "1234567890", False]


def test_idle_draws_nothing(tmp_path: Path) -> None:
    """A26 allows one redraw a second; here is none at all, since nothing changes."""
    flips = play(
        tmp_path,
        """
first = ask(start())
await ui.wait_for("start")
flips = []
ui.window.bind(on_flip=lambda *_: flips.append(1))
await asyncio.sleep(1.2)
first.cancel()
return len(flips)
""",
    )
    assert flips == 0


def test_a_picture_taken_while_a_frame_is_due_keeps_no_finger_out(tmp_path: Path) -> None:
    answer = play(
        tmp_path,
        """
first = ask(start())
await ui.wait_for("start")
ui.set_look(Look("en"))
ui.screenshot(Path(sys.argv[1]) / "start.png")
await ui.press("tile:civil-affairs", 5.0)
return (await first).service
""",
    )
    assert answer == "civil-affairs"


def test_a_touch_beside_every_button_ends_the_idle_time_too(tmp_path: Path) -> None:
    before, after = play(
        tmp_path,
        """
first = ask(start())
await ui.wait_for("start")
ui._touched_at -= 400.0
before = ui.idle_s
await ui.touches.tap(0.5, 0.999)
first.cancel()
return [before, ui.idle_s]
""",
    )
    assert before >= 400.0
    assert after < 60.0


def test_a_stall_of_the_loop_is_counted(tmp_path: Path) -> None:
    answers = play(
        tmp_path,
        """
first = ask(start())
await ui.wait_for("start")
await asyncio.sleep(0.3)
before = ui.stalls
time.sleep(0.6)
await asyncio.sleep(0.3)
return [before, ui.stalls]
""",
    )
    assert answers[1] > answers[0]


@pytest.mark.parametrize("name", ["missing", "nowhere"])
def test_without_a_display_the_error_is_plain(tmp_path: Path, name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PREFACE, str(tmp_path)],
        env={**os.environ, "SDL_VIDEODRIVER": name},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=AT_MOST_S,
        check=False,
    )
    assert done.returncode != 0
    assert f"DisplayError: no window can be opened (SDL video driver: {name}" in done.stderr


def test_a_finger_that_is_down_while_the_screen_is_drawn_anew_still_means_its_button(tmp_path: Path) -> None:
    answer = play(
        tmp_path,
        """
first = ask(start())
await ui.wait_for("start")
tile = ui.stage.find("tile:civil-affairs")
finger = ui.touches.down(tile.center_x / theme.width_px, (tile.y + 3) / theme.height_px)
await asyncio.sleep(0.2)
first.cancel()
await asyncio.gather(first, return_exceptions=True)
second = ask(start(notice=Text("start.paperless_notice")))
await asyncio.sleep(0.2)
ui.touches.up(finger)
async with asyncio.timeout(30):
    taken = await second
return taken.service
""",
    )
    assert answer == "civil-affairs"
