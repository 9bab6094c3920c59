"""Disks that take nothing for a while: full, or mounted read-only; and a last write that the power tore."""

import asyncio
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, event

if TYPE_CHECKING:
    from tests.town.machine import Machine
    from tests.town.town import Town

_TAKES_NOTHING: Final = {"disk-full": "PRAGMA max_page_count = 1", "disk-read-only": "PRAGMA query_only = ON"}
_TAKES_ALL: Final = ("PRAGMA max_page_count = 4294967294", "PRAGMA query_only = OFF")


def obeys(machine: "Machine", engine: Engine) -> None:
    """Have a store's connections obey what ails the disk of their machine."""

    def begins(connection: Connection) -> None:
        said = connection.info.get("disk")
        if said == machine.disk_ails:
            return
        for word in _TAKES_ALL if machine.disk_ails is None else (_TAKES_NOTHING[machine.disk_ails],):
            connection.exec_driver_sql(word)
        connection.info["disk"] = machine.disk_ails

    event.listen(engine, "begin", begins)


async def takes_nothing(town: "Town", act: dict[str, Any]) -> None:
    """Let a disk take nothing for a while: what is on it can be read all the same."""
    machine = town.machines[act["on"]]
    town.ledger.world(f"{machine.name}: {act['do']} for {act['for']} s")
    town.ledger.reached[act["do"]] += 1
    machine.disk_ails = act["do"]
    await asyncio.sleep(act["for"])
    machine.disk_ails = None
    town.ledger.world(f"{machine.name}: its disk takes writes again")


def tear(machine: "Machine", seed: str) -> None:
    """Leave half a frame at the end of the log that the store writes first, as a power cut in a write does."""
    path = machine.data / "store.db-wal"
    if path.exists() and path.stat().st_size:
        with path.open("ab") as file:
            file.write(Random(seed).randbytes(2000))
