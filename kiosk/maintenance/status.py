"""T2's lines as values: how each device and service is, how old that reading is, and what to do. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from kiosk.health import Health
from kiosk.machine.network.link import Link
from kiosk.maintenance.central.delivery import failure
from kiosk.maintenance.hardware.paper import LOW_M
from kiosk.maintenance.prompts import Tone, span
from kiosk.peripherals.report import Device, Report
from kiosk.prompts.ui import Text

LOW_DISK_BYTES: Final = 1_000_000_000
OLD_DELIVERY_S: Final = 4 * 3600
# Everything is looked at every few seconds; a reading older than this says nothing of now.
STALE_S: Final = 30
# The forwarder asks central every 20 s and gives a call 30 s: silence is said before that call ends.
SILENT_S: Final = 30
SILENT_AT_WORK_S: Final = 120  # a long backlog is one round, and answers are not written down within it
_DEVICE_TONE: Final = {
    "Online": Tone.GOOD,
    "DeviceBusy": Tone.GOOD,
    "Starting": Tone.UNKNOWN,
    "UserError": Tone.ATTENTION,
}
_PAPER_TONE: Final = {"Full": Tone.GOOD, "Low": Tone.ATTENTION, "Unknown": Tone.UNKNOWN}
_CLOCK_TONE: Final = {"synced": Tone.GOOD, "restored": Tone.ATTENTION, "untrusted": Tone.BAD}
_POWER_TONE: Final = {"mains": Tone.GOOD, "battery": Tone.ATTENTION, "low": Tone.BAD, "none": Tone.PLAIN}


@dataclass(frozen=True, slots=True)
class Status:
    """One line of the overview.

    `advice` is a text of `maintenance.advice.`; `detail` a technical word; `age_s` how old the reading is, None for
    what never changes.
    """

    topic: str
    tone: Tone
    word: Text
    advice: str
    detail: str = ""
    age_s: int | None = None
    note: Text | None = None

    def aged(self, age_s: int | None) -> Self:
        """Give the reading its age; one that is good but old is no longer good."""
        is_stale = age_s is not None and age_s > STALE_S and self.tone in (Tone.GOOD, Tone.PLAIN)
        return replace(self, age_s=age_s, tone=Tone.STALE if is_stale else self.tone)


def statuses(
    health: Health,
    reports: Mapping[Device, Report],
    ages_s: Mapping[Device, int | None],
    links: Sequence[Link],
    now_s: int,
) -> list[Status]:
    """Return how everything is, worst news as it is and what is unknown as unknown.

    Args:
        health: the newest health; `at` is when it was read.
        reports: of every device.
        ages_s: how many seconds ago each device was last heard of.
        links: the network's interfaces, read now.
        now_s: seconds since 1970.
    """
    health_age_s = max(0, now_s - health.at) if health.at else None
    found = [_device(report).aged(ages_s.get(device)) for device, report in reports.items() if report.is_fitted]
    printer = reports.get(Device.PRINTER)
    if printer is not None and printer.is_fitted:
        found.insert(1, _paper(printer, health.paper_left_m).aged(ages_s.get(Device.PRINTER)))
    of_health = (_outbox(health), _clock(health), _disk(health), _power(health), _store(health))
    return [
        *found,
        _touch(health, now_s),
        _network(links).aged(0),
        _central(health, now_s),
        *(status.aged(health_age_s) for status in of_health),
        Status("version", Tone.PLAIN, Text("maintenance.value", {"value": health.version}), "version"),
    ]


def _device(report: Report) -> Status:
    state = report.state.value
    tone = _DEVICE_TONE.get(state, Tone.BAD)
    return Status(report.device.value, tone, Text(f"maintenance.device.{state}"), f"device_{state}", report.detail)


def _paper(printer: Report, left_m: int | None) -> Status:
    state = printer.paper.value if printer.paper is not None else "Unknown"
    tone = _PAPER_TONE.get(state, Tone.BAD)
    if state in ("Full", "Low") and left_m is not None:
        if left_m <= LOW_M:  # most printers feel the end of the roll late or not at all
            state, tone = "Low", Tone.ATTENTION
        return Status("paper", tone, Text("maintenance.paper.left", {"n": left_m}), f"paper_{state}")
    return Status("paper", tone, Text(f"maintenance.paper.{state}"), f"paper_{state}")


def _touch(health: Health, now_s: int) -> Status:
    """Return how the last touch test ended; its age is the test's own, and old is no fault of it."""
    result, at = health.tests.get("touch"), health.tested_at.get("touch")
    age_s = None if at is None else max(0, now_s - at)
    if result is None:
        return Status("touch", Tone.UNKNOWN, Text("maintenance.untested"), "touch")
    tone = Tone.GOOD if result == "good" else Tone.ATTENTION
    return Status("touch", tone, Text(f"maintenance.result.{result}"), "touch", age_s=age_s)


def _network(links: Sequence[Link]) -> Status:
    """Say the nearest thing that is missing: a cable, then an address."""
    with_carrier = [link for link in links if link.has_carrier]
    if not with_carrier:
        return Status("network", Tone.BAD, Text("maintenance.failure.no_cable"), "network_no_cable")
    addressed = [link for link in with_carrier if link.addresses]
    if not addressed:
        return Status("network", Tone.BAD, Text("maintenance.network.no_address"), "network_no_address")
    return Status(
        "network", Tone.GOOD, Text("maintenance.network.up", {"address": addressed[0].addresses[0]}), "network"
    )


def _central(health: Health, now_s: int) -> Status:
    outbox = health.outbox
    if outbox.last_success_at is None and outbox.last_error is None:
        return Status("central", Tone.UNKNOWN, Text("maintenance.central.never"), "central_never")
    age_s = None if outbox.last_success_at is None else max(0, now_s - outbox.last_success_at)
    if outbox.last_error is not None:
        words, technical = failure(outbox.last_error)
        return Status("central", Tone.BAD, words, "central_error", technical, age_s)
    assert age_s is not None  # noqa: S101 (one of the two is there)
    if age_s > (SILENT_AT_WORK_S if outbox.waiting else SILENT_S):
        return Status("central", Tone.ATTENTION, span("no_answer_for", age_s), "central_silent")
    return Status("central", Tone.GOOD, Text("maintenance.central.good"), "central_good", age_s=age_s)


def _outbox(health: Health) -> Status:
    outbox = health.outbox
    if outbox.dead:
        return Status("outbox", Tone.BAD, Text("maintenance.outbox.dead", {"n": outbox.dead}), "outbox_dead")
    old = outbox.oldest_s is not None and outbox.oldest_s > OLD_DELIVERY_S
    word = Text("maintenance.outbox.waiting", {"n": outbox.waiting})
    oldest = None if outbox.oldest_s is None else span("oldest", outbox.oldest_s)
    return Status("outbox", Tone.ATTENTION if old else Tone.GOOD, word, "outbox_waiting", note=oldest)


def _clock(health: Health) -> Status:
    return Status(
        "clock", _CLOCK_TONE[health.clock], Text(f"maintenance.clock.{health.clock}"), f"clock_{health.clock}"
    )


def _disk(health: Health) -> Status:
    if health.disk_free_bytes is None:
        return Status("disk", Tone.UNKNOWN, Text("maintenance.unknown"), "disk")
    tone = Tone.GOOD if health.disk_free_bytes >= LOW_DISK_BYTES else Tone.BAD
    return Status("disk", tone, Text("maintenance.disk.free", {"gb": f"{health.disk_free_bytes / 1e9:.1f}"}), "disk")


def _power(health: Health) -> Status:
    tone = _POWER_TONE.get(health.power, Tone.UNKNOWN)
    if health.charge_percent is not None and health.power != "none":
        word = Text(f"maintenance.power.{health.power}_charge", {"charge": health.charge_percent})
    else:
        word = Text(f"maintenance.power.{health.power}")
    without = health.power in ("none", "unknown")
    return Status("power", tone, word, f"power_{health.power}" if without else "power")


def _store(health: Health) -> Status:
    if not health.alarms:
        return Status("store", Tone.GOOD, Text("maintenance.store.good"), "store_good")
    word = Text("maintenance.store.alarms", {"n": len(health.alarms)})
    return Status("store", Tone.BAD, word, "store_alarms", ", ".join(health.alarms))
