"""A service that stands still: said before the touch, asked about before a number, and a number all the same."""

from kiosk.flows.context import Hall
from kiosk.prompts.choosing import Done, Interrupted, Start, TakeNumber
from kiosk.prompts.ticket import Stopped, TakeTicket
from kiosk.prompts.ui import Home, Text
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens

WHY = Text("service.stopped_since", {"since": "09:40"})
STOPPED = Stopped(WHY, "12:00")
TAP = TakeNumber("civil-affairs")


def stops(lobby: Lobby, doubtful: frozenset[str] = frozenset()) -> None:
    lobby.hall = lambda: Hall({"judicial-record": 7}, (), {"civil-affairs": STOPPED}, doubtful)


async def test_the_tile_says_so_and_how_many_wait_only_where_the_service_works(lobby: Lobby) -> None:
    stops(lobby)
    ui = await lobby.run((Start, Home()))
    tiles = {tile.service: tile for tile in ui.last(Start).tiles}
    assert (tiles["civil-affairs"].note, tiles["civil-affairs"].waiting) == (WHY, None)
    assert tiles["civil-affairs"].availability.is_offered, "a number can still be taken, knowing this"
    assert (tiles["judicial-record"].note, tiles["judicial-record"].waiting) == (None, 7)


async def test_a_number_is_given_after_the_question_and_none_where_somebody_goes_back(lobby: Lobby) -> None:
    stops(lobby)
    ui = await lobby.run((Start, TAP), (Interrupted, Done()), (Start, TAP), (Interrupted, TAP), (TakeTicket, Done()))
    assert ui.last(Interrupted).gives
    assert [number for number, _, _ in lobby.tray.out] == ["A2001"]


async def test_a_service_that_gives_no_numbers_while_it_stands_still_gives_none(lobby: Lobby) -> None:
    lobby.place.overlay({"code": "civil-affairs", "numbers": "stop"})
    stops(lobby)
    ui = await lobby.run((Start, TAP), (Interrupted, Done()), (Start, Home()))
    assert not ui.last(Interrupted).gives
    assert lobby.tray.out == []


async def test_who_wants_a_number_of_what_stood_still_when_the_hub_was_last_heard_gets_it_after_the_question(
    lobby: Lobby,
) -> None:
    lobby.place.overlay({"code": "civil-affairs", "numbers": "stop"})
    why = Text("service.stood_still_at", {"time": "08:00"})
    stopped = Stopped(why, is_unsure=True)
    lobby.hall = lambda: Hall({}, (), {"civil-affairs": stopped}, is_heard=False)
    ui = await lobby.run((Start, TAP), (Interrupted, Done()), (Start, TAP), (Interrupted, TAP), (TakeTicket, Done()))
    (tile,) = (one for one in ui.last(Start).tiles if one.service == "civil-affairs")
    assert (tile.note, tile.brief) == (why, Text("service.maybe_stopped"))
    asked = ui.last(Interrupted)
    assert asked.what_holds == (why, Text("interrupted.keeps_place"))
    assert [number for number, _, _ in lobby.tray.out] == ["A2001"]


async def test_when_it_works_again_the_tile_says_nothing_and_one_touch_is_enough(lobby: Lobby) -> None:
    stops(lobby)

    async def it_works_again() -> None:
        lobby.hall = lambda: Hall({"civil-affairs": 3})
        await lobby.time.advance(5)

    ui = await lobby.run((Start, Happens(it_works_again)), (Start, TAP), (TakeTicket, Done()))
    last = [prompt for prompt in ui.asked if isinstance(prompt, Start)][1]
    assert {tile.note for tile in last.tiles} == {None}
    assert [number for number, _, _ in lobby.tray.out] == ["A2001"]


async def test_who_may_not_be_served_today_is_told_on_the_tile_and_never_refused(lobby: Lobby) -> None:
    lobby.hall = lambda: Hall({"civil-affairs": 90}, (), {}, frozenset({"civil-affairs"}))
    ui = await lobby.run((Start, TAP), (TakeTicket, Done()))
    assert ui.last(Start).tiles[0].note == Text("service.may_not_be_today")
    assert len(lobby.tray.out) == 1


async def test_the_question_says_where_the_service_works_and_as_of_when(lobby: Lobby) -> None:
    there = Text("interrupted.also_at", {"centre": {"ar": "مركز حمص الجديدة", "en": "New Homs"}, "time": "11:58"})
    stopped = Stopped(WHY, "12:00", also_at=(there,))
    lobby.hall = lambda: Hall({}, (), {"civil-affairs": stopped})
    ui = await lobby.run((Start, TAP), (Interrupted, TAP), (TakeTicket, Done()))
    asked = ui.last(Interrupted)
    assert there in asked.what_holds
    assert there in asked.spoken
    assert there not in stopped.said, "on paper it would be old when it is read"
