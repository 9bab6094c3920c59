"""What journald and systemd hear: priorities by level, only where a stream goes there, and lines of one line."""

import io
import logging
import os
import socket
from pathlib import Path

import pytest

from common.machine import systemd
from common.machine.systemd import BeatingClock, ForJournal, Watchdog, is_journal, renderer, with_priority
from tests.kit.clock import HandClock


@pytest.mark.parametrize(
    ("level", "priority"),
    [(60, 2), (50, 2), (49, 3), (40, 3), (39, 4), (30, 4), (29, 6), (20, 6), (10, 6), (0, 6)],
)
def test_a_line_has_the_priority_of_its_level(level: int, priority: int) -> None:
    assert with_priority(level, "x") == f"<{priority}>x"


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> io.TextIOWrapper:
    """A stream that journald is said to read."""
    stream = (tmp_path / "stream").open("w")
    at = os.fstat(stream.fileno())
    monkeypatch.setenv("JOURNAL_STREAM", f"{at.st_dev}:{at.st_ino}")
    return stream


def test_a_stream_is_journalds_where_systemd_says_so(journal: io.TextIOWrapper, tmp_path: Path) -> None:
    with (tmp_path / "other").open("w") as other:
        assert [is_journal(one) for one in (journal, other, None, io.StringIO())] == [True, False, False, False]
    journal.close()
    assert not is_journal(journal)


@pytest.mark.parametrize(
    ("level", "priority"),
    [
        ("debug", 6),
        ("info", 6),
        ("warning", 4),
        ("error", 3),
        ("exception", 3),
        ("critical", 2),
        ("other", 6),
        (None, 6),
    ],
)
def test_lines_of_our_own_have_priorities_where_journald_reads(
    journal: io.TextIOWrapper, level: str | None, priority: int
) -> None:
    def render(_logger: object, _method: str, line: object) -> str:
        return str(line)

    line = {} if level is None else {"level": level}
    with journal:
        assert renderer(render, journal)(None, "", line) == f"<{priority}>{line}"
    assert renderer(render, io.StringIO()) is render


@pytest.mark.parametrize("is_read", [True, False])
def test_libraries_are_heard_from_warnings_on(
    journal: io.TextIOWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_read: bool
) -> None:
    made: dict[str, object] = {}
    monkeypatch.setattr(logging, "basicConfig", lambda **given: made.update(given))
    other = (tmp_path / "other").open("w")
    systemd.configure_libraries(journal if is_read else other)
    (handler,) = made["handlers"]  # type: ignore[misc]
    record = logging.LogRecord("urllib3", logging.ERROR, "", 0, "no %s", ("answer",), None)
    assert handler.format(record) == ("<3>" if is_read else "") + "ERROR urllib3 no answer"  # type: ignore[has-type]
    assert made["level"] == logging.WARNING
    assert handler.stream is (journal if is_read else other)  # type: ignore[has-type]
    journal.close()
    other.close()


def test_a_record_of_a_library_keeps_its_words() -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 0, "said", None, None)
    assert ForJournal(logging.Formatter("%(message)s")).format(record) == "<4>said"


def test_a_status_is_one_line_of_two_hundred_letters(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(5)
        watchdog = Watchdog({"NOTIFY_SOCKET": str(tmp_path / "notify")})
        assert watchdog.interval_s is None, "nobody watches"
        assert watchdog.status("a\nb" + "c" * 300) is True
        assert heard.recv(500).decode() == "STATUS=a b" + "c" * 197


def test_a_socket_without_a_file_is_found_by_its_name() -> None:
    name = f"kiosk-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(f"\0{name}")
        heard.settimeout(5)
        assert Watchdog({"NOTIFY_SOCKET": f"@{name}", "WATCHDOG_USEC": "3"}).ready()
        assert heard.recv(50) == b"READY=1"


@pytest.mark.parametrize(("usec", "interval_s"), [("0", None), ("", None), ("-5", None), ("3000000", 1.0)])
def test_how_often_it_beats_is_a_third_of_what_systemd_allows(usec: str, interval_s: float | None) -> None:
    assert Watchdog({"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": usec}).interval_s == interval_s
    assert Watchdog({"WATCHDOG_USEC": usec}).interval_s is None


def test_a_clock_beats_when_it_is_asked_and_when_it_waits_once_an_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[float] = []
    hand, watchdog = HandClock(), Watchdog({"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "30000000"})
    monkeypatch.setattr(watchdog, "beat", lambda: beats.append(hand.boottime_s - 1000))
    clock = BeatingClock(hand, watchdog)
    assert clock.boottime() == 1000
    assert beats == [], "the time since boot is asked for by those who wait"
    clock.sleep(9)
    clock.sleep(1)
    assert clock.now() == hand.now()
    clock.now()
    clock.sleep(10)
    clock.now()
    assert beats == [0, 10, 20]
    assert hand.slept == [9, 1, 10]
