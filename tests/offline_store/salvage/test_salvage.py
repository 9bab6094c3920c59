"""A damaged store: kept aside untouched, read as far as it reads, gone on with under a new epoch."""

import base64
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, insert, select, update
from structlog.testing import capture_logs

from common.machine.errors import StoreDamaged, StoreUnavailable, TicketsClosed
from common.machine.stamp import Stamp
from common.protocol.central_keys import key_id
from common.protocol.envelope import AuditBody, ItemResult, decode_body
from common.protocol.feed_message import Technician
from common.protocol.feed_page import FeedMessage, FeedPage
from offline_store import opening
from offline_store.alarms import list_alarms
from offline_store.chain.audit import verify_chain
from offline_store.delivery.outbox import Waiting, apply_results, list_items, waiting_items
from offline_store.disk import tables
from offline_store.disk.database import DATABASE, Store
from offline_store.disk.integrity import check_whole
from offline_store.feed.feed import apply_page
from offline_store.feed.feed_keys import signing_keys
from offline_store.feed.told import keep_told
from offline_store.issuing.intake import OrderRequest, TicketRequest, accept_order, accept_ticket
from offline_store.opening import open_store_in
from offline_store.printed.print_journal import close_job, jobs_of, open_job
from offline_store.salvage import rebuild
from offline_store.salvage.readable import DamagedDatabase, _Reading
from tests.kit.store import IDENTITY, MACHINE, later, stamp

TICKETS = 60
PAGE = 4096
NOISE = random.Random(4096).randbytes(PAGE)


def opened(folder: Path, at: Stamp | None = None) -> Store:
    return open_store_in(folder, IDENTITY, stamp=at or stamp(), machine=MACHINE)


def take(store: Store, intention: str, prefix: str = "B", at: Stamp | None = None) -> tuple[str, bool]:
    given = accept_ticket(store, TicketRequest("clearance", prefix), intention=intention, stamp=at or stamp())
    return given.number, given.repeated


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A folder with a used store: tickets of two prefixes, an order, a technician, the first items acknowledged."""
    folder = tmp_path / "data"
    with opened(folder) as store:
        for n in range(TICKETS):
            take(store, f"i{n}", "BC"[n % 2])
        accept_order(
            store, OrderRequest(outcome="accepted", code="SY1:X", order_id="ab" * 16), intention="scan", stamp=stamp()
        )
        with store.write() as connection:
            rows = waiting_items(connection, limit=20)
            apply_results(connection, [ItemResult(one.item.id, "applied") for one in rows], stamp())
        technician = Technician("t1", "Rana", "homs-main", "manager", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA")
        message = FeedMessage(70, "technician", msgspec.Raw(msgspec.json.encode(technician)))
        assert apply_page(store, FeedPage([message], "e.77.m", "e", 77, snapshot=True), stamp())
        with store.write() as connection:  # it named days, of which none is open any more
            connection.execute(update(tables.feed).values(business_day_serial=5))
            keep_told(connection, folder, IDENTITY.centre)
    return folder


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


def test_damage_met_while_running_closes_the_store_for_every_process_until_it_is_opened_anew(used: Path) -> None:
    with opened(used) as store, opened(used) as other:
        store.condemn("a page did not read")
        for one in (store, other):
            with pytest.raises(StoreDamaged):
                take(one, "new")
    with opened(used) as store:
        assert take(store, "new")[0] == "B21000"


def test_a_page_that_breaks_while_running_is_noticed_by_sqlite_and_marked(used: Path) -> None:
    with opened(used) as store:
        with store.read() as connection:
            root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_schema WHERE name = 'counters'").scalar_one()
        store.engine.dispose()
        overwrite(used / DATABASE, (root - 1) * PAGE, NOISE)
        with pytest.raises(StoreDamaged):
            take(store, "new")
        assert (used / "store.damaged").exists()
    with opened(used) as store:
        assert take(store, "newer") == ("B21000", False)


def test_tickets_that_were_closed_stay_closed_in_the_salvaged_store(used: Path) -> None:
    with open_store_in(used, IDENTITY, stamp=stamp(), machine="b" * 64):
        pass
    garble_schema(used / DATABASE)
    with open_store_in(used, IDENTITY, stamp=stamp(), machine="b" * 64) as store, pytest.raises(TicketsClosed):
        take(store, "new")


def test_opening_waits_for_no_salvage_while_another_process_holds_the_store(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offline_store.opening.LOCK_TIMEOUT_S", 0.05)
    with opened(used) as store:
        store.condemn("test")
        with pytest.raises(StoreUnavailable, match="another process"):
            opened(used)
    with opened(used) as store, store.read() as connection:
        assert connection.execute(select(func.count()).select_from(tables.epochs)).scalar_one() == 2


def test_whoever_finds_damage_makes_the_others_let_go(used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offline_store.opening.LOCK_TIMEOUT_S", 0.05)
    with opened(used) as other:
        other.engine.dispose()
        zero_head(used / DATABASE)
        with pytest.raises(StoreUnavailable, match="another process"):
            opened(used)
        with pytest.raises(StoreDamaged), other.read():
            pass
    with opened(used) as store:
        assert take(store, "new")[0] == "B21000"


def garble(text: bytes, replacement: bytes, *files: Path) -> None:
    """Replace that text wherever it stands in the files, as bad sectors do."""
    hits = 0
    for path in files:
        data = path.read_bytes()
        hits += data.count(text)
        path.write_bytes(data.replace(text, replacement))
    assert hits


@pytest.mark.parametrize("name", [b"business_day_sexial", b"business_day_s\xe5rial"], ids=["other", "no text"])
def test_a_schema_whose_columns_are_no_longer_ours_is_salvaged(used: Path, name: bytes) -> None:
    garble(b"business_day_serial", name, used / DATABASE)
    with opened(used) as store:
        assert take(store, "i0") == ("B2001", True)
        assert [alarm.code for alarm in list_alarms(store)] == ["store-salvaged"]


@pytest.mark.parametrize("at", [18, 47], ids=["write version", "schema format"])
def test_a_header_of_a_later_format_is_damage_not_a_read_only_disk(used: Path, at: int) -> None:
    overwrite(used / DATABASE, at, b"\xff")
    with opened(used) as store:
        assert take(store, "i0") == ("B2001", True)
        assert take(store, "new")[0] == "B21000"


def test_a_text_that_does_not_decode_is_salvaged_around(used: Path) -> None:
    """Nothing in the file's structure shows it: it is met where the row is read."""
    garble(b"i7", b"\xff7", used / DATABASE)
    with opened(used) as store, pytest.raises(StoreDamaged), store.read() as connection:
        connection.execute(select(tables.tickets)).all()
    with opened(used) as store:
        assert take(store, "i6") == ("B2004", True)
        assert take(store, "i7", "C")[1] is False


def test_a_ticket_whose_record_does_not_read_is_listed_and_salvaged_around_once_it_is_needed(used: Path) -> None:
    with opened(used) as store:
        (item,) = [row.id for row in list_items(store, include_acknowledged=True) if row.number == "B2005"]
        with store.write() as connection:
            connection.execute(update(tables.items).where(tables.items.c.id == item).values(body="no base64"))
        (listed,) = [row for row in list_items(store, include_acknowledged=True) if row.id == item]
        assert (listed.number, listed.business_day) == (None, None)
        with pytest.raises(StoreDamaged, match="record of a ticket"):
            take(store, "i8")
    with opened(used) as store:
        assert take(store, "i8")[0] == "B21000"


def test_rows_that_come_out_of_order_do_not_widen_the_search(used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged page's own cells may name any rowid; the search went below its beginning, and never ended."""
    nothing = [None] * len(tables.store.columns)

    def astray(_: object, select: str, low: int, high: int, reading: _Reading) -> Iterator[tuple[object, ...]]:
        reading.last = high + 100 if select.endswith("DESC") else low - 100
        yield (*nothing,)

    monkeypatch.setattr(DamagedDatabase, "_until_damage", astray)
    with closing(DamagedDatabase(used / DATABASE)) as damaged:
        assert list(damaged.rows(tables.store)) == []


def test_one_opening_salvages_once_though_the_new_store_does_not_read_either(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "find_damage", lambda *_: "the disk is broken")
    with pytest.raises(StoreDamaged, match="has to look at the disk"):
        opened(used)
    assert [folder.name for folder in (used / rebuild.ASIDE).iterdir()] == ["0001"]
