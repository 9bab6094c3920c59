"""The hours that published settings say: one of the two alone is enough, and two that exclude each other are none."""

import pytest

from central.publishing.in_force import usual_hours
from common.city.catalogue import Hours


@pytest.mark.parametrize(
    ("settings", "hours"),
    [
        ({}, None),
        ({"kiosk.opens": "08:00"}, Hours("08:00", "23:59")),
        ({"kiosk.closes": "14:00"}, Hours("00:00", "14:00")),
        ({"kiosk.opens": "08:00", "kiosk.closes": "14:00"}, Hours("08:00", "14:00")),
        ({"kiosk.opens": "15:00", "kiosk.closes": "14:00"}, None),
    ],
)
def test_hours_are_as_the_settings_say(settings: dict[str, str], hours: Hours | None) -> None:
    assert usual_hours(settings) == hours
