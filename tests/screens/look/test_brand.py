"""A second municipality by a file alone: its colours on every kind of screen, and none that can't be read."""

from pathlib import Path

import pytest

from screens.look.brand import BrandError, load_palette
from screens.look.theme import CALM, Theme
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP

SHIPPED = Path(__file__).parents[3] / "deploy" / "brand.toml"


def _byte(colour: tuple[float, float, float]) -> tuple[int, ...]:
    return tuple(round(255 * part) for part in colour)


def test_the_sample_is_another_look_that_keeps_its_contrasts() -> None:
    palette = load_palette(SHIPPED)
    assert palette.primary == palette.band != CALM.band
    assert palette.bad == CALM.bad  # red is a fault in every town


@pytest.mark.parametrize("name", ["start", "take-ticket", "type-number", "result-accepted"])
def test_a_second_municipality_is_drawn_in_its_own_colours(gallery: Gallery, name: str) -> None:
    palette = load_palette(SHIPPED)
    picture = gallery.draw(SAMPLES[name], Theme(calm=palette), "ar", STRIP).convert("RGB")
    shown = {colour for _, colour in picture.getcolors(1 << 24) or ()}
    assert _byte(palette.band) in shown
    assert _byte(palette.ground) in shown
    assert (
        not {_byte(CALM.ground), _byte(CALM.tint)} & shown
    )  # the primary is a group's colour too, which is other data
    eased = gallery.draw(SAMPLES[name], Theme(calm=palette).with_easy(True), "ar", STRIP).convert("RGB")
    assert _byte(palette.band) not in {colour for _, colour in eased.getcolors(1 << 24) or ()}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('"#1B3A73"', '"#7A9BD6"'), r"primary on ground has a contrast of 2\.\d:1; right would be 7:1"),
        (('"#1B3A73"', '"blue"'), "colours.primary"),
        (("tint", "hue"), "hue|tint"),
        (("[colours]", "[colours"), "right would be"),
    ],
)
def test_a_brand_that_cannot_be_used_is_named(tmp_path: Path, change: tuple[str, str], named: str) -> None:
    path = tmp_path / "brand.toml"
    path.write_text(SHIPPED.read_text("utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(BrandError, match=named):
        load_palette(path)
