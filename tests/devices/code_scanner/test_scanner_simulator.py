"""The simulated scanner obeys its profile's commands, says each code once, and shows each fault."""

from devices.code_scanner.profiles import PROFILES, ScannerProfile
from devices.code_scanner.simulator import ScannerSimulator


def test_a_scanner_without_commands_says_what_it_is_shown_once_in_order() -> None:
    scanner = ScannerSimulator(prefix=b"\x02", terminator=b"\r\n")
    assert (scanner.tick(0.0), scanner.receive(b"anything"), scanner.is_lit) == (b"", b"", True)
    scanner.show(b"one")
    scanner.show(b"two")
    assert [scanner.tick(0.0) for _ in range(3)] == [b"\x02one\r\n", b"\x02two\r\n", b""]
    assert ScannerSimulator().profile == ScannerProfile()
    scanner.half_frame = True
    scanner.show(b"three")
    assert scanner.tick(0.0) == b"\x02thr"
    scanner.babble = True
    assert len(scanner.tick(0.0)) == 256
    assert scanner.tick(1.0) != scanner.tick(1.0)


def test_a_triggered_scanner_waits_for_its_trigger_and_stops_after_a_code() -> None:
    profile = PROFILES["honeywell"]
    scanner = ScannerSimulator(profile)
    scanner.show(b"one")
    assert scanner.tick(0.0) == b""
    assert scanner.receive(b"\x00" + profile.trigger_on) == b""
    assert scanner.is_triggered
    scanner.receive(profile.trigger_off)
    assert (scanner.is_triggered, scanner.tick(0.0)) == (False, b"")
    scanner.receive(profile.trigger_on)
    assert scanner.tick(0.0) == b"one\r"
    scanner.show(b"two")
    assert (scanner.is_triggered, scanner.tick(0.0)) == (False, b"")
    for command, is_lit in ((profile.light_off, False), (profile.light_on, True), (profile.light_off, False)):
        scanner.receive(command)
        assert scanner.is_lit is is_lit
    assert not scanner.is_triggered
