"""A season's rows are salvaged within the memory that a unit leaves to the kiosk and its forwarder."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from offline_store.alarms import list_alarms
from offline_store.chain.audit import verify_chain
from offline_store.chain.chain import new_id
from offline_store.disk.database import DATABASE
from offline_store.issuing import intake
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.store import IDENTITY, MACHINE, stamp

TICKETS = 10_000
ROOM = 24 << 20
"""Bytes beside what the process takes without a salvage; all rows at once took three times as much."""


def limit_memory() -> None:
    """Limit what a process may take for itself; files that it maps don't count, as in a unit's control group."""
    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (taken + ROOM, taken + ROOM))


def main(folder: str) -> None:
    limit_memory()
    with open_store_in(Path(folder), IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        print(list_alarms(store)[0].detail)


@pytest.mark.proof
def test_a_salvage_of_many_rows_takes_little_memory_and_gives_all_of_them_back(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    request = TicketRequest("clearance", "B")
    with open_store_in(folder, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        for first in range(0, TICKETS, 5000):
            with store.write() as connection:
                for n in range(first, first + 5000):
                    intake._ticket(store, connection, f"i{n}", request, stamp(), intake._Item(new_id()))
    with (folder / DATABASE).open("r+b") as file:
        file.write(bytes(4096))
    done = subprocess.run(
        [sys.executable, "-m", "tests.offline_store.salvage.test_salvage_memory", str(folder)],
        check=False, capture_output=True, text=True, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert f"{TICKETS + 2} items read" in done.stdout
    with open_store_in(folder, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        assert verify_chain(store) == []
        for n in (0, TICKETS // 2, TICKETS - 1):
            again = accept_ticket(store, TicketRequest("clearance", "B"), intention=f"i{n}", stamp=stamp())
            assert (again.number, again.repeated) == (f"B2{n + 1:03d}", True)
    assert {path.name for path in folder.iterdir() if "reading" in path.name or "findings" in path.name} == set()


if __name__ == "__main__":
    main(sys.argv[1])
