"""T2. A line a device and service: sign, word, how long it has been so; on touch, what it means and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.device_report import Device, Report
from kiosk.health import Health
from kiosk.maintenance.alarms import alarms
from kiosk.maintenance.prompts import Button, Line, Panel, Tone
from kiosk.maintenance.session import Place, Session, WentBack
from kiosk.prompts import OFFERED, Availability, Text

LOW_DISK_BYTES = 1_000_000_000
OLD_DELIVERY_S = 4 * 3600
_DEVICE_TONE = {
    "Online": Tone.GOOD,
    "DeviceBusy": Tone.GOOD,
    "Starting": Tone.UNKNOWN,
    "UserError": Tone.ATTENTION,
}
_PAPER_TONE = {"Full": Tone.GOOD, "Low": Tone.ATTENTION, "Unknown": Tone.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Status:
    """One line of the overview. `advice` is a text of `maintenance.advice.`; `detail` a technical word."""

    topic: str
    tone: Tone
    word: Text
    advice: str
    detail: str = ""
    age_s: int | None = None


def statuses(health: Health, reports: Mapping[Device, Report], now_s: int) -> list[Status]:
    """Say how everything is, worst news as it is and what is unknown as unknown."""
    found = [_device(report) for report in reports.values() if report.is_fitted]
    printer = reports.get(Device.PRINTER)
    if printer is not None and printer.is_fitted:
        found.insert(1, _paper(printer, health.paper_left_m))
    return [
        *found,
        _touch(health),
        _central(health, now_s),
        _outbox(health),
        Status("clock", _CLOCK_TONE[health.clock], Text(f"maintenance.clock.{health.clock}"), f"clock_{health.clock}"),
        _disk(health),
        _power(health),
        _store(health),
        Status("version", Tone.PLAIN, Text("maintenance.value", {"value": health.version}), "version"),
    ]


_CLOCK_TONE = {"synced": Tone.GOOD, "restored": Tone.ATTENTION, "untrusted": Tone.BAD}


def _device(report: Report) -> Status:
    state = report.state.value
    tone = _DEVICE_TONE.get(state, Tone.BAD)
    return Status(report.device.value, tone, Text(f"maintenance.device.{state}"), f"device_{state}", report.detail)


def _paper(printer: Report, left_m: int | None) -> Status:
    state = printer.paper.value if printer.paper is not None else "Unknown"
    tone = _PAPER_TONE.get(state, Tone.BAD)
    if state == "Full" and left_m is not None:
        return Status("paper", tone, Text("maintenance.paper.left", {"n": left_m}), "paper_Full")
    return Status("paper", tone, Text(f"maintenance.paper.{state}"), f"paper_{state}")


def _touch(health: Health) -> Status:
    result = health.tests.get("touch")
    if result is None:
        return Status("touch", Tone.UNKNOWN, Text("maintenance.untested"), "touch")
    tone = Tone.GOOD if result == "good" else Tone.ATTENTION
    return Status("touch", tone, Text(f"maintenance.result.{result}"), "touch")


def _central(health: Health, now_s: int) -> Status:
    outbox = health.outbox
    if outbox.last_success_at is None and outbox.last_error is None:
        return Status("central", Tone.UNKNOWN, Text("maintenance.central.never"), "central_never")
    age_s = None if outbox.last_success_at is None else max(0, now_s - outbox.last_success_at)
    if outbox.last_error is not None:
        return Status("central", Tone.BAD, Text("maintenance.central.error"), "central_error", outbox.last_error, age_s)
    return Status("central", Tone.GOOD, Text("maintenance.central.good"), "central_good", age_s=age_s)


def _outbox(health: Health) -> Status:
    outbox = health.outbox
    if outbox.dead:
        return Status("outbox", Tone.BAD, Text("maintenance.outbox.dead", {"n": outbox.dead}), "outbox_dead")
    old = outbox.oldest_s is not None and outbox.oldest_s > OLD_DELIVERY_S
    tone = Tone.ATTENTION if old else Tone.GOOD
    word = Text("maintenance.outbox.waiting", {"n": outbox.waiting})
    return Status("outbox", tone, word, "outbox_waiting", age_s=outbox.oldest_s)


def _disk(health: Health) -> Status:
    if health.disk_free_bytes is None:
        return Status("disk", Tone.UNKNOWN, Text("maintenance.unknown"), "disk")
    tone = Tone.GOOD if health.disk_free_bytes >= LOW_DISK_BYTES else Tone.BAD
    return Status("disk", tone, Text("maintenance.disk.free", {"gb": f"{health.disk_free_bytes / 1e9:.1f}"}), "disk")


def _power(health: Health) -> Status:
    tones = {"mains": Tone.GOOD, "battery": Tone.ATTENTION, "low": Tone.BAD, "none": Tone.PLAIN}
    tone = tones.get(health.power, Tone.UNKNOWN)
    if health.charge_percent is not None and health.power != "none":
        word = Text(f"maintenance.power.{health.power}_charge", {"charge": health.charge_percent})
    else:
        word = Text(f"maintenance.power.{health.power}")
    return Status("power", tone, word, "power")


def _store(health: Health) -> Status:
    if not health.alarms:
        return Status("store", Tone.GOOD, Text("maintenance.store.good"), "store_good")
    word = Text("maintenance.store.alarms", {"n": len(health.alarms)})
    return Status("store", Tone.BAD, word, "store_alarms", ", ".join(health.alarms))


def places() -> dict[str, Place]:
    """Where one can go from the overview, in the order of the buttons."""
    from kiosk.maintenance import (
        counters,
        device_tests,
        logbook,
        network,
        out_of_service,
        outbox,
        paper,
        power_time,
        setting_panel,
        tickets,
    )

    return {
        "paper": paper.change_paper,
        "tests": device_tests.choose_test,
        "tickets": tickets.tickets,
        "outbox": outbox.outbox,
        "settings": setting_panel.settings,
        "network": network.network,
        "power": power_time.power_and_time,
        "counters": counters.counters,
        "logs": logbook.logbook,
        "audit": logbook.audit_chain,
        "out": out_of_service.out_of_service,
    }


async def overview(session: Session) -> None:
    """Show how everything is, and lead to every place and back."""
    everywhere = places()
    while True:
        shown = {f"status:{status.topic}": status for status in _look(session)}
        answer = await session.ask(_panel(session, shown, everywhere))
        try:
            if answer == "status:store" and shown[answer].advice == "store_alarms":
                await alarms(session)
            elif answer in shown:
                await _explain(session, shown[answer])
            elif answer in everywhere:
                await everywhere[answer](session)
        except WentBack:
            continue


def _look(session: Session) -> list[Status]:
    bench = session.bench
    reports = {device: bench.devices.report(device) for device in Device}
    return statuses(bench.health(), reports, bench.clock.now().unix_s)


def _panel(session: Session, shown: Mapping[str, Status], everywhere: Mapping[str, Place]) -> Panel:
    lines = tuple(
        Line(Text(f"maintenance.topic.{status.topic}"), status.word, status.tone, answer, status.age_s)
        for answer, status in shown.items()
    )
    has_printer = session.bench.devices.report(Device.PRINTER).is_fitted
    no_printer = Availability(False, Text("maintenance.no_printer"))
    buttons = tuple(
        Button(name, Text(f"maintenance.place.{name}"), no_printer if name == "paper" and not has_printer else OFFERED)
        for name in everywhere
    )
    return Panel("overview", Text("maintenance.overview.title"), lines, buttons)


async def _explain(session: Session, status: Status) -> None:
    detail = (Line(Text("maintenance.detail"), status.detail),) if status.detail else ()
    lines = (Line(Text(f"maintenance.topic.{status.topic}"), status.word, status.tone, age_s=status.age_s), *detail)
    note = Text(f"maintenance.advice.{status.advice}")
    await session.ask(Panel("status", Text(f"maintenance.topic.{status.topic}"), lines, note=note))
