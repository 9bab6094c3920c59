"""An order of another centre: where it is ready, and what central tells of it on the same screen."""

import pytest
from sqlalchemy import delete

from kiosk.prompts.choosing import Done, Start
from kiosk.prompts.order import OrderResult
from kiosk.prompts.state import StillThere
from kiosk.prompts.ui import Text
from offline_store.disk import tables
from tests.kit.desk import tell
from tests.visits.lobby import Lobby
from tests.visits.orders.test_order_visit import ORDER
from tests.visits.scripted_ui import Happens


async def test_a_document_that_is_ready_elsewhere_sends_the_citizen_there(lobby: Lobby) -> None:
    tell(lobby.place.store, ORDER.hex(), "ready", centre="homs-hamra")
    ui = await lobby.run((Start, lobby.scans(lobby.place.app.code(order_id=ORDER))), (OrderResult, Done()))
    result = ui.last(OrderResult)
    assert (result.advice.msgid, result.ticket_number) == ("outcome.ready_elsewhere_do", None)
    there = lobby.place.catalogue.centre_names("homs-hamra")
    assert result.where_and_when == (Text("result.collect_at", {"centre": there}),)


@pytest.mark.parametrize(
    ("state", "do", "says_where"),
    [
        ("ready", "outcome.ready_elsewhere_do", True),
        ("in_progress", "outcome.in_progress_elsewhere_do", True),
        ("collected", "outcome.collected_do", False),
        ("by_post", "outcome.by_post_do", False),
    ],
)
async def test_what_central_tells_of_another_centres_order_is_said_on_the_same_screen(
    lobby: Lobby, state: str, do: str, says_where: bool
) -> None:
    async def told() -> None:
        tell(lobby.place.store, ORDER.hex(), state, centre="homs-new")
        await lobby.time.advance(1.0)

    ui = await lobby.run(
        (Start, lobby.scans(lobby.place.app.code(order_id=ORDER, destination="homs-hamra"))),
        (OrderResult, Happens(told)),
        (OrderResult, Done()),
    )
    first, then = (one for one in ui.asked if isinstance(one, OrderResult))
    names = lobby.place.catalogue.centre_names
    assert (first.outcome, first.there, first.told_meanwhile) == ("other_centre", None, ())
    assert first.where_and_when == (Text("result.collect_at", {"centre": names("homs-hamra")}),)
    assert first.what_to_do == (Text("outcome.other_centre_do"),)
    assert (then.outcome, then.there) == ("other_centre", state)
    assert then.told_meanwhile == (Text(f"outcome.{state}"),)
    assert then.what_to_do == (Text(do),)
    assert (Text("result.collect_at", {"centre": names("homs-new")}) in then.where_and_when) == says_where
    assert (then.offers_number, then.ticket_number, then.chime) == (True, None, None)
    assert [one.msgid for one in then.spoken][:2] == ["outcome.other_centre", f"outcome.{state}"]
    assert Text(do) in then.spoken
    assert lobby.numbers() == [], "no number is given without the document"


async def test_a_screen_that_has_told_stands_still_until_something_else_is_told(lobby: Lobby) -> None:
    def tells(*states: str) -> Happens:
        async def told() -> None:
            for state in states:
                await lobby.time.until_slept(1.0)
                with lobby.place.store.write() as connection:
                    connection.execute(delete(tables.order_states))
                tell(lobby.place.store, ORDER.hex(), state, centre="homs-hamra")
                await lobby.time.advance(1.0)

        return Happens(told)

    ui = await lobby.run(
        (Start, lobby.scans(lobby.place.app.code(order_id=ORDER, destination="homs-hamra"))),
        (OrderResult, tells("in_progress")),
        (OrderResult, tells("in_progress", "in_progress", "ready")),
        (OrderResult, Done()),
    )
    shown = [one.there for one in ui.asked if isinstance(one, OrderResult)]
    assert shown == [None, "in_progress", "ready"]


async def test_where_nothing_is_told_the_screen_of_another_centres_order_stays_as_it_is(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, lobby.scans(lobby.place.app.code(order_id=ORDER, destination="homs-hamra"))),
        (OrderResult, lobby.passes(45)),
        (StillThere, "more_time"),
        (OrderResult, Done()),
    )
    assert [one.there for one in ui.asked if isinstance(one, OrderResult)] == [None, None]


async def test_an_order_that_has_come_here_since_is_said_to_be_here_and_shown_again_gets_its_number(
    lobby: Lobby,
) -> None:
    code = lobby.place.app.code(order_id=ORDER, destination="homs-hamra")

    async def told() -> None:
        tell(lobby.place.store, ORDER.hex(), "ready", centre="homs-main")
        await lobby.time.advance(1.0)

    ui = await lobby.run(
        (Start, lobby.scans(code)),
        (OrderResult, Happens(told)),
        (OrderResult, Done()),
        (Start, lobby.scans(code)),
        (OrderResult, Done()),
    )
    _, told_here, again = (one for one in ui.asked if isinstance(one, OrderResult))
    assert (told_here.outcome, told_here.there, told_here.ticket_number) == ("ready", None, None)
    assert told_here.what_to_do == (Text("outcome.ready_again_do"),)
    assert (again.outcome, again.ticket_number) == ("ready", "A2001")


async def test_an_order_in_progress_elsewhere_sends_nobody_back_to_this_centre(lobby: Lobby) -> None:
    tell(lobby.place.store, ORDER.hex(), "in_progress", centre="homs-hamra")
    ui = await lobby.run((Start, lobby.scans(lobby.place.app.code(order_id=ORDER))), (OrderResult, Done()))
    assert ui.last(OrderResult).what_to_do == (Text("outcome.in_progress_elsewhere_do"),)
