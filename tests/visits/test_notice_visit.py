"""Notices of the municipality on the start screen: in turns, and by themselves where there is no room."""

from common.protocol.feed_message import CalendarDay
from kiosk.prompts.choosing import Announcement, Done, Start, TakeNumber
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import Home, Text
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import ScriptedUi

SAID = [{"ar": "أحضر بطاقتك", "en": "Bring your card"}, {"ar": "المصعد معطل", "en": "The lift is out of order"}]
ANNOUNCED = [Text("start.said", {"words": words}) for words in SAID]
TAKE = (Start, TakeNumber("judicial-record")), (TakeTicket, Done())


def said_in_each_visit(ui: ScriptedUi) -> list[Text | None]:
    return [asked.notice for asked in ui.asked if isinstance(asked, Start)]


async def test_notices_take_turns_on_the_start_screen_visit_by_visit(lobby: Lobby) -> None:
    lobby.notices = SAID
    ui = await lobby.run(*TAKE, *TAKE, *TAKE, (Start, Home()))
    assert said_in_each_visit(ui)[:3] == [ANNOUNCED[1], ANNOUNCED[0], ANNOUNCED[1]]


async def test_a_holiday_tomorrow_has_its_turn_too(lobby: Lobby) -> None:
    lobby.notices = SAID
    lobby.days["2026-11-26"] = CalendarDay("2026-11-26", closed=True, names=SAID[0])
    ui = await lobby.run(*TAKE, *TAKE, *TAKE, (Start, Home()))
    assert said_in_each_visit(ui)[:3] == [*ANNOUNCED, Text("closed.tomorrow", {"name": SAID[0]})]


async def test_a_notice_is_read_by_itself_where_the_start_screen_has_no_room(lobby: Lobby) -> None:
    lobby.notices = SAID[:1]
    ui = await lobby.run((Start, "announcement"), (Announcement, Done()), (Start, Home()))
    assert ui.last(Announcement).text == ui.last(Start).notice
    assert ui.last(Announcement).spoken == (ANNOUNCED[0],)
