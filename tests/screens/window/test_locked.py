"""A18: no key, touch or gesture leads out of any citizen screen, and none of them brings it down."""

from pathlib import Path

import pytest

from tests.screens.window.test_window import play

FUZZ = """
import random
from kivy.app import App
from kivy.base import EventLoop
from kivy.config import Config
PART = {part}
rng = random.Random(1800 + PART)
window, stage = ui.window, ui.stage
ticks = iter(range(10**9))
stage.gate.now = lambda: next(ticks) * 0.05  # every touch is long enough to be meant
outside, answers, wrong = set(), [], []
KEYS = [27, 282, 283, 285, 289, 293, 9, 13, 32, 273, 274, 275, 276, 8, 127, 19, 316, 319, 1073741942, *range(97, 123)]
MODIFIERS = [[], ["alt"], ["ctrl"], ["shift"], ["meta"], ["ctrl", "alt"], ["alt", "shift", "numlock"]]

def keys():
    for key in (27, 282, 285, 101, 109, *rng.sample(KEYS, 6)):
        for modifiers in (["alt"], ["ctrl"], rng.choice(MODIFIERS)):
            if not window.dispatch("on_keyboard", key, 0, chr(key) if 31 < key < 127 else None, list(modifiers)):
                wrong.append(["key", key, modifiers])
            window.dispatch("on_key_down", key, 0, None, list(modifiers))
            window.dispatch("on_key_up", key, 0)
    window.dispatch("on_textinput", "e")
    window.dispatch("on_drop_file", b"/etc/passwd", 10, 10)
    if not window.dispatch("on_request_close"):
        wrong.append(["close"])

async def fingers():
    def spot():  # anywhere, or on a button: by chance alone too few touches would answer
        aimed = stage.targets and rng.random() < 0.5
        return place(rng.choice(stage.targets).name) if aimed else (rng.random(), rng.random())
    edge = lambda: rng.choice([(0.0, rng.random()), (1.0, rng.random()), (rng.random(), 0.0), (rng.random(), 1.0)])
    corners = [(0.001, 0.001), (0.999, 0.999), (0.001, 0.999), (0.999, 0.001)]
    many = [ui.touches.down(*place) for place in (spot(), spot(), *corners)]
    for _ in range(2):  # a double tap
        ui.touches.up(ui.touches.down(*many[0].last))
    drag = ui.touches.down(*edge())
    for _ in range(3):
        ui.touches.move(drag, *spot())
    ui.touches.up(drag)
    for touch in many:
        ui.touches.up(touch)
    await ui.touches.taken()
    long = ui.touches.down(*spot())
    await ui.touches.taken()
    for _ in range(500):
        next(ticks)  # 25 s: longer than a finger may stay
    stage.watch()
    ui.touches.up(long)
    for _ in range(2):
        ui.touches.up(ui.touches.down(*spot()))
    await ui.touches.taken()

for index, name in enumerate(SAMPLES):  # each is reached by a visit of its own: only those that are looked at
    if index % 4 != PART:
        continue
    prompt = SAMPLES[name]
    ui.set_look(Look(rng.choice(["ar", "en"]), is_accessible=rng.random() < 0.5))
    if isinstance(prompt, Notice):
        ui.show(prompt)
        await ui.wait_for(prompt.name)
        keys()
        await fingers()
    else:
        asked = ask(prompt)
        await ui.wait_for(prompt.name)
        offered = [t.answer for t in stage.targets if t.enabled and not callable(t.answer)]
        keys()
        await fingers()
        if asked.done():
            answer = asked.result()
            typed = isinstance(answer, str) and answer.isdigit()
            if isinstance(answer, OpenMaintenance) or not (typed or answer in offered):
                wrong.append([name, repr(answer)])
            answers.append(name)
        else:
            asked.cancel()
    if window.children != [stage] or EventLoop.quit or App.get_running_app() is not None:
        outside.add(name)
    if ui.shown.name != prompt.name or window.focus is None:
        outside.add(name)
modules = [m for m in sys.modules if m.startswith("kivy.modules.") or m in ("kivy.uix.settings", "kivy.uix.vkeyboard")]
keyboards = [str(k) for k in window._keyboards if k != "system"]
ui.set_look(Look("ar"))
last = ask(start())
await ui.press("tile:civil-affairs")
return [sorted(outside), wrong, modules, keyboards, Config.items("modules"), len(answers) > 2, (await last).service]
"""


@pytest.mark.parametrize("part", [0, 1, 2, 3])
def test_keys_and_fingers_of_every_kind_stay_on_every_citizen_screen(tmp_path: Path, part: int) -> None:
    outside, wrong, modules, keyboards, configured, has_answers, service = play(
        tmp_path, FUZZ.replace("{part}", str(part))
    )
    assert not outside
    assert not wrong
    assert modules == keyboards == configured == []  # no inspector, console, settings panel or virtual keyboard
    assert has_answers
    assert service == "civil-affairs"
