"""What central and the manager say of this centre.

Counters and their queues, the rule, hubs and kiosks; read again whenever either has said something.
"""

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from common.city.calendar import CentreHours
from common.city.catalogue import Hours, Service, load_catalogue
from common.city.groups import Words
from common.protocol.feed_message import (
    ClerkRecord,
    Clerks,
    CounterRecord,
    Counters,
    HubRecord,
    Hubs,
    KioskRecord,
    Kiosks,
    QueueRules,
)
from common.protocol.notice import merged
from common.protocol.queue.service_now import ServiceOrder, ServiceOrders
from common.protocol.setting_values import DAY_BEGINS, DAY_ENDS
from hub.engine.services import known_services, queue_names
from hub.log import tables
from offline_store.disk import tables as store_tables
from offline_store.disk.sql import run
from offline_store.feed.calendar import special_days
from offline_store.feed.centre import centre_names, said_of_centre
from offline_store.feed.claims import claim_keys, claim_rules, claims_of_days, withdrawn_prefixes
from offline_store.feed.notices import notices_told
from offline_store.feed.standstill import said_reasons

RULES: Final = "rules"
GROUPS: Final = "groups:"
BOARDS: Final = "boards"
INTERRUPTED: Final = "interrupted:"
ORDERS_TAKEN: Final = "service-orders"
_MARK: Final = (
    "SELECT (SELECT coalesce(sum(message_id), 0) FROM centre_records), (SELECT coalesce(cursor, 0) FROM feed), "
    "(SELECT coalesce(max(seq), 0) FROM hub_overrides), "
    # Where events were set aside others took their seqs.
    "(SELECT coalesce(max(row), 0) FROM hub_events_aside)"
)


class Interruption(Struct, frozen=True):
    """Why a service stands still, since when, until when it is expected to, and who said so.

    `since` is None where the clock was not trusted; `until` is a time of the day `until_on`; `order` is that of
    central's, where central said it.
    """

    reason: str
    by: str
    since: str | None = None
    until: str | None = None
    until_on: str | None = None
    order: str | None = None


class Centre:
    """The centre as it was last told."""

    def __init__(self, connection: Connection) -> None:
        """Read everything that was said."""
        counters = said_of_centre(connection, Counters)
        said, self.counters_message = counters or (Counters("", []), 0)
        overrides = _overrides(connection, self.counters_message)
        self.rules: QueueRules = msgspec.convert(msgspec.to_builtins(said.rules) | overrides.get(RULES, {}), QueueRules)
        self.counters: Mapping[int, CounterRecord] = {
            one.number: msgspec.structs.replace(one, groups=overrides.get(f"{GROUPS}{one.number}", one.groups))
            for one in said.counters
        }
        #: Where kiosks stand, by the digit in their numbers.
        self.places: Mapping[int, Words] = {int(digit): names for digit, names in said.places.items()}
        #: The addresses from which a board counts as the hall's board, by the manager.
        self.boards: frozenset[str] = frozenset(msgspec.convert(overrides.get(BOARDS, []), list[str]))
        hubs = said_of_centre(connection, Hubs)
        kiosks = said_of_centre(connection, Kiosks)
        clerks = said_of_centre(connection, Clerks)
        self.hubs: Mapping[str, HubRecord] = {one.id: one for one in (hubs[0].hubs if hubs else ())}
        self.kiosks: Mapping[str, KioskRecord] = {one.id: one for one in (kiosks[0].kiosks if kiosks else ())}
        self.clerks: Mapping[str, ClerkRecord] = {one.id: one for one in (clerks[0].clerks if clerks else ())}
        #: What stands on the board for a while.
        self.notices = [one for one in merged(notices_told(connection)) if "board" in one.where]
        self.services: Mapping[str, Service] = known_services(connection)
        self.group_names: Mapping[str, Words] = queue_names(connection)
        self.is_set_up = counters is not None
        self.interrupted: Mapping[str, Interruption] = {
            name.removeprefix(INTERRUPTED): msgspec.convert(value, Interruption)
            for name, value in overrides.items()
            if name.startswith(INTERRUPTED) and value is not None
        }
        shipped = load_catalogue()
        self.reasons: Mapping[str, Words] = said_reasons(connection) or shipped.reasons
        self._names, self._shipped_names = centre_names(connection), shipped.centre_names
        orders = said_of_centre(connection, ServiceOrders)
        self.orders: Mapping[str, ServiceOrder] = {one.id: one for one in (orders[0].orders if orders else ())}
        #: The orders of central's that this hub has followed: one that a manager ended is not followed again.
        self.orders_taken: frozenset[str] = frozenset(msgspec.convert(overrides.get(ORDERS_TAKEN, []), list[str]))
        #: What central says of claims: whose signature counts, which are withdrawn, and what each day expects.
        self.claim_keys = claim_keys(connection)
        self.claims_withdrawn = withdrawn_prefixes(connection)
        self.claims_of_days = claims_of_days(connection)
        self.claim_rules = claim_rules(connection)
        self.hours = CentreHours(_usual_hours(connection), special_days(connection))

    def names_of(self, code: str) -> dict[str, str]:
        """Return what a centre is called, its code where nobody has said."""
        return self._names.get(code) or dict(self._shipped_names(code))

    def queues(self) -> frozenset[str]:
        """Return every queue that exists: a service's, or one that a counter calls."""
        served = {group for counter in self.counters.values() for group in counter.groups}
        return frozenset(served | {service.queue for service in self.services.values()})


class CentreReader:
    """Keeps what was read until something newer was said."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._known: tuple[tuple[object, ...], Centre] | None = None

    def read(self, connection: Connection) -> Centre:
        """Return the centre as it is in this transaction."""
        mark = tuple(run(connection, _MARK).fetchone())
        known = self._known  # one reference: readers with other snapshots are at it in other threads
        if known is None or known[0] != mark:
            known = self._known = (mark, Centre(connection))
        return known[1]


def _usual_hours(connection: Connection) -> Hours | None:
    """Return the hours that central's settings name for this centre's kiosks; None where they name none."""
    columns = store_tables.settings.c
    rows = connection.execute(
        select(columns.key, columns.value).where(columns.key.in_(("kiosk.opens", "kiosk.closes")))
    )
    said: dict[str, str] = {row.key: str(msgspec.json.decode(row.value)) for row in rows}
    try:
        return Hours(said.get("kiosk.opens", DAY_BEGINS), said.get("kiosk.closes", DAY_ENDS)) if said else None
    except ValueError:
        return None  # no kiosk goes by them either


def _overrides(connection: Connection, message_id: int) -> dict[str, object]:
    """Return what a manager set here since central's newest word."""
    columns = tables.overrides.c
    rows = connection.execute(select(columns.name, columns.value).where(columns.message_id >= message_id))
    return {row.name: msgspec.json.decode(row.value) for row in rows}
