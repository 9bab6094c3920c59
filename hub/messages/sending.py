"""Tells staff what stands, beside delivery, without the internet: a thread of `hub forward` that holds the ports."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace
from sqlalchemy import Connection, Row, update

from common.machine.errors import StoreDamaged
from common.machine.stamp import Clock
from common.messages import outbox
from common.messages.channels import Channels
from common.messages.port import Channel, ChannelUnavailable, Received, Report, Sent
from common.protocol.staff import StaffRecord
from hub.delivery.enrolment import own_key
from hub.engine.act import LEADING, Hub, Look
from hub.log import tables
from hub.messages import alarms
from hub.messages.conditions import AFTER_S, Condition, conditions
from hub.messages.staff import StaffUnreadable, is_told, mark_of, staff_of
from hub.messages.texts import compose, words
from hub.messages.tries import Tries
from hub.opened import OpenHub
from hub.place.power import is_on_battery
from hub.services.now import is_open_now
from hub.settings import HubConfig
from offline_store.alarms import list_alarms

LOOK_EVERY_S: Final = 5.0
MOST: Final = 50
ENDS_WITHIN_S: Final = 20.0
"""How long the end waits for a text that is being handed; its row then says that nobody knows."""
FIRST: Final = "modem"
"""The channel that is asked before the others: it needs no internet."""

_log = structlog.get_logger(__name__)


class Messenger:
    """Sends for one hub. Its methods are called from one thread."""

    def __init__(
        self,
        hub: Hub,
        config: HubConfig,
        key: Ed25519PrivateKey,
        clock: Clock,
        channels: Channels | None = None,
        on_battery: Callable[[], bool] = is_on_battery,
    ) -> None:
        """Send by the channels that the settings name."""
        self._hub = hub
        self._config = config
        self._key = key
        self._clock = clock
        self._channels = channels or Channels(config.messages.kept_in(config.data_dir), FIRST)
        self._on_battery = on_battery
        self._stood_since: dict[str, float] = {}
        self._open_since: float | None = None
        self._is_unreadable = False
        self._tries = Tries()
        self._texts: list[Received] = []  # that came, and are not on the disk yet

    def run(self, stop: threading.Event) -> None:
        """Look until `stop` is set; ports are let go at the end."""
        try:
            while not stop.is_set():
                try:
                    self.look()
                except StoreDamaged as error:
                    _log.error("messages-ended", detail=str(error)[:200])  # the forwarder meets the same damage
                    return
                except Exception as error:  # noqa: BLE001 - the thread's edge: alarms must go on
                    _log.warning("messages-interrupted", error=type(error).__name__)
                stop.wait(LOOK_EVERY_S)
        finally:
            self._channels.close()

    def look(self) -> None:
        """Make what is due, hand over what waits, and hear what came. Raises StoreError."""
        if not self._channels.names:
            return
        with self._hub.read() as look:
            people = {mark_of(one.number, self._key): one for one in self._staff(look)} if look.role == LEADING else {}
            is_open = bool(people) and is_open_now(look)
            self._open_since = (self._open_since or self._clock.boottime()) if is_open else None
        ready = self._channels.ready()
        makes = [partial(self._make_what_is_due, people)] if people else []
        hears = [partial(self._hear, name, people) for name in ready]
        _take_all([*makes, partial(self._send, people, ready), *hears])

    def _make_what_is_due(self, people: dict[str, StaffRecord]) -> None:
        with self._hub.read() as look:
            found = self._found(look)
        self._make(people, found)

    def _staff(self, look: Look) -> list[StaffRecord]:
        try:
            found = staff_of(look.connection, self._key)
        except StaffUnreadable as error:
            if not self._is_unreadable:
                _log.error("staff-unreadable", why=str(error))
            self._is_unreadable = True
            return []
        self._is_unreadable = False
        return found

    def _found(self, look: Look) -> dict[str, Condition]:
        """Return what stands, and for how long; how long this process has seen it where nobody else knows."""
        now = self._clock.boottime()
        watched_s = 0.0 if self._open_since is None else now - self._open_since
        all_found = conditions(look, self._config, list_alarms(self._hub.store), watched_s, self._on_battery)
        found = {one.name: one for one in all_found}
        self._stood_since = {name: self._stood_since.get(name, now) for name in found}
        return {name: replace(one, age_s=self._age_s(one, now)) for name, one in found.items()}

    def _age_s(self, one: Condition, now: float) -> float:
        seen_s = now - self._stood_since[one.name]
        if one.kind == "no-internet":  # the store begins again where only what ails the connection has changed
            return max(one.age_s or 0.0, seen_s)
        return seen_s if one.age_s is None else one.age_s

    def _make(self, people: dict[str, StaffRecord], found: dict[str, Condition]) -> None:
        now = self._now()
        standing = {name: one for name, one in found.items() if (one.age_s or 0.0) >= AFTER_S[one.kind]}
        young = {name: one for name, one in found.items() if name not in standing}
        with self._hub.read() as look, self._hub.store.write() as connection:
            for alarm in alarms.settle(connection, standing, now, young):
                for person, one in people.items():
                    if is_told(one, alarm.kind) and alarms.is_due(connection, alarm.name, person, now):
                        alarms.put(connection, alarm.name, person, compose(look, alarm, one.language), now)
            alarms.forget_old(connection, now)

    def _send(self, people: dict[str, StaffRecord], ready: list[str]) -> None:
        table, now = tables.messages, self._now()
        with self._hub.store.write() as connection:
            alarms.follow_clock(connection, now)
            connection.execute(outbox.close_open(table, now))
            connection.execute(outbox.drop_old(table, now))
            # Of those who are on the list no more nothing is handed, and nobody else waits behind it.
            due = connection.execute(outbox.due(table, now, MOST, table.c.person.in_(people))).all()
        _take_all([partial(self._hand, row, people[row.person], ready) for row in (due if ready else ())])

    def _hand(self, row: Row[Any], one: StaffRecord, ready: list[str]) -> None:
        table = tables.messages
        with self._hub.store.write() as connection:
            if connection.execute(outbox.claim(table, row.id, row.kind, self._now())).rowcount == 0:
                return
        for name in ready:
            life_s = outbox.left_s(row.dies_at, self._now())  # a channel before may have taken its time
            if life_s <= 0:
                break
            with self._hub.store.write() as connection:
                connection.execute(update(table).where(table.c.id == row.id).values(channel=name))
            try:
                sent = self._channels.use(name, partial(_send_by, number=one.number, text=row.text, life_s=life_s))
            except ChannelUnavailable as error:
                _log.warning("message-not-handed", message=row.id, channel=name, why=str(error)[:60])
                continue
            self._note(row, name, sent)
            return
        with self._hub.store.write() as connection:
            connection.execute(outbox.not_sent(table, row.id, self._now()))

    def _note(self, row: Row[Any], name: str, sent: Sent) -> None:
        known = {"channel": name, "reference": sent.reference}
        with self._hub.store.write() as connection:
            connection.execute(outbox.answered(tables.messages, row.id, row.kind, sent.outcome, self._now(), **known))

    def _hear(self, name: str, people: dict[str, StaffRecord]) -> None:
        with contextlib.suppress(ChannelUnavailable):
            # Each is written down before the next is asked: a channel says it once.
            reports = self._channels.use(name, lambda channel: channel.reports())
            if reports:
                self._note_reports(name, reports)
            if not self._texts:  # else the disk did not take them, and asked again the channel would let them go
                self._texts = list(self._channels.use(name, lambda channel: channel.received()))
            if self._texts:
                self._take_texts(self._texts, people)
                self._texts = []

    def _note_reports(self, name: str, reports: Sequence[Report]) -> None:
        now = self._now()
        with self._hub.store.write() as connection:
            for one in reports:
                connection.execute(outbox.reported(tables.messages, name, one.reference, one.outcome, now))

    def _take_texts(self, texts: Sequence[Received], people: dict[str, StaffRecord]) -> None:
        now, now_s = self._now(), self._clock.boottime()
        with self._hub.store.write() as connection:
            for one in texts:
                person, digits = mark_of(one.number, self._key), alarms.digits_of(one.text)
                if not self._tries.are_left(person, now_s):
                    alarms.let_go(connection)
                elif alarms.hear_text(connection, one.text, person, now):
                    self._say_taken(connection, people.get(person), person, digits)
                elif digits:
                    self._tries.note(person, now_s)
                    if not self._tries.are_left(person, now_s):
                        _log.warning("alarm-tries-over", person=person)

    def _say_taken(self, connection: Connection, one: StaffRecord | None, person: str, digits: str) -> None:
        """Answer to the number that took an alarm: whose number somebody else has used hears of it."""
        if one is not None:
            text = words(one.language)["taken"].format(digits=digits)
            alarms.answer(connection, digits, person, text, self._now())

    def _now(self) -> datetime:
        return self._clock.now().wall_time


def _take_all(steps: Sequence[Callable[[], None]]) -> None:
    """Take each step whatever became of the one before; raise the first fault then. Raises StoreDamaged at once."""
    faults = []
    for step in steps:
        try:
            step()
        except StoreDamaged:
            raise
        except Exception as error:  # noqa: BLE001 - it is raised, once the others have been taken
            faults.append(error)
    if faults:
        raise faults[0]


def _send_by(channel: Channel, *, number: str, text: str, life_s: float) -> Sent:
    return channel.send(number, text, life_s)


@contextlib.contextmanager
def staff_told(parts: OpenHub, stop: threading.Event) -> Iterator[None]:
    """Tell staff while the block runs, in a thread that delivery never waits for. Raises NotEnrolled."""
    messenger = Messenger(parts.hub, parts.config, own_key(parts.config.data_dir), parts.clock)
    thread = threading.Thread(target=messenger.run, args=(stop,), name="messages", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(ENDS_WITHIN_S)
