"""A number, and that its turn may not come today: on each panel and in each size of letters both are seen at once."""

import pytest

from screens.widgets.label import TextLabel
from tests.screens.pictures.draw_all import variants
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP

THEMES = dict(variants())
WARNED = ("ahead-11", "ahead-46", "ahead-46-no-paper", "ahead-46-on-the-phone")


@pytest.mark.parametrize("suffix", THEMES)
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", WARNED)
def test_no_turn_of_a_page_lies_before_the_number_and_its_warning(
    gallery: Gallery, name: str, language: str, suffix: str
) -> None:
    screen = gallery.lay_out(SAMPLES[name], THEMES[suffix], language, STRIP)
    warned = [screen.frame.tell(line) for line in SAMPLES[name].ahead.closing]
    seen = {part: screen.part(TextLabel, part).text for part in ("number", "warning")}
    assert seen["number"]
    assert "".join(seen["warning"].split()) == "".join("".join(warned).split())
