"""PINs and numbers are asked for again where the machine's pepper has changed: the feed's next page is a snapshot."""

import structlog
from sqlalchemy import select, update

from common.machine.pepper import Pepper, is_current
from common.protocol.feed_message import Clerks
from common.protocol.staff import Staff
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.centre import said_of_centre

_log = structlog.get_logger(__name__)


def ask_again_for_pins(store: Store, pepper: Pepper | None) -> bool:
    """Ask central for everything again unless every PIN's hash is kept as this machine keeps them now.

    Raises StoreUnavailable.
    """
    with store.write() as connection:
        kept = list(connection.scalars(select(tables.technicians.c.pin_hash)))
        clerks = said_of_centre(connection, Clerks)
        kept += [one.pin_hash for one in clerks[0].clerks] if clerks is not None else []
        staff = said_of_centre(connection, Staff)
        kept += [staff[0].sealed] if staff is not None else []
        if all(is_current(one, pepper) for one in kept):
            return False
        connection.execute(update(tables.feed).values(cursor=None, part=None))
    _log.warning("pins-asked-again", pepper="none" if pepper is None else pepper.name)
    return True
