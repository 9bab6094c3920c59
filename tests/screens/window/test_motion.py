"""The movement of a screen into its place: which way, for how long, and nothing of it at rest."""

from itertools import pairwise
from pathlib import Path

import pytest
from kivy.clock import Clock

from screens.look.theme import Theme
from screens.window.motion import DURATION_S, TOO_SLOW_S, Motion
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP
from tests.screens.window.test_window import play


class Hand:
    """A clock set by hand."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def moving(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> tuple[Motion, Hand, list[float]]:
    screen, hand, places = gallery.lay_out(SAMPLES["more-services"], Theme(), "ar", STRIP), Hand(), list[float]()
    motion = Motion(hand)
    monkeypatch.setattr(screen, "shift", places.append)
    motion.begin(screen, 80)
    return motion, hand, places


def _events() -> int:
    return len(list(Clock.get_events()))


def test_a_screen_comes_into_its_place_ever_more_slowly(moving: tuple[Motion, Hand, list[float]]) -> None:
    motion, hand, places = moving
    motion.step()  # the first frame, from which the time counts
    for _ in range(7):
        hand.s += DURATION_S / 8
        motion.step()
    ways = [before - after for before, after in pairwise(places)]
    assert places[0] == 80
    assert all(first > then > 0 for first, then in pairwise(ways))
    hand.s += DURATION_S / 8
    motion.step()
    assert places[-1] == 0
    assert not motion.is_on


def test_a_machine_too_slow_for_it_shows_the_screen_in_its_place(moving: tuple[Motion, Hand, list[float]]) -> None:
    motion, hand, places = moving
    motion.step()
    hand.s += TOO_SLOW_S * 1.1
    motion.step()
    assert (places, motion.is_on) == ([80, 0], False)


def test_each_frame_is_where_it_is_to_be_by_then(moving: tuple[Motion, Hand, list[float]]) -> None:
    motion, hand, places = moving
    hand.s += 5  # before the first frame is there, no time counts
    motion.step()
    for late_s in (0, 0, 0, 0.001):
        hand.s += DURATION_S / 4 + late_s
        motion.step()
    assert places == pytest.approx([80, 80 * 0.75**3, 10, 80 * 0.25**3, 0])
    assert not motion.is_on


def test_a_frame_may_be_a_little_late_and_another_screen_puts_the_one_before_into_its_place(
    moving: tuple[Motion, Hand, list[float]], gallery: Gallery
) -> None:
    motion, hand, places = moving
    motion.step()
    hand.s += TOO_SLOW_S * 0.99
    motion.step()
    assert motion.is_on
    assert gallery.stage.screen is not None
    motion.begin(gallery.stage.screen, -40)
    assert places[0] == 80
    assert 0 < places[1] < 80
    assert places[2:] == [0, -40]
    motion.step()
    hand.s += DURATION_S / 4
    motion.step()
    assert places[4:] == pytest.approx([-40 * 0.75**3])
    motion.end()
    motion.end()
    assert places[5:] == [0]


def test_at_rest_nothing_is_scheduled(moving: tuple[Motion, Hand, list[float]]) -> None:
    motion, _, places = moving
    scheduled = _events()
    motion.end()
    assert _events() == scheduled - 1
    assert places == [80, 0]


@pytest.mark.parametrize(("language", "on"), [("ar", "left"), ("en", "right")])
def test_it_comes_from_where_reading_goes_on_and_goes_back_against_it(gallery: Gallery, language: str, on: str) -> None:
    screen = gallery.lay_out(SAMPLES["more-services"], Theme(), language, STRIP)
    for way, side in (("on", on), ("back", "left" if on == "right" else "right")):
        gallery.stage.move_in(way)  # type: ignore[arg-type]
        assert (screen._shift.x > 0) == (side == "right"), way
        tile = gallery.stage.targets[0]
        assert gallery.stage._at(tile.center_x, tile.center_y) is tile  # touches land where it will be
        gallery.stage.motion.end()
        assert screen._shift.x == 0


@pytest.mark.parametrize("theme", [Theme(motion=False), Theme(easy=True)], ids=["by-settings", "large-letters"])
def test_reduced_motion_is_none(gallery: Gallery, theme: Theme) -> None:
    screen = gallery.lay_out(SAMPLES["more-services"], theme, "ar", STRIP)
    gallery.stage.move_in("on")
    assert not gallery.stage.motion.is_on
    assert screen._shift.x == 0


def test_after_a_touch_it_moves_and_then_nothing_is_drawn(tmp_path: Path) -> None:
    began, ended, flips, untouched = play(
        tmp_path,
        """
from screens.window import motion
motion.TOO_SLOW_S = 60.0  # a busy machine's frames are slow, which another test is about
ui.show(Starting())
await ui.wait_for("starting")
first = ask(start())
await ui.wait_for("start")
untouched = ui.stage.motion.is_on  # nobody has touched anything: it is simply there
await ui.press("more")
await first
second = ask(SAMPLES["more-services"])
await asyncio.sleep(0)
began = ui.stage.motion.is_on
await ui.wait_for("more")
while ui.stage.motion.is_on or ui.window.canvas.needs_redraw:
    await asyncio.sleep(0.01)
flips = []
ui.window.bind(on_flip=lambda *_: flips.append(1))
await asyncio.sleep(1.2)
second.cancel()
return [began, ui.stage.motion.is_on, len(flips), untouched]
""",
    )
    assert (began, ended, flips, untouched) == (True, False, 0, False)


def test_a_code_held_meanwhile_ends_it(tmp_path: Path) -> None:
    """What a reader answers cancels the question: its outcome waits for no frame of a screen that nobody needs."""
    began, ended = play(
        tmp_path,
        """
from screens.window import motion
motion.DURATION_S = motion.TOO_SLOW_S = 60.0
first = ask(start())
await ui.press("more")
await first
second = ask(SAMPLES["more-services"])
await ui.wait_for("more")
began = ui.stage.motion.is_on
second.cancel()
await asyncio.wait({second})
return [began, ui.stage.motion.is_on]
""",
    )
    assert (began, ended) == (True, False)


def test_a_touch_finds_everything_in_its_place(tmp_path: Path) -> None:
    moved = play(
        tmp_path,
        """
first = ask(start())
await ui.press("more")
await first
second = ask(SAMPLES["more-services"])
await asyncio.sleep(0)
await ui.wait_for("more")
touch = ui.touches.down(0.5, 0.999)
await ui.touches.taken()
moved = [ui.stage.motion.is_on, ui.stage.screen._shift.x]
ui.touches.up(touch)
second.cancel()
return moved
""",
    )
    assert moved == [False, 0]
