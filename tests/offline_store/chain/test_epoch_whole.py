"""When an epoch begins and when none does, what its first item says, and how clear of a copy numbers are kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from common.protocol.envelope import AuditBody, decode_body
from offline_store.alarms import list_alarms
from offline_store.chain import epoch as epochs
from offline_store.chain.chain import read_head
from offline_store.chain.epoch import REVOKED, close_revoked, reopen_tickets, settle
from offline_store.delivery.outbox import waiting_items
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.identity import CentralKey
from offline_store.opening import open_store_in
from tests.kit.store import IDENTITY, MACHINE, stamp

OTHER = "b" * 64


def said(store: Store) -> list[tuple[str, Any]]:
    with store.read() as connection:
        bodies = [decode_body(one.item.kind, one.item.body) for one in waiting_items(connection)]
    return [(body.event, body.detail) for body in bodies if isinstance(body, AuditBody)]


def row_of(store: Store) -> dict[str, Any]:
    with store.read() as connection:
        row = dict(connection.execute(select(tables.store)).mappings().one())
    return {name: row[name] for name in ("kiosk", "centre", "digit", "machine", "tickets_closed", "epoch")}


def test_the_first_item_says_why_and_what_stood_before(store: Store) -> None:
    first = store.epoch
    with store.read() as connection:
        head = read_head(connection)
    moved = replace(IDENTITY, kiosk="kiosk-0002", digit=7)
    reopen_tickets(store, moved, OTHER, stamp())
    former = {"former_epoch": first, "former_last_seq": head.seq, "former_last_hash": head.hash}
    nothing = dict.fromkeys(former)
    assert said(store) == [
        ("store-opened", {"why": "new-store"} | nothing),
        ("store-opened", {"why": "enrolment"} | former),
    ]
    assert row_of(store) == {
        "kiosk": "kiosk-0002", "centre": "homs-main", "digit": 7, "machine": OTHER, "tickets_closed": None,
        "epoch": store.epoch,
    }  # fmt: skip
    with store.read() as connection:
        kept = [tuple(row) for row in connection.execute(
            select(tables.epochs.c.epoch, tables.epochs.c.kiosk, tables.epochs.c.digit, tables.epochs.c.former)
        )]  # fmt: skip
    assert sorted(kept) == sorted([(first, "kiosk-0001", 2, None), (store.epoch, "kiosk-0002", 7, first)])
    assert store.identity == moved


@pytest.mark.parametrize(
    ("changed", "machine", "is_new"),
    [
        ({}, MACHINE, False),
        ({}, OTHER, True),
        ({"kiosk": "kiosk-0002"}, MACHINE, True),
        ({"centre": "homs-new"}, MACHINE, True),
        ({"digit": 3}, MACHINE, True),
    ],
)
def test_an_enrolment_begins_an_epoch_where_anything_of_the_kiosk_or_its_machine_is_another(
    store: Store, changed: dict[str, Any], machine: str, is_new: bool
) -> None:
    before = store.epoch
    reopen_tickets(store, replace(IDENTITY, **changed), machine, stamp())
    assert (store.epoch != before) is is_new
    assert row_of(store)["epoch"] == store.epoch


def test_a_revoked_kiosk_is_closed_once_and_opened_by_an_enrolment(store: Store) -> None:
    before = store.epoch
    close_revoked(store, stamp())
    close_revoked(store, stamp())
    assert row_of(store)["tickets_closed"] == REVOKED
    assert said(store)[1:] == [("kiosk-revoked", {})]
    reopen_tickets(store, IDENTITY, MACHINE, stamp())
    assert (row_of(store)["tickets_closed"], store.epoch != before) == (None, True)


def test_another_machine_is_told_once_and_hides_no_revocation(store: Store) -> None:
    settle(store, stamp(), OTHER)
    settle(store, stamp(), OTHER)
    assert said(store)[1:] == [("machine-changed", {})]
    assert [(one.code, one.detail) for one in list_alarms(store)] == [
        ("machine-changed", "the disk is in another machine: enrol this kiosk again")
    ]
    close_revoked(store, stamp())
    assert row_of(store)["tickets_closed"] == REVOKED
    settle(store, stamp(), OTHER)
    assert (row_of(store)["tickets_closed"], row_of(store)["machine"]) == (REVOKED, MACHINE)


@pytest.mark.parametrize(
    ("known", "found", "kept"), [(None, MACHINE, MACHINE), (MACHINE, None, MACHINE), (None, None, None)]
)
def test_a_machine_is_learnt_once(tmp_path: Path, known: str | None, found: str | None, kept: str | None) -> None:
    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=known) as store:
        settle(store, stamp(), found)
        assert (row_of(store)["machine"], row_of(store)["tickets_closed"]) == (kept, None)


def _numbers(store: Store, base: int, *given: int) -> tuple[int, list[int]]:
    days, counters = tables.business_days, tables.counters
    with store.write() as connection:
        for label, first in (("2026-11-24", 0), ("2026-11-25", base)):
            connection.execute(insert(days).values(date=label, opened_by="clock", counter_base=first))
        connection.execute(insert(counters).values(day_id=1, prefix="A", n=7))
        for prefix, n in zip("ABC", given, strict=False):
            connection.execute(insert(counters).values(day_id=2, prefix=prefix, n=n))
        epochs._keep_clear(connection)
        assert connection.scalar(select(counters.c.n).where(counters.c.day_id == 1)) == 7
        assert connection.scalar(select(days.c.counter_base).where(days.c.id == 1)) == 0
        now = connection.execute(select(counters.c.n).where(counters.c.day_id == 2)).scalars().all()
        return connection.scalar(select(days.c.counter_base).where(days.c.id == 2)) or 0, list(now)


@pytest.mark.parametrize(
    ("base", "given", "next_base"),
    [
        (0, [], 999),
        (0, [1, 5], 999),
        (0, [5, 998], 999),
        (0, [999], 999),
        (0, [1000, 2], 1999),
        (999, [], 999),
        (1000, [], 1999),
        (1999, [1500], 1999),
        (400, [2345, 400], 2999),
    ],
)
def test_numbers_go_on_at_the_next_full_thousand(store: Store, base: int, given: list[int], next_base: int) -> None:
    assert _numbers(store, base, *given) == (next_base, [next_base] * len(given))


def test_without_a_day_no_number_is_kept_clear(store: Store) -> None:
    with store.write() as connection:
        epochs._keep_clear(connection)


def _fed(store: Store) -> None:
    with store.write() as connection:
        connection.execute(update(tables.central_keys).values(added=4))


@pytest.mark.parametrize(("before", "kids"), [(lambda _: None, ["11111111", "22222222"]), (_fed, ["22222222"])])
def test_keys_of_an_enrolment_give_way_to_those_that_the_feed_brought(
    store: Store, before: Callable[[Store], None], kids: list[str]
) -> None:
    old = IDENTITY.central_keys[0]
    before(store)
    keys = (CentralKey("11111111", "sealing", old.public_key), CentralKey("22222222", "signing", old.public_key))
    with store.write() as connection:
        epochs.learn_central_keys(connection, replace(IDENTITY, central_keys=keys))
        epochs.learn_central_keys(connection, replace(IDENTITY, central_keys=keys))
        columns = tables.central_keys.c
        found = connection.execute(select(columns.kid, columns.purpose, columns.current, columns.added)).all()
    taken = {row.kid: tuple(row)[1:] for row in found}
    assert sorted(set(taken) - {old.kid}) == kids
    assert {taken[kid] for kid in kids} <= {("sealing", 1, 0), ("signing", 1, 0)}
    assert taken["22222222"] == ("signing", 1, 0)


def test_keys_of_a_former_enrolment_give_way_to_those_of_this_one(store: Store) -> None:
    key = CentralKey("33333333", "sealing", IDENTITY.central_keys[0].public_key)
    reopen_tickets(store, replace(IDENTITY, central_keys=(key,)), MACHINE, stamp())
    with store.read() as connection:
        assert connection.execute(select(tables.central_keys.c.kid)).scalars().all() == ["33333333"]
