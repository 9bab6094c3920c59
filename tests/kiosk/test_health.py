import urllib.error
import urllib.request
from pathlib import Path

import msgspec
import pytest

from kiosk.health import FILE, LOW_DISK_BYTES, Health, HealthReport, MetricsServer, Outbox, read_report

HEALTH = Health(
    version="1.2.3",
    kiosk="k1",
    centre="homs-main",
    devices={"printer": "Online", "scanner": "NoDevice"},
    paper="Low",
    outbox=Outbox(waiting=12, dead=1),
    clock="restored",
    tallies={"power-cuts": 3},
    prints={"unknown": 2},
    alarms=["feed-message-bad"],
)


def _scrape(port: int, path: str = "/metrics") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return str(answer.read(), "utf-8")


def test_prometheus_reads_the_newest_health_and_never_a_made_up_zero() -> None:
    newest = HEALTH
    server = MetricsServer(0, lambda: newest)
    try:
        text = _scrape(server.port)
        for line in (
            'kiosk_build_info{centre="homs-main",kiosk="k1",version="1.2.3"} 1.0',
            'kiosk_device_up{device="printer"} 1.0',
            'kiosk_device_up{device="scanner"} 0.0',
            'kiosk_paper_state{state="Low"} 1.0',
            'kiosk_paper_state{state="Out"} 0.0',
            "kiosk_outbox_waiting 12.0",
            "kiosk_clock_trusted 1.0",
            'kiosk_tally_total{name="power-cuts"} 3.0',
            'kiosk_prints_total{state="unknown"} 2.0',
            'kiosk_alarm{code="feed-message-bad"} 1.0',
        ):
            assert line in text.splitlines()
        # The roll and the disk were not measured.
        names = {line.split(" ")[0] for line in text.splitlines() if not line.startswith("#")}
        assert not names & {"kiosk_paper_left_metres", "kiosk_disk_free_bytes"}
        newest = msgspec.structs.replace(HEALTH, clock="untrusted")
        assert "kiosk_clock_trusted 0.0" in _scrape(server.port).splitlines()
    finally:
        server.close()
    with pytest.raises(urllib.error.URLError):
        _scrape(server.port)


def test_the_report_is_written_on_change_and_hourly_only(tmp_path: Path) -> None:
    report = HealthReport(tmp_path)
    assert report.offer(HEALTH, 10)
    assert not report.offer(HEALTH, 20)
    # A backlog that grows and a total that counts on are no news.
    busier = msgspec.structs.replace(HEALTH, outbox=Outbox(waiting=13, dead=1), tallies={"power-cuts": 4}, at=77)
    assert not report.offer(busier, 30)
    assert read_report(tmp_path) == HEALTH
    assert report.offer(msgspec.structs.replace(HEALTH, paper="Out"), 40)
    assert report.offer(busier, 50)
    assert not report.offer(busier, 3649)
    assert report.offer(busier, 3650)
    assert read_report(tmp_path) == busier


def test_that_the_disk_gets_full_is_news_and_how_full_it_is_is_none(tmp_path: Path) -> None:
    report = HealthReport(tmp_path)

    def is_news(free: int | None) -> bool:
        return report.offer(msgspec.structs.replace(HEALTH, disk_free_bytes=free), 10)

    bytes_free = (None, LOW_DISK_BYTES, 10**12, LOW_DISK_BYTES - 1, 0, LOW_DISK_BYTES)
    assert [is_news(free) for free in bytes_free] == [True, False, False, True, False, True]


@pytest.mark.parametrize("torn", [b"", b'{"version":"1', b"\xff", b"[1]", b"[" * 100_000])
def test_a_torn_report_is_no_report(tmp_path: Path, torn: bytes) -> None:
    assert read_report(tmp_path) is None
    (tmp_path / FILE).write_bytes(torn)
    assert read_report(tmp_path) is None
