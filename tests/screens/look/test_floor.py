"""The smallest letters, measured on what is drawn: Arabic by its bodies, which have no capitals."""

import math

import pytest

from screens.look import text
from screens.look.theme import Theme
from tests.screens.pictures.draw_all import variants

HEH_MINUTES, SEEN_MINUTES = 20, 14
"""ISO 9241-303 recommends 20 minutes of arc for a letter's height; the teeth of س are told by number, not by form."""


def _body_px(letter: str, size_px: int) -> float:
    """Return how far the ink of a letter reaches above the line, in pixels at this font size."""
    return -text.font(size_px).getbbox(letter, direction="rtl", anchor="ls")[1]


@pytest.mark.parametrize("theme", [theme for _, theme in variants()], ids=[name or "default" for name, _ in variants()])
def test_arabic_bodies_fill_the_angle_that_is_recommended(theme: Theme) -> None:
    for letter, minutes in (("ه", HEH_MINUTES), ("س", SEEN_MINUTES)):
        least_px = 2 * theme.viewing_distance_mm * math.tan(math.radians(minutes / 120)) * theme.px_per_mm
        assert _body_px(letter, theme.floor) >= least_px * (1.4 if theme.easy else 1) - 1, letter


def test_the_height_of_heh_is_that_of_the_font() -> None:
    assert _body_px("ه", 1000) == pytest.approx(1000 * text.HEH_HEIGHT_EM, abs=2)
    assert _body_px("ه", 1000) < 0.65 * 1000 * text.CAP_HEIGHT_EM  # what a rule of capitals doesn't see
