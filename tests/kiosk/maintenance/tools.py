"""A store, and what has been audited in it."""

from pathlib import Path

from sqlalchemy import select

from common.protocol.envelope import AuditBody, decode_body
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from tests.kit.clock import HandClock


def open_store(data_dir: Path, clock: HandClock) -> Store:
    return open_store_in(data_dir, Identity("kiosk-1", "homs-main", 2), stamp=clock.now())


def audited(store: Store) -> list[tuple[str, dict[str, str | int | None]]]:
    """Every audit item so far, in order: event and detail."""
    with store.read() as connection:
        query = select(tables.items.c.body).where(tables.items.c.kind == "audit").order_by(tables.items.c.row)
        bodies = [decode_body("audit", body) for body in connection.execute(query).scalars()]
    return [(body.event, body.detail) for body in bodies if isinstance(body, AuditBody)]
