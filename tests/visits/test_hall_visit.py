"""What goes on in the hall is on the start screen before anybody touches it, and goes when nobody says so any more."""

from kiosk import prompts as p
from kiosk.flows.context import Hall
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens


async def test_the_start_screen_says_how_many_wait_and_who_was_called_until_the_word_is_old(lobby: Lobby) -> None:
    call = p.LastCall("A1001", 3)
    lobby.hall = lambda: Hall({"civil-affairs": 7}, (call,))

    async def the_hub_falls_silent() -> None:
        shown = lobby.ui.last(p.Start)
        waiting = {tile.service: tile.waiting for tile in shown.tiles}
        assert waiting["civil-affairs"] == 7
        assert set(waiting.values()) == {7, None}, "of the others nothing was said"
        assert shown.calls == (call,)
        lobby.hall = lambda: None
        await lobby.time.advance(6)

    ui = await lobby.run((p.Start, Happens(the_hub_falls_silent)), (p.Start, p.TakeNumber("civil-affairs")))
    last = [prompt for prompt in ui.asked if isinstance(prompt, p.Start)][-1]
    assert {tile.waiting for tile in last.tiles} == {None}
    assert last.calls == ()


async def test_who_has_said_that_he_has_priority_reads_how_many_come_before_him_with_it(lobby: Lobby) -> None:
    lobby.hall = lambda: Hall({"civil-affairs": 7}, (), waiting_priority={"civil-affairs": 2})
    ui = await lobby.run(
        (p.Start, "priority"),
        (p.ChoosePriority, p.Priority.ELDERLY),
        (p.Start, "more"),
        (p.MoreServices, p.Back()),
        (p.Start, p.TakeNumber("civil-affairs")),
    )
    told = [
        tile.waiting
        for prompt in ui.asked
        if isinstance(prompt, p.Start)
        for tile in prompt.tiles
        if tile.service == "civil-affairs"
    ]
    assert told[:3] == [7, 2, 2]
