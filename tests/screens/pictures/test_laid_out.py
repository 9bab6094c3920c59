"""Every screen, icon, scene and paper is drawn as when somebody last looked at it and found it good."""

import pytest

from tests.screens.pictures import laid_out
from tests.screens.pictures.gallery import Gallery

pytestmark = pytest.mark.timeout(300)  # a walk over all screens, on a busy machine


@pytest.mark.parametrize(("panel", "mode", "language"), laid_out.LOOKED_AT)
def test_screens_are_laid_out_as_somebody_has_looked_at_them(
    gallery: Gallery, panel: str, mode: str, language: str
) -> None:
    assert laid_out.differing(laid_out.of_screens(gallery, panel, mode, language)) == []


def test_buttons_are_pressed_and_under_the_focus_as_somebody_has_looked_at_them(gallery: Gallery) -> None:
    assert laid_out.differing(laid_out.of_buttons(gallery)) == []


def test_icons_scenes_and_words_are_drawn_as_somebody_has_looked_at_them(gallery: Gallery) -> None:
    assert gallery.window
    assert laid_out.differing(laid_out.of_drawings() | laid_out.of_words()) == []


def test_papers_are_sent_to_each_printer_as_somebody_has_looked_at_them(gallery: Gallery) -> None:
    assert gallery.window
    assert laid_out.differing(laid_out.of_papers()) == []
