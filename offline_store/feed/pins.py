"""PINs are asked for again where the machine's pepper has changed: the feed's next page is then a snapshot."""

import structlog
from sqlalchemy import select, update

from common.machine.pepper import Pepper, is_current
from offline_store.disk import tables
from offline_store.disk.database import Store

_log = structlog.get_logger(__name__)


def ask_again_for_pins(store: Store, pepper: Pepper | None) -> bool:
    """Ask central for everything again unless every PIN's hash is kept as this machine keeps them now.

    Raises StoreUnavailable.
    """
    with store.write() as connection:
        kept = connection.execute(select(tables.technicians.c.pin_hash)).scalars().all()
        if all(is_current(one, pepper) for one in kept):
            return False
        connection.execute(update(tables.feed).values(cursor=None, part=None))
    _log.warning("pins-asked-again", pepper="none" if pepper is None else pepper.name)
    return True
