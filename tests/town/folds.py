"""What stands is what the log says: of every hub at rest, whatever it has gone through; and every chain is whole.

These two alone are asked of the stores: nobody is told of them, and the next hub, start and central rest on them.
"""

import contextlib
from typing import TYPE_CHECKING

from common.machine.errors import StoreError
from hub.log.event import rebuild
from offline_store.chain.audit import verify_chain
from tests.hub.held import everything

if TYPE_CHECKING:
    from tests.town.hub import TownHub
    from tests.town.kiosk import TownKiosk
    from tests.town.town import Town


def judge(town: "Town") -> None:
    """Have every hub that is up made of its log once more, and every chain followed."""
    for hub in town.hubs:
        if hub.is_up and not hub.is_dying and (differs := _differs(hub)):
            said = f"{', '.join(differs)} stand otherwise than its log says"
            town.ledger.accuse(12, hub.name, said, "the next hub is made of the log")
    machines: list[TownHub | TownKiosk] = [*town.hubs, *town.kiosks]
    for machine in machines:
        if machine.is_up and not machine.is_dying and (faults := verify_chain(machine.store)):
            town.ledger.accuse(4, machine.name, f"its chain is broken: {faults[0]}", "each item holds the one before")
    town.ledger.reached["made-again"] += 1


def _differs(hub: "TownHub") -> list[str]:
    with contextlib.suppress(StoreError), hub.store.write() as connection:
        before = everything(connection)
        savepoint = connection.begin_nested()
        rebuild(connection)
        after = everything(connection)
        savepoint.rollback()
        return [name for name, rows in after.items() if rows != before[name]]
    return []
