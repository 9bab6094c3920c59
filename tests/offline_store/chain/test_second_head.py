"""A disk that lost the last commits, or the whole WAL: the loss is said, and no number is given twice."""

import base64
import contextlib
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from common.machine.errors import StoreUnavailable
from common.protocol.envelope import AuditBody
from offline_store.alarms import list_alarms
from offline_store.chain.audit import record, verify_chain
from offline_store.chain.chain import append, read_head
from offline_store.disk.database import DATABASE, Store
from offline_store.disk.integrity import check_whole
from offline_store.disk.second_head import FILE, SecondHead, SecondHeadFile, read_second_head
from offline_store.disk.wal_check import FRAME_HEADER, HEADER
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.store import IDENTITY, MACHINE, stamp

FRAME = FRAME_HEADER + 4096
WAL = f"{DATABASE}-wal"


def opened(folder: Path) -> Store:
    return open_store_in(folder, IDENTITY, stamp=stamp(), machine=MACHINE)


def take(store: Store, intention: str, prefix: str = "B") -> str:
    given = accept_ticket(store, TicketRequest("clearance", prefix), intention=intention, stamp=stamp())
    return given.number


def commits(wal: bytes) -> list[int]:
    """Return where each transaction of the WAL ends."""
    starts = range(HEADER, len(wal) - FRAME + 1, FRAME)
    return [start + FRAME for start in starts if wal[start + 4 : start + 8] != bytes(4)]


def cut_commits(lost: int) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        wal = (folder / WAL).read_bytes()
        ends = commits(wal)
        (folder / WAL).write_bytes(wal[: ends[-1 - lost]])

    return damage


def remove_wal(folder: Path) -> None:
    (folder / WAL).unlink()


def empty_wal(folder: Path) -> None:
    (folder / WAL).write_bytes(b"")


def zero_tail(folder: Path) -> None:
    wal = (folder / WAL).read_bytes()
    end = commits(wal)[-6]
    (folder / WAL).write_bytes(wal[:end] + bytes(len(wal) - end))


DAMAGES = {
    "the last two commits": cut_commits(2),
    "the last twenty commits": cut_commits(20),
    "the last commits read as zeros": zero_tail,
    "the WAL is gone": remove_wal,
    "the WAL is empty": empty_wal,
}


@pytest.fixture
def running(tmp_path: Path) -> tuple[Path, list[str]]:
    """A store as it lies on the disk of a kiosk at work, and the numbers that were shown."""
    with opened(tmp_path / "before") as store:
        shown = [take(store, f"yesterday {n}") for n in range(3)]
    with opened(tmp_path / "before") as store:
        shown += [take(store, f"tap {n}", "BC"[n % 2]) for n in range(30)]
        folder = tmp_path / "cut"
        shutil.copytree(tmp_path / "before", folder)
    return folder, shown


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_disk_that_lost_commits_gives_no_number_twice_and_says_so(
    running: tuple[Path, list[str]], damage: Callable[[Path], None]
) -> None:
    folder, shown = running
    damage(folder)
    with opened(folder) as store:
        [alarm] = list_alarms(store)
        assert alarm.code == "store-salvaged"
        assert re.search(r"at least \d+ of the newest items are lost", alarm.detail)
        fresh = [take(store, f"after {n}", "BC"[n % 2]) for n in range(6)]
        assert not set(fresh) & set(shown)
        assert check_whole(store) == []
        assert verify_chain(store) == []
    with opened(folder) as store:  # the new chain is held against its own end
        assert not {take(store, "again")} & {*shown, *fresh}
    assert [place.name for place in (folder / "damaged").iterdir()] == ["0001"]


def test_the_last_commit_alone_burns_a_number_and_says_so_in_the_chain(running: tuple[Path, list[str]]) -> None:
    folder, shown = running
    cut_commits(1)(folder)
    with opened(folder) as store:
        epoch = store.epoch
        assert not {take(store, "b"), take(store, "c", "C"), take(store, "first of its prefix", "A")} & set(shown)
        assert verify_chain(store) == []
        with store.read() as connection:
            audits = connection.exec_driver_sql("SELECT body FROM items WHERE kind = 'audit'").scalars().all()
        assert sum("commit-cut" in _text(body) for body in audits) == 1
    with opened(folder) as store:
        assert store.epoch == epoch
        assert take(store, "later", "A") == "A2003"  # 1 was burnt, 2 given: nothing is burnt twice
    assert not (folder / "damaged").exists()


def _text(body: str) -> str:
    return base64.b64decode(body).decode()


def test_a_kiosk_that_was_cut_off_between_commits_goes_on_with_the_next_number(
    running: tuple[Path, list[str]],
) -> None:
    folder, shown = running
    with opened(folder) as store:
        assert take(store, "next") == f"B2{int(max(n for n in shown if n[0] == 'B')[2:]) + 1:03d}"
        assert list_alarms(store) == []


def test_an_older_copy_of_the_store_is_found_out(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with opened(folder) as store:
        take(store, "a")
    older = (folder / DATABASE).read_bytes()
    with opened(folder) as store:
        shown = [take(store, f"{n}") for n in range(5)]
    (folder / DATABASE).write_bytes(older)
    with opened(folder) as store:
        assert take(store, "new") not in shown
        assert [alarm.code for alarm in list_alarms(store)] == ["store-salvaged"]


def test_a_second_head_that_does_not_read_stops_nothing(running: tuple[Path, list[str]]) -> None:
    folder, _ = running
    (folder / FILE).write_bytes(random.Random(5).randbytes(8192))
    with opened(folder) as store:
        assert take(store, "next")
    assert not (folder / "damaged").exists()


def test_a_commit_whose_second_head_is_refused_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    with opened(tmp_path / "data") as store:
        take(store, "before")
        with monkeypatch.context() as patched:
            patched.setattr("os.fdatasync", refuse)
            with pytest.raises(StoreUnavailable, match="Input/output"):
                take(store, "tap")
        again = accept_ticket(store, TicketRequest("clearance", "B"), intention="tap", stamp=stamp())
        assert (again.number, again.repeated) == ("B2002", True)


def test_of_two_places_the_later_one_that_reads_counts(tmp_path: Path) -> None:
    file = SecondHeadFile.open_in(tmp_path)
    for seq in (7, 8):
        file.write(SecondHead("e", seq, seq - 1)).result()
    assert read_second_head(tmp_path) == SecondHead("e", 8, 7)
    with (tmp_path / FILE).open("r+b") as raw:
        raw.seek(20)
        raw.write(b"torn")
    assert read_second_head(tmp_path) == SecondHead("e", 7, 6)
    file.close()


def test_what_was_undone_leaves_nothing_to_the_next_commit(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as store:
        take(store, "a")
        before = read_second_head(tmp_path / "data")
        with contextlib.suppress(ValueError), store.write() as connection:
            append(connection, read_head(connection), "audit", AuditBody("x", {}), stamp())
            raise ValueError
        assert read_second_head(tmp_path / "data") == before
        record(store, "y", stamp())
        after = read_second_head(tmp_path / "data")
        assert before is not None
        assert after == SecondHead(before.epoch, before.seq + 1, before.seq)
