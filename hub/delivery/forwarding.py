"""The hub's forwarder put together: its own items out, the feed in, and who waits beside the chain."""

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from typing import Any

import structlog
from sqlalchemy import select

from common.machine.errors import StoreError, places_of
from common.machine.pepper import machine_pepper
from common.machine.stamp import Clock
from common.messages.modem_note import CLOSED, LOCKED, MOST_TRIES, REFUSED, is_well, last_said
from common.protocol.queue.call import MAX_WAITING, WaitingList, WaitingTicket
from common.queue.standing import Ticket
from hub.engine.act import LEADING, Hub, Look
from hub.engine.status import board_silent_s, business_day, is_day_closed
from hub.estimates.forecast import Forecast
from hub.log import tables
from hub.log.reading import PLACE, TICKET_COLUMNS, as_ticket, waiting_by_queue
from hub.place.boards import lacking
from hub.place.power import is_on_battery
from hub.services.now import centre_now
from hub.services.today import today_word, working_time_left_s
from hub.settings import HubConfig
from hub.takeover.peers import Peer, PeerSilent
from offline_store.alarms import list_alarms
from offline_store.delivery.connection.uplinks import open_uplinks
from offline_store.delivery.delivery_watch import DeliveryWatch
from offline_store.delivery.enrolment import signing_key
from offline_store.delivery.forwarder import Forwarder
from offline_store.delivery.outbox import count_dead
from offline_store.disk.database import Store
from offline_store.feed.pins import ask_again_for_pins
from offline_store.inquiries.carrier import PATIENCE, Carrier
from offline_store.printed.tallies import read_tallies
from offline_store.serving import ServingWatch
from offline_store.updates import update_of

_log = structlog.get_logger(__name__)


@contextlib.contextmanager
def open_forwarder(config: HubConfig, hub: Hub, clock: Clock) -> Iterator[Forwarder]:
    """Make the forwarder of an open hub; its connections close when the block ends.

    Raises ValueError: central's address is not https with a CA, nor http on loopback.
    """
    store, central = hub.store, config.central.url
    ask_again_for_pins(store, machine_pepper())
    with (
        contextlib.closing(DeliveryWatch(store)) as watch,
        open_uplinks(store, clock, central, config.ca_file, partial(signing_key, config.data_dir)) as uplink_of,
    ):
        serves = ServingWatch(partial(_answers, config, hub), clock.boottime)
        yield Forwarder(
            store,
            uplink_of,
            clock,
            health=lambda: serves.told(_health(config, store, clock)),
            waiting=WaitingNow(hub),
            watch=watch,
        )


def _health(config: HubConfig, store: Store, clock: Clock) -> dict[str, Any]:
    """Return how its update went, what boards lack, its alarms, its starts, and the version: central knows by it."""
    boards, alarms = lacking(config.data_dir, clock.now()), _alarms(config, store)
    counts = {name: tally.total for name, tally in read_tallies(store).items()}
    said = {"version": version("homs-kiosk"), "update": update_of("hub"), "boards": boards, "alarms": alarms}
    return said | {"tallies": counts}


def _alarms(config: HubConfig, store: Store) -> list[str]:
    """Name what this hub's own doctor finds of delivery and modem: without a modem no text says that none goes out."""
    codes = [one.code for one in list_alarms(store)]
    with store.read() as connection:
        codes += ["dead-letters"] * bool(count_dead(connection))
    said = None if config.modem is None else last_said(config.data_dir)
    if said is None or is_well(said):
        return codes
    if said.sim == LOCKED:
        return [*codes, "modem-down", "pin-tries-0"]
    if said.sim != CLOSED:
        return [*codes, "modem-down"]
    tries = [] if said.pin_tries_left is None else [f"pin-tries-{min(said.pin_tries_left, MOST_TRIES)}"]
    return [*codes, "pin-refused" if said.detail == REFUSED else "pin-wanted", *tries]


def _answers(config: HubConfig, hub: Hub) -> bool | None:
    """Return whether this hub answers, signed, where kiosks and pages are told that it is; None where nobody is."""
    with hub.read() as look:
        record = look.centre.hubs.get(look.hub_id)
    key = None if record is None else signing_key(config.data_dir, record.id)
    if record is None or record.revoked or key is None:
        return None
    with contextlib.closing(Peer(record, record.id, key)) as asked:
        try:
            asked.statement()
        except PeerSilent:
            return False
    return True


@contextlib.contextmanager
def open_carrier(config: HubConfig, hub: Hub, clock: Clock) -> Iterator[Carrier]:
    """Make the carrier of the desk's inquiries; its connections close when the block ends. Raises ValueError."""
    key_of = partial(signing_key, config.data_dir)
    with open_uplinks(hub.store, clock, config.central.url, config.ca_file, key_of, PATIENCE) as uplink_of:
        yield Carrier(hub.store, uplink_of, clock)


class WaitingNow:
    """Who waits now, and what services are like, for central."""

    def __init__(self, hub: Hub, on_battery: Callable[[], bool] = is_on_battery) -> None:
        """Read from an open hub; `on_battery` returns whether its machine is."""
        self._hub = hub
        self._on_battery = on_battery
        self._is_unread = False

    def mark(self) -> object:
        """Return which services stand still, and why: people elsewhere may be on their way."""
        with self._hub.read() as look:
            return (
                look.role,
                is_day_closed(look),
                sorted((code, one.reason) for code, one in look.centre.interrupted.items()),
            )

    def read(self) -> WaitingList | None:
        """Return the waiting list; None from a hub that follows, before any day, or where it can't be read.

        What this hub has told and heard goes on between them: a list that can't be read, for whatever reason, is
        named once and sent when it can. Raises StoreError.
        """
        try:
            found = self._read()
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - the forwarder would end with it, and begin again, and end
            if not self._is_unread:
                _log.error("waiting-list-unread", error=type(error).__name__, at=places_of(error))
            self._is_unread = True
            return None
        self._is_unread = False
        return found

    def _read(self) -> WaitingList | None:
        with self._hub.read() as look:
            day = business_day(look)
            if look.role != LEADING or day is None:
                return None
            columns = tables.tickets.c
            query = select(*TICKET_COLUMNS).where(columns.state == "waiting", columns.day == look.day)
            rows = look.connection.execute(query.order_by(*PLACE).limit(MAX_WAITING))
            forecast = Forecast(look)
            left_s = working_time_left_s(look)
            people = [_told(look, forecast, as_ticket(row), left_s) for row in rows]
            waiting = waiting_by_queue(look.connection, look.day)
            now = centre_now(look, forecast, on_battery=self._on_battery())
            return WaitingList(look.stamp.text, day, look.term, waiting, people, look.seq, board_silent_s(look), now)


def _told(look: Look, forecast: Forecast, ticket: Ticket, left_s: float | None) -> WaitingTicket:
    found = forecast.of(ticket)
    if found.wait is None:
        return WaitingTicket(ticket.id, found.before)
    low, high = found.wait.told_s
    return WaitingTicket(ticket.id, found.before, low, high, today_word(look, found.wait.estimate_s, left_s))
