"""What central says of a whole centre: its hubs, kiosks, counters, clerks, and of all what they are called.

Each word takes the former's place.
"""

from typing import Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, select

from common.machine.pepper import is_current, keep, machine_pepper, opened
from common.protocol.feed_message import FEED_BODIES, CentreNames, ClerkRecord, Clerks, Counters, Hubs, Kiosks
from common.protocol.queue.service_now import ServiceOrders
from common.protocol.staff import Staff
from offline_store.disk import tables
from offline_store.disk.sql import precompiled, run
from offline_store.feed.feed_taking import Taking

CentreWord = Hubs | Kiosks | Counters | Clerks | ServiceOrders | Staff
CENTRE_KINDS: Final = ("hubs", "kiosks", "counters", "clerks", "service-orders", "staff")
NAMES: Final = "centre-names"
_KIND_OF: Final = {FEED_BODIES[kind]: kind for kind in CENTRE_KINDS}
_record = tables.centre_records.c
_SAID: Final = precompiled(select(_record.body, _record.message_id).where(_record.kind == bindparam("kind")))


def take_centre(context: Taking, body: CentreWord) -> None:
    """Keep the newest word on the centre. Raises BadMessage where it is on another centre."""
    context.check_centre(body.centre)
    if isinstance(body, Clerks):
        body = _peppered(context.connection, body)
    if isinstance(body, Staff):
        body = replace(body, sealed=keep(body.sealed, machine_pepper()))
    context.keep(_KIND_OF[type(body)], body)


def _peppered(connection: Connection, said: Clerks) -> Clerks:
    """Return the clerks with hashes as this machine keeps them; a PIN that is the same is kept as it was."""
    before = said_of_centre(connection, Clerks)
    kept = {one.id: one.pin_hash for one in before[0].clerks} if before is not None else {}
    secret = machine_pepper()

    def keeping(clerk: ClerkRecord) -> ClerkRecord:
        former = kept.get(clerk.id, "")
        is_same = is_current(former, secret) and opened(former, secret) == clerk.pin_hash
        return replace(clerk, pin_hash=former if is_same else keep(clerk.pin_hash, secret))

    return replace(said, clerks=[keeping(clerk) for clerk in said.clerks])


def take_centre_names(context: Taking, body: CentreNames) -> None:
    """Keep what centres are called."""
    context.keep(NAMES, body)


def centre_names(connection: Connection) -> dict[str, dict[str, str]]:
    """Return the names that central has told, by the centre's code and the language."""
    body = connection.scalar(select(_record.body).where(_record.kind == NAMES))
    return {} if body is None else msgspec.json.decode(body, type=CentreNames).centres


def said_of_centre[Word: (Hubs, Kiosks, Counters, Clerks, ServiceOrders, Staff)](
    connection: Connection, kind: type[Word]
) -> tuple[Word, int] | None:
    """Return central's newest word of a kind with the id of its message, None where there is none yet."""
    row = run(connection, _SAID, {"kind": _KIND_OF[kind]}).fetchone()
    return None if row is None else (msgspec.json.decode(row[0], type=kind), row[1])
