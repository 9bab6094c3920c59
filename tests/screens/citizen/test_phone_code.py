"""The code that a citizen's phone is to read is really readable on every panel, and large enough to be held at."""

import pytest
import zxingcpp

from tests.screens.pictures.draw_all import variants
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP

VARIANTS = dict(variants())
LEAST_MM = 30.0
"""A code is read from ten times its size: from 30 cm, an arm's reach from the panel."""


@pytest.mark.parametrize("suffix", VARIANTS, ids=lambda suffix: suffix or "default")
def test_the_drawn_code_opens_the_apps_page(gallery: Gallery, suffix: str) -> None:
    theme, prompt = VARIANTS[suffix], SAMPLES["phone-order"]
    (found,) = zxingcpp.read_barcodes(gallery.draw(prompt, theme, "ar", STRIP).convert("L"))
    assert found.text == prompt.url
    corners = found.position
    assert (corners.top_right.x - corners.top_left.x) / theme.px_per_mm >= LEAST_MM * 0.75  # without its quiet zone
