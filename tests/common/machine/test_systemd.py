import socket
from pathlib import Path

from common.machine.systemd import BeatingClock, Watchdog
from tests.kit.clock import HandClock


def test_without_systemd_nothing_is_sent() -> None:
    watchdog = Watchdog({})
    assert watchdog.interval_s is None
    assert not watchdog.ready()
    assert not watchdog.beat()


def test_it_says_ready_beats_and_stops_and_beats_three_times_a_period(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(5)
        watchdog = Watchdog({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "15000000"})
        assert watchdog.interval_s == 5
        assert watchdog.ready()
        assert watchdog.beat()
        assert watchdog.status("two\nlines")
        assert watchdog.stopping()
        received = [systemd.recv(300).decode() for _ in range(4)]
    assert received == ["READY=1", "WATCHDOG=1", "STATUS=two lines", "STOPPING=1"]


def test_a_dead_socket_does_not_stop_the_kiosk(tmp_path: Path) -> None:
    watchdog = Watchdog({"NOTIFY_SOCKET": str(tmp_path / "gone"), "WATCHDOG_USEC": "nonsense"})
    assert not watchdog.beat()
    assert watchdog.interval_s is None


def test_a_process_that_turns_beats_at_most_three_times_a_period(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        watchdog = Watchdog({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "600000000"})
        clock = BeatingClock(HandClock(), watchdog)
        for _ in range(2400):  # ten minutes in steps of a quarter second
            assert clock.now().trust == "synced"
            clock.sleep(0.25)
        beats = 0
        while True:
            try:
                assert systemd.recv(100) == b"WATCHDOG=1"
            except BlockingIOError:
                break
            beats += 1
    assert beats == 3
