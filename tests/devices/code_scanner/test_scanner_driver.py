"""The scanner's driver: gaps, debounce, floods, triggers; over a hand-moved port and over a pseudo-terminal."""

import random
import time
from collections.abc import Iterator

import pytest

from devices.code_scanner.driver import LineScanner, open_line_scanner
from devices.code_scanner.profiles import PROFILES, profile_named
from devices.code_scanner.simulator import ScannerSimulator
from devices.errors import DeviceUnavailable
from devices.protocols import DeviceState, Scan
from devices.settings import DeviceSettings
from devices.simulation import PtyPort
from tests.devices.fake_transport import FakeTransport


def scanner_on(transport: FakeTransport, profile: str = "line") -> LineScanner:
    return LineScanner(transport, PROFILES[profile], clock=transport.clock, sleep=transport.sleep)


def test_silence_ends_a_code_that_has_no_terminator() -> None:
    transport = FakeTransport()
    transport.incoming += [b"SY1:", b"ABC"]
    assert scanner_on(transport).scan(1.0) == Scan(b"SY1:ABC")
    assert transport.now == pytest.approx(0.12)


def test_a_code_that_is_not_whole_when_time_is_up_is_read_by_the_next_call() -> None:
    transport = FakeTransport()
    scanner = scanner_on(transport)
    transport.incoming += [b"SY1:"]
    assert scanner.scan(0.05) is None
    transport.incoming += [b"ABC\r"]
    assert scanner.scan(0.05) == Scan(b"SY1:ABC")


def test_two_codes_in_one_read_come_one_after_the_other() -> None:
    transport = FakeTransport()
    transport.incoming += [b"]Q1SY1:A\rSY1:B\r"]
    scanner = scanner_on(transport)
    assert scanner.scan(1.0) == Scan(b"SY1:A", "Q1")
    assert scanner.scan(1.0) == Scan(b"SY1:B")
    assert scanner.scan(1.0) is None


def test_a_held_code_is_one_scan_and_a_code_shown_again_is_another() -> None:
    transport = FakeTransport()
    scanner = scanner_on(transport)
    transport.incoming += [b"SY1:A\r"]
    assert scanner.scan(0.5) is not None
    for _ in range(10):  # held for ten seconds, read every second
        transport.incoming += [b"SY1:A\r"]
        assert scanner.scan(1.0) is None
    transport.now += 2.0
    transport.incoming += [b"SY1:A\r"]
    assert scanner.scan(1.0) is not None


def test_what_was_scanned_unasked_is_dropped_and_counted() -> None:
    transport = FakeTransport()
    scanner = scanner_on(transport)
    transport.incoming += [b"SY1:A\rSY1:B\rSY1:"]
    scanner.discard()
    assert scanner.scan(1.0) is None
    assert scanner.status().dropped == 3


def test_a_flood_is_rested_from_and_named_and_the_next_code_is_read() -> None:
    transport = FakeTransport()
    scanner = scanner_on(transport)
    transport.endless = b"\xff\x00noise"
    began = transport.now
    assert scanner.scan(5.0) is None
    assert transport.now - began < 5.5
    assert transport.slept > 3.0  # most of the time was spent resting
    assert transport.reads < 200
    assert scanner.status().device is DeviceState.HARDWARE_ERROR
    assert scanner.status().detail == "flood"
    transport.endless = b""
    scanner.discard()
    transport.now += 6.0
    transport.incoming += [b"SY1:A\r"]
    assert scanner.scan(1.0) == Scan(b"SY1:A")
    assert scanner.status().device is DeviceState.ONLINE


def babble(transport: FakeTransport, noise: bytes, seconds: float, every_s: float) -> Iterator[None]:
    """Yield bytes at a steady pace, one piece before each `next`, until the time is over."""
    for at in range(int(seconds / every_s)):
        transport.incoming.append(noise[at * 7 % 900 : at * 7 % 900 + 96])
        transport.now += every_s
        yield


@pytest.mark.parametrize("alphabet", [bytes(range(256)), bytes(range(32, 127)) + b"\r\r\r"], ids=["any byte", "lines"])
def test_noise_without_a_pause_is_no_code_and_is_named_however_slow_it_is(alphabet: bytes) -> None:
    transport, chance = FakeTransport(), random.Random(4)
    scanner = scanner_on(transport)
    noise = bytes(chance.choices(alphabet, k=1000))
    for _ in babble(transport, noise, 6.0, 0.02):  # 4,800 bytes a second
        assert scanner.scan(0.001) is None
    assert scanner.status().detail == "flood"
    for _ in babble(transport, noise, 20.0, 0.1):  # nobody asks any more: it stays known
        scanner.discard()
        assert scanner.status().detail == "flood"
    transport.now += 5.1
    assert scanner.status().device is DeviceState.ONLINE
    transport.incoming += [b"SY1:A\r"]
    assert scanner.scan(1.0) == Scan(b"SY1:A")


def test_more_different_codes_than_a_hand_can_show_are_a_flood() -> None:
    transport = FakeTransport()
    scanner = scanner_on(transport)
    taken = 0
    for number in range(30):
        transport.incoming += [f"noise {number}\r".encode()]
        taken += scanner.scan(0.2) is not None
    assert taken == 15
    assert scanner.status().detail == "flood"


def test_a_sheet_of_codes_waved_through_by_a_technician_is_read_to_its_end() -> None:
    transport = FakeTransport()
    scanner = scanner_on(transport)
    for number in range(30):
        transport.incoming += [f"SY1:{number}\r".encode()]
        assert scanner.scan(0.2) == Scan(f"SY1:{number}".encode())
        transport.now += 0.4
    assert scanner.status().device is DeviceState.ONLINE


def test_a_code_that_is_read_again_without_any_pause_is_one_scan_and_no_flood() -> None:
    transport = FakeTransport()
    scanner = scanner_on(transport)
    taken = []
    for _ in range(1000):  # ten seconds before a scanner that never rests
        transport.incoming += [b"SY1:A\r"]
        transport.now += 0.01
        taken.append(scanner.scan(0.001))
    assert [scan for scan in taken if scan] == [Scan(b"SY1:A")]
    assert scanner.status().device is DeviceState.ONLINE


def test_the_slowest_largest_code_is_no_flood() -> None:
    transport = FakeTransport()
    scanner = scanner_on(transport)
    code = bytes(33 + at % 90 for at in range(4000))
    transport.incoming += [code[at : at + 96] for at in range(0, 4000, 96)] + [b"\r"]
    found = None
    while found is None and transport.incoming:
        transport.now += 0.1  # 96 bytes at 9600 baud
        found = scanner.scan(0.05)
    assert (found or scanner.scan(0.1)) == Scan(code)


def test_a_lost_port_raises_and_shows() -> None:
    transport = FakeTransport()
    scanner = scanner_on(transport)
    transport.is_gone = True
    with pytest.raises(DeviceUnavailable):
        scanner.scan(1.0)
    assert scanner.status().device is DeviceState.NO_DEVICE


def test_a_triggered_scanner_is_triggered_once_and_put_to_rest() -> None:
    transport = FakeTransport()
    scanner = scanner_on(transport, "honeywell")
    assert scanner.scan(0.5) is None
    assert scanner.scan(0.5) is None
    assert _triggers(transport) == [b"\x16T\r"]
    scanner.discard()
    assert _triggers(transport)[-1] == b"\x16U\r"
    assert scanner.scan(0.5) is None
    transport.incoming += [b"SY1:A\r"]
    assert scanner.scan(0.5) is not None
    assert scanner.scan(0.5) is None
    assert _triggers(transport)[2:] == [b"\x16T\r", b"\x16T\r"]  # again after a code: it stops by itself


def _triggers(transport: FakeTransport) -> list[bytes]:
    return [command for command in transport.sent if len(command) == 3]


def test_the_light_is_on_while_a_code_is_asked_for_where_the_profile_can() -> None:
    plain, lit = FakeTransport(), FakeTransport()
    for transport, profile in ((plain, "line"), (lit, "honeywell")):
        scanner = scanner_on(transport, profile)
        for _ in range(2):
            scanner.discard()
            assert scanner.scan(0.5) is None
            assert scanner.scan(0.5) is None
    assert plain.sent == []
    light = [command for command in lit.sent if b"SCNLED" in command]
    assert light == [b"\x16M\rSCNLED0!", b"\x16M\rSCNLED1!"] * 2


def test_what_a_scanner_answers_to_the_light_is_no_code() -> None:
    transport = FakeTransport()
    scanner = scanner_on(transport, "honeywell")
    transport.incoming += [b"SCNLED1\x06!", b"SY1:A\r"]
    assert scanner.scan(0.5) == Scan(b"SY1:A")


def test_commands_can_be_given_and_wrong_ones_are_named() -> None:
    assert profile_named("", {"trigger_on": "1b31"}).trigger_on == b"\x1b1"
    with pytest.raises(ValueError, match='profile "zebra" is not known; known are: line'):
        profile_named("zebra", {})
    with pytest.raises(ValueError, match='option "trigger" is not known'):
        profile_named("line", {"trigger": "00"})


def test_no_payload_is_shown_by_repr() -> None:
    assert "SECRET" not in repr(Scan(b"SECRET"))


@pytest.fixture
def simulator() -> ScannerSimulator:
    return ScannerSimulator()


@pytest.fixture
def port(simulator: ScannerSimulator) -> Iterator[PtyPort]:
    with PtyPort(simulator) as opened:
        yield opened


def settings_for(port: PtyPort) -> DeviceSettings:
    return DeviceSettings("line-scanner", port.port)


def test_over_a_port_binary_content_is_kept_to_the_byte(simulator: ScannerSimulator, port: PtyPort) -> None:
    payload = bytes(range(4, 256)) * 4
    scanner = open_line_scanner(settings_for(port))
    simulator.show(payload)
    scan = scanner.scan(3.0)
    scanner.close()
    assert scan is not None
    assert scan.payload == payload  # 11 and 13 (XON, XOFF) among them


def test_over_a_port_half_a_code_is_a_scan_of_its_own_and_the_next_is_whole(
    simulator: ScannerSimulator, port: PtyPort
) -> None:
    scanner = open_line_scanner(settings_for(port))
    simulator.half_frame = True
    simulator.show(b"SY1:ABCDEF")
    assert scanner.scan(3.0) == Scan(b"SY1:A")
    simulator.half_frame = False
    simulator.show(b"SY1:ABCDEF")
    assert scanner.scan(3.0) == Scan(b"SY1:ABCDEF")
    scanner.close()


def test_over_a_port_garbled_bytes_are_some_scan_and_no_crash(simulator: ScannerSimulator, port: PtyPort) -> None:
    scanner = open_line_scanner(settings_for(port))
    port.garbled = True
    simulator.show(b"SY1:ABCDEF")
    scan = scanner.scan(3.0)
    scanner.close()
    assert scan is not None
    assert not scan.payload.startswith(b"SY1:ABC")


def test_over_a_port_a_babbling_scanner_costs_no_more_than_its_deadline(
    simulator: ScannerSimulator, port: PtyPort
) -> None:
    scanner = open_line_scanner(settings_for(port))
    simulator.babble = True
    began = time.monotonic()
    scanner.scan(0.5)  # whatever it gives
    assert time.monotonic() - began < 15.0, "it ends, however busy the machine"
    scanner.discard()
    scanner.close()
