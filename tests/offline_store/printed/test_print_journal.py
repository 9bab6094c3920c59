from pathlib import Path

import pytest

from common.machine.errors import NotFound, StoreError
from common.machine.locks import PrinterLock
from common.protocol.envelope import PrintBody, decode_body
from offline_store.delivery.outbox import waiting_items
from offline_store.disk.database import Store
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from offline_store.printed import print_journal, tallies
from tests.kit.store import IDENTITY, MACHINE, stamp


def ticket(store: Store, intention: str = "i") -> str:
    return accept_ticket(store, TicketRequest("clearance", "B"), intention=intention, stamp=stamp()).id


def printed(store: Store) -> list[PrintBody]:
    with store.read() as connection:
        bodies = [decode_body(one.item.kind, one.item.body) for one in waiting_items(connection)]
    return [body for body in bodies if isinstance(body, PrintBody)]


def test_a_job_is_on_disk_before_the_first_byte(tmp_path: Path) -> None:
    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        item = ticket(store)
        job = print_journal.open_job(store, item_id=item, paper="ticket", stamp=stamp())
        with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as other:
            assert print_journal.jobs_of(other, item) == [
                print_journal.PrintJob(job, item, "ticket", copy=False, state="sending", reason=None)
            ]
        assert printed(store) == []


@pytest.mark.parametrize("state", ["printed", "not_printed", "unknown"])
def test_each_final_state_is_recorded_once_and_becomes_an_item(store: Store, state: print_journal.FinalState) -> None:
    item = ticket(store)
    job = print_journal.open_job(store, item_id=item, paper="ticket", stamp=stamp(), copy=True)
    print_journal.close_job(store, job, state, stamp(), reason="paper-out", millimetres=90)
    assert printed(store) == [PrintBody(item, "ticket", state, "paper-out", copy=True)]
    assert print_journal.jobs_of(store, item)[0].state == state
    with pytest.raises(NotFound):
        print_journal.close_job(store, job, "printed", stamp())
    assert len(printed(store)) == 1
    counted = tallies.read_tallies(store)
    assert counted["paper_mm"] == (90, 90)
    assert counted.get("papers", (0, 0)) == ((1, 1) if state == "printed" else (0, 0))


def test_only_the_printers_holder_calls_open_jobs_unknown_and_only_once(store: Store, tmp_path: Path) -> None:
    item = ticket(store)
    job = print_journal.open_job(store, item_id=item, paper="ticket", stamp=stamp())
    with PrinterLock(tmp_path) as other_kiosk, pytest.raises(StoreError, match="another data folder"):
        print_journal.recover_open_jobs(store, other_kiosk, stamp())
    with PrinterLock(store.data_dir) as lock:
        (recovered,) = print_journal.recover_open_jobs(store, lock, stamp())
        assert (recovered.id, recovered.item_id, recovered.state) == (job, item, "unknown")
        assert print_journal.recover_open_jobs(store, lock, stamp()) == []
    assert printed(store) == [PrintBody(item, "ticket", "unknown", "interrupted")]


def test_a_trip_is_set_back_and_the_total_is_not(store: Store) -> None:
    for _ in range(2):
        job = print_journal.open_job(store, item_id=ticket(store), paper="ticket", stamp=stamp())
        print_journal.close_job(store, job, "printed", stamp(), millimetres=80)
        tallies.reset_trip(store, tallies.PAPER_MM)
    assert tallies.read_tallies(store)["paper_mm"] == (160, 0)
