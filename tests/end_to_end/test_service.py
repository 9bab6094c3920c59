"""`kiosk run` as a service: it comes up whatever has failed around it, says so, and ends when it is told to."""

import sqlite3
import subprocess
import time

import pytest

from devices.receipt_printer import profile
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.simulation import PtyPort
from tests.end_to_end.conftest import BIN, KioskByCommand, Town
from tests.end_to_end.service import Service

pytestmark = pytest.mark.timeout(240)
STOPS_WITHIN_S = 30.0  # then systemd kills (TimeoutStopSec)


def read(kiosk: KioskByCommand, query: str) -> list[tuple[object, ...]]:
    """Look into the store of a kiosk."""
    path = kiosk.settings.parent / "var" / "store.db"
    connection = sqlite3.connect(path, timeout=5)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_it_draws_beats_and_ends_when_it_is_told_to(town: Town) -> None:
    with Service(town.enrol("one")) as service:
        service.wait_ready()
        service.wait_beats(3)
        status, seconds = service.stop()
    assert status == 0, service.lines[-5:]
    assert seconds < STOPS_WITHIN_S
    assert "Traceback" not in "".join(service.lines)


def test_it_comes_up_without_central_and_with_a_printer_that_is_not_there(town: Town) -> None:
    kiosk = town.enrol("one", extra='[devices.printer]\nport = "nowhere"\nflow_control = "none"\n')
    town.stop_central()
    with Service(kiosk) as service:
        service.wait_ready()
        service.wait_beats(2)
        assert service.stop()[0] == 0


def test_killed_in_service_it_starts_again_and_counts_the_crash(town: Town) -> None:
    kiosk = town.enrol("one")
    with Service(kiosk) as service:
        service.wait_ready()
        service.wait_line("started")
        service.kill()
    with Service(kiosk) as again:
        again.wait_ready()
        assert "crash" in again.wait_line("started")
        assert again.stop()[0] == 0


def test_a_paper_that_a_killed_process_left_in_the_printer_is_called_unknown(town: Town) -> None:
    with PtyPort(PrinterSimulator(profile.load("epson-tm-t20iii"))) as cable:
        kiosk = town.enrol("one", extra=f'[devices.printer]\nport = "{cable.port}"\nflow_control = "none"\n')
        cable.stalled = True
        issuing = subprocess.Popen(
            [str(BIN / "kiosk"), "issue", "--service", "clearance", "--config", str(kiosk.settings)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        query = "SELECT state, reason FROM print_jobs"
        _until(lambda: read(kiosk, query) == [("sending", None)])
        issuing.kill()
        issuing.wait()
        with Service(kiosk) as service:
            service.wait_ready()
            _until(lambda: read(kiosk, query) == [("unknown", "interrupted")])
            assert service.stop()[0] == 0
    kinds = [row["kind"] for row in kiosk.done("outbox", "list").rows]
    assert kinds.count("print") == 1


def test_it_salvages_a_damaged_store_and_serves(town: Town) -> None:
    kiosk = town.enrol("one")
    given = kiosk.done("issue", "--service", "clearance", "--count", "20", "--no-print").rows
    path = kiosk.settings.parent / "var" / "store.db"
    with path.open("r+b") as file:
        file.write(bytes(4096))
    with Service(kiosk) as service:
        service.wait_ready()
        service.wait_line("started")
        assert service.stop()[0] == 0
    assert (path.parent / "damaged" / "0001" / "store.db").exists()
    stored = {row["id"] for row in kiosk.done("outbox", "list").rows}
    assert {row["id"] for row in given} <= stored


def test_a_full_disk_is_shown_and_it_serves_once_there_is_room(town: Town) -> None:
    kiosk = town.enrol("one")
    with Service(kiosk, has_room=False) as service:
        service.wait_ready()
        service.wait_line("store-out")
        service.make_room()
        service.wait_line("started")
        service.take_room()  # and it is full again, in service
        service.wait_beats(3)
        status, seconds = service.stop()
    assert status == 0
    assert seconds < STOPS_WITHIN_S
    assert "Traceback" not in "".join(service.lines)
    (ticket,) = kiosk.done("issue", "--service", "clearance", "--no-print").rows
    assert ticket["number"] == "B1001"


def _until(holds: object) -> None:
    assert callable(holds)
    deadline = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < deadline, "the store never came to that"
        time.sleep(0.05)
