"""A main button in another's place hears nothing for 400 ms: a second tap was meant for what stood there before."""

from types import SimpleNamespace

import pytest

from screens.look.theme import Theme
from screens.window.stage import DEAF_S
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP


def _hears(gallery: Gallery, name: str) -> bool:
    """Put a finger on a button and tell whether that presses it."""
    stage, target = gallery.stage, gallery.stage.find(name)
    assert target is not None
    stage.is_open = True
    stage.on_touch_down(SimpleNamespace(uid=1, x=target.center_x, y=target.center_y))
    pressed = target.pressed
    stage.on_touch_up(SimpleNamespace(uid=1, x=-1, y=-1))
    target.press(False)
    stage._touched = None
    return pressed


@pytest.fixture
def now(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The stage's clock, on a screen that no test here draws: what another test drew last is not drawn again."""
    moment = [100.0]
    monkeypatch.setattr(gallery.stage, "_now", lambda: moment[0])
    gallery.lay_out(SAMPLES["voided"], Theme(), "ar", STRIP)
    moment[0] += 10
    return moment


def test_the_main_button_of_the_next_screen_is_deaf_for_a_moment_only(gallery: Gallery, now: list[float]) -> None:
    gallery.lay_out(SAMPLES["result-accepted-post"], Theme(), "ar", STRIP)
    now[0] += 10
    gallery.lay_out(SAMPLES["result-accepted"], Theme(), "ar", STRIP)
    assert not _hears(gallery, "done")
    now[0] += DEAF_S
    assert _hears(gallery, "done")


def test_the_same_screen_drawn_again_and_what_stood_nowhere_are_heard_at_once(
    gallery: Gallery, now: list[float]
) -> None:
    gallery.lay_out(SAMPLES["result-accepted"], Theme(), "ar", STRIP)
    now[0] += 10
    gallery.lay_out(SAMPLES["result-accepted"], Theme(), "en", STRIP)
    assert _hears(gallery, "done")
    gallery.lay_out(SAMPLES["start"], Theme(), "ar", STRIP)
    assert _hears(gallery, "tile:civil-affairs")
