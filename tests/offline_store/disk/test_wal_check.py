import errno
import shutil
from pathlib import Path

import pytest

from common.machine.errors import StoreUnavailable
from offline_store.disk.database import DATABASE
from offline_store.disk.wal_check import FRAME_HEADER, HEADER, has_lost_commits
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.store import IDENTITY, MACHINE, stamp

STEP = FRAME_HEADER + 4096


@pytest.fixture
def wal(tmp_path: Path) -> Path:
    """The WAL of five accepts, as a crash leaves it."""
    copy = tmp_path / "left-wal"
    with open_store_in(tmp_path / "data", IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        for n in range(5):
            accept_ticket(store, TicketRequest("clearance", "B"), intention=f"i{n}", stamp=stamp())
        copy.write_bytes((tmp_path / "data" / f"{DATABASE}-wal").read_bytes())
    return copy


def frames(data: bytes) -> range:
    return range(HEADER, len(data) - STEP + 1, STEP)


def commits(data: bytes) -> list[int]:
    return [start for start in frames(data) if data[start + 4 : start + 8] != bytes(4)]


def after(wal: Path, data: bytes) -> bool:
    wal.write_bytes(data)
    return has_lost_commits(wal)


def test_a_whole_wal_an_empty_one_and_none_have_lost_nothing(wal: Path, tmp_path: Path) -> None:
    assert len(commits(wal.read_bytes())) == 5
    assert has_lost_commits(wal) is False
    assert after(wal, b"") is False
    assert has_lost_commits(tmp_path / "none") is False


def test_a_torn_last_transaction_is_what_a_power_cut_leaves(wal: Path) -> None:
    data = wal.read_bytes()
    last = commits(data)[-2] + STEP
    for start in range(last, len(data), 512):
        assert after(wal, data[:start]) is False
        assert after(wal, data[:start] + bytes(512) + data[start + 512 :]) is False


def test_damage_in_an_earlier_transaction_is_noticed_in_whichever_frame(wal: Path) -> None:
    data = wal.read_bytes()
    for start in (start for start in frames(data) if start <= commits(data)[-2]):
        at = start + FRAME_HEADER + 1000
        assert after(wal, data[:at] + b"DAMAGE" + data[at + 6 :]) is True, start


@pytest.mark.parametrize("at", [0, 8, 16, 24])
def test_a_damaged_header_is_noticed(wal: Path, at: int) -> None:
    data = wal.read_bytes()
    assert after(wal, data[:at] + b"\xff\xff\xff" + data[at + 3 :]) is True


def test_frames_from_before_the_last_reset_are_none_of_its_business(wal: Path) -> None:
    data = wal.read_bytes()
    second = commits(data)[1] + STEP
    former = bytearray(data[second:])
    for start in range(0, len(former) - STEP + 1, STEP):
        former[start + 8 : start + 16] = b"old salt"
    assert after(wal, data[:second] + bytes(former)) is False


def test_where_not_even_the_mark_finds_room_the_wal_is_left_alone_until_it_does(
    wal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "crashed"
    shutil.copytree(tmp_path / "data", folder)
    data = wal.read_bytes()
    left = folder / f"{DATABASE}-wal"
    at = HEADER + FRAME_HEADER + 1000
    left.write_bytes(data[:at] + b"DAMAGE" + data[at + 6 :])
    damaged = left.read_bytes()

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(StoreUnavailable, match="No space left"):
        open_store_in(folder, IDENTITY, stamp=stamp(), machine=MACHINE)
    assert left.read_bytes() == damaged
    monkeypatch.undo()
    with open_store_in(folder, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        given = accept_ticket(store, TicketRequest("clearance", "B"), intention="fresh", stamp=stamp())
    assert given.number == "B21000"
