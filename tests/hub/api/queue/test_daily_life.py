"""What happens at counters on any day, each with its way: as the handbook says it, pressed as the pages press it."""

from typing import Any

from msgspec.structs import replace

from common.protocol.feed_message import Clerks
from hub.api.live.views import manager_view
from tests.hub.api.conftest import CLERK_PIN, MANAGER_PIN, OTHER_PIN, QUICK, Stage, named
from tests.hub.hall import CENTRE, said


async def opened(stage: Stage, counter: int, pin: str = CLERK_PIN) -> dict[str, str]:
    session = await stage.session(counter, pin)
    await stage.press(counter, session, {"press": "open"})
    return session


async def pressed(stage: Stage, counter: int, session: dict[str, str], kind: str, **fields: Any) -> dict[str, Any]:
    """Press with what the counter has, as its page does; give the counter afterwards, or the problem."""
    now = stage.hall.counter(counter)
    body = {"press": kind, "ticket": now.ticket, "version": now.version} | fields
    if kind in ("next", "pause", "open", "close"):
        body = {"press": kind, **fields}
    answer = await stage.press(counter, session, {name: value for name, value in body.items() if value is not None})
    found: dict[str, Any] = answer.json()
    return found["counter"] if answer.status_code == 200 else found


async def test_a_break_keeps_the_session_and_the_end_of_a_shift_frees_the_counter(stage: Stage) -> None:
    session = await opened(stage, 1)
    await stage.tell(stage.hall.kiosks[0].ticket())
    assert (await pressed(stage, 1, session, "pause", reason="صلاة"))["state"] == "paused"
    stage.hall.passes(1200)
    assert (await pressed(stage, 1, session, "open"))["state"] == "open"
    await pressed(stage, 1, session, "next")
    assert (await pressed(stage, 1, session, "close"))["type"] == "/problems/ticket-open"
    await pressed(stage, 1, session, "came")
    await pressed(stage, 1, session, "done")
    assert (await pressed(stage, 1, session, "close"))["state"] == "closed"
    assert (await stage.log_in(1, OTHER_PIN)).status_code == 201


async def test_a_new_pin_takes_the_forgotten_ones_place_and_the_open_counter_goes_on_with_it(stage: Stage) -> None:
    session = await opened(stage, 1)
    with stage.hall.hub.read() as look:
        clerk = look.centre.clerks["clerk-1"]
    renewed = replace(clerk, sign="44", pin_hash=QUICK.hash("44345678"))  # as the feed brings it after `central clerk`
    said(stage.hall.hub, Clerks(CENTRE, [renewed]), 9)
    assert (await stage.log_in(2, CLERK_PIN)).status_code == 401
    found = await stage.log_in(2, "44345678")
    assert (found.status_code, found.json()["clerk"]) == (201, "clerk-1")
    assert (await pressed(stage, 1, session, "pause"))["type"] == "/problems/pin-changed"
    assert (await pressed(stage, 1, await stage.session(1, "44345678"), "pause"))["state"] == "paused"


async def test_a_clerk_whose_computer_died_goes_on_with_the_open_ticket_at_another(stage: Stage) -> None:
    dead = await opened(stage, 1)
    ticket = stage.hall.kiosks[0].ticket()
    await stage.tell(ticket)
    await pressed(stage, 1, dead, "next")
    await pressed(stage, 1, dead, "came")
    assert (await stage.log_in(1)).json()["by"] == "رنا"
    other = await stage.session(1, take_over=True)
    assert (await pressed(stage, 1, other, "done", documents={"civil-affairs": 2}))["ticket"] is None
    assert stage.hall.ticket(ticket.id).end == "done"
    assert (await pressed(stage, 1, dead, "next"))["type"] == "/problems/session-taken"


async def test_who_lost_the_paper_is_found_by_the_number_whether_called_or_not(stage: Stage) -> None:
    kiosk = stage.hall.kiosks[0]
    first, second, third = kiosk.ticket(), kiosk.ticket(), kiosk.ticket()
    await stage.tell(first, second, third)
    session = await opened(stage, 1)
    await pressed(stage, 1, session, "next")
    shown = await stage.client.post("/v1/counters/1/waiting", json={"reason": "فقد الورقة"}, headers=session)
    assert [one["number"] for one in shown.json()["waiting"]] == [second.number, third.number]
    await pressed(stage, 1, session, "park", where="الاستعلامات")
    await pressed(stage, 1, session, "resume", ticket=None, number=first.number)
    assert (await pressed(stage, 1, session, "next"))["ticket"]["number"] == first.number
    await pressed(stage, 1, session, "park")
    called = await pressed(stage, 1, session, "out-of-turn", ticket=None, number=third.number, reason="فقد الورقة")
    assert called["ticket"]["number"] == third.number


async def test_a_wrong_service_is_sent_on_with_number_and_arrival(stage: Stage) -> None:
    wrong = stage.hall.kiosks[0].ticket("A")
    await stage.tell(wrong)
    stage.hall.passes(300)
    await stage.tell(stage.hall.kiosks[1].ticket("C"), kiosk=1)
    session = await opened(stage, 1)
    await pressed(stage, 1, session, "next")
    await pressed(stage, 1, session, "transfer", to="C")
    right = await opened(stage, 3, OTHER_PIN)
    called = (await pressed(stage, 3, right, "next"))["ticket"]
    assert (called["number"], called["waited_s"]) == (wrong.number, 300)


async def test_a_slow_or_deaf_person_has_a_minute_is_called_again_and_can_come_back(stage: Stage) -> None:
    slow = stage.hall.kiosks[0].ticket()
    await stage.tell(slow)
    session = await opened(stage, 1)
    await pressed(stage, 1, session, "next")
    stage.hall.passes(30)
    assert (await pressed(stage, 1, session, "again"))["ticket"]["number"] == slow.number
    stage.hall.passes(29)
    assert (await pressed(stage, 1, session, "not-here"))["type"] == "/problems/too-early"
    stage.hall.passes(1)
    assert (await pressed(stage, 1, session, "not-here"))["state"] == "open"
    stage.hall.passes(301)
    assert (await pressed(stage, 1, session, "next"))["ticket"]["number"] == slow.number
    stage.hall.passes(60)
    await pressed(stage, 1, session, "not-here")
    assert stage.hall.ticket(slow.id).state == "missed"
    await pressed(stage, 1, session, "resume", ticket=None, number=slow.number)
    assert (await pressed(stage, 1, session, "next"))["ticket"]["number"] == slow.number


async def test_what_a_revoked_kiosk_gave_before_is_called_and_what_it_gives_after_is_not(stage: Stage) -> None:
    before = stage.hall.kiosks[0].ticket()
    await stage.tell(before)
    named(stage.hall, revoked=frozenset({1}), message_id=3)
    await stage.tell(stage.hall.kiosks[0].ticket())
    session = await opened(stage, 1)
    assert (await pressed(stage, 1, session, "next"))["ticket"]["number"] == before.number
    assert (await pressed(stage, 1, session, "next"))["ticket"] is None


async def test_a_manager_frees_the_counter_of_a_clerk_who_went_home(stage: Stage) -> None:
    first = stage.hall.kiosks[0].ticket()
    await stage.tell(first)
    gone, manager = await opened(stage, 1), await stage.session(None, MANAGER_PIN)
    await pressed(stage, 1, gone, "next")
    freed = await stage.client.put("/v1/counters", json={"number": 1, "close": True}, headers=manager)
    assert (freed.status_code, freed.json()["state"]) == (200, "closed")
    session = await opened(stage, 2, OTHER_PIN)
    assert (await pressed(stage, 2, session, "next"))["ticket"]["number"] == first.number


async def test_a_counter_that_central_took_out_while_it_was_open_is_shown_until_a_manager_closes_it(
    stage: Stage,
) -> None:
    """Else it holds up the whole hall after a take-over, since nobody can log in there and nobody sees it."""

    def shown() -> list[int]:
        with stage.hall.hub.read() as look:
            return [one.number for one in manager_view(look, {}, {}).defined]

    await opened(stage, 1)
    manager = await stage.session(None, MANAGER_PIN)
    stage.hall.set_up({2: ["A"], 3: ["C"]}, message_id=9)
    assert shown() == [2, 3, 1]
    freed = await stage.client.put("/v1/counters", json={"number": 1, "close": True}, headers=manager)
    assert (freed.status_code, freed.json()["state"], shown()) == (200, "closed", [2, 3])
    none = await stage.client.put("/v1/counters", json={"number": 7, "close": True}, headers=manager)
    assert none.status_code == 404
