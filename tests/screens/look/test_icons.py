"""Icons for who can't read: what is chosen among others has a picture of its own."""

from itertools import combinations

import pytest

from common.city.catalogue import load_catalogue
from screens.icons import DRAWINGS, MIRRORED, draw, of_service

CODES = [
    code for service in load_catalogue(()).services for code in (service.code, *(one.code for one in service.documents))
]


@pytest.mark.parametrize("code", CODES)
def test_each_service_and_each_of_its_documents_has_a_picture_of_its_own(code: str) -> None:
    assert of_service(code) == code


def test_no_two_icons_are_alike() -> None:
    drawn = {name: draw(name, 48).tobytes() for name in DRAWINGS}
    assert [pair for pair in combinations(drawn, 2) if drawn[pair[0]] == drawn[pair[1]]] == []


def test_what_points_along_the_reading_direction_turns_round() -> None:
    for name in MIRRORED:
        assert draw(name, 48, mirrored=True).tobytes() != draw(name, 48).tobytes()


def test_what_is_not_drawn_here_is_a_sheet_of_paper() -> None:
    assert of_service("no-such-service") == "document"
