"""A second municipality by a file alone: its look on every kind of screen, and nothing that can't be drawn."""

from dataclasses import replace

import pytest
from PIL import Image

from common.city.brand.brand import Brand, load_brand
from common.city.brand.look import USUAL
from screens.look.theme import CALM, Theme, palette_of
from tests.screens.pictures.brands import OTHER
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP


@pytest.fixture(scope="module")
def other() -> Brand:
    return load_brand(OTHER)


def _byte(colour: tuple[float, float, float]) -> tuple[int, ...]:
    return tuple(round(255 * part) for part in colour)


def _colours(picture: Image.Image) -> set[object]:
    return {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or ()}


def test_the_sample_is_another_look_that_keeps_its_contrasts(other: Brand) -> None:
    palette = palette_of(other.colours.look)
    assert palette.primary == palette.band != CALM.band
    assert palette.bad == CALM.bad  # red is a fault in every town
    assert palette_of(USUAL) == CALM


@pytest.mark.parametrize("name", ["start", "take-ticket", "type-number", "result-accepted"])
def test_a_second_municipality_is_drawn_in_its_own_colours(gallery: Gallery, other: Brand, name: str) -> None:
    palette = palette_of(other.colours.look)
    shown = _colours(gallery.draw(SAMPLES[name], Theme(calm=palette), "ar", STRIP))
    assert _byte(palette.band) in shown
    assert _byte(palette.ground) in shown
    assert (
        not {_byte(CALM.ground), _byte(CALM.tint)} & shown
    )  # the primary is a group's colour too, which is other data
    eased = gallery.draw(SAMPLES[name], Theme(calm=palette).with_easy(True), "ar", STRIP)
    assert _byte(palette.band) not in _colours(eased)


def test_the_start_screen_says_whose_it_is(gallery: Gallery, other: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"emblem": other.picture("emblem"), "authority": tuple((other.authority or {}).items())}
    monkeypatch.setattr("tests.screens.pictures.gallery.OWN", own)
    parts = gallery.stage.strip._parts
    gallery.lay_out(SAMPLES["start"], Theme(), "ar", STRIP)
    assert parts["authority"].text == "بلدية المرفأ"
    assert "ornament" not in gallery.stage.strip._used
    drawn = gallery.again(Theme())
    monkeypatch.setattr("tests.screens.pictures.gallery.OWN", {**own, "emblem": None})
    assert gallery.draw(SAMPLES["start"], Theme(), "ar", STRIP).tobytes() != drawn.tobytes()
    gallery.lay_out(SAMPLES["take-ticket"], Theme(), "ar", STRIP)
    assert "authority" not in gallery.stage.strip._used


def test_large_letters_leave_the_head_to_what_can_be_touched(gallery: Gallery) -> None:
    for theme in (Theme().with_easy(True), replace(Theme(1280, 800, 10.1), viewing_distance_mm=400)):
        gallery.lay_out(SAMPLES["start"], theme, "ar", STRIP)
        assert "emblem" not in gallery.stage.strip._used
