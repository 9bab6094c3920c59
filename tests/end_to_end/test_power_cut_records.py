"""No power cut, at no write, takes back an order, what the print journal says of a paper, or central's receipt."""

import json
import random
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from offline_store.chain.audit import verify_chain
from offline_store.delivery.outbox import list_items
from offline_store.disk.database import Store
from offline_store.disk.integrity import check_whole
from offline_store.issuing.intake import OrderRequest, TicketRequest, accept_order, accept_ticket
from offline_store.opening import open_store_in
from offline_store.printed.print_journal import jobs_of
from tests.kit.power_cut import Recording, record
from tests.kit.store import IDENTITY, MACHINE, stamp

VISITS = 2
pytestmark = [pytest.mark.usefixtures("power_cuts"), pytest.mark.timeout(400)]


def recorded(tmp_path: Path, *weaker: str) -> Recording:
    """Record a process that serves citizens, prints, and hears central."""
    data = tmp_path / "data"
    data.mkdir()
    command = [sys.executable, "-m", "tests.offline_store.recording_process", str(data), str(VISITS), *weaker]
    return record(command, data, tmp_path / "trace")


def is_kept(store: Store, seen: Mapping[str, str]) -> bool:
    """Whether the store still says what somebody has seen."""
    item = seen["item"]
    if seen["what"] == "acknowledged":
        states = {row.id: row.state for row in list_items(store, include_acknowledged=True)}
        return states.get(item) == "acknowledged"
    if seen["what"] in ("sending", "printed"):
        jobs = [job.state for job in jobs_of(store, item)]
        return jobs == ["printed"] or (seen["what"] == "sending" and jobs == ["sending"])
    if seen["what"] == "ticket":
        found = accept_ticket(store, TicketRequest("clearance", "B"), intention=seen["intention"], stamp=stamp())
        return (found.id, found.number, found.repeated) == (item, seen["number"], True)
    again = accept_order(
        store,
        OrderRequest(outcome="accepted", code="SY1:again", order_id=seen["order"]),
        intention=seen["intention"],
        stamp=stamp(),
    )
    return again is not None and (again.id, again.repeated) == (item, True)


def broken_cuts(recording: Recording, tmp_path: Path, step: int = 1) -> dict[int, list[str]]:
    """Cut after each call of the run in turn, open what is left as a restarted kiosk does, and name what is gone."""
    chance, broken = random.Random(6), {}
    for cut in range(0, len(recording.calls) + 1, step):
        folder = tmp_path / f"cut{cut}"
        folder.mkdir()
        recording.after_cut(cut, folder, chance)
        with open_store_in(folder, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
            faults = [*check_whole(store), *map(str, verify_chain(store))]
            seen = [json.loads(line) for line in recording.promises(cut)]
            faults += [f"{one} is gone" for one in seen if not is_kept(store, one)]
            if (folder / "damaged").exists():
                faults.append("the store was damaged")
        if faults:
            broken[cut] = faults
        shutil.rmtree(folder)
    return broken


def test_no_cut_takes_back_an_order_a_paper_or_a_receipt_that_was_seen(tmp_path: Path) -> None:
    recording = recorded(tmp_path)
    seen = [json.loads(line)["what"] for line in recording.promises(len(recording.calls))]
    assert {seen.count(what) for what in ("ticket", "order")} == {VISITS}
    assert {seen.count(what) for what in ("sending", "printed")} == {2 * VISITS}
    assert seen.count("acknowledged") > 4 * VISITS  # prints and the store's own items too
    assert broken_cuts(recording, tmp_path) == {}


def test_the_cuts_would_find_what_was_said_before_the_disk_had_it(tmp_path: Path) -> None:
    broken = broken_cuts(recorded(tmp_path, "synchronous=NORMAL=1"), tmp_path, step=2)
    gone = " ".join(fault for faults in broken.values() for fault in faults)
    for what in ("ticket", "order", "sending", "printed", "acknowledged"):
        assert f"'{what}'" in gone
