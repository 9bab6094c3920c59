"""A damaged store: kept aside untouched, read as far as it reads, gone on with under a new epoch."""

import base64
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select
from structlog.testing import capture_logs

from common.machine.errors import StoreUnavailable, TicketsClosed
from common.protocol.central_keys import key_id
from common.protocol.envelope import AuditBody, decode_body
from offline_store.alarms import list_alarms
from offline_store.chain.audit import verify_chain
from offline_store.delivery.outbox import Waiting, list_items, waiting_items
from offline_store.disk import tables
from offline_store.disk.database import DATABASE
from offline_store.disk.integrity import check_whole
from offline_store.feed.feed_keys import signing_keys
from offline_store.issuing.intake import OrderRequest, accept_order
from offline_store.opening import open_store_in
from offline_store.printed.print_journal import close_job, jobs_of, open_job
from offline_store.salvage import rebuild
from tests.kit.store import IDENTITY, later, stamp
from tests.offline_store.salvage.conftest import TICKETS, opened, take

PAGE = 4096


NOISE = random.Random(4096).randbytes(PAGE)


def waiting_of(folder: Path) -> list[Waiting]:
    with opened(folder) as store, store.read() as connection:
        return waiting_items(connection, limit=1000, max_bytes=1 << 30)


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def zero_head(path: Path) -> None:
    overwrite(path, 0, bytes(PAGE))


def garble_schema(path: Path) -> None:
    overwrite(path, 100, NOISE[:200])


def cut_tail(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "first page zeroed": zero_head,
    "schema garbled": garble_schema,
    "tail cut off": cut_tail,
    "file is another thing": lambda path: overwrite(path, 0, b"%PDF-1.7 not a database at all"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_whatever_is_damaged_numbers_go_on_clear_of_the_old_ones(used: Path, damage: Callable[[Path], None]) -> None:
    before = (used / DATABASE).read_bytes()
    with opened(used) as store:
        epoch = store.epoch
    damage(used / DATABASE)
    damaged = (used / DATABASE).read_bytes()
    assert damaged != before
    with capture_logs() as logged, opened(used) as store:
        assert [one["event"] for one in logged if one["log_level"] == "error"] == ["store-damaged", "store-salvaged"]
        assert "items read" in logged[-1]["found"]
        assert store.epoch != epoch
        number, repeated = take(store, "new")
        assert (number, repeated) == ("B21000", False)
        assert take(store, "none of this prefix was given", "A")[0] == "A21000"
        assert [alarm.code for alarm in list_alarms(store)] == ["store-salvaged"]
        assert check_whole(store) == []
        assert verify_chain(store) == []
    assert (used / "damaged" / "0001" / DATABASE).read_bytes() == damaged
    assert not rebuild.is_unfinished(used)


def test_with_the_first_page_gone_every_row_still_is_found(used: Path) -> None:
    before = waiting_of(used)
    zero_head(used / DATABASE)
    after = waiting_of(used)
    # Deliverable just as they were: former epoch, seq and hash, in the former order, before what is new.
    assert [one.item for one in after[: len(before)]] == [one.item for one in before]
    with opened(used) as store:
        assert take(store, "i0") == ("B2001", True)
        again = accept_order(
            store, OrderRequest(outcome="accepted", code="SY1:X", order_id="ab" * 16), intention="x", stamp=stamp()
        )
        assert again is not None
        assert again.repeated
        assert sum(row.state == "acknowledged" for row in list_items(store, include_acknowledged=True)) == 20


def test_content_of_the_feed_is_kept_and_a_snapshot_is_asked_for(used: Path) -> None:
    overwrite(used / DATABASE, (used / DATABASE).stat().st_size - PAGE, NOISE)
    (used / "store.damaged").write_text("seen while running")
    with opened(used) as store, store.read() as connection:
        assert connection.execute(select(tables.technicians.c.name)).scalars().all() == ["Rana"]
        assert connection.execute(select(tables.feed.c.cursor, tables.feed.c.business_day_serial)).one() == (None, 5)


def test_central_is_still_known_by_the_key_that_the_feed_brought(used: Path) -> None:
    """Central signs with the newest key that the kiosk once knew: without it no answer would be believed any more."""
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    text, kid = base64.b64encode(public).decode(), key_id(public)
    forged = {"kid": "0badbad0", "purpose": "signing", "public_key": text, "added": 9}
    with opened(used) as store, store.write() as connection:
        row = {"kid": kid, "purpose": "signing", "public_key": text, "added": 9}
        connection.execute(insert(tables.central_keys).values([row, forged]))
    zero_head(used / DATABASE)
    with opened(used) as store:
        assert kid in signing_keys(store)
        assert "0badbad0" not in signing_keys(store), "a key is what its id says"


def test_what_has_been_printed_stays_known_so_that_another_is_a_copy(used: Path) -> None:
    with opened(used) as store:
        item = list_items(store, include_acknowledged=True)[-1].id
        done = open_job(store, item_id=item, paper="ticket", stamp=stamp())
        close_job(store, done, "printed", stamp(), millimetres=100)
        open_job(store, item_id=item, paper="ticket", stamp=stamp(), copy=True)
    zero_head(used / DATABASE)
    with opened(used) as store:
        assert [(job.state, job.copy) for job in jobs_of(store, item)] == [("printed", False), ("sending", True)]


def test_the_first_item_of_the_new_epoch_tells_central_of_the_old_one(used: Path) -> None:
    with opened(used) as store, store.read() as connection:
        head = connection.execute(select(tables.store)).one()
    garble_schema(used / DATABASE)
    first = next(one.item for one in waiting_of(used) if one.item.epoch != head.epoch)
    body = decode_body("audit", first.body)
    assert isinstance(body, AuditBody)
    assert (first.seq, first.prev_hash, body.event) == (1, "0" * 64, "store-opened")
    assert body.detail == {
        "why": "salvage",
        "former_epoch": head.epoch,
        "former_last_seq": head.head_seq,
        "former_last_hash": head.head_hash,
    }


@pytest.mark.parametrize("seed", range(12))
def test_random_damage_never_loses_more_than_it_hit_nor_gives_a_number_twice(used: Path, seed: int) -> None:
    """Pages overwritten at random, in the file or in a WAL that a crash left."""
    chance = random.Random(seed)
    unseen: list[str] = []
    shown = {f"i{n}": f"{'BC'[n % 2]}2{n // 2 + 1:03d}" for n in range(TICKETS)}
    if seed % 2:
        store = opened(used)  # not closed: its WAL stays
        shown |= {f"w{n}": take(store, f"w{n}")[0] for n in range(10)}
        # Damage in the very last transaction can't be told from one that a cut tore: leave two that nobody was shown.
        unseen = [take(store, f"unseen {n}")[0] for n in range(2)]
        left = used.with_name("left")
        shutil.copytree(used, left)
        store.close()
        used = left
    files = [path for path in used.glob("store.db*") if path.suffix != ".db-shm" and path.stat().st_size]
    hit = 0
    for _ in range(chance.randint(1, 4)):
        path = chance.choice(files)
        at = chance.randrange(path.stat().st_size // 512) * 512
        overwrite(path, at, chance.choice([chance.randbytes(512), bytes(PAGE)])[: path.stat().st_size - at])
        hit += 1
    with opened(used) as store:
        given = [take(store, intention) for intention in [*shown, "new 1", "new 2"]]
        fresh = [number for number, repeated in given if not repeated]
        kept = [number for number, repeated in given if repeated]
        assert set(fresh).isdisjoint(shown.values()), unseen
        assert len(set(fresh)) == len(fresh)
        assert set(kept) <= set(shown.values())
        # A page holds at most some twenty tickets' rows.
        assert len(shown) - len(kept) <= hit * 45
        assert check_whole(store) == []
        assert verify_chain(store) == []


def test_a_bad_frame_in_the_wal_does_not_silently_take_back_what_came_after_it(used: Path) -> None:
    """SQLite would: it plays the WAL in up to that frame, and says nothing."""
    with opened(used) as store:
        shown = [take(store, f"w{n}")[0] for n in range(10)]
        left = used.with_name("left")
        shutil.copytree(used, left)
    overwrite(left / f"{DATABASE}-wal", 32 + 24 + 100, b"DAMAGE")
    with opened(left) as store:
        assert [take(store, f"w{n}") for n in range(1, 10)] == [(number, True) for number in shown[1:]]
        assert take(store, "new")[0] == "B21000"


@pytest.mark.parametrize(
    "head", [bytes(512), b"\xff" * 512, bytes(32), NOISE[:512]], ids=["zeros", "ones", "header", "noise"]
)
def test_a_wal_whose_first_sector_is_lost_gives_back_its_rows(used: Path, head: bytes) -> None:
    """Zeros in the first frame once passed for the salt of the newest round, and all frames of it were dropped."""
    with opened(used) as store:
        shown = [take(store, f"w{n}")[0] for n in range(40)]
        orders = [f"{n:032x}" for n in range(8)]
        for order in orders:
            accept_order(
                store,
                OrderRequest(outcome="accepted", code=f"SY1:{order}", order_id=order),
                intention=order,
                stamp=stamp(),
            )
        left = used.with_name("left")
        shutil.copytree(used, left)
    overwrite(left / f"{DATABASE}-wal", 0, head)
    with opened(left) as store:
        assert [take(store, f"w{n}") for n in range(40)] == [(number, True) for number in shown]
        for order in orders:
            again = accept_order(
                store,
                OrderRequest(outcome="accepted", code="SY1:X2", order_id=order),
                intention=f"{order} again",
                stamp=stamp(),
            )
            assert again is not None
            assert again.repeated


@pytest.mark.parametrize("left", ["nothing", "an empty file"])
def test_a_store_that_is_gone_is_no_first_start(used: Path, left: str) -> None:
    (used / DATABASE).unlink()
    if left != "nothing":
        (used / DATABASE).touch()
    with opened(used) as store:
        assert take(store, "new")[0] == "B21000"
        assert [alarm.code for alarm in list_alarms(store)] == ["store-salvaged"]
        assert take(store, "next day", at=stamp(later(days=1), boot_time_s=86_500))[0] == "B2001"


def test_when_the_clock_is_bad_the_next_day_to_open_starts_clear(used: Path) -> None:
    (used / DATABASE).unlink()
    with opened(used, stamp(trust="unknown")) as store:
        assert take(store, "new", at=stamp())[0] == "B21000"


def test_a_second_salvage_on_the_same_day_goes_on_yet_a_thousand_higher(used: Path) -> None:
    numbers = []
    for n in range(3):
        zero_head(used / DATABASE)
        with opened(used) as store:
            numbers.append(take(store, f"new {n}")[0])
            assert verify_chain(store) == []
    assert numbers == ["B21000", "B22000", "B23000"]
    assert sorted(path.name for path in (used / "damaged").iterdir()) == ["0001", "0002", "0003"]


@pytest.mark.parametrize("step", ["_read", "build_store", "remove_database"])
def test_a_power_cut_during_the_salvage_only_repeats_it(used: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    before = waiting_of(used)
    zero_head(used / DATABASE)

    def cut(*_: object) -> None:
        raise OSError(5, "the power went")

    with monkeypatch.context() as patched:
        patched.setattr(rebuild, step, cut)
        with pytest.raises(StoreUnavailable):
            opened(used)
    if step == "_read":
        (used / DATABASE).unlink(missing_ok=True)  # what the set-aside files are for
    assert [one.item for one in waiting_of(used)[: len(before)]] == [one.item for one in before]
    assert [path.name for path in (used / "damaged").iterdir()] == ["0001"]


def test_tickets_that_were_closed_stay_closed_in_the_salvaged_store(used: Path) -> None:
    with open_store_in(used, IDENTITY, stamp=stamp(), machine="b" * 64):
        pass
    garble_schema(used / DATABASE)
    with open_store_in(used, IDENTITY, stamp=stamp(), machine="b" * 64) as store, pytest.raises(TicketsClosed):
        take(store, "new")
