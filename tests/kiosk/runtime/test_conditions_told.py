"""What surroundings make of devices, battery, disk, store and clock at each moment; nothing runs but what is asked."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import insert, update
from structlog.testing import capture_logs

from common.machine.clock import SystemClock
from common.machine.errors import StoreDamaged, StoreUnavailable
from devices.protocols import Card, DeviceState, PaperState, Scan
from kiosk.flows.situation import Conditions
from kiosk.health import Health, HealthReport, read_report
from kiosk.machine.power import PowerReading, PowerState, ServiceLevel
from kiosk.peripherals.report import Device, Presented, Report, Scanned, judge_possibility
from kiosk.prompts.ui import OutReason, Text, Trouble
from kiosk.runtime.parts import CurrentCatalogue, OpenStore, Parts, WindowSenses
from kiosk.runtime.surroundings import Surroundings
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.disk import tables
from tests.kiosk.maintenance.scripted import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    workshop = Workshop(tmp_path)
    yield workshop
    workshop.store.close()


def around(workshop: Workshop, runtime_dir: Path | None = None, panel: WindowSenses | None = None) -> Surroundings:
    devices = workshop.devices
    watch: Any = SimpleNamespace(
        possible=lambda operation: judge_possibility(operation, devices.report(operation.device)),
        report=devices.report,
        reports=lambda: list(devices.reports.values()),
    )
    opened = OpenStore(workshop.store, cast("SystemClock", workshop.clock))
    parts = Parts(workshop.settings, opened, CurrentCatalogue(workshop.store), watch, None)
    return Surroundings(parts, runtime_dir, panel or WindowSenses())


def look(found: Surroundings) -> Conditions:
    found._take(found._look(HealthReport(found._settings.config.data_dir)))
    found._apply_out()
    return found.situation.now


ONLINE, OFFLINE = DeviceState.ONLINE, DeviceState.OFFLINE


@pytest.mark.parametrize(
    ("state", "paper", "trouble"),
    [
        (ONLINE, PaperState.FULL, None),
        (ONLINE, PaperState.LOW, None),
        (DeviceState.STARTING, PaperState.FULL, None),
        (DeviceState.BUSY, PaperState.FULL, None),
        (ONLINE, PaperState.OUT, Trouble.PAPER_OUT),
        (ONLINE, PaperState.JAMMED, Trouble.JAM),
        (ONLINE, PaperState.UNKNOWN, Trouble.PRINTER_LOST),
        (DeviceState.USER_ERROR, PaperState.FULL, Trouble.COVER_OPEN),
        (DeviceState.HARDWARE_ERROR, PaperState.FULL, Trouble.FAULT),
        (DeviceState.NO_DEVICE, PaperState.UNKNOWN, Trouble.PRINTER_LOST),
        (OFFLINE, PaperState.UNKNOWN, Trouble.PRINTER_LOST),
    ],
)
def test_each_state_of_a_printer_is_the_trouble_that_citizens_are_told(
    workshop: Workshop, state: DeviceState, paper: PaperState, trouble: Trouble | None
) -> None:
    report = Report(Device.PRINTER, state, paper)
    workshop.devices.reports[Device.PRINTER] = report
    found = around(workshop)
    found._hear(report)
    assert found.situation.now == Conditions(printer=trouble)


def test_a_reader_that_is_lost_is_told_and_one_that_was_never_fitted_too(workshop: Workshop) -> None:
    found, devices = around(workshop), workshop.devices
    devices.reports[Device.PRINTER] = replace(devices.reports[Device.PRINTER], is_fitted=False)
    devices.reports[Device.SCANNER] = Report(Device.SCANNER, DeviceState.NO_DEVICE)
    found._devices_now()
    assert found.situation.now == Conditions(printer=Trouble.PRINTER_LOST, scanner=Trouble.PRINTER_LOST)
    devices.reports[Device.SCANNER] = Report(Device.SCANNER, DeviceState.NO_DEVICE, is_fitted=False)
    found._devices_now()
    lost = Trouble.PRINTER_LOST
    assert found.situation.now == Conditions(printer=lost, scanner=lost, has_scanner=False)
    devices.reports[Device.SCANNER] = Report(Device.SCANNER, DeviceState.STARTING)
    found._devices_now()
    assert found.situation.now == Conditions(printer=lost)


def test_scans_are_counted_by_whether_anybody_can_use_them_and_cards_are_not(workshop: Workshop) -> None:
    found = around(workshop)
    for payload in (b"1234567890", b"SY1:x", b"https://example.sy", b"sY1:abc", b"\x00"):
        found._hear(Scanned(Scan(payload)))
    found._hear(Presented(Card("motor", b"1234", "x")))
    assert found._upkeep._counted == {"scans_good": 2, "scans_bad": 3}


@pytest.mark.parametrize(
    ("reading", "service", "minutes", "on_battery"),
    [
        (PowerReading(PowerState.MAINS, 100, 119), ServiceLevel.FULL, 1, False),
        (PowerReading(PowerState.BATTERY, 80, 120), ServiceLevel.NO_ORDERS, 2, True),
        (PowerReading(PowerState.BATTERY, 80), ServiceLevel.FULL, None, True),
        (PowerReading(PowerState.LOW, 9, 0), ServiceLevel.STOPPING, 0, True),
        (PowerReading(PowerState.UNKNOWN), ServiceLevel.FULL, None, False),
        (PowerReading(PowerState.NONE), ServiceLevel.FULL, None, False),
    ],
)
async def test_the_battery_is_told_with_its_minutes_and_only_a_stop_is_asked_for(
    workshop: Workshop, reading: PowerReading, service: ServiceLevel, minutes: int | None, on_battery: bool
) -> None:
    asked = workshop.path / "run"
    asked.mkdir()
    found = around(workshop, asked)
    with capture_logs() as logs:
        await found._power_changed(reading, service)
        await around(workshop)._power_changed(reading, service)  # without systemd there is nobody to ask
    assert found.situation.now == Conditions(power=reading.state, power_service=service, battery_minutes=minutes)
    assert found._is_on_battery() is on_battery
    stops = service is ServiceLevel.STOPPING
    assert [path.name for path in asked.iterdir()] == (["poweroff"] if stops else [])
    told = {"event": "stopping-for-power", "charge_percent": 9, "log_level": "warning"}
    assert logs == ([told] if stops else [])


def test_the_nearest_reason_for_serving_nobody_is_told(workshop: Workshop) -> None:
    """The technician's word before the disk, the disk before the machine, the machine before the day."""
    found = around(workshop)

    def out() -> tuple[OutReason | None, Text | None]:
        found._apply_out()
        return found.situation.now.out, found.situation.now.out_until

    assert out() == (None, None)
    found._has_day = False
    assert out() == (OutReason.NO_DAY, None)
    found._closed = "machine"
    assert out() == (OutReason.MOVED_DISK, None)
    found._closed = "kiosk-revoked"
    assert out() == (OutReason.REVOKED, None)
    found._is_full = True
    assert out() == (OutReason.STORE, None)
    found._is_full, found._store_out = False, True
    assert out() == (OutReason.STORE, None)
    ends_at = workshop.clock.now().unix_s + 60
    found.show_out(OutReason.MAINTENANCE, ends_at)
    until = Text("maintenance.public.until", {"time": "12:01"})
    assert out() == (OutReason.MAINTENANCE, until)
    workshop.clock.pass_time(seconds=59)
    found._stamp = workshop.clock.now()
    assert out() == (OutReason.MAINTENANCE, until)
    workshop.clock.pass_time(seconds=1)
    found._stamp = replace(workshop.clock.now(), trust="unknown")
    assert out() == (OutReason.MAINTENANCE, None)
    found._stamp = workshop.clock.now()
    found._out_of_service_changed.clear()
    with capture_logs() as logs:
        assert out() == (OutReason.STORE, None)
    assert logs == [{"event": "back-in-service", "why": "time", "log_level": "info"}]
    assert found._out_of_service_changed.is_set(), "the disk has to forget it too"
    found._store_out, found._closed, found._has_day = False, None, True
    found.show_out(OutReason.CHANGING_PAPER)
    assert out() == (OutReason.CHANGING_PAPER, None)
    found.show_out(None)
    assert found.situation.now == Conditions()


def test_one_look_takes_clock_alarms_settings_and_the_disk_s_room(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks: list[object] = []
    found = around(workshop, panel=WindowSenses(show_marks=marks.append))
    assert (found.health(), found.local_time()) == (
        Health(version=""),
        datetime.fromisoformat("2026-11-25T12:00+03:00"),
    )
    assert look(found) == Conditions(clock="12:00")
    assert marks == [found._catalogue().marks]
    assert (found.health().at, found.health().power) == (workshop.clock.now().unix_s, "none")
    assert read_report(workshop.settings.config.data_dir) == found.health()
    stamp = workshop.clock.now()
    for alarm in ("central-unreachable", "central-refuses-kiosk", "central-not-verified"):
        with workshop.store.write() as connection:
            raise_alarm(connection, alarm, "", stamp)
        assert look(found).is_offline, alarm
        with workshop.store.write() as connection:
            clear_alarm(connection, alarm)
    with workshop.store.write() as connection:
        raise_alarm(connection, "dead-items", "", stamp)
        connection.execute(insert(tables.settings).values(key="kiosk.opens", value=json.dumps("07:30")))
    assert look(found) == Conditions(clock="12:00")
    assert workshop.settings.config.kiosk.opens == "07:30"
    workshop.clock.trust = "unknown"
    now = look(found)
    assert (now.clock, now.out, found.local_time()) == (None, OutReason.NO_DAY, None)
    workshop.clock.trust = "synced"
    usage = shutil.disk_usage(workshop.path)
    for free, out in ((1024**2 - 1, OutReason.STORE), (1024**2, None)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
        assert look(found).out is out
    with workshop.store.write() as connection:
        connection.execute(update(tables.store).values(tickets_closed="kiosk-revoked"))
    assert look(found).out is OutReason.REVOKED
    look(found)
    assert found.health().out_of_service == "revoked"


async def test_a_store_that_cannot_be_read_is_told_once_and_a_damaged_one_ends_the_looking(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = around(workshop)
    facts = found._look(HealthReport(workshop.settings.config.data_dir))
    away = StoreUnavailable("x" * 300)
    script: list[Any] = [away, away, facts, away, StoreDamaged("torn")]
    told: list[object] = []
    waited: list[float] = []

    def looked(_: object) -> object:
        told.append(found.situation.now.out)
        if isinstance(script[0], Exception):
            raise script.pop(0)
        return script.pop(0)

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(found, "_look", looked)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    with capture_logs() as logs, pytest.raises(StoreDamaged):
        await found._keep_looking()
    assert told == [None, OutReason.STORE, OutReason.STORE, None, OutReason.STORE]
    assert logs == [{"event": "store-unavailable", "problem": str(away)[:200], "log_level": "error"}] * 2
    assert len(str(away)) > 200
    assert len(waited) == 4
