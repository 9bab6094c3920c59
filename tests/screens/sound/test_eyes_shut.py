"""A visit by voice and keys alone, eyes shut: played by somebody who knows only what was said, on a real window."""

from pathlib import Path

import pytest

from tests.screens.window.test_window import play

BLIND = """
import tempfile
from concurrent.futures import ThreadPoolExecutor
from screens.sound.guidance import Guidance
from tests.kit.clock import HandClock
from tests.kit.desk import App, Place, open_store
from tests.visits.lobby import Lobby, Tray
class Voice:
    is_available = True
    def __init__(self):
        self.said, self.spoke = [], asyncio.Event()
    def say(self, utterance):
        self.said.append((utterance.sentence, utterance.louder, utterance.faster, utterance.chime))
        self.spoke.set()
    def stop(self): pass
    def close(self): pass
class Blind:
    # A display is all that a lobby needs of a window; what is on it, nobody here looks at.
    steps, asked = (), ()
    def __init__(self):
        self.ended, self.forgotten = asyncio.Event(), 0
    def __getattr__(self, name): return getattr(ui, name)
    @property
    def on_touch(self): return ui.on_touch
    @on_touch.setter
    def on_touch(self, heard): ui.on_touch = heard
voice, blind = Voice(), Blind()
ui.guidance = Guidance(voice, ui._languages)
def key(code): ui.window.dispatch("on_keyboard", code, 0, None, [])
def heard(): return voice.said[-1][0]
async def listen(words):
    # Wait until something is said that has these words.
    async with asyncio.timeout(40):
        while not voice.said or words not in heard():
            voice.spoke.clear()
            await voice.spoke.wait()
async def choose(words):
    # Go on from button to button until the voice names this one, and take it.
    async with asyncio.timeout(40):
        while not ui.stage.is_open: await asyncio.sleep(0)
    for _ in range(60):
        key(9)
        if heard().startswith(words):
            return key(13)
    raise AssertionError(f"{words} was never named; last: {heard()}")
folder = tempfile.TemporaryDirectory()
clock = HandClock()
with open_store(Path(folder.name) / "data", clock) as store, ThreadPoolExecutor() as threads:
    asyncio.get_running_loop().set_default_executor(threads)
    tray = Tray()
    lobby = Lobby(Place(store, clock, App(), papers=tray), tray)
    async def visit():
        await ui.wait_for("start")
        STEPS
        blind.ended.set()
    await lobby.play(blind, meanwhile=visit, timeout_s=45)
    return [voice.said, tray.out, lobby.numbers()]
"""


def _visit(
    tmp_path: Path, steps: str
) -> tuple[list[tuple[str, int, int, str | None]], list[tuple[str, ...]], list[str]]:
    """Play these steps; return what was said (words, steps louder and faster, chime), printed and numbered."""
    said, printed, numbers = play(tmp_path, BLIND.replace("STEPS", "\n        ".join(steps.strip().splitlines())))
    return said, printed, numbers


def test_a_number_is_taken_by_voice_and_keys_alone(tmp_path: Path) -> None:
    said, printed, numbers = _visit(
        tmp_path,
        """
key(261)  # the marked 5 of a keypad: the first key begins the voice
await listen("وثائق الشؤون المدنية")
await choose("English")
await listen("Criminal record certificate")
await choose("Criminal record certificate")
await listen("Your number is")
await choose("Done")
""",
    )
    sentences = [sentence for sentence, *_ in said]
    (number,) = numbers
    spelled = f"{number[0]} {number[1]}, {' '.join(number[2:])}"
    assert any(f"Your number is {spelled}" in sentence for sentence in sentences)
    assert "القارئ الصوتي يعمل" in sentences[0]
    assert "number" in {chime for *_, chime in said}
    assert [paper[0] for paper in printed] == [number]


def test_the_voice_is_made_louder_and_faster_and_says_it_again(tmp_path: Path) -> None:
    said, _printed, numbers = _visit(
        tmp_path,
        """
key(9)
await listen("وثائق الشؤون المدنية")
before = heard()
for code in (270, 267):
    while not ui.stage.is_open: await asyncio.sleep(0)
    voice.spoke.clear()
    key(code)
    await voice.spoke.wait()
voice.said.append((before, 0, 0, None))
voice.spoke.clear()
key(268)
await voice.spoke.wait()
await choose("الصوت")
await listen("هنا تغيّر الصوت")
await choose("أخفض صوتاً")
await listen("هنا تغيّر الصوت")
await choose("تابع وأعد القراءة")
await listen("وثائق الشؤون المدنية")
""",
    )
    assert numbers == []
    steps = [(louder, faster) for _, louder, faster, _ in said]
    assert (1, 0) in steps
    assert (1, 1) in steps
    assert steps[-1] == (0, 1)
    assert "وثائق الشؤون المدنية" in said[-1][0]


@pytest.mark.parametrize("fingers", [True, False], ids=["two-fingers", "one"])
def test_two_fingers_held_begin_the_voice_and_a_first_touch_only_says_the_tile(tmp_path: Path, fingers: bool) -> None:
    said, _printed, numbers = _visit(
        tmp_path,
        f"""
two = {fingers}
for finger, at in ((1, 0.4), (2, 0.6))[: 1 + two]:
    ui.stage.on_touch_down(type("T", (), dict(uid=finger, x=at * 540, y=400))())
ui.stage.fingers._since_s = ui.stage.fingers._since_s and ui.stage.fingers._since_s - 2
ui.stage.watch()
for finger in (1, 2)[: 1 + two]:
    ui.stage.on_touch_up(type("T", (), dict(uid=finger, x=0, y=400))())
if two:
    await listen("وثائق الشؤون المدنية")
    while not ui.stage.is_open: await asyncio.sleep(0)
    await ui.touches.tap(*place("tile:civil-affairs"))
    assert heard().startswith("وثائق الشؤون المدنية"), heard()
    assert ui.shown.name == "start"
    await ui.touches.tap(*place("tile:civil-affairs"))
    await listen("رقمك")
""",
    )
    assert len(numbers) == (1 if fingers else 0)
    assert bool(said) is fingers
