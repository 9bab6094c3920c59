"""A day that is otherwise than usual is said the day before and on the day."""

from datetime import date

import pytest

from common.city.catalogue import Hours
from common.protocol.feed_message import CalendarDay
from kiosk.prompts.choosing import Start
from kiosk.prompts.state import CentreClosed
from kiosk.prompts.ui import Home, SwitchLanguage, Text
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens


async def test_on_a_holiday_the_screen_names_it_and_the_day_after_all_closed_ones(lobby: Lobby) -> None:
    lobby.hours = lambda: Hours(opens="08:00", closes="14:00")
    names = {"ar": "عيد", "en": "Feast"}
    lobby.days["2026-11-25"] = CalendarDay("2026-11-25", closed=True, names=names)
    lobby.days["2026-11-26"] = CalendarDay("2026-11-26", closed=True, names=names)
    lobby.days["2026-11-27"] = CalendarDay("2026-11-27", opens="10:00", closes="13:00", names=names)
    ui = await lobby.run((CentreClosed, SwitchLanguage("en")))
    screen = ui.last(CentreClosed)
    assert screen.opens is not None
    assert screen.opens.values == {"day": date(2026, 11, 27), "opens": "10:00"}
    assert screen.because is not None
    assert screen.because.values == {"name": names}
    assert not screen.opens_today


@pytest.mark.parametrize(("hours", "opens"), [(Hours("08:00", "14:00"), "08:00"), (None, None)])
async def test_once_the_manager_has_closed_the_day_nobody_takes_a_number_that_is_never_called(
    lobby: Lobby, hours: Hours | None, opens: str | None
) -> None:
    lobby.hours = lambda: hours
    ends = Happens(lambda: lobby.situation.update(is_day_over=True))
    ui = await lobby.run((Start, ends), (CentreClosed, SwitchLanguage("en")))
    screen = ui.last(CentreClosed)
    said = None if screen.opens is None else screen.opens.values
    assert said == (None if opens is None else {"day": date(2026, 11, 26), "opens": opens})
    assert not screen.opens_today


async def test_the_day_before_the_start_screen_says_that_tomorrow_is_otherwise(lobby: Lobby) -> None:
    names = {"ar": "عيد", "en": "Feast"}
    lobby.days["2026-11-26"] = CalendarDay("2026-11-26", closed=True, names=names)
    ui = await lobby.run((Start, Home()))
    assert ui.last(Start).notice == Text("closed.tomorrow", {"name": names})
    lobby.days["2026-11-26"] = CalendarDay("2026-11-26", opens="10:00", closes="13:00", names=names)
    ui = await lobby.run((Start, Home()))
    assert ui.last(Start).notice == Text("closed.tomorrow_hours", {"name": names, "opens": "10:00", "closes": "13:00"})
