"""The driver under each fault of the simulated modem, on a clock that waits for nobody."""

import random
from collections import deque
from collections.abc import Callable

import pytest

from devices.errors import DeviceFault, DeviceUnavailable
from devices.modem.answers import is_registered_in
from devices.modem.driver import GsmModem, open_gsm
from devices.modem.messages import Fate, Handed, NotHanded, PerhapsHanded, SimState
from devices.modem.pin import Pin
from devices.modem.simulator import Fault, ModemSimulator, Taken
from devices.protocols import DeviceState
from devices.settings import DeviceSettings

NUMBER, TEXT = "+963944123456", "الموزع: على البطارية منذ 9:40"
HOUR = 3600.0


class Line:
    """A cable to a simulator; a read with nothing there lets the clock go on."""

    def __init__(self, simulator: ModemSimulator) -> None:
        self.now = 0.0
        self.is_gone = False
        self.simulator = simulator
        self.noise: Callable[[], bytes] | None = None
        self._said: deque[int] = deque()
        simulator.clock = self.clock
        simulator.pull = self.unplug

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def unplug(self) -> None:
        self.is_gone = True

    def read(self, size: int, timeout_s: float) -> bytes:
        deadline = self.now + timeout_s
        while not self._said:
            if self.is_gone:
                raise DeviceUnavailable("line", "is gone")
            if self.noise:
                self.now += 0.01
                return self.noise()
            self._said.extend(self.simulator.tick(self.now))
            if not self._said and self.now >= deadline:
                return b""
            if not self._said:
                self.now = min(deadline, self.now + 0.01)
        return bytes(self._said.popleft() for _ in range(min(size, len(self._said))))

    def write(self, data: bytes) -> None:
        if self.is_gone:
            raise DeviceUnavailable("line", "is gone")
        self._said.extend(self.simulator.receive(data))

    def close(self) -> None:
        self.is_gone = True


def modem_of(simulator: ModemSimulator, pin: Pin | None = None, credit_code: str = "") -> tuple[GsmModem, Line]:
    line = Line(simulator)
    return GsmModem(line, pin, credit_code, clock=line.clock, sleep=line.sleep), line


def reports_of(modem: GsmModem, line: Line) -> list[Fate]:
    line.now += 5
    modem.received()
    return [report.fate for report in modem.reports()]


@pytest.mark.parametrize("fault", [None, Fault.SLOW, Fault.LATE_REPORT, Fault.ECHO_STAYS_ON, Fault.ANOTHER_MAKER])
def test_what_only_looks_odd_sends_and_reports_once(fault: Fault | None) -> None:
    simulator = ModemSimulator(fault=fault)
    modem, line = modem_of(simulator)
    sent = [modem.send(NUMBER, TEXT, HOUR) for _ in range(3)]
    assert sent == [Handed(1), Handed(2), Handed(3)]
    assert simulator.taken == [Taken(NUMBER, TEXT, 11)] * 3
    assert reports_of(modem, line) == [Fate.DELIVERED] * 3
    assert reports_of(modem, line) == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.BUSY, "cms-512"),
        (Fault.NO_CREDIT, "cms-38"),
        (Fault.NO_CARRIER, "cms-331"),
        (Fault.STORAGE_FULL, "cms-322"),
        (Fault.GARBAGE, "no-answer"),
    ],
)
def test_what_was_refused_was_not_sent_and_is_sent_when_the_fault_is_gone(fault: Fault, reason: str) -> None:
    simulator = ModemSimulator(fault=fault)
    modem, _ = modem_of(simulator)
    assert modem.send(NUMBER, TEXT, HOUR) == NotHanded(reason)
    assert simulator.taken == []
    simulator.fault = None
    assert modem.send(NUMBER, TEXT, HOUR) == Handed(1)


def test_a_reset_in_mid_message_is_unknown_and_the_modem_is_set_up_anew() -> None:
    simulator = ModemSimulator()
    modem, _ = modem_of(simulator)
    assert modem.send(NUMBER, TEXT, HOUR) == Handed(1)
    simulator.fault = Fault.RESETS_IN_MESSAGE
    assert modem.send(NUMBER, TEXT, HOUR) == PerhapsHanded("no-answer")
    simulator.fault = None
    simulator.commands.clear()
    assert modem.send(NUMBER, TEXT, HOUR) == Handed(2)
    assert simulator.commands[:2] == ["AT", "ATE0"]
    assert "AT+CMGF=0" in simulator.commands


def test_a_cable_pulled_after_the_prompt_is_unknown_though_the_network_has_it() -> None:
    simulator = ModemSimulator(fault=Fault.LOSES_CABLE)
    modem, _ = modem_of(simulator)
    assert modem.send(NUMBER, TEXT, HOUR) == PerhapsHanded("gone")
    assert len(simulator.taken) == 1
    assert modem.send(NUMBER, TEXT, HOUR) == NotHanded("gone")


def test_a_network_that_did_not_answer_the_modem_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    simulator = ModemSimulator()
    monkeypatch.setattr(simulator, "_take_text", lambda unit, end: b"\r\n+CMS ERROR: 332\r\n")
    assert modem_of(simulator)[0].send(NUMBER, TEXT, HOUR) == PerhapsHanded("cms-332")


@pytest.mark.parametrize(
    ("answer", "reason", "is_sure"),
    [
        ("+CMS ERROR: 38", "cms-38", True),
        ("+CMS ERROR: 331", "cms-331", True),
        ("+CMS ERROR: 500", "cms-500", False),
        ("+CMS ERROR: 512", "cms-512", False),
        ("+CMS ERROR: 128", "cms-128", False),
        ("+CMS ERROR: network timeout", "cms-network timeout", False),
        ("+CME ERROR: 30", "cme-30", False),
        ("ERROR", "error", False),
    ],
)
def test_after_its_text_was_given_only_a_refusal_says_that_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch, answer: str, reason: str, is_sure: bool
) -> None:
    simulator = ModemSimulator()
    monkeypatch.setattr(simulator, "_take_text", lambda unit, end: f"\r\n{answer}\r\n".encode())
    assert modem_of(simulator)[0].send(NUMBER, TEXT, HOUR) == (NotHanded(reason) if is_sure else PerhapsHanded(reason))


def test_somebody_who_rings_the_card_spoils_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    simulator = ModemSimulator()
    take = simulator._take_text
    monkeypatch.setattr(simulator, "_take_text", lambda unit, end: b"\r\nRING\r\n\r\nNO CARRIER\r\n" + take(unit, end))
    assert modem_of(simulator)[0].send(NUMBER, TEXT, HOUR) == Handed(1)


def test_each_call_ends_below_a_minute_however_slow_the_modem_is(monkeypatch: pytest.MonkeyPatch) -> None:
    simulator = ModemSimulator(fault=Fault.SLOW)
    modem, line = modem_of(simulator)
    monkeypatch.setattr("devices.modem.simulator._SLOW_S", 0.95)
    for call in (lambda: modem.send(NUMBER, TEXT, HOUR), modem.status, modem.credit):
        began = line.now
        call()
        assert line.now - began < 50
    monkeypatch.setattr(simulator, "_take_text", lambda unit, end: b"")
    began = line.now
    assert modem.send(NUMBER, TEXT, HOUR) == PerhapsHanded("no-answer")
    assert line.now - began <= 50


@pytest.mark.parametrize(
    ("line", "is_registered"),
    [("0,1", True), ("1,0", False), ("1,2", False), ("2,5,\"00C3\",\"1A2B\",7", True), ("1", True), ("0", False),
     ('1,"00C3","1A2B"', True), ("0,6", True), ("0,7", True), ("0,11", False)],
)  # fmt: skip
def test_registered_is_who_may_send(line: str, is_registered: bool) -> None:
    assert is_registered_in([f"+CREG: {line}"]) is is_registered


@pytest.mark.parametrize(
    "said",
    [
        '\r\n+CUSD: 0,"Credit\r\n1500 SYP",15\r\n\r\nOK\r\n',
        '\r\nOK\r\n\r\n+CUSD: 0,"Credit\r\n1500 SYP",15\r\n',
    ],
)
def test_credit_may_come_before_the_answers_end_and_in_two_lines(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    simulator = ModemSimulator()
    answer = simulator._said
    monkeypatch.setattr(simulator, "_said", lambda command: said.encode() if "CUSD" in command else answer(command))
    assert modem_of(simulator, credit_code="*100#")[0].credit() == "Credit 1500 SYP"


def test_a_full_memory_is_read_in_parts_each_text_once() -> None:
    simulator = ModemSimulator()
    for number in range(10, 18):
        simulator.deliver(NUMBER, str(number))
    modem, _ = modem_of(simulator)
    told = []
    for _ in range(3):
        before = sum("CMGD" in command for command in simulator.commands)
        told += [one.text for one in modem.received()]
        assert sum("CMGD" in command for command in simulator.commands) - before <= 5
    assert told == [str(number) for number in range(10, 18)]


def test_an_answer_without_a_reference_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    simulator = ModemSimulator()
    monkeypatch.setattr(simulator, "_take_text", lambda unit, end: b"\r\n+CMGS: x\r\n\r\nOK\r\n")
    assert modem_of(simulator)[0].send(NUMBER, TEXT, HOUR) == PerhapsHanded("no-reference")


def test_status_says_operator_signal_and_network() -> None:
    simulator = ModemSimulator()
    modem, line = modem_of(simulator)
    status = modem.status()
    assert (status.device, status.sim, status.is_registered) == (DeviceState.ONLINE, SimState.READY, True)
    assert (status.operator, status.signal_dbm) == ("SYRIATEL", -77)
    simulator.fault = Fault.NO_CARRIER
    status = modem.status()
    assert (status.device, status.is_registered, status.operator, status.signal_dbm, status.detail) == (
        DeviceState.ONLINE, False, "", None, "no-network",
    )  # fmt: skip
    line.unplug()
    assert (modem.status().device, modem.status().is_registered) == (DeviceState.NO_DEVICE, False)


@pytest.mark.parametrize("fault", [None, Fault.ANOTHER_MAKER, Fault.ECHO_STAYS_ON])
def test_credit_is_what_the_operator_says(fault: Fault | None) -> None:
    modem, _ = modem_of(ModemSimulator(fault=fault), credit_code="*100#")
    assert modem.credit() == "رصيدك 1500"
    assert modem_of(ModemSimulator())[0].credit() == ""


def test_what_came_in_is_deleted_once_its_reader_asked_again() -> None:
    simulator = ModemSimulator(capacity=2)
    modem, _ = modem_of(simulator)
    assert simulator.deliver(NUMBER, "12")
    assert simulator.deliver(NUMBER, "47")
    assert not simulator.deliver(NUMBER, "48"), "the memory is full"
    assert [one.text for one in modem.received()] == ["12", "47"]
    assert len(simulator.stored) == 2
    assert modem.received() == []
    assert simulator.deliver(NUMBER, "48"), "there is room again"
    assert [one.text for one in modem.received()] == ["48"]


def test_a_spoilt_unit_in_the_memory_is_deleted_and_costs_nothing_else() -> None:
    simulator = ModemSimulator()
    simulator.stored[0] = "0004FF"
    simulator.deliver(NUMBER, "47")
    modem, _ = modem_of(simulator)
    assert [one.text for one in modem.received()] == ["47"]
    assert modem.received() == []
    assert not simulator.stored


def test_a_line_that_babbles_is_rested_from_and_named() -> None:
    modem, line = modem_of(ModemSimulator())
    line.noise = lambda: random.Random(1).randbytes(1024)
    assert modem.send(NUMBER, TEXT, HOUR) == NotHanded("no-answer")
    status = modem.status()
    assert (status.device, status.detail) == (DeviceState.HARDWARE_ERROR, "flood")


def test_a_modem_that_cannot_is_a_fault_for_who_reads() -> None:
    modem, _ = modem_of(ModemSimulator(pin="4711"))
    with pytest.raises(DeviceFault, match="SIM"):
        modem.received()


@pytest.mark.parametrize(
    ("options", "text"),
    [({"baud": "1"}, "baud"), ({"credit_code": "ATD1;"}, "credit_code"), ({"pin_file": "/pin"}, "folder")],
)
def test_wrong_options_are_named(options: dict[str, str], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        open_gsm(DeviceSettings("gsm", "/dev/ptmx", options=tuple(options.items())))
