from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from common.machine.errors import TicketsClosed
from common.protocol.envelope import AuditBody, ItemResult, decode_body
from offline_store.alarms import list_alarms, raise_alarm
from offline_store.chain.audit import verify_chain
from offline_store.chain.epoch import reopen_tickets
from offline_store.delivery.outbox import apply_results, waiting_items
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.identity import Identity, machine_hash
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.store import IDENTITY, MACHINE, stamp

OTHER = "b" * 64


def opened(folder: Path, machine: str | None = MACHINE, identity: Identity = IDENTITY) -> Store:
    return open_store_in(folder, identity, stamp=stamp(), machine=machine)


def take(store: Store, intention: str) -> str:
    return accept_ticket(store, TicketRequest("clearance", "B"), intention=intention, stamp=stamp()).number


def events(store: Store) -> list[str]:
    with store.read() as connection:
        bodies = [decode_body(one.item.kind, one.item.body) for one in waiting_items(connection)]
    return [body.event for body in bodies if isinstance(body, AuditBody)]


def test_a_new_store_begins_with_store_opened(store: Store) -> None:
    with store.read() as connection:
        (first,) = waiting_items(connection)
    body = decode_body("audit", first.item.body)
    assert isinstance(body, AuditBody)
    assert (body.event, first.item.seq, first.item.prev_hash) == ("store-opened", 1, "0" * 64)
    assert body.detail["former_epoch"] is None


def test_a_disk_in_another_machine_keeps_tickets_closed_until_enrolled_again(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        take(store, "before")
        first = store.epoch
    for machine in (OTHER, MACHINE):  # also when it is back: the twin may have gone on meanwhile
        with opened(tmp_path, machine) as store:
            with pytest.raises(TicketsClosed, match="machine-changed"):
                take(store, "closed")
            assert take(store, "before") == "B2001"  # what was given is told
            assert [alarm.code for alarm in list_alarms(store)] == ["machine-changed"]
            assert events(store).count("machine-changed") == 1
    with opened(tmp_path, OTHER) as store:
        reopen_tickets(store, IDENTITY, OTHER, stamp())
        assert store.epoch != first
        assert take(store, "after") == "B2002"
        assert list_alarms(store) == []
        assert verify_chain(store) == []
    with opened(tmp_path, OTHER) as store:
        assert take(store, "later") == "B2003"


def test_a_machine_that_cannot_be_told_changes_nothing_and_a_first_one_is_learnt(tmp_path: Path) -> None:
    with opened(tmp_path, None) as store:
        take(store, "one")
    with opened(tmp_path, MACHINE) as store:
        take(store, "two")
    with opened(tmp_path, None) as store:
        assert take(store, "three") == "B2003"
    with opened(tmp_path, OTHER) as store, pytest.raises(TicketsClosed):
        take(store, "four")


def test_another_enrolment_begins_an_epoch_and_leaves_the_old_items_deliverable(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        take(store, "one")
    moved = replace(IDENTITY, kiosk="kiosk-0002", digit=7)
    with opened(tmp_path, identity=moved) as store:
        assert take(store, "two") == "B7002"  # the same day goes on
        with store.read() as connection:
            waiting = waiting_items(connection)
        assert [(one.kiosk, one.item.seq) for one in waiting] == [
            ("kiosk-0001", 1), ("kiosk-0001", 2), ("kiosk-0001", 3), ("kiosk-0002", 1), ("kiosk-0002", 2),
        ]  # fmt: skip
        assert verify_chain(store) == []


def test_enrolling_again_as_the_same_kiosk_on_the_same_machine_keeps_the_epoch(store: Store) -> None:
    before = store.epoch
    reopen_tickets(store, IDENTITY, MACHINE, stamp())
    assert store.epoch == before
    with store.read() as connection:
        assert connection.execute(select(tables.central_keys.c.kid)).scalars().all() == [IDENTITY.central_keys[0].kid]


def test_an_alarm_keeps_its_beginning(store: Store) -> None:
    for detail in ("first", "second"):
        with store.write() as connection:
            raise_alarm(connection, "code", detail, stamp())
    (alarm,) = list_alarms(store)
    assert (alarm.since_at, alarm.detail) == (stamp().unix_s, "second")


def test_the_mark_of_a_machine_is_a_hash_of_its_product_uuid(tmp_path: Path) -> None:
    path = tmp_path / "product_uuid"
    assert machine_hash(path) is None
    path.write_text("4C4C4544-0042-3510-8051-B4C04F4D4D32\n")
    mark = machine_hash(path)
    assert mark is not None
    assert len(mark) == 64
    assert "4c4c4544" not in mark
    path.write_text("4c4c4544-0042-3510-8051-b4c04f4d4d32")
    assert machine_hash(path) == mark
    path.write_bytes(b"\xff\xfe")
    assert machine_hash(path) is None


def test_a_store_that_was_put_back_to_a_copy_begins_an_epoch_and_keeps_its_numbers_clear(store: Store) -> None:
    take(store, "one")
    before = store.epoch
    with store.write() as connection:
        (*_, last) = waiting_items(connection)
        apply_results(connection, [ItemResult(last.item.id, "conflict", "sequence-taken")], stamp())
    reopen_tickets(store, IDENTITY, MACHINE, stamp())
    assert store.epoch != before
    assert take(store, "two") == "B21000"
    assert accept_ticket(store, TicketRequest("water-bill", "C"), intention="three", stamp=stamp()).number == "C21000"
    assert verify_chain(store) == []
    again = store.epoch
    reopen_tickets(store, IDENTITY, MACHINE, stamp())
    assert store.epoch == again, "what central refused of a former epoch is past"
