"""Boxes cut from a rectangle, where they lie on a panel, and the sizes of letters: each against numbers by hand."""

import math
from dataclasses import replace
from typing import Any

import pytest

from kiosk.language import Language
from kiosk.prompts.ui import Text
from screens.look.frame import BODY, SMALL, Box, Frame, Style
from screens.look.theme import BODY_DEGREES, HIGH_CONTRAST, Mark, Theme, as_bytes, rgb

AR, EN = Language("ar"), Language("en")
MM = 10.0
"""Pixels in a millimetre of the panel below: 3000 by 4000 pixels, half a metre from corner to corner."""
PANEL = Theme(3000, 4000, 500 / 25.4)


def _frame(language: Language = EN, theme: Theme = PANEL, **more: Any) -> Frame:
    return Frame(theme, language, (AR, EN), **more)


@pytest.mark.parametrize(
    ("cut", "piece", "rest"),
    [
        (("cut_top", 30, 5), (10, 20, 100, 30), (10, 55, 100, 45)),
        (("cut_bottom", 30, 5), (10, 70, 100, 30), (10, 20, 100, 45)),
        (("cut_start", 30, 5), (10, 20, 30, 80), (45, 20, 65, 80)),
        (("cut_end", 30, 5), (80, 20, 30, 80), (10, 20, 65, 80)),
        (("cut_top", 30), (10, 20, 100, 30), (10, 50, 100, 50)),
        (("cut_bottom", 30), (10, 70, 100, 30), (10, 20, 100, 50)),
        (("cut_start", 30), (10, 20, 30, 80), (40, 20, 70, 80)),
        (("cut_end", 30), (80, 20, 30, 80), (10, 20, 70, 80)),
        (("cut_top", 90, 5), (10, 20, 100, 80), (10, 105, 100, 0)),
        (("cut_bottom", 78, 5), (10, 22, 100, 78), (10, 20, 100, 0)),
        (("cut_start", 110, 5), (10, 20, 100, 80), (115, 20, 0, 80)),
        (("cut_end", 98, 5), (12, 20, 98, 80), (10, 20, 0, 80)),
        (("inset", 7), (17, 27, 86, 66), (10, 20, 100, 80)),
        (("inset", 7, 3), (17, 23, 86, 74), (10, 20, 100, 80)),
        (("inset", 60, 50), (70, 70, 0, 0), (10, 20, 100, 80)),
        (("centred", 20, 40), (50, 40, 20, 40), (10, 20, 100, 80)),
    ],
)
def test_a_piece_is_cut_off_and_the_rest_shrinks(
    cut: tuple[Any, ...], piece: tuple[float, ...], rest: tuple[float, ...]
) -> None:
    box = Box(10, 20, 100, 80)
    assert getattr(box, cut[0])(*cut[1:]) == Box(*piece)
    assert box == Box(*rest)


def test_a_grid_is_equal_cells_row_by_row() -> None:
    box = Box(10, 20, 100, 80)
    assert box.grid(2, 2, 4) == [Box(10, 20, 48, 38), Box(62, 20, 48, 38), Box(10, 62, 48, 38), Box(62, 62, 48, 38)]
    assert box.grid(1, 3, 4, 10) == [Box(10, 20, 100, 20), Box(10, 50, 100, 20), Box(10, 80, 100, 20)]
    assert box.grid(2, 1, 0) == [Box(10, 20, 50, 80), Box(60, 20, 50, 80)]


def test_a_box_lies_on_the_panel_from_the_side_where_reading_starts() -> None:
    box, whole = Box(100, 200, 300, 400), Box(50, 0, 1000, 800)
    assert (_frame(EN).left(box), _frame(AR).left(box)) == (100, 2600)
    assert _frame(EN).bottom(box) == _frame(AR).bottom(box) == 3400
    assert _frame(EN).unmirrored(whole, box) == box
    assert _frame(AR).unmirrored(whole, box) == Box(700, 200, 300, 400)
    assert (_frame(AR).rtl, _frame(EN).rtl, _frame(AR).direction, _frame(EN).direction) == (True, False, "rtl", "ltr")


def test_one_button_leads_through_all_languages() -> None:
    assert (_frame(AR).next_language, _frame(EN).next_language) == (EN, AR)
    three = (AR, EN, AR)
    assert Frame(PANEL, EN, three).next_language is AR
    assert Frame(PANEL, EN, (EN,)).next_language is None
    assert _frame(EN).say("common.back") == EN.text("common.back") == _frame(EN).tell(Text("common.back"))
    assert _frame(AR).words({"ar": "ا", "en": "a"}) == "ا"


def test_millimetres_are_rounded_up_to_whole_pixels() -> None:
    assert PANEL.px_per_mm == MM
    assert [PANEL.mm(mm) for mm in (0, 1, 1.01, 1.1, 1.11)] == [0, 10, 11, 11, 12]
    assert _frame().mm(2.05) == 21
    assert PANEL.capital_mm(PANEL.em(7.0)) == pytest.approx(7.0, abs=0.1)
    assert PANEL.capital_mm(PANEL.em(7.0)) >= 7.0
    assert as_bytes(rgb("#0A50FF")) == (10, 80, 255)


def test_letters_are_no_smaller_than_the_rules_at_each_distance() -> None:
    for distance in (300, 500, 900):
        theme = replace(PANEL, viewing_distance_mm=distance)
        primary = 2 * distance * math.tan(math.radians(0.35))
        assert theme.primary_mm == pytest.approx(primary)
        assert theme.capital_mm(theme.primary_floor) >= max(4.8, primary) - 1e-9
        assert theme.capital_mm(theme.floor) >= 4.8 - 1e-9
        assert theme.floor <= theme.primary_floor
        easy = theme.with_easy(True)
        assert (easy.floor, easy.primary_floor) == (
            math.ceil(theme.floor * 1.5), max(math.ceil(theme.floor * 1.5), math.ceil(theme.em(primary) * 1.5)),
        )  # fmt: skip
    assert BODY_DEGREES * 60 == 20
    assert replace(PANEL, viewing_distance_mm=1).floor == PANEL.em(4.8)


def test_a_style_wishes_for_its_size_and_never_less_than_its_floor() -> None:
    usual, easy = _frame(), _frame(theme=PANEL.with_easy(True))
    large = Style(20, "bold", primary=False, capitals=True)
    found = usual.type(large, "rtl", 2)
    assert (found.wish_px, found.floor_px, found.weight, found.direction, found.max_lines, found.capitals) == (
        PANEL.em(20), PANEL.floor, "bold", "rtl", 2, True,
    )  # fmt: skip
    assert (usual.type(large).direction, usual.type(large).max_lines) == ("ltr", 99)
    assert usual.type(BODY).floor_px == PANEL.primary_floor
    assert usual.type(SMALL).wish_px == max(PANEL.floor, PANEL.em(4.8))
    assert easy.type(large).wish_px == PANEL.em(30)
    assert (usual.least(large).wish_px, easy.least(large).wish_px) == (
        PANEL.floor, max(easy.theme.floor, PANEL.em(20)),
    )  # fmt: skip
    assert usual.nearly(large).wish_px == PANEL.floor
    assert easy.theme.floor < easy.nearly(large).wish_px < PANEL.em(30)
    assert large.scaled(0.5) == Style(10, "bold", primary=False, capitals=True)
    low = _frame(theme=PANEL.with_easy(True, True)).without_easy().theme
    assert (low.easy, low.low) == (False, True)


@pytest.mark.parametrize(
    ("height_mm", "tall", "tiny", "gap"),
    [(201, True, False, 4.0), (200, False, False, 3.0), (150, False, False, 3.0), (149, False, True, 3.0)],
)
def test_a_panel_is_tall_or_tiny_by_its_height(height_mm: float, tall: bool, tiny: bool, gap: float) -> None:
    width, height = 1000, int(height_mm * MM)
    theme = Theme(width, height, math.hypot(width, height) / MM / 25.4)
    assert (theme.tall, theme.tiny, theme.gap_mm) == (tall, tiny, gap)
    assert theme.with_easy(False, True).low is tall


def test_a_panel_is_wide_or_not_and_low_reach_is_its_lower_half_or_238_millimetres() -> None:
    assert [Theme(w, h).wide for w, h in ((100, 101), (100, 100), (101, 100))] == [False, False, True]
    large = Theme(3000, 4000, 20)
    assert large.reach_px == 2000
    small = Theme(3000, 4000, 19.9)
    assert small.reach_px == 238 * small.px_per_mm
    tiny = Theme(3000, 4000, 5)
    assert tiny.reach_px == 4000


def test_a_group_has_its_mark_and_colour_but_in_high_contrast() -> None:
    mark = Mark("B", rgb("#112233"), "square")
    theme = replace(PANEL, marks=(Mark("A", rgb("#445566"), "circle"), mark))
    assert (theme.mark_of("B2001"), theme.mark_of("C1"), theme.mark_of("")) == (mark, None, None)
    assert theme.mark_colour("B2001") == mark.colour
    assert theme.mark_colour("C1") == theme.palette.primary
    easy = theme.with_easy(True)
    assert (easy.mark_colour("B2001"), easy.palette) == (HIGH_CONTRAST.primary, HIGH_CONTRAST)
    assert (theme.moves, easy.moves, replace(theme, motion=False).moves) == (True, False, False)
