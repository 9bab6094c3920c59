"""Each line of the overview, whole: in a kiosk that is well, in one where everything is wrong, and at each bound."""

from typing import Any

import pytest
from msgspec.structs import replace

from devices.protocols import DeviceState, PaperState
from kiosk.health import Health, Outbox
from kiosk.machine.network.link import Link
from kiosk.maintenance.prompts import Tone, span
from kiosk.maintenance.status import Status, statuses
from kiosk.peripherals.report import Device, Report
from kiosk.prompts.ui import Text

NOW = 1_800_000_000
GOOD = Health(
    version="1.2.0", at=NOW - 3, clock="synced", disk_free_bytes=12_340_000_000, power="mains", charge_percent=80,
    paper_left_m=41, tests={"touch": "good"}, tested_at={"touch": NOW - 60},
    outbox=Outbox(waiting=2, oldest_s=60, last_success_at=NOW - 12),
)  # fmt: skip
LINKS = [
    Link("wlan0", True, False, ("10.9.9.9",)),
    Link("eth1", False, True, ()),
    Link("eth0", False, True, ("10.0.0.2", "fe80::1")),
]

LONG_AGO = NOW - 120 - 1


def told(
    health: Health, links: list[Link], printer: PaperState | None = PaperState.FULL, **more: Any
) -> dict[str, Status]:
    reports = {
        Device.PRINTER: Report(Device.PRINTER, DeviceState.ONLINE, printer),
        Device.SCANNER: Report(Device.SCANNER, more.get("scanner", DeviceState.STARTING), detail="hangs"),
        Device.CARD_READER: Report(Device.CARD_READER, DeviceState.NO_DEVICE, is_fitted=False),
    }
    if more.get("has_no_printer"):
        del reports[Device.PRINTER]
    found = statuses(health, reports, {Device.PRINTER: 1, Device.SCANNER: 30}, links, NOW)
    assert len({status.topic for status in found}) == len(found)
    return {status.topic: status for status in found}


def test_of_a_kiosk_that_is_well() -> None:
    found = told(GOOD, LINKS)
    assert list(found.values()) == [
        Status("printer", Tone.GOOD, Text("maintenance.device.Online"), "device_Online", "", 1),
        Status("paper", Tone.GOOD, Text("maintenance.paper.left", {"n": 41}), "paper_Full", "", 1),
        Status("scanner", Tone.UNKNOWN, Text("maintenance.device.Starting"), "device_Starting", "hangs", 30),
        Status("touch", Tone.GOOD, Text("maintenance.result.good"), "touch", "", 60),
        Status("network", Tone.GOOD, Text("maintenance.network.up", {"address": "10.0.0.2"}), "network", "", 0),
        Status("central", Tone.GOOD, Text("maintenance.central.good"), "central_good", "", 12),
        Status(
            "outbox", Tone.GOOD, Text("maintenance.outbox.waiting", {"n": 2}), "outbox_waiting", "", 3,
            span("oldest", 60),
        ),
        Status("clock", Tone.GOOD, Text("maintenance.clock.synced"), "clock_synced", "", 3),
        Status("disk", Tone.GOOD, Text("maintenance.disk.free", {"gb": "12.3"}), "disk", "", 3),
        Status("power", Tone.GOOD, Text("maintenance.power.mains_charge", {"charge": 80}), "power", "", 3),
        Status("store", Tone.GOOD, Text("maintenance.store.good"), "store_good", "", 3),
        Status("version", Tone.PLAIN, Text("maintenance.value", {"value": "1.2.0"}), "version"),
    ]  # fmt: skip


def test_of_a_kiosk_where_everything_is_wrong() -> None:
    bad = Health(
        version="1", at=NOW + 5, clock="untrusted", disk_free_bytes=None, power="low", tests={"touch": "bad"},
        outbox=Outbox(waiting=9, dead=4, last_error="tls: expired"), alarms=["disk-full", "no-day"],
    )  # fmt: skip
    found = told(bad, LINKS[:1], PaperState.OUT, scanner=DeviceState.USER_ERROR)
    assert list(found.values()) == [
        Status("printer", Tone.GOOD, Text("maintenance.device.Online"), "device_Online", "", 1),
        Status("paper", Tone.BAD, Text("maintenance.paper.Out"), "paper_Out", "", 1),
        Status("scanner", Tone.ATTENTION, Text("maintenance.device.UserError"), "device_UserError", "hangs", 30),
        Status("touch", Tone.ATTENTION, Text("maintenance.result.bad"), "touch", "", None),
        Status("network", Tone.BAD, Text("maintenance.failure.no_cable"), "network_no_cable", "", 0),
        Status("central", Tone.BAD, found["central"].word, "central_error", "expired", None),
        Status("outbox", Tone.BAD, Text("maintenance.outbox.dead", {"n": 4}), "outbox_dead", "", 0),
        Status("clock", Tone.BAD, Text("maintenance.clock.untrusted"), "clock_untrusted", "", 0),
        Status("disk", Tone.UNKNOWN, Text("maintenance.unknown"), "disk", "", 0),
        Status("power", Tone.BAD, Text("maintenance.power.low"), "power", "", 0),
        Status("store", Tone.BAD, Text("maintenance.store.alarms", {"n": 2}), "store_alarms", "disk-full, no-day", 0),
        Status("version", Tone.PLAIN, Text("maintenance.value", {"value": "1"}), "version"),
    ]


def test_of_a_kiosk_that_has_just_begun_and_has_no_printer() -> None:
    found = told(Health(version="1", clock="restored", power="unknown"), [LINKS[1]], has_no_printer=True)
    assert "paper" not in found
    assert found["touch"] == Status("touch", Tone.UNKNOWN, Text("maintenance.untested"), "touch")
    assert found["network"].word == Text("maintenance.network.no_address")
    assert found["network"].advice == "network_no_address"
    assert found["central"] == Status("central", Tone.UNKNOWN, Text("maintenance.central.never"), "central_never")
    assert found["outbox"].note is None
    assert (found["clock"].tone, found["clock"].age_s) == (Tone.ATTENTION, None)
    assert found["power"].tone is Tone.UNKNOWN


@pytest.mark.parametrize(
    ("topic", "health", "tone"),
    [
        ("disk", replace(GOOD, disk_free_bytes=1_000_000_000), Tone.GOOD),
        ("disk", replace(GOOD, disk_free_bytes=999_999_999), Tone.BAD),
        ("outbox", replace(GOOD, outbox=Outbox(waiting=1, oldest_s=4 * 3600)), Tone.GOOD),
        ("outbox", replace(GOOD, outbox=Outbox(waiting=1, oldest_s=14_401)), Tone.ATTENTION),
        ("outbox", replace(GOOD, outbox=Outbox(dead=1)), Tone.BAD),
        ("central", replace(GOOD, outbox=Outbox(last_success_at=NOW - 30)), Tone.GOOD),
        ("central", replace(GOOD, outbox=Outbox(last_success_at=NOW - 30 - 1)), Tone.ATTENTION),
        ("central", replace(GOOD, outbox=Outbox(waiting=1, last_success_at=NOW - 120)), Tone.GOOD),
        ("central", replace(GOOD, outbox=Outbox(waiting=1, last_success_at=LONG_AGO)), Tone.ATTENTION),
        ("central", replace(GOOD, outbox=Outbox(last_success_at=NOW + 9)), Tone.GOOD),
        ("power", replace(GOOD, power="battery"), Tone.ATTENTION),
        ("power", replace(GOOD, power="none"), Tone.PLAIN),
    ],
)  # fmt: skip
def test_at_each_bound(topic: str, health: Health, tone: Tone) -> None:
    assert told(health, LINKS)[topic].tone is tone


def test_without_a_battery_no_charge_is_said_and_paper_that_is_not_known_is_called_so() -> None:
    assert told(replace(GOOD, power="none"), LINKS)["power"].word == Text("maintenance.power.none")
    unknown = told(GOOD, LINKS, None)["paper"]
    assert unknown == Status("paper", Tone.UNKNOWN, Text("maintenance.paper.Unknown"), "paper_Unknown", "", 1)
    unmeasured = told(replace(GOOD, paper_left_m=None), LINKS, PaperState.LOW)["paper"]
    assert unmeasured == Status("paper", Tone.ATTENTION, Text("maintenance.paper.Low"), "paper_Low", "", 1)
    assert told(GOOD, LINKS, PaperState.JAMMED)["paper"].word == Text("maintenance.paper.Jammed")
