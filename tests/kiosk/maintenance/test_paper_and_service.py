"""The paper wizard, and out of service by hand."""

from msgspec.structs import replace

from devices.protocols import DeviceState, PaperState
from kiosk.device_report import Device, Report
from kiosk.prompts import Back, OutReason
from offline_store import tallies
from tests.kiosk.maintenance.bench import audited
from tests.kiosk.maintenance.given import OVER, give
from tests.kiosk.maintenance.scripted import NOBODY, SILENCE, Workshop


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


async def test_out_of_service_by_hand_with_a_reason_and_a_time_and_back(workshop: Workshop) -> None:
    await workshop.play(("overview", "out"), ("out", "repair"), ("out_until", "1_hour"), ("out_done", Back()), OVER)
    workshop.health = replace(workshop.health, out_of_service="maintenance")
    await workshop.play(("overview", "out"), ("out", "back"), OVER)
    assert workshop.out == [OutReason.MAINTENANCE, None]
    assert [event for event, _ in audited(workshop.store) if "service" in event] == [
        "out-of-service",
        "back-in-service",
    ]
