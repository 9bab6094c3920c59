"""What central has said, as a salvage knows it: by the file beside the store, else by what of the store still reads."""

import msgspec
import structlog

from offline_store.feed.told import Told, told_by
from offline_store.salvage.findings import Findings, Record

_JSON = ("body", "entry", "value")
_log = structlog.get_logger(__name__)


def told_before(found: Findings) -> Told:
    """Return what central has said. The file goes before what reads of a damaged store, which may be half of it.

    Where an older program ran meanwhile, which writes no file, the store has heard more: its words come after those.
    """
    of_store = told_by(lambda table: [row for row in found.by_sql(table) if _reads(row)])
    if found.told is None:
        return of_store
    if not found.told.is_behind(of_store):
        return found.told
    _log.warning("central-said-behind", kept=found.told.through, store=of_store.through)
    serial = max(found.told.business_day_serial, of_store.business_day_serial)
    return Told(of_store.epoch, of_store.through, serial, [*found.told.messages, *of_store.messages])


def _reads(row: Record) -> bool:
    """Whether what the row says of central's reads as JSON: one that was torn takes no other along."""
    try:
        for name in _JSON:
            if name in row:
                msgspec.json.decode(row[name])
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return False
    return True
