"""What a designer would see at once: what stands side by side is alike, and what belongs together lies together."""

from itertools import groupby
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageOps

from kiosk.settings.sections import LANGUAGES
from screens.icons import scenes
from screens.icons.pen import Pen
from screens.icons.scenes import GRID, Layers
from screens.look.text import CAP_HEIGHT_EM
from screens.look.theme import Theme
from screens.widgets.button import TouchButton
from screens.widgets.label import TextLabel
from tests.screens.pictures.draw_all import PANELS
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP


def _rows(targets: list[TouchButton], start: str) -> list[list[TouchButton]]:
    tiles = sorted((one for one in targets if one.name.startswith(start)), key=lambda one: -one.y)
    return [list(row) for _, row in groupby(tiles, key=lambda one: round(one.y))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("panel", ["", "landscape", "15in"])
@pytest.mark.parametrize("state", ["start", "start-hall"])
def test_icons_of_a_row_of_tiles_stand_level(gallery: Gallery, state: str, panel: str, language: str) -> None:
    gallery.lay_out(SAMPLES[state], PANELS[panel], language, STRIP)
    rows = _rows(gallery.stage.targets, "tile:")
    assert len(rows) > 1
    for row in rows:
        level = {round(tile._icon.y) if tile._icon.name else None for tile in row}
        assert len(level) == 1  # none at all where the words need the room


@pytest.mark.parametrize("panel", ["", "10in-landscape"])
@pytest.mark.parametrize("name", ["printing", "take-ticket", "ticket-no-paper"])
def test_a_number_stands_in_the_middle_of_its_room(gallery: Gallery, panel: str, name: str) -> None:
    """Between title and note, or the card's edge, as much above the digits as below them."""
    theme = PANELS[panel]
    parts: dict[str, Any] = gallery.lay_out(SAMPLES[name], theme, "en", STRIP)._parts
    number, card = parts["number"], parts["number_card"]
    size = number.setting.size_px
    _x, low, _w, high = number.ink
    middle = low + high / 2
    bottom, top = middle - CAP_HEIGHT_EM * size / 2, middle + CAP_HEIGHT_EM * size / 2
    note = parts.get("note0")
    floor = note.top if note is not None and note.text else card.y + theme.mm(4 if theme.tall else 2)
    above, below = parts["number_title"].y - top, bottom - floor
    assert above == pytest.approx(below, abs=theme.mm(1.5))
    assert above < 0.25 * size


def test_a_line_that_says_why_not_takes_nothing_from_the_letters_of_others(gallery: Gallery) -> None:
    sizes = []
    for name in ("choose-way", "choose-way-no-card"):
        gallery.lay_out(SAMPLES[name], Theme(easy=True), "ar", STRIP)
        setting = gallery.stage.find("phone").label.setting  # type: ignore[union-attr]
        assert setting is not None
        sizes.append(setting.size_px)
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel or "default")
def test_controls_have_all_their_icons_or_none(gallery: Gallery, panel: str) -> None:
    for easy in (False, True):
        for language in LANGUAGES:
            for name in ("service-info", "help", "start"):
                gallery.lay_out(SAMPLES[name], PANELS[panel].with_easy(easy), language, STRIP)
                shown = {bool(one._icon.name) for one in gallery.stage.footer.targets}
                assert len(shown) == 1, (name, language, easy)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel or "default")
def test_tiles_keep_their_icons_while_orders_are_paused(gallery: Gallery, panel: str) -> None:
    theme = PANELS[panel]
    for language in LANGUAGES:
        icons: list[dict[str, bool]] = []
        for name in ("start", "start-one-closed"):
            gallery.lay_out(SAMPLES[name], theme, language, STRIP)
            icons.append({one.name: bool(one._icon.name) for one in gallery.stage.targets if "tile:" in one.name})
        closed = {one.name for one in gallery.stage.targets if "tile:" in one.name and not one.enabled}
        if theme.tiny:  # its closed tile has no room for both, and why it is closed is worth more than the icon
            icons = [{tile: has for tile, has in shown.items() if tile not in closed} for shown in icons]
        assert icons[0] == icons[1], language


def test_the_words_of_a_main_button_are_the_largest(gallery: Gallery) -> None:
    gallery.lay_out(SAMPLES["service-info"], Theme(), "ar", STRIP)
    labels: list[TextLabel] = [gallery.stage.find(name).label for name in ("take", "phone")]  # type: ignore[union-attr]
    main, plain = (label.setting for label in labels)
    assert main is not None
    assert plain is not None
    assert main.size_px > plain.size_px


def test_a_surfaces_corners_are_alike(gallery: Gallery) -> None:
    assert gallery.window
    from screens.widgets.surface import _corners

    for line_px in (0, 2):
        texture = _corners(12, line_px)
        picture = Image.frombytes("RGBA", texture.size, texture.pixels)
        assert ImageOps.mirror(picture) == ImageOps.flip(picture) == picture


def test_the_two_halves_of_a_drawn_machine_are_alike() -> None:
    drawn = Layers(Pen(144, GRID), Pen(144, GRID))
    scenes._screen(drawn, 32, 8, 32, 52)
    ink = drawn.ink.finish((0, 0, 0)).getchannel("A")
    apart = ImageChops.difference(ink, ImageOps.mirror(ink)).histogram()
    assert sum(apart[128:]) == 0, "no dot is ink on one side and paper on the other"
