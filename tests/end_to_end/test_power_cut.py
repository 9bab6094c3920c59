"""Nothing that was shown is lost by a power cut, wherever it falls; and these tests would notice if it were."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from offline_store.chain.audit import verify_chain
from offline_store.delivery.outbox import list_items
from offline_store.disk.integrity import check_whole
from offline_store.disk.second_head import FILE as SECOND_HEAD
from offline_store.identity import Identity
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.end_to_end.conftest import BIN, Town
from tests.kit.power_cut import Recording, record
from tests.kit.store import IDENTITY, MACHINE, stamp

TICKETS = 25
AT_EVERY_CALL = 8  # of so many tickets: forty calls each

pytestmark = [pytest.mark.usefixtures("power_cuts"), pytest.mark.timeout(400)]


def recorded(tmp_path: Path, *weaker: str, before: int = 0, tickets: int = TICKETS) -> Recording:
    """Record an accepting process, in a folder where another one has accepted `before` tickets."""
    data = tmp_path / "data"
    data.mkdir()
    command = [sys.executable, "-m", "tests.offline_store.accepting_process", str(data)]
    if before:
        subprocess.run([*command, "before", str(before), *weaker], check=True, capture_output=True, timeout=50)
    return record([*command, "now", str(tickets), *weaker], data, tmp_path / "trace")


def faults_after(recording: Recording, cut: int, folder: Path, chance: random.Random) -> list[str]:
    """Cut, open what is left as a restarted kiosk does, and name every broken promise."""
    recording.after_cut(cut, folder, chance)
    promised = [json.loads(line) for line in recording.promises(cut)]
    with open_store_in(folder, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        faults = [*check_whole(store), *map(str, verify_chain(store))]
        if (folder / "damaged").exists():
            faults.append("the store was damaged")
        taken = {line["number"] for line in promised}
        for line in promised:
            found = accept_ticket(store, TicketRequest("clearance", "B"), intention=line["intention"], stamp=stamp())
            if (found.id, found.number, found.repeated) != (line["id"], line["number"], True):
                faults.append(f"{line['number']} was shown and is gone")
        fresh = accept_ticket(store, TicketRequest("clearance", "B"), intention="after the cut", stamp=stamp())
        if fresh.number in taken:
            faults.append(f"{fresh.number} was given twice")
        with store.read() as connection:
            ours = connection.exec_driver_sql("SELECT count(*) FROM items WHERE kind = 'ticket'").scalar_one()
            theirs = connection.exec_driver_sql("SELECT count(*) FROM tickets").scalar_one()
            highest = connection.exec_driver_sql("SELECT max(n) FROM tickets").scalar_one()
            counter = connection.exec_driver_sql("SELECT n FROM counters").scalar_one()
        if ours != theirs or highest != counter:
            faults.append(f"a transaction is there in part: {ours} items, {theirs} tickets, {counter=}, {highest=}")
    return faults


def broken_cuts(recording: Recording, tmp_path: Path, seed: int, cuts: int | None = None) -> dict[int, list[str]]:
    """Cut after each call of the run, or after `cuts` spread over it; give the cuts that broke a promise."""
    chance = random.Random(seed)
    places: Sequence[int] = range(len(recording.calls) + 1)
    if cuts is not None:
        places = sorted(chance.sample(places, min(cuts, len(places))))
    broken = {}
    for number, cut in enumerate(places):
        folder = tmp_path / f"cut{number}"
        folder.mkdir()
        if faults := faults_after(recording, cut, folder, chance):
            broken[cut] = faults
        shutil.rmtree(folder)
    return broken


@pytest.mark.parametrize("before", [0, 110], ids=["from the first start on", "in a store in use"])
def test_no_cut_loses_a_ticket_that_was_shown(tmp_path: Path, before: int) -> None:
    recording = recorded(tmp_path, before=before, tickets=AT_EVERY_CALL)
    assert len(recording.promises(len(recording.calls))) == AT_EVERY_CALL + 1
    assert broken_cuts(recording, tmp_path, seed=1) == {}


def test_no_cut_while_the_wal_is_brought_into_the_file_loses_a_ticket(tmp_path: Path) -> None:
    # A checkpoint every dozen tickets instead of every hundred, so that the cuts fall into some.
    recording = recorded(tmp_path, "wal_autocheckpoint=100=100", before=30)
    first = next(place for place, call in enumerate(recording.calls) if call.name == "promise")
    into_the_file = [call for call in recording.calls[first:] if (call.name, call.path) == ("write", "store.db")]
    assert len(into_the_file) > TICKETS
    assert broken_cuts(recording, tmp_path, seed=5, cuts=150) == {}


def test_no_cut_during_a_salvage_loses_what_could_be_read(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    command = [sys.executable, "-m", "tests.offline_store.accepting_process", str(data)]
    subprocess.run([*command, "before", "20"], check=True, capture_output=True, timeout=50)
    with (data / "store.db").open("r+b") as file:
        file.write(bytes(4096))
    damaged = (data / "store.db").read_bytes()
    recording = record([*command, "now", "3"], data, tmp_path / "trace")
    assert len(recording.promises(len(recording.calls))) == 4
    chance = random.Random(4)
    for number, cut in enumerate(sorted(chance.choices(range(len(recording.calls) + 1), k=80))):
        folder = tmp_path / f"cut{number}"
        folder.mkdir()
        recording.after_cut(cut, folder, chance)
        shown = [json.loads(line) for line in recording.promises(cut)]
        shown = [{"intention": f"before-{n}", "number": f"B2{n + 1:03d}"} for n in range(20)] + shown
        with open_store_in(folder, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
            for line in shown:
                found = accept_ticket(
                    store, TicketRequest("clearance", "B"), intention=line["intention"], stamp=stamp()
                )
                assert (found.number, found.repeated) == (line["number"], True), f"cut {cut}"
            assert [*check_whole(store), *verify_chain(store)] == []
        assert (folder / "damaged" / "0001" / "store.db").read_bytes() == damaged
        assert len(list((folder / "damaged").iterdir())) == 1
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    "weaker",
    [("synchronous=NORMAL=1",), ("synchronous=OFF=0",), ("journal_mode=DELETE=delete",)],
    ids=["synchronous NORMAL", "synchronous OFF", "rollback journal"],
)
def test_a_weaker_setting_would_be_noticed(tmp_path: Path, weaker: tuple[str, ...]) -> None:
    recording = recorded(tmp_path, *weaker)
    broken = broken_cuts(recording, tmp_path, seed=2, cuts=60)
    assert any("is gone" in fault for faults in broken.values() for fault in faults)


def test_each_ticket_costs_one_sync_of_the_store_and_one_of_its_second_head(tmp_path: Path) -> None:
    recording = recorded(tmp_path, before=1)
    promises = [place for place, call in enumerate(recording.calls) if call.name == "promise"]
    between = recording.calls[promises[0] : promises[-1]]
    of_head = sum(call.name == "sync" and call.path == SECOND_HEAD for call in between)
    of_store = sum(call.name == "sync" for call in between) - of_head
    # One for each new ticket ("shared" is a repetition), and at most a checkpoint's on top.
    assert TICKETS - 1 <= of_store <= TICKETS + 3
    assert TICKETS - 1 <= of_head <= TICKETS


def test_no_cut_of_the_command_itself_loses_a_ticket_that_it_showed(tmp_path: Path, town: Town) -> None:
    kiosk = town.enrol("one")
    folder = kiosk.settings.parent / "var"
    command = [str(BIN / "kiosk"), "issue", "--service", "clearance", "--no-print", "--count"]
    subprocess.run([*command, "3", "--config", str(kiosk.settings)], check=True, capture_output=True, timeout=50)
    recording = record([*command, "20", "--config", str(kiosk.settings)], folder, tmp_path / "trace")
    assert len(recording.promises(len(recording.calls))) == 20
    enrolment = json.loads((folder / "enrolment.json").read_text(encoding="utf-8"))
    identity = Identity(enrolment["kiosk"], enrolment["centre"], enrolment["digit"])
    chance = random.Random(3)
    for number, cut in enumerate(sorted(chance.choices(range(len(recording.calls) + 1), k=100))):
        found = tmp_path / f"cut{number}"
        found.mkdir()
        recording.after_cut(cut, found, chance)
        shown = {(line["id"], line["number"]) for line in map(json.loads, recording.promises(cut))}
        with open_store_in(found, identity, stamp=stamp()) as store:
            kept = [row for row in list_items(store, include_acknowledged=True) if row.kind == "ticket"]
            numbers = [(row.business_day, row.number) for row in kept]
            fresh = accept_ticket(store, TicketRequest("clearance", "B"), intention="after the cut", stamp=stamp())
            assert shown <= {(row.id, row.number) for row in kept}, f"cut {cut} lost a ticket"
            assert len(set(numbers)) == len(numbers)
            assert (fresh.business_day, fresh.number) not in numbers
            assert [*check_whole(store), *verify_chain(store)] == []
            assert not (found / "damaged").exists()
        shutil.rmtree(found)
