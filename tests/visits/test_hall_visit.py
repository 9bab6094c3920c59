"""What goes on in the hall is on the start screen before anybody touches it, and goes when nobody says so any more."""

from kiosk.flows.context import Hall
from kiosk.prompts.choosing import ChoosePriority, LastCall, MoreServices, Start, TakeNumber
from kiosk.prompts.ui import Back, Priority
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens


async def test_the_start_screen_says_how_many_wait_and_who_was_called_until_the_word_is_old(lobby: Lobby) -> None:
    call = LastCall("A1001", 3)
    lobby.hall = lambda: Hall({"civil-affairs": 7}, (call,))

    async def the_hub_falls_silent() -> None:
        shown = lobby.ui.last(Start)
        waiting = {tile.service: tile.waiting for tile in shown.tiles}
        assert waiting["civil-affairs"] == 7
        assert set(waiting.values()) == {7, None}, "of the others nothing was said"
        assert shown.calls == (call,)
        lobby.hall = lambda: None
        await lobby.time.advance(6)

    ui = await lobby.run((Start, Happens(the_hub_falls_silent)), (Start, TakeNumber("civil-affairs")))
    last = [prompt for prompt in ui.asked if isinstance(prompt, Start)][-1]
    assert {tile.waiting for tile in last.tiles} == {None}
    assert last.calls == ()


async def test_who_has_said_that_he_has_priority_reads_how_many_come_before_him_with_it(lobby: Lobby) -> None:
    lobby.hall = lambda: Hall({"civil-affairs": 7}, (), waiting_priority={"civil-affairs": 2})
    ui = await lobby.run(
        (Start, "priority"),
        (ChoosePriority, Priority.ELDERLY),
        (Start, "more"),
        (MoreServices, Back()),
        (Start, TakeNumber("civil-affairs")),
    )
    told = [
        tile.waiting
        for prompt in ui.asked
        if isinstance(prompt, Start)
        for tile in prompt.tiles
        if tile.service == "civil-affairs"
    ]
    assert told[:3] == [7, 2, 2]
