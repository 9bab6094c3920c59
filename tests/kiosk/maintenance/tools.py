"""A store and a clock that a test moves by hand."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from offline_store.stamp import Stamp, Trust
from offline_store.wire.envelope import AuditBody, decode_body

START = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


@dataclass
class HandClock:
    """Stands still until moved."""

    wall: datetime = START
    since_boot_s: float = 1000.0
    boot: str = "11111111-1111-4111-8111-111111111111"
    trust: Trust = "synced"

    def now(self) -> Stamp:
        return Stamp(self.wall, int(self.since_boot_s * 1e9), self.boot, self.trust)

    def boottime(self) -> float:
        return self.since_boot_s

    def sleep(self, seconds: float) -> None:
        self.move(seconds)

    def move(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.since_boot_s += seconds

    def restart(self) -> None:
        """Start the machine again: another boot id, time since boot from the beginning."""
        self.boot = f"{int(self.boot[:8]) + 1:08d}{self.boot[8:]}"
        self.since_boot_s = 5.0


def open_store(data_dir: Path, clock: HandClock) -> Store:
    return open_store_in(data_dir, Identity("kiosk-1", "homs-main", 2), stamp=clock.now())


def audited(store: Store) -> list[tuple[str, dict[str, str | int | None]]]:
    """Every audit item so far, in order: event and detail."""
    with store.read() as connection:
        query = select(tables.items.c.body).where(tables.items.c.kind == "audit").order_by(tables.items.c.row)
        bodies = [decode_body("audit", body) for body in connection.execute(query).scalars()]
    return [(body.event, body.detail) for body in bodies if isinstance(body, AuditBody)]
