"""PINs on a disk without its machine: nothing to guess at; and a machine that lost its secret asks again."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from argon2 import PasswordHasher
from sqlalchemy import insert, select, update

from common.machine import pepper
from common.machine.pepper import Pepper, is_current, keep, machine_pepper, opened
from common.protocol.feed_message import ClerkRecord, Clerks, Technician
from common.protocol.staff import Staff
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.centre import said_of_centre
from offline_store.feed.feed import place
from offline_store.feed.pins import ask_again_for_pins
from tests.kit.delivering import Delivering
from tests.kit.fake_central import FakeCentral

HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("11112222")
SECRETS = (b"a" * 32, b"b" * 32)


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Delivering]:
    central = FakeCentral()
    central.publish("technician", Technician("t-1", "Rana", "homs-main", "manager", HASH))
    delivering = Delivering(tmp_path, central)
    yield delivering
    delivering.close()
    central.close()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pepper, "PEPPER", tmp_path / "pepper")
    return tmp_path / "pepper"


def kept(kiosk: Delivering) -> str:
    with kiosk.store.read() as connection:
        return str(connection.execute(select(tables.technicians.c.pin_hash)).scalar_one())


def test_a_machine_with_a_secret_has_no_hash_on_its_disk(kiosk: Delivering, file: Path, tmp_path: Path) -> None:
    file.write_bytes(SECRETS[0])
    kiosk.forwarder.run_once()
    assert opened(kept(kiosk), machine_pepper()) == HASH
    on_disk = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert b"argon2id" not in on_disk
    assert HASH.rpartition("$")[2].encode() not in on_disk


@pytest.mark.parametrize(
    ("before", "after"), [(None, SECRETS[0]), (SECRETS[0], None), (SECRETS[0], SECRETS[1]), (SECRETS[0], b"short")]
)
def test_a_secret_that_came_went_or_changed_locks_nobody_out(
    kiosk: Delivering, file: Path, before: bytes | None, after: bytes | None
) -> None:
    if before is not None:
        file.write_bytes(before)
    kiosk.forwarder.run_once()
    file.unlink(missing_ok=True)
    if after is not None:
        file.write_bytes(after)
    assert not is_current(kept(kiosk), machine_pepper())
    assert (opened(kept(kiosk), machine_pepper()) is None) is (before is not None)
    assert ask_again_for_pins(kiosk.store, machine_pepper()) is True
    kiosk.new_forwarder(lambda _: kiosk.uplink).run_once()
    assert opened(kept(kiosk), machine_pepper()) == HASH
    assert is_current(kept(kiosk), machine_pepper())


def test_what_is_kept_as_it_should_be_is_not_asked_for_again(kiosk: Delivering, file: Path) -> None:
    file.write_bytes(SECRETS[0])
    kiosk.forwarder.run_once()
    heard = place(kiosk.store)
    assert ask_again_for_pins(kiosk.store, machine_pepper()) is False
    assert place(kiosk.store) == heard


def test_what_was_changed_on_the_disk_opens_nothing() -> None:
    own = Pepper.of(SECRETS[0])
    sealed = keep(HASH, own)
    assert keep(HASH, own) != sealed, "the same hash looks another way each time"
    for torn in (sealed[:-8], sealed[:-1] + "!", sealed.replace(own.name, "00000000") + "A", f"$peppered${own.name}$"):
        assert opened(torn, own) is None
    assert opened(sealed, None) is None


def test_a_secret_is_never_shown() -> None:
    assert "aaaa" not in repr(Pepper.of(SECRETS[0])) + Pepper.of(SECRETS[0]).name


def clerks_kept(kiosk: Delivering) -> dict[str, str]:
    with kiosk.store.read() as connection:
        said = said_of_centre(connection, Clerks)
    assert said is not None
    return {one.id: one.pin_hash for one in said[0].clerks}


def clerk(number: int, pin_hash: str = HASH) -> ClerkRecord:
    return ClerkRecord(f"clerk-{number}", "Huda", "clerk", f"1{number}", pin_hash)


def test_a_hubs_disk_without_its_machine_gives_no_clerks_hash(
    kiosk: Delivering, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pepper, "HUBS", tmp_path / "hub-pepper")
    (tmp_path / "hub-pepper").write_bytes(SECRETS[0])
    kiosk.central.publish("clerks", Clerks("homs-main", [clerk(1)]))
    kiosk.forwarder.run_once()
    before = clerks_kept(kiosk)
    assert opened(before["clerk-1"], machine_pepper()) == HASH
    on_disk = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert b"argon2id" not in on_disk
    kiosk.central.publish("clerks", Clerks("homs-main", [clerk(1), clerk(2)]))
    kiosk.new_forwarder(lambda _: kiosk.uplink).run_once()
    assert clerks_kept(kiosk)["clerk-1"] == before["clerk-1"], "a PIN that is the same is kept as it was"
    (tmp_path / "hub-pepper").write_bytes(SECRETS[1])
    assert ask_again_for_pins(kiosk.store, machine_pepper()) is True
    kiosk.new_forwarder(lambda _: kiosk.uplink).run_once()
    assert {opened(kept, machine_pepper()) for kept in clerks_kept(kiosk).values()} == {HASH}


@pytest.mark.parametrize("of", ["technicians", "clerks", "staff", "nobody"])
def test_one_secret_that_another_machine_kept_has_all_asked_for_again(store: Store, of: str) -> None:
    own, others = Pepper.of(SECRETS[0]), Pepper.of(SECRETS[1])
    hashes = {who: keep(HASH, others if who == of else own) for who in ("technicians", "clerks", "staff")}
    words = {"clerks": Clerks("homs-main", [clerk(1, hashes["clerks"])]),
             "staff": Staff("homs-main", "hub-1", hashes["staff"], "0" * 64)}  # fmt: skip
    technician = {"id": "t1", "name": "Rana", "centre": "homs-main", "role": "manager"}
    with store.write() as connection:
        connection.execute(insert(tables.technicians).values(technician | {"pin_hash": hashes["technicians"]}))
        for kind, word in words.items():
            row = {"kind": kind, "body": msgspec.json.encode(word).decode(), "message_id": 1}
            connection.execute(insert(tables.centre_records).values(row))
        connection.execute(update(tables.feed).values(cursor="c", part=2))
    assert ask_again_for_pins(store, own) is (of != "nobody")
    with store.read() as connection:
        stood = connection.execute(select(tables.feed.c.cursor, tables.feed.c.part)).one()
    assert tuple(stood) == (("c", 2) if of == "nobody" else (None, None))
