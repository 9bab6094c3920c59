"""Disk full, read-only, gone: nothing half accepted, a plain error, and it works again by itself when the disk does."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from common.machine.errors import StoreUnavailable
from offline_store.chain.audit import verify_chain
from offline_store.disk.database import Store
from offline_store.disk.integrity import check_whole
from offline_store.disk.second_head import SecondHeadFile
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.small_disk import fill, small_disk
from tests.kit.store import IDENTITY, MACHINE, stamp


def take(store: Store, intention: str) -> tuple[str, bool]:
    given = accept_ticket(store, TicketRequest("clearance", "B"), intention=intention, stamp=stamp())
    return given.number, given.repeated


@pytest.fixture(name="small_disk")
def disk_of_three_megabytes(tmp_path: Path) -> Iterator[Path]:
    """Fifty tickets take two megabytes in the log."""
    with small_disk(tmp_path / "disk", 3) as disk:
        yield disk


def sound(store: Store, given: list[str]) -> None:
    """Nothing is missing, doubled or there in part."""
    assert len(set(given)) == len(given)
    assert check_whole(store) == []
    assert verify_chain(store) == []
    with store.read() as connection:
        numbers = connection.execute(text("SELECT number FROM tickets ORDER BY n")).scalars().all()
        items = connection.execute(text("SELECT count(*) FROM items WHERE kind = 'ticket'")).scalar_one()
    assert set(given) <= set(numbers)
    assert items == len(numbers)


def test_a_full_disk_is_said_and_accepting_goes_on_when_there_is_room(small_disk: Path) -> None:
    with open_store_in(small_disk / "data", IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        given = [take(store, f"before {n}")[0] for n in range(5)]
        ballast = small_disk / "ballast"
        fill(ballast)
        refused, reasons = 0, set()
        for n in range(40):
            try:
                given.append(take(store, f"full {n}")[0])
            except StoreUnavailable as error:
                reasons.add(str(error).split(":")[1].split("(")[0].strip())
                refused += 1
        assert reasons == {"the disk is full"}
        ballast.unlink()
        given += [take(store, f"after {n}")[0] for n in range(5)]
        again = [take(store, f"full {n}") for n in range(40)]
        assert sum(not repeated for _, repeated in again) == refused
        sound(store, given)
    assert not (small_disk / "data" / "damaged").exists()


def test_a_disk_that_turns_read_only_is_said_and_works_again_when_it_does(small_disk: Path) -> None:
    with open_store_in(small_disk / "data", IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        given = [take(store, "before")[0]]
        store.engine.dispose()  # files open for writing keep a file system from turning read-only
        store._second_head.close()
        os.close(store._lock._fd or -1)
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
        for n in range(3):
            with pytest.raises(StoreUnavailable):
                take(store, f"read-only {n}")
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
        store._lock._fd = os.open(small_disk / "data" / "store.lock", os.O_RDWR)
        store._second_head = SecondHeadFile.open_in(small_disk / "data")
        given.append(take(store, "after")[0])
        sound(store, given)


def test_a_store_cannot_be_made_on_a_full_disk_and_can_later(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    fill(ballast)
    with pytest.raises(StoreUnavailable):
        open_store_in(small_disk / "data", IDENTITY, stamp=stamp(), machine=MACHINE)
    ballast.unlink()
    with open_store_in(small_disk / "data", IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        assert take(store, "tap") == ("B2001", False)


def test_a_salvage_waits_for_room_and_loses_nothing(small_disk: Path) -> None:
    data = small_disk / "data"
    with open_store_in(data, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        take(store, "tap")
    with (data / "store.db").open("r+b") as file:
        file.write(bytes(4096))
    ballast = small_disk / "ballast"
    fill(ballast)
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            open_store_in(data, IDENTITY, stamp=stamp(), machine=MACHINE)
    ballast.unlink()
    with open_store_in(data, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        assert take(store, "tap") == ("B2001", True)
        assert take(store, "new") == ("B21000", False)


LIMITED = """
import resource, signal, sys
from pathlib import Path
from offline_store.disk.database import Store
from offline_store.opening import open_store_in
from offline_store.disk.second_head import SecondHeadFile
from common.machine.errors import StoreUnavailable
from offline_store.issuing.intake import TicketRequest, accept_ticket
from tests.kit.small_disk import fill, small_disk
from tests.kit.store import IDENTITY, MACHINE, stamp

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = Path(sys.argv[1])
with open_store_in(folder, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    refused = 0
    for n in range(60):
        try:
            accept_ticket(store, TicketRequest("clearance", "B"), intention=f"i{n}", stamp=stamp())
        except StoreUnavailable:
            refused += 1
    assert 0 < refused < 60, refused
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    given = [accept_ticket(store, TicketRequest("clearance", "B"), intention=f"i{n}", stamp=stamp()) for n in range(60)]
    assert sum(not one.repeated for one in given) == refused
    assert len({one.number for one in given}) == 60
"""


def test_a_write_that_the_system_refuses_half_way_leaves_nothing_half_accepted(tmp_path: Path) -> None:
    """EFBIG in the middle of a commit, and recovery in the same process: needs no right to mount."""
    done = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        sound(store, [])


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable):
        open_store_in(tmp_path / "file" / "data", IDENTITY, stamp=stamp(), machine=MACHINE)


@pytest.mark.usefixtures("power_cuts")
@pytest.mark.parametrize("call", ["fdatasync", "pwrite64"])
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_an_error_of_the_disk_in_the_middle_of_an_accept_is_said_and_passes(
    tmp_path: Path, call: str, error: str
) -> None:
    """The kernel itself says the error, a few calls long, to an unmodified process."""
    data = tmp_path / "data"
    with open_store_in(data, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        take(store, "before")
    inject = f"inject={call}:error={error}:when={'8..12' if call == 'fdatasync' else '90..130'}"
    strace = ["strace", "-f", "-qq", "-o", str(tmp_path / "trace"), "-e", f"trace={call}", "-e", inject]
    process = [sys.executable, "-m", "tests.offline_store.accepting_process", str(data), "now", "30"]
    done = subprocess.run([*strace, *process], check=False, capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    refused = [line for line in lines if "refused" in line]
    given = [line for line in lines if "number" in line]
    assert len(lines) == 31, done.stderr
    assert refused
    assert "refused" not in lines[-1]  # it passed by itself
    assert not (data / "damaged").exists()
    with open_store_in(data, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        for line in given:
            assert take(store, line["intention"]) == (line["number"], True)
        given += [{"number": take(store, line["intention"])[0]} for line in refused]
        sound(store, [line["number"] for line in given])
