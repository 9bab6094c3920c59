"""One device's thread without the thread: what it does in each turn, how long it rests, and what it tells."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest
from structlog.testing import capture_logs

from devices.errors import DeviceError, DeviceFault, DeviceTimeout, DeviceUnavailable, ProtocolError
from devices.protocols import CardReaderStatus, DeviceState, MediaState, PaperState, PrinterStatus, Scan, ScannerStatus
from kiosk.peripherals.report import Device, DeviceEvent, Presented, Report, Scanned
from kiosk.peripherals.supervisor import CardSupervisor, PrinterSupervisor, ScannerSupervisor, Supervisor, wait_before

WELL = PrinterStatus(DeviceState.ONLINE, PaperState.FULL)


class Wake:
    """Waiting moves the clock, and costs no time."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waited: list[float] = []
        self.woken = 0
        self.while_waiting: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds
        self.while_waiting()

    def notify_all(self) -> None:
        self.woken += 1


class Tended:
    """A printer whose status is read from a script; at its end the supervisor is stopped."""

    def __init__(self, *script: Any, port: str | None = None) -> None:
        self.wake = Wake()
        self.script = list(script)
        self.told: list[DeviceEvent] = []
        self.opened = self.closed = 0
        self.in_call: list[float] = []
        self.supervisor = PrinterSupervisor(self._open, self.told.append, port, lambda: self.wake.now)
        self.supervisor._wake = cast("Any", self.wake)

    def _open(self) -> Any:
        self.opened += 1
        return self._next(SimpleNamespace(status=lambda: self._next(WELL), close=self._close), DeviceUnavailable)

    def _next(self, usual: Any, kind: type[Exception] = Exception) -> Any:
        self.in_call.append(self.supervisor.seconds_in_call())
        self.wake.now += 0.125
        self.in_call.append(self.supervisor.seconds_in_call())
        if not self.script:
            self.supervisor.stop()
            return usual
        if not isinstance(self.script[0], kind):
            return self.script.pop(0) if kind is Exception else usual
        raise self.script.pop(0)

    def _close(self) -> None:
        self.closed += 1

    def run(self) -> list[dict[str, Any]]:
        with capture_logs() as logs:
            self.supervisor.run()
        return [{name: value for name, value in line.items() if name != "exc_info"} for line in logs]


def test_waits_double_up_to_ten_seconds() -> None:
    assert [wait_before(n) for n in (1, 2, 3, 4, 5, 6, 7, 50)] == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0]


def test_a_change_is_told_once_and_each_second_it_is_looked_at() -> None:
    low = PrinterStatus(DeviceState.ONLINE, PaperState.LOW, "near")
    tended = Tended(WELL, WELL, low, low)
    assert tended.run() == [{"event": "device-opened", "device": "printer", "log_level": "info"}]
    well = Report(Device.PRINTER, DeviceState.ONLINE, PaperState.FULL)
    assert tended.told == [well, Report(Device.PRINTER, DeviceState.ONLINE, PaperState.LOW, detail="near"), well]
    assert tended.wake.waited == [1.0] * 4
    assert (tended.opened, tended.closed) == (1, 1)
    assert tended.supervisor.told_at == tended.wake.now
    assert set(tended.in_call) == {0.0, 0.125}
    assert tended.supervisor.seconds_in_call() == 0.0


@pytest.mark.parametrize(
    ("error", "state", "detail"),
    [
        (DeviceUnavailable("p", "gone"), DeviceState.NO_DEVICE, "DeviceUnavailable"),
        (DeviceTimeout("p", "late"), DeviceState.OFFLINE, "DeviceTimeout"),
        (RuntimeError("unforeseen"), DeviceState.HARDWARE_ERROR, "driver"),
    ],
)
def test_what_a_driver_raises_is_reported_and_the_device_opened_afresh(
    error: Exception, state: DeviceState, detail: str
) -> None:
    tended = Tended(WELL, error, WELL)
    logs = tended.run()
    reports = [(one.state, one.detail) for one in tended.told if isinstance(one, Report)]
    assert reports == [(DeviceState.ONLINE, ""), (state, detail), (DeviceState.ONLINE, "")]
    gone = "device-fault" if state is DeviceState.HARDWARE_ERROR else "device-gone"
    told = [line["event"] for line in logs if line["event"] != "device-driver-failed"]
    assert told == ["device-opened", gone, "device-back"]
    (warned,) = [line for line in logs if line["event"] == gone]
    assert warned == {"event": gone, "device": "printer", "state": state, "detail": detail, "log_level": "warning"}
    assert [line["device"] for line in logs if line["event"] == "device-driver-failed"] == (
        ["printer"] if detail == "driver" else []
    )
    assert tended.wake.waited == [1.0, 0.25, 0.25, 1.0]
    assert (tended.opened, tended.closed) == (2, 2)


@pytest.mark.parametrize("error", [ProtocolError("p", "noise"), DeviceFault("p", "cutter", "jammed")])
def test_of_three_troubles_in_a_row_the_third_opens_the_device_afresh(error: DeviceError) -> None:
    detail = "cutter" if isinstance(error, DeviceFault) else "ProtocolError"
    twice = Tended(error, error, WELL, error, error, WELL)
    twice.run()
    assert (twice.opened, twice.wake.waited) == (1, [0.5, 0.5, 1.0, 0.5, 0.5, 1.0])
    assert (DeviceState.HARDWARE_ERROR, detail) in [(r.state, r.detail) for r in twice.told if isinstance(r, Report)]
    thrice = Tended(error, error, error, WELL)
    thrice.run()
    assert (thrice.opened, thrice.closed, thrice.wake.waited) == (2, 2, [0.5, 0.5, 0.25, 0.25, 1.0])


def test_waits_grow_while_it_does_not_open_and_begin_again_once_it_was_open_for_long() -> None:
    gone = DeviceUnavailable("p", "gone")
    tended = Tended(gone, gone, gone, *[WELL] * 10, gone, WELL)
    tended.run()
    rests, waited = [], tended.wake.waited
    while waited:
        step = waited[0]
        run = next((n for n, one in enumerate(waited) if one != step), len(waited))
        rests.append(sum(waited[:run]))
        waited = waited[run:]
    assert rests == [0.5 + 1.0 + 2.0, 10.0, 0.5, 1.0]


def test_a_port_that_appears_ends_the_wait_and_one_that_stands_does_not(tmp_path: Path) -> None:
    port = tmp_path / "port"
    gone = DeviceUnavailable("p", "gone")
    tended = Tended(gone, gone, gone, port=str(port))
    tended.wake.while_waiting = lambda: port.touch() if len(tended.wake.waited) == 4 else None
    tended.run()
    assert tended.wake.waited == [0.25] * (2 + 2 + 8)  # all of the first wait, half the second, all of the third


def test_wanting_and_stopping_wake_it() -> None:
    tended = Tended()
    tended.supervisor.want(2)
    tended.supervisor.want(-1)
    tended.supervisor.stop()
    assert (tended.wake.woken, tended.supervisor._wanted) == (3, 1)
    tended.supervisor._rest(1.0)
    assert tended.wake.waited == []


def of[S: Supervisor[Any]](kind: type[S], told: list[DeviceEvent], now: list[float]) -> S:
    return kind(cast("Any", None), told.append, None, lambda: now[0])


def test_a_scanner_drops_what_came_unasked_and_takes_a_code_once_in_five_seconds() -> None:
    told, now, did = list[DeviceEvent](), [0.0], list[object]()
    shown = Scan(b"A")

    def scan(seconds: float) -> Scan:
        did.append(seconds)
        return shown

    driver = cast("Any", SimpleNamespace(
        discard=lambda: did.append("discard"), scan=scan, status=lambda: ScannerStatus(DeviceState.ONLINE, 3, "d"),
    ))  # fmt: skip
    scanner = of(ScannerSupervisor, told, now)
    assert (scanner.step(driver), scanner.pause()) == (Report(Device.SCANNER, DeviceState.ONLINE, detail="d"), 0.1)
    scanner.want(1)
    assert scanner.pause() == 0.0
    for at in (0.0, 1.0, 5.9, 6.0, 11.0):  # the first turn drops what came before somebody wanted it
        now[0] = at
        scanner.step(driver)
    assert did == ["discard", "discard", 0.5, 0.5, 0.5, 0.5]
    assert told == [Scanned(shown)] * 3
    shown = Scan(b"B")
    scanner.step(driver)
    scanner.want(-1)
    scanner.step(driver)
    scanner.want(1)
    scanner.step(driver)
    assert did[6:] == [0.5, "discard", "discard"]
    assert told[3:] == [Scanned(Scan(b"B"))]


@pytest.mark.parametrize(
    ("media", "can_eject", "is_read"),
    [
        (MediaState.NOT_PRESENT, True, True),
        (MediaState.NOT_PRESENT, False, True),
        (MediaState.PRESENT, True, False),
        (MediaState.PRESENT, False, True),
    ],
)
def test_a_card_is_waited_for_unless_one_is_inside_a_reader_that_gives_back(
    media: MediaState, can_eject: bool, is_read: bool
) -> None:
    told, did = list[DeviceEvent](), list[object]()
    card = cast("Any", object())

    def read(seconds: float) -> object:
        did.append(seconds)
        return card

    driver = cast("Any", SimpleNamespace(
        discard=lambda: did.append("discard"), read=read, can_eject=can_eject,
        status=lambda: CardReaderStatus(DeviceState.ONLINE, media, "d"),
    ))  # fmt: skip
    reader = of(CardSupervisor, told, [0.0])
    report = reader.step(driver)
    assert report == Report(Device.CARD_READER, DeviceState.ONLINE, media=media, detail="d")
    assert (did, reader.pause()) == (["discard"], 1.0)
    reader.want(1)
    reader.step(driver)
    assert did == ["discard", "discard"]
    reader.step(driver)
    assert did[2:] == ([0.5] if is_read else [])
    assert told == ([Presented(card)] if is_read else [])
    reader.report = report
    assert reader.pause() == (1.0 if media is MediaState.PRESENT else 0.0)


@pytest.mark.parametrize("can_eject", [True, False])
def test_a_card_comes_out_of_a_motor_reader_before_the_next_is_asked_for_however_soon(can_eject: bool) -> None:
    """Who is asked again for a card wants it back first; this thread may sleep while nobody wants one."""
    did, inside = list[str](), [MediaState.NOT_PRESENT]
    card = cast("Any", object())

    def read(_seconds: float) -> object:
        did.append("read")
        inside[0] = MediaState.PRESENT
        return card

    def discard() -> None:
        did.append("discard")
        inside[0] = MediaState.NOT_PRESENT

    driver = cast("Any", SimpleNamespace(
        discard=discard, read=read, can_eject=can_eject,
        status=lambda: CardReaderStatus(DeviceState.ONLINE, inside[0]),
    ))  # fmt: skip
    reader = of(CardSupervisor, [], [0.0])
    reader.want(1)
    reader.step(driver)
    reader.step(driver)
    reader.want(-1)
    reader.want(1)
    reader.step(driver)
    reader.step(driver)
    # A card that lies on a reader without a motor would be told again and again.
    assert did == ["discard", "read", *(("discard", "read") if can_eject else ("read", "read"))]
