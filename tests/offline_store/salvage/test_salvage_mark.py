"""What salvage goes by lies on the same bad disk: a torn mark or lock file must not cost what the store still holds."""

import errno
import os
from pathlib import Path

import pytest

from common.machine.errors import StoreUnavailable
from common.protocol.envelope import AuditBody, decode_body
from offline_store.delivery.outbox import Waiting, waiting_items
from offline_store.disk.database import DATABASE
from offline_store.disk.wal_check import has_lost_commits
from offline_store.salvage import rebuild
from offline_store.salvage.bad_sectors import copy_what_reads
from tests.offline_store.salvage.conftest import opened, take
from tests.offline_store.salvage.test_salvage import waiting_of, zero_head


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A folder with a store that holds three tickets."""
    with opened(tmp_path / "data") as store:
        for n in range(3):
            take(store, f"i{n}")
    return tmp_path / "data"


@pytest.mark.parametrize("torn", [b"", bytes(4), b"000", b"0003", b"\xff\xfe", b"\xc2\xb2"])
def test_a_torn_mark_of_a_salvage_loses_nothing(used: Path, monkeypatch: pytest.MonkeyPatch, torn: bytes) -> None:
    before = waiting_of(used)
    zero_head(used / DATABASE)

    def cut(*_: object) -> None:
        raise OSError(5, "the power went")

    with monkeypatch.context() as patched:
        patched.setattr(rebuild, "_read", cut)
        with pytest.raises(StoreUnavailable):
            opened(used)
    (used / DATABASE).unlink()  # as a cut in the middle of putting the new one in place leaves it
    (used / rebuild.MARK).write_bytes(torn)
    assert [one.item for one in waiting_of(used)[: len(before)]] == [one.item for one in before]
    assert not rebuild.is_unfinished(used)
    assert [path.name for path in (used / "damaged").iterdir()] == ["0001"]


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_disk_that_refuses_again_and_again_is_not_filled_with_folders(
    used: Path, monkeypatch: pytest.MonkeyPatch, is_gone: bool
) -> None:
    if is_gone:
        (used / DATABASE).unlink()
    else:
        zero_head(used / DATABASE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(rebuild, "replace_file", full)
        for _ in range(3):
            with pytest.raises(StoreUnavailable):
                opened(used)
    with opened(used) as store:
        assert take(store, "new")[0] == "B21000"
    assert [path.name for path in (used / "damaged").iterdir()] == ["0001"]


def test_a_sector_that_no_longer_reads_costs_what_is_in_it_and_no_more(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = waiting_of(used)
    zero_head(used / DATABASE)
    pread, bad, refused = os.pread, 3 * 4096, []

    def of_a_bad_disk(descriptor: int, length: int, start: int) -> bytes:
        name = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        if name.endswith(f"damaged/0001/{DATABASE}") and start <= bad < start + length:
            refused.append(start)
            raise OSError(errno.EIO, "Input/output error")
        return pread(descriptor, length, start)

    with monkeypatch.context() as patched:
        patched.setattr(os, "pread", of_a_bad_disk)
        after = [one.item.id for one in waiting_of(used)]
    assert refused == [0, bad], "only the one sector is given up"
    assert len({one.item.id for one in before} & set(after)) == len(before)
    copied, kept = (used / "copy"), used / "damaged" / "0001" / DATABASE
    copy_what_reads(kept, copied)
    assert copied.read_bytes() == kept.read_bytes()


def test_a_wal_that_does_not_read_is_damaged(used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wal = used / f"{DATABASE}-wal"
    wal.touch()
    assert not has_lost_commits(wal)

    def refuse(_: Path) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert has_lost_commits(wal)


@pytest.mark.parametrize("left", [None, b"", bytes(36)])
def test_whoever_clears_the_stores_files_away_has_no_number_given_again(used: Path, left: bytes | None) -> None:
    with opened(used) as store:
        epoch = store.epoch
    for path in used.glob("store*"):
        path.unlink()
    if left is not None:
        (used / "last-epoch").write_bytes(left)
    with opened(used) as store:
        assert take(store, "new")[0] == "B21000"
        with store.read() as connection:
            body = decode_body("audit", waiting_items(connection, limit=1)[0].item.body)
    assert isinstance(body, AuditBody)
    assert body.detail["former_epoch"] == (epoch if left is None else None)


@pytest.mark.parametrize("torn", [bytes(36), b"\xff" * 37, b"0123"])
def test_a_torn_lock_file_names_no_former_epoch_to_central(used: Path, torn: bytes) -> None:
    (used / DATABASE).unlink()
    (used / "store.lock").write_bytes(torn)
    with opened(used) as store:
        assert take(store, "new")[0] == "B21000", "a store was here: its numbers are not given again"
        with store.read() as connection:
            first: Waiting = waiting_items(connection, limit=1)[0]
    body = decode_body("audit", first.item.body)
    assert isinstance(body, AuditBody)
    assert body.detail["former_epoch"] is None
