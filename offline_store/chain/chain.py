"""The hash chain of items: how each new one is appended, inside the caller's transaction.

An item is outbox row and audit link at once. Its hash covers the one before, so a removed, changed or reordered row
shows; audit.py checks that.
"""

import os
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, func, insert, select, update

from common.machine.stamp import Stamp
from common.protocol.envelope import Body, Item, encode_body, item_hash
from offline_store.disk import tables
from offline_store.disk.second_head import foretell
from offline_store.disk.sql import precompiled, run

_store = tables.store.c
_READ_HEAD = precompiled(select(_store.epoch, _store.kiosk, _store.head_seq, _store.head_hash))
_INSERT_ITEM = precompiled(
    insert(tables.items).values(
        {column: bindparam(column) for column in (*Item.__struct_fields__,)},
    )
)
# The floor moves in the same statement: a trusted stamp is never below what later stamps are measured against.
_MOVE_HEAD = precompiled(
    update(tables.store).values(
        head_seq=bindparam("seq"),
        head_hash=bindparam("hash"),
        floor_us=func.coalesce(
            func.max(func.coalesce(_store.floor_us, bindparam("trusted_us")), bindparam("trusted_us")),
            _store.floor_us,
        ),
    )
)


class Head(NamedTuple):
    """The end of the chain: the next item is `seq + 1` and carries `hash` as its `prev_hash`."""

    epoch: str
    kiosk: str
    seq: int
    hash: str


def new_id() -> str:
    """Make a random UUID (RFC 9562 version 4); uuid.uuid4 does the same at twice the cost."""
    return str(UUID(bytes=os.urandom(16), version=4))


def read_head(connection: Connection) -> Head:
    """Read the end of the chain; only within a write transaction does it stay the end."""
    return Head(*connection.exec_driver_sql(_READ_HEAD).one())


def append(
    connection: Connection, head: Head, kind: str, body: Body, stamp: Stamp, item_id: str | None = None
) -> tuple[int, str, Head]:
    """Append an item and move the head. Give the item's row, its id and the new head.

    `head` must have been read in this very write transaction. `item_id` where it had to be known before (sealing).
    """
    unhashed = Item(
        id=item_id or new_id(),
        seq=head.seq + 1,
        epoch=head.epoch,
        kind=kind,
        wall_time=stamp.text,
        boot_time_ns=stamp.boot_time_ns,
        boot_id=stamp.boot_id,
        clock=stamp.clock,
        body=encode_body(body),
        prev_hash=head.hash,
        hash="",
    )
    item = replace(unhashed, hash=item_hash(head.kiosk, unhashed))
    row = run(connection, _INSERT_ITEM, {name: getattr(item, name) for name in Item.__struct_fields__})
    trusted_us = stamp.unix_us if stamp.is_sure else None
    run(connection, _MOVE_HEAD, {"seq": item.seq, "hash": item.hash, "trusted_us": trusted_us})
    foretell(connection, head.epoch, head.seq)
    return int(row.lastrowid or 0), item.id, head._replace(seq=item.seq, hash=item.hash)
