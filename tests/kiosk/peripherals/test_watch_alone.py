"""The watch over devices that a test holds in its hand: ages, what hangs, who listens, and who wants what."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from devices.protocols import Card, DeviceState, PaperState, Scan
from kiosk.peripherals import watch as module
from kiosk.peripherals.report import Device, DeviceEvent, Operation, Possibility, Presented, Report, Scanned, WhyNot
from kiosk.peripherals.watch import DeviceWatch, watch_of


class Supervisor:
    """Stands for one device's thread; ends its `run` at once."""

    made: dict[Device, "Supervisor"]

    def __init__(self, device: Device, opener: object, publish: Callable[[DeviceEvent], None], port: object) -> None:
        self.opener, self.publish, self.port = opener, publish, port
        self.report = Report(device, DeviceState.ONLINE, PaperState.FULL)
        self.told_at: float | None = None
        self.in_call_s = 0.0
        self.wanted: list[int] = []
        self.did: list[str] = []

    def run(self) -> None:
        self.did.append("run")

    def stop(self) -> None:
        self.did.append("stop")

    def want(self, by: int) -> None:
        self.wanted.append(by)

    def seconds_in_call(self) -> float:
        return self.in_call_s


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[Device, Supervisor]:
    found: dict[Device, Supervisor] = {}

    def maker(device: Device) -> Callable[..., Supervisor]:
        def make(opener: object, publish: Callable[[DeviceEvent], None], port: object, _clock: object) -> Supervisor:
            found[device] = Supervisor(device, opener, publish, port)
            return found[device]

        return make

    monkeypatch.setattr(module, "SUPERVISORS", {device: maker(device) for device in Device})
    return found


def _watch(**more: Any) -> DeviceWatch:
    return DeviceWatch({Device.PRINTER: object, Device.SCANNER: object}, **more)


def test_a_device_that_hangs_is_offline_but_a_printer_may_print_for_long(made: dict[Device, Supervisor]) -> None:
    watch = _watch()
    printer, scanner = made[Device.PRINTER], made[Device.SCANNER]
    for in_call_s, is_hanging in ((0.0, False), (8.0, False), (8.1, True)):
        printer.in_call_s = scanner.in_call_s = in_call_s
        hanging = Report(Device.SCANNER, DeviceState.OFFLINE, detail="hangs")
        fitted = [printer.report, hanging if is_hanging else scanner.report]
        others = [device for device in Device if device not in made]
        assert watch.reports() == fitted + [Report(one, DeviceState.NO_DEVICE, is_fitted=False) for one in others]
    assert watch.possible(Operation.SCAN) == Possibility(Operation.SCAN, WhyNot.SILENT)
    assert watch.possible(Operation.PRINT) == Possibility(Operation.PRINT)
    assert watch.possible(Operation.READ_CARD) == Possibility(Operation.READ_CARD, WhyNot.NOT_FITTED)


def test_how_old_a_report_is_is_whole_seconds_and_never_less_than_none(made: dict[Device, Supervisor]) -> None:
    now = [100.0]
    watch = _watch(monotonic=lambda: now[0])
    devices = (Device.PRINTER, Device.SCANNER, Device.CARD_READER)
    assert [watch.age_s(device) for device in devices] == [None, None, None]
    made[Device.PRINTER].told_at, made[Device.SCANNER].told_at = 97.1, 100.5
    assert [watch.age_s(device) for device in devices] == [2, 0, None]
    now[0] += 0.2
    assert watch.age_s(Device.PRINTER) == 3


def test_each_thread_is_begun_and_told_to_stop(made: dict[Device, Supervisor]) -> None:
    with _watch():
        pass
    assert {device: supervisor.did for device, supervisor in made.items()} == {
        Device.PRINTER: ["run", "stop"], Device.SCANNER: ["run", "stop"],
    }  # fmt: skip


def test_threads_that_hang_share_the_three_seconds_that_an_end_may_take(
    made: dict[Device, Supervisor], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, waited = [1000.0], list[float]()

    class Hanging:
        def __init__(self, **_: object) -> None:
            pass

        def start(self) -> None:
            pass

        def join(self, timeout_s: float) -> None:
            waited.append(timeout_s)
            now[0] += 2.5

    monkeypatch.setattr(module, "threading", SimpleNamespace(Thread=Hanging, Lock=threading.Lock))
    with DeviceWatch(dict.fromkeys(list(Device)[:3], object), monotonic=lambda: now[0]):
        pass
    assert waited == [3.0, 0.5, 0.0]


def test_who_listens_hears_all_until_the_end_and_one_that_fails_costs_the_others_nothing(
    made: dict[Device, Supervisor],
) -> None:
    watch, heard = _watch(), list[object]()
    event = Scanned(Scan(b"1"))

    def fails(_: object) -> None:
        raise ValueError

    ends = [watch.listen(fails), watch.listen(heard.append)]
    made[Device.SCANNER].publish(event)
    assert heard == [event]
    for end in ends:
        end()
        end()
    made[Device.SCANNER].publish(event)
    assert heard == [event]


async def test_scans_and_cards_are_wanted_while_somebody_takes_them_and_more_than_eight_are_dropped(
    made: dict[Device, Supervisor],
) -> None:
    watch = DeviceWatch({Device.SCANNER: object, Device.CARD_READER: object})
    scanner, reader = made[Device.SCANNER], made[Device.CARD_READER]
    async with watch.scans() as scans, watch.cards() as cards:
        assert (scanner.wanted, reader.wanted) == ([1], [1])
        card = Card("motor", b"1", "•••1")
        events: list[DeviceEvent] = [Presented(card), *(Scanned(Scan(b"%d" % n)) for n in range(9)), scanner.report]
        for event in events:
            scanner.publish(event)
        await asyncio.sleep(0)
        assert [scans.get_nowait() for _ in range(scans.qsize())] == [Scan(b"%d" % n) for n in range(8)]
        assert [cards.get_nowait() for _ in range(cards.qsize())] == [card]
    assert (scanner.wanted, reader.wanted) == ([1, -1], [1, -1])
    scanner.publish(Scanned(Scan(b"late")))
    await asyncio.sleep(0)
    assert scans.empty()
    with pytest.raises(ValueError, match="x"), watch.wanting(Device.SCANNER, Device.PRINTER):
        raise ValueError("x")
    assert scanner.wanted == [1, -1, 1, -1]


def test_the_watch_opens_what_is_fitted_each_by_its_port_and_the_printer_as_it_is_given(
    made: dict[Device, Supervisor], tmp_path: Path
) -> None:
    sections = {"printer": SimpleNamespace(port="/dev/p"), "scanner": SimpleNamespace(port="/dev/s")}
    devices: Any = SimpleNamespace(fitted=lambda: sections)
    given = cast("Any", object())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "settings_of", lambda section, folder: (section.port, folder))
        patched.setattr(module, "open_device", lambda kind, settings: (kind, settings))
        watch_of(devices, tmp_path, printer=lambda: given)
        assert {device: one.port for device, one in made.items()} == {
            Device.PRINTER: "/dev/p", Device.SCANNER: "/dev/s",
        }  # fmt: skip
        opened = {device: cast("Callable[[], object]", one.opener)() for device, one in made.items()}
        assert opened == {Device.PRINTER: given, Device.SCANNER: ("scanner", ("/dev/s", tmp_path))}
        watch_of(devices, tmp_path)
        assert cast("Callable[[], object]", made[Device.PRINTER].opener)() == ("printer", ("/dev/p", tmp_path))
        del sections["printer"]
        made.clear()
        watch_of(devices, tmp_path, printer=lambda: given)
        assert list(made) == [Device.SCANNER]
