"""The paper wizard, and out of service by hand."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from common.city.calendar import CentreHours
from common.city.catalogue import Hours
from common.machine.stamp import Trust
from common.protocol.feed_message import CalendarDay
from devices.protocols import DeviceState, PaperState
from kiosk.peripherals.report import Device, Report
from kiosk.prompts.ui import Back, OutReason, Text
from offline_store.printed import tallies
from tests.kiosk.maintenance.given import OVER, give
from tests.kiosk.maintenance.scripted import NOBODY, SILENCE, Workshop, name_of, texts_in
from tests.kiosk.maintenance.tools import audited


async def test_the_paper_wizard_waits_for_paper_and_brings_the_kiosk_back_by_itself(workshop: Workshop) -> None:
    give(workshop, "A", "printed")
    workshop.devices.reports[Device.PRINTER] = Report(Device.PRINTER, DeviceState.OFFLINE, PaperState.OUT)

    def with_paper(prompt: object) -> object:
        assert not prompt.can_go_on.is_offered  # type: ignore[attr-defined]
        workshop.devices.reports[Device.PRINTER] = Report(Device.PRINTER, DeviceState.ONLINE, PaperState.FULL)
        return SILENCE

    await workshop.play(
        ("overview", "paper"), ("paper", "next"), ("paper", Back()), ("paper", "next"), ("paper", "next"),
        ("paper", "next"), ("paper", with_paper), ("paper", "next"), ("print_result", Back()), OVER,
    )  # fmt: skip
    assert workshop.out == [OutReason.CHANGING_PAPER, None]
    assert workshop.papers.printed == ["test-page"]
    assert tallies.read_tallies(workshop.store)[tallies.PAPER_MM] == tallies.Tally(100, 0)


async def test_leaving_the_paper_wizard_half_way_puts_the_kiosk_back_into_service_all_the_same(
    workshop: Workshop,
) -> None:
    display = await workshop.play(("overview", "paper"), ("paper", "next"), ("paper", NOBODY), idle_s=0.05)
    assert display.ended == "idle"
    assert workshop.out == [OutReason.CHANGING_PAPER, None]
    assert workshop.papers.printed == []


async def test_a_kiosk_out_of_service_by_hand_stays_so_when_its_paper_is_changed(workshop: Workshop) -> None:
    workshop.health = replace(workshop.health, out_of_service="maintenance")
    await workshop.play(("overview", "paper"), ("paper", Back()), OVER)
    assert workshop.out == []


@pytest.mark.parametrize(("was_out", "end"), [(None, "printed"), ("maintenance", "printed_out")])
async def test_after_the_change_it_is_said_in_service_only_where_it_is(
    workshop: Workshop, was_out: str | None, end: str
) -> None:
    workshop.health = replace(workshop.health, out_of_service=was_out)
    steps = [("paper", "next")] * 4
    display = await workshop.play(("overview", "paper"), *steps, ("print_result", Back()), OVER)
    said = next(one for one in display.seen if name_of(one) == "print_result")
    assert Text(f"maintenance.paper_done.{end}") in texts_in(said)


async def test_out_of_service_by_hand_with_a_reason_and_a_time_and_back(workshop: Workshop) -> None:
    await workshop.play(("overview", "out"), ("out", "repair"), ("out_until", "1_hour"), ("out_done", Back()), OVER)
    workshop.health = replace(workshop.health, out_of_service="maintenance")
    await workshop.play(("overview", "out"), ("out", "back"), OVER)
    assert workshop.out == [OutReason.MAINTENANCE, None]
    assert [event for event, _ in audited(workshop.store) if "service" in event] == [
        "out-of-service",
        "back-in-service",
    ]


@pytest.mark.parametrize(
    ("until", "trust", "ends"),
    [
        ("unknown", "synced", None),
        ("30_minutes", "synced", "2026-11-25T12:30:00+03:00"),
        ("next_day", "synced", "2026-11-26T06:00:00+03:00"),
        ("1_hour", "unknown", None),
        ("next_day", "unknown", None),
    ],
)
async def test_out_of_service_ends_when_the_public_was_told(
    workshop: Workshop, until: str, trust: Trust, ends: str | None
) -> None:
    workshop.clock.trust = trust
    display = await workshop.play(
        ("overview", "out"), ("out", "cleaning"), ("out_until", until), ("out_done", Back()), OVER
    )
    assert workshop.out_ends == [None if ends is None else int(datetime.fromisoformat(ends).timestamp())]
    said = display.seen[-2].note.msgid
    assert said == ("maintenance.out.done" if ends is None else "maintenance.out.done_until")


@pytest.mark.parametrize(
    ("hours", "ends"),
    [
        (Hours("08:00", "14:00"), "2026-11-28T08:00:00+03:00"),
        (Hours("05:30", "14:00"), "2026-11-28T05:30:00+03:00"),
        (None, "2026-11-28T06:00:00+03:00"),
    ],
)
async def test_the_next_day_of_service_is_one_on_which_the_centre_opens(
    workshop: Workshop, hours: Hours | None, ends: str
) -> None:
    closed = {
        day: CalendarDay(day, closed=True, names={"ar": "عطلة", "en": "Day off"})
        for day in ("2026-11-26", "2026-11-27")
    }
    workshop.hours = CentreHours(hours, closed)
    await workshop.play(("overview", "out"), ("out", "repair"), ("out_until", "next_day"), ("out_done", Back()), OVER)
    assert workshop.out_ends == [int(datetime.fromisoformat(ends).timestamp())]


@pytest.mark.parametrize("why", ["store", "no_day", "revoked"])
async def test_a_kiosk_that_is_out_of_service_by_itself_is_not_put_back_by_hand(workshop: Workshop, why: str) -> None:
    workshop.health = replace(workshop.health, out_of_service=why)
    display = await workshop.play(
        ("overview", "out"), ("out", "moved"), ("out_until", "unknown"), ("out_done", Back()), OVER
    )
    said = next(one for one in display.seen if name_of(one) == "out")
    assert Text("maintenance.out.by_itself") in texts_in(said)
    assert Text(f"out.{why}") in texts_in(said)
    assert Text("maintenance.out.back") not in texts_in(said)
    assert workshop.out == [OutReason.MAINTENANCE]


async def test_who_begins_the_change_of_paper_again_at_once_is_in_service_after_it(workshop: Workshop) -> None:
    workshop.health = replace(workshop.health, out_of_service="changing_paper")  # looked at two seconds ago
    steps = [("paper", "next")] * 4
    display = await workshop.play(("overview", "paper"), *steps, ("print_result", Back()), OVER)
    said = next(one for one in display.seen if name_of(one) == "print_result")
    assert Text("maintenance.paper_done.printed") in texts_in(said)
    assert workshop.out == [OutReason.CHANGING_PAPER, None]
