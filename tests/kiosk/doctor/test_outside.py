"""What the doctor makes of each answer of a device, the clock, central and the battery."""

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx2
import pytest

from common.machine.doctor.finding import Finding, Verdict
from common.machine.locks import PrinterLock
from common.machine.stamp import Trust
from devices.errors import DeviceUnavailable
from devices.protocols import DeviceState, PaperState
from kiosk.doctor import outside
from kiosk.machine.power import PowerReading, PowerState
from kiosk.settings.sections import DevicesSection, KioskConfig, PrinterSection, ServiceKeySection, UpsSection
from offline_store.delivery.connection.delivery_error import DeliveryError
from tests.kit.clock import HandClock

NOON = datetime(2026, 11, 25, 9, 0, 7, tzinfo=UTC)


def config(**parts: Any) -> KioskConfig:
    central = SimpleNamespace(url="http://127.0.0.1:9/", ca_file=None)
    known = {"ups": None, "service_key": None, "central": central, "speech": SimpleNamespace(headset=None)}
    return cast("KioskConfig", SimpleNamespace(**(known | parts)))


def word(finding: Finding) -> tuple[str, str]:
    return finding.verdict.value, finding.found


class Device:
    def __init__(self, *state: Any) -> None:
        names = ("device", "paper", "detail") if len(state) == 3 else ("device", "detail")
        self._status = SimpleNamespace(**dict(zip(names, state, strict=True)))
        self.is_closed = False

    def status(self) -> SimpleNamespace:
        return self._status

    def close(self) -> None:
        self.is_closed = True


@pytest.mark.parametrize(
    ("state", "expected", "todo"),
    [
        ((DeviceState.ONLINE, PaperState.FULL, ""), ("ok", "Online paper Full"), ""),
        ((DeviceState.ONLINE, PaperState.LOW, "near end"), ("warning", "Online paper Low near end"), "roll"),
        ((DeviceState.ONLINE, PaperState.OUT, ""), ("problem", "Online paper Out"), "new roll"),
        ((DeviceState.OFFLINE, PaperState.JAMMED, ""), ("problem", "Offline paper Jammed"), "cover"),
        ((DeviceState.ONLINE, PaperState.UNKNOWN, ""), ("problem", "Online paper Unknown"), "technician"),
        ((DeviceState.OFFLINE, PaperState.FULL, ""), ("problem", "Offline paper Full"), "power"),
        ((DeviceState.USER_ERROR, PaperState.LOW, ""), ("problem", "UserError paper Low"), "cover"),
        ((DeviceState.HARDWARE_ERROR, "cutter"), ("problem", "HardwareError cutter"), "technician"),
        ((DeviceState.ONLINE, ""), ("ok", "Online"), ""),
    ],
)
def test_each_state_of_a_device_has_a_verdict_and_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: tuple[Any, ...], expected: tuple[str, str], todo: str
) -> None:
    device = Device(*state)
    monkeypatch.setattr(outside, "open_device", lambda *_: device)
    port = tmp_path / "port"
    port.touch()
    devices = DevicesSection(printer=PrinterSection(port=str(port)))
    found = list(outside.check_devices(config(data_dir=tmp_path, devices=devices)))
    assert [finding.check for finding in found] == ["printer", "scanner", "card_reader"]
    assert [word(finding) for finding in found] == [expected, *[("skipped", "this kiosk has none")] * 2]
    assert todo in found[0].todo
    assert bool(found[0].todo) == bool(todo)
    assert device.is_closed


def test_a_device_that_breaks_off_or_may_not_be_opened_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise DeviceUnavailable("port", "was pulled")

    monkeypatch.setattr(outside, "open_device", gone)
    port = tmp_path / "port"
    port.touch()
    asked = config(data_dir=tmp_path, devices=DevicesSection(printer=PrinterSection(port=str(port))))
    (broken, *_) = outside.check_devices(asked)
    assert broken.verdict is Verdict.PROBLEM
    assert "was pulled" in broken.found
    monkeypatch.setattr(os, "access", lambda *_: False)
    (forbidden, *_) = outside.check_devices(asked)
    assert word(forbidden) == ("problem", f"{port} may not be opened")


def test_while_the_kiosk_holds_its_devices_its_report_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = config(data_dir=tmp_path)
    with PrinterLock(tmp_path):
        assert [finding.verdict for finding in outside.check_devices(asked)] == [Verdict.SKIPPED]
        report = SimpleNamespace(devices={"printer": "Online", "scanner": "NoDevice"})
        monkeypatch.setattr(outside, "read_report", lambda _: report)
        found = [(finding.check, finding.verdict.value) for finding in outside.check_devices(asked)]
    assert found == [("printer", "ok"), ("scanner", "problem")]


def test_the_key_switch_is_looked_for_where_one_is_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = tmp_path / "ttyS1"
    with_key = config(service_key=ServiceKeySection(port=str(port), line="cts"))
    assert outside.check_service_key(config()).verdict is Verdict.SKIPPED
    assert word(outside.check_service_key(with_key)) == ("problem", f"{port} is not there")
    port.touch()
    fine = outside.check_service_key(with_key)
    assert fine.verdict is Verdict.OK
    assert f"line cts of {port}" in fine.found
    asked = list[int]()
    monkeypatch.setattr(os, "access", lambda _, how: asked.append(how))
    assert word(outside.check_service_key(with_key)) == ("problem", f"{port} may not be opened")
    assert asked == [os.R_OK | os.W_OK]


@pytest.mark.parametrize(("is_in", "said"), [(True, "plugged in"), (False, "nothing plugged in")])
def test_the_jack_of_the_headset_is_felt_and_let_go(monkeypatch: pytest.MonkeyPatch, is_in: bool, said: str) -> None:
    closed = list[str]()
    jack = SimpleNamespace(is_turned=lambda: is_in, close=lambda: closed.append("closed"))
    monkeypatch.setattr(outside, "HeadsetJack", lambda _: jack)
    asked = config(speech=SimpleNamespace(headset="/dev/input/event9"))
    assert word(outside.check_headset(asked)) == ("ok", f"/dev/input/event9: {said}")
    assert closed == ["closed"]
    assert outside.check_headset(config()).verdict is Verdict.SKIPPED


def test_a_jack_that_is_not_there_is_a_problem() -> None:
    found = outside.check_headset(config(speech=SimpleNamespace(headset="/dev/none")))
    assert found.verdict is Verdict.PROBLEM
    assert "/dev/none" in found.found


@pytest.mark.parametrize(("trust", "verdict"), [("synced", "ok"), ("restored", "warning"), ("unknown", "problem")])
def test_the_clock_is_judged_by_how_far_it_is_trusted(trust: Trust, verdict: str) -> None:
    found = outside.check_clock(HandClock(NOON, trust))
    assert word(found) == (verdict, f"2026-11-25 09:00:07 UTC, {trust}")


@pytest.mark.parametrize(("code", "todo"), [("tls", "ca_file"), ("unverified", "ca_file"), ("timeout", "network")])
def test_a_central_that_does_not_answer_is_a_warning_with_what_to_look_at(code: str, todo: str) -> None:
    def time() -> datetime:
        raise DeliveryError(code, "why")

    (found,) = outside.check_central(config(), cast("Any", SimpleNamespace(time=time)))
    assert word(found) == ("warning", "http://127.0.0.1:9/: why")
    assert todo in found.todo


@pytest.mark.parametrize(
    ("text", "extra"), [("ready", []), ("x" * 4092 + "demo", ["demo key"]), ("x" * 4093 + "demo", []), (None, [])]
)
def test_a_central_that_has_the_demo_key_published_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, text: str | None, extra: list[str]
) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if text is None:
            raise httpx2.ConnectError("gone")
        assert str(request.url) == "http://127.0.0.1:9/readyz"
        return httpx2.Response(200, text=text)

    client = httpx2.Client
    monkeypatch.setattr(httpx2, "Client", lambda **_: client(transport=httpx2.MockTransport(answer)))
    first, *rest = outside.check_central(config(), cast("Any", SimpleNamespace(time=lambda: NOON)))
    assert word(first) == ("ok", "http://127.0.0.1:9/ answered, signed, 2026-11-25 09:00:07 UTC")
    assert [(finding.check, finding.verdict.value) for finding in rest] == [(check, "warning") for check in extra]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([PowerReading(PowerState.MAINS, 80)], ("ok", "on mains, 80 %")),
        ([PowerReading(PowerState.MAINS)], ("ok", "on mains")),
        ([PowerReading(PowerState.UNKNOWN)] * 2 + [PowerReading(PowerState.BATTERY, 0)], ("warning", "battery, 0 %")),
        ([PowerReading(PowerState.UNKNOWN)] * 3, ("warning", "ups@127.0.0.1 does not answer")),
    ],
)
def test_the_battery_is_asked_three_times_before_it_is_silent(
    monkeypatch: pytest.MonkeyPatch, answers: list[PowerReading], expected: tuple[str, str]
) -> None:
    left: Iterator[PowerReading] = iter(answers)

    class Watch:
        reading = PowerReading(PowerState.UNKNOWN)

        async def read(self) -> PowerReading:
            await asyncio.sleep(0)
            self.reading = next(left)
            return self.reading

    monkeypatch.setattr(outside, "UpsWatch", lambda _: Watch())
    assert word(outside.check_power(config(ups=UpsSection()))) == expected
    assert list(left) == []
    assert outside.check_power(config()).verdict is Verdict.SKIPPED
