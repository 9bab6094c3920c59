"""What is offered as things stand: each face of a failure, services as tiles in pages, numbers that wait for paper."""

import asyncio
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from common.city.catalogue import Catalogue, load_catalogue
from kiosk.desk.desk import Issued, Refusal, Refused
from kiosk.flows import tiles
from kiosk.flows.context import Hall
from kiosk.flows.refusal import opening_text
from kiosk.flows.situation import Conditions, Situation
from kiosk.flows.tiles import pages_of_all, pages_to_read, pages_to_take, tile
from kiosk.flows.unprinted import ends_in
from kiosk.machine.power import PowerState, ServiceLevel
from kiosk.prompts.choosing import Tile, TileGroup
from kiosk.prompts.state import OutOfService, PowerGoing
from kiosk.prompts.ticket import Stopped
from kiosk.prompts.ui import OFFERED, Availability, OutReason, StatusStrip, Text, Trouble

DAY = date(2026, 11, 26)
CENTRE = {"ar": "المركز", "en": "centre"}
CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("opens_on", "opens_at", "said"),
    [
        (DAY, "08:00", Text("closed.opens_on", {"day": DAY, "opens": "08:00"})),
        (DAY, None, None), (None, "08:00", None), (None, None, None),
    ],
)  # fmt: skip
def test_when_it_opens_is_said_where_day_and_hour_are_known(
    opens_on: date | None, opens_at: str | None, said: Text | None
) -> None:
    assert opening_text(Refused(Refusal.CLOSED, "", opens_on=opens_on, opens_at=opens_at)) == said


@pytest.mark.parametrize(
    ("conditions", "paperless", "screen"),
    [
        (Conditions(), False, None),
        (Conditions(printer=Trouble.JAM), True, None),
        (Conditions(printer=Trouble.JAM), False, OutOfService(OutReason.PRINTER, has_others=True)),
        (
            Conditions(out=OutReason.STORE, out_until=Text("x"), printer=Trouble.JAM), False,
            OutOfService(OutReason.STORE, Text("x"), True),
        ),
        (
            Conditions(power_service=ServiceLevel.STOPPING, battery_minutes=3, out=OutReason.STORE), True,
            PowerGoing(3),
        ),
        (Conditions(power_service=ServiceLevel.NO_ORDERS), False, None),
    ],
)  # fmt: skip
def test_what_stands_instead_of_the_start_screen(conditions: Conditions, paperless: bool, screen: object) -> None:
    assert conditions.resting_screen(paperless=paperless, has_others=True) == screen


def test_orders_and_codes_are_taken_where_they_can_be() -> None:
    battery, reader = Availability(False, Text("fault.battery")), Availability(False, Text("fault.scanner"))
    levels = {level: Conditions(power_service=level).orders for level in ServiceLevel}
    assert levels == {
        level: battery if level in (ServiceLevel.NO_ORDERS, ServiceLevel.STOPPING) else OFFERED
        for level in ServiceLevel
    }
    assert Conditions().scanning == OFFERED
    assert Conditions(scanner=Trouble.FAULT).scanning == reader
    without = Conditions(has_scanner=False, scanner=Trouble.FAULT)
    assert without.scanning == Availability(False, Text("fault.no_reader"))


def test_the_strip_says_minutes_on_battery_alone_and_a_refused_kiosk_is_not_offline() -> None:
    strips = {
        power: Conditions(power=power, battery_minutes=12, clock="09:05", is_offline=True).strip(CENTRE)
        for power in PowerState
    }
    on_battery = (PowerState.BATTERY, PowerState.LOW)
    assert strips == {
        power: StatusStrip(CENTRE, "09:05", True, 12 if power in on_battery else None) for power in PowerState
    }
    assert Conditions(power=PowerState.LOW).strip(CENTRE) == StatusStrip(CENTRE, None, False, 0)
    assert Conditions(is_offline=True, out=OutReason.REVOKED).strip(CENTRE) == StatusStrip(CENTRE)
    assert Conditions(is_offline=True, out=OutReason.STORE).strip(CENTRE) == StatusStrip(CENTRE, is_offline=True)


async def test_a_change_that_changes_nothing_wakes_nobody() -> None:
    situation = Situation()
    waiting = asyncio.ensure_future(situation.change())
    await asyncio.sleep(0)
    situation.update(is_offline=False)
    await asyncio.sleep(0)
    assert not waiting.done()
    situation.update(is_offline=True, clock="09:05")
    assert await waiting == Conditions(is_offline=True, clock="09:05")
    again = asyncio.ensure_future(situation.change())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not again.done(), "each change is told once"
    again.cancel()


def _desk(**refused: Refused) -> Any:
    return SimpleNamespace(availability=lambda service: refused.get(service.code.replace("-", "_")))


def test_a_tile_says_the_nearest_reason_why_its_number_may_not_come() -> None:
    service = CATALOGUE.get("clearance")
    assert service is not None
    plain = Tile("clearance", service.names, OFFERED, service.prefix)
    why = Text("stopped.why")
    hall = Hall(
        stopped=cast("Any", {"clearance": Stopped(why)}), waiting={"clearance": 7}, doubtful=frozenset({"clearance"})
    )
    for reason, said in ((Refusal.CLOSED, "service.closed_now"), (Refusal.QUOTA_FULL, "service.quota_full")):
        found = tile(service, _desk(clearance=Refused(reason, "")), hall)
        assert found == _with(plain, availability=Availability(False, Text(said)))
    for refused in (None, Refused(Refusal.STORE, "")):
        desk = _desk(clearance=refused) if refused else _desk()
        assert tile(service, desk, hall) == _with(plain, note=why, brief=Text("service.stopped"))
    doubtful = tile(service, _desk(), Hall(waiting={"clearance": 7}, doubtful=frozenset({"clearance"})))
    note = Text("service.may_not_be_today")
    assert doubtful == _with(plain, waiting=7, note=note, brief=Text("service.maybe_not_today"))
    assert tile(service, _desk(), Hall(waiting={"clearance": 7})) == _with(plain, waiting=7)
    assert tile(service, _desk(), Hall({})) == plain


def _with(one: Tile, **more: Any) -> Tile:
    return replace(one, **more)


def _catalogue(*sizes: int) -> Catalogue:
    services = [
        SimpleNamespace(code=f"{group}{n}", group=group, names={}, prefix="A", is_described=n % 2 == 0)
        for group, size in zip("abcdef", sizes, strict=False)
        for n in range(size)
    ]
    return cast("Catalogue", SimpleNamespace(services=services, groups={"a": {"en": "A"}}))


@pytest.mark.parametrize(
    ("sizes", "pages"),
    [
        ((), []),
        ((8,), ["a8"]),
        ((9,), ["a8", "a1"]),
        ((3, 5), ["a3 b5"]),
        ((3, 6), ["a3", "b6"]),
        ((3, 5, 1), ["a3 b5", "c1"]),
        ((6, 6, 4), ["a6 b2", "b4 c4"]),  # whole groups would cost a third page
        ((17,), ["a8", "a8", "a1"]),
        ((1, 9), ["a1 b7", "b2"]),
    ],
)
def test_groups_stay_together_where_that_costs_no_further_page(sizes: tuple[int, ...], pages: list[str]) -> None:
    catalogue = _catalogue(*sizes)
    found = pages_to_take(catalogue, _desk(), Hall({}), ())
    assert [" ".join(f"{group.group}{len(group.tiles)}" for group in page) for page in found] == pages
    assert all(sum(len(group.tiles) for group in page) <= 8 for page in found)
    codes = [one.service for page in found for group in page for one in group.tiles]
    assert codes == [service.code for service in catalogue.services]
    if found:
        assert (found[0][0].names, tiles._fits(found[0])) == ({"en": "A"}, True)


def test_the_main_services_stand_first_on_a_page_of_their_own_where_there_are_any() -> None:
    catalogue = _catalogue(2, 3)
    main = [catalogue.services[0], catalogue.services[3]]
    taken = pages_of_all(catalogue, _desk(), Hall(waiting={"a0": 4}), main)
    shown = [[(group.group, [one.service for one in group.tiles]) for group in page] for page in taken]
    assert shown == [[("main", ["a0", "b1"])], [("a", ["a1"]), ("b", ["b0", "b2"])]]
    every = [one for page in taken for group in page for one in group.tiles]
    assert [one.waiting for one in every] == [4, *[None] * 4]
    assert [group.group for page in pages_of_all(catalogue, _desk(), Hall({}), []) for group in page] == ["a", "b"]
    read = pages_to_read(catalogue, main)
    shown = [[(group.group, [one.service for one in group.tiles]) for group in page] for page in read]
    assert shown == [[("main", ["a0"])], [("b", ["b0", "b2"])]]
    assert read[0][0] == TileGroup("main", {}, (Tile("a0", {}, letter="A"),))
    nothing_known = [catalogue.services[1]]
    assert [[group.group for group in page] for page in pages_to_read(catalogue, nothing_known)] == [["a", "b"]]


def test_a_number_without_paper_is_found_by_its_last_three_digits() -> None:
    first, second = (
        (Issued(one, number, "clearance", "2026-11-25", None), Trouble.JAM)
        for one, number in (("1", "B2001"), ("2", "C3001"))
    )
    waiting = [second, first]
    assert ends_in("001", []) is None
    assert ends_in("001", waiting) == second, "the newest"
    assert ends_in("001", waiting, ["2"]) == first
    assert [ends_in(digits, waiting) for digits in ("1", "01", "2001", "002", "")] == [None] * 5
