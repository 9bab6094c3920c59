"""Where the start screen has room it says what its buttons are for."""

import pytest

from screens.theme import Theme
from tests.screens.gallery import Gallery
from tests.screens.samples import STRIP, start


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_common_panel_says_who_has_priority_and_what_to_do_with_an_order(gallery: Gallery, language: str) -> None:
    gallery.lay_out(start(), Theme(), language, STRIP)
    said = {name: gallery.stage.find(name).note.text for name in ("order", "priority")}  # type: ignore[union-attr]
    words = gallery.languages[language]
    assert said == {name: words.text(f"start.{name}_hint") for name in said}
