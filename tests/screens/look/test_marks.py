"""The groups' marks: each colour is read on every ground that it stands on, and no two groups look alike."""

from common.city.brand.look import contrast
from common.city.catalogue import load_catalogue
from screens.icons import DRAWINGS
from screens.look.theme import CALM, HIGH_CONTRAST, Theme
from tests.screens.pictures.gallery import MARKS


def test_every_letter_that_a_number_can_begin_with_has_a_mark() -> None:
    catalogue = load_catalogue()
    letters = {one.prefix for one in (*catalogue.services, *catalogue.desks.values())}
    assert letters == {mark.letter for mark in MARKS}


def test_each_colour_is_read_as_text_and_as_an_icon() -> None:
    for mark in MARKS:
        assert contrast(mark.colour, CALM.surface) >= 7, mark
        assert contrast(mark.colour, CALM.ground) >= 7, mark
        assert contrast(mark.colour, CALM.tint) >= 4.5, mark


def test_who_sees_no_colours_has_the_sign() -> None:
    assert len({mark.sign for mark in MARKS}) == len({mark.colour for mark in MARKS}) == len(MARKS)
    assert all(f"sign-{mark.sign}" in DRAWINGS for mark in MARKS)


def test_high_contrast_has_one_colour_for_all() -> None:
    theme = Theme(marks=MARKS)
    assert theme.mark_colour("B2014") == MARKS[1].colour
    assert theme.mark_colour("Z2014") == theme.palette.primary
    assert theme.with_easy(True).mark_colour("B2014") == HIGH_CONTRAST.primary
