"""Keeps the centre's hub told of this kiosk's tickets, and the screen told of what the hub says.

It runs beside the forwarder, in a thread of its own: neither waits for the other, and a hub that is away costs nothing.
Of several hubs it follows the one with the greatest (term, id) among signed answers, and asks the others now and then.
"""

import threading
from collections.abc import Callable
from typing import Final

import structlog
from msgspec import UNSET, UnsetType

from common.machine.errors import StoreDamaged, StoreError
from common.machine.stamp import Clock
from common.protocol.feed_message import HubRecord, Hubs
from common.protocol.queue.call import MAX_TICKETS, REFUSED_FOR_NOW, HelpCall, QueuedTicket, TicketsAnswer, TicketsCall
from common.protocol.queue.claim import ClaimAsked
from common.protocol.queue.hub_statement import HubStatement
from common.protocol.queue.rows import AsOf
from offline_store.delivery.connection.delivery_error import DeliveryError
from offline_store.disk.database import Store
from offline_store.feed.centre import said_of_centre
from offline_store.queue import digits
from offline_store.queue import help as help_calls
from offline_store.queue.certificate import note_age
from offline_store.queue.changes import HUB, Changes, changes_for, followed_by, note_told, tell_again
from offline_store.queue.day import NumbersRefused, first_of_refused_day, note_day, settled_through, take_day
from offline_store.queue.hall import HeardHall
from offline_store.queue.hub_client import HubCalls
from offline_store.queue.word import HubWord, word_of, write_word

TELL_EVERY_S: Final = 2.0
TELL_WITH_HELP_S: Final = 1.0  # somebody stands there and waits for a word
TELL_REFUSED_EVERY_S: Final = 30.0
LOOK_EVERY_S: Final = 0.2
ASK_OTHERS_EVERY_S: Final = 15.0
LOOK_AT_CERTIFICATE_EVERY_S: Final = 3600.0
_log = structlog.get_logger(__name__)

Hub = tuple[int, str]
"""Term and id: the greater one serves."""


class HubListener:
    """Tells hubs of one store's tickets. Its methods are called from one thread."""

    def __init__(
        self,
        store: Store,
        client_of: Callable[[HubRecord], HubCalls],
        clock: Clock,
        needs: Callable[[], list[str]] = list[str],
    ) -> None:
        """Make a listener.

        Args:
            store: the open store.
            client_of: gives the client of a hub; raises ValueError for an address that can't be used.
            clock: time and waiting.
            needs: returns for what this kiosk needs somebody now.
        """
        self._store = store
        self._needs = needs
        self._client_of = client_of
        self._clock = clock
        self._known: dict[str, tuple[HubRecord, HubCalls]] = {}
        self._serving: Hub | None = None
        self._followed: HubStatement | None = None
        self._hall = HeardHall(store)
        self._knows_what_it_heard = False
        self._mark: str | None = None  # of the log that is told
        self._is_day_refused: bool | None = None  # None before the hub has said so or not
        self._refused: dict[str, QueuedTicket] = {}  # for now
        self._refused_at = 0.0
        self._numbers_alarm = NumbersRefused(store)
        self._word: HubWord | None = None
        self._told_at: float | None = None
        self._others_at: float | None = None
        self._failing: str | None = None
        self._certificate_at: float | None = None
        self._asked_help: tuple[str, Hub] | None = None
        self._seen_help: str | None = None

    def run(self, stop: threading.Event) -> None:
        """Tell the hub until `stop` is set. Raises StoreDamaged: the store has to be reopened."""
        help_calls.forget(self._store.data_dir)
        digits.forget(self._store.data_dir)
        try:
            while not stop.is_set():
                try:
                    self.step()
                except StoreDamaged:
                    raise
                except StoreError as error:
                    self._failed("store", str(error))
                    self._clock.sleep(TELL_EVERY_S)
                self._clock.sleep(LOOK_EVERY_S)
        finally:
            self.close()

    def step(self) -> None:
        """Tell what is to be told now. Raises StoreError."""
        now = self._clock.boottime()
        if not self._knows_what_it_heard:
            self._followed = followed_by(self._store, HUB)
            self._hall.recollect()
            self._knows_what_it_heard = True
        hubs = self._hubs()
        if not hubs:
            return
        if self._serving is None or self._serving[1] not in self._known:
            self._serving = None
            if self._others_at is None or now - self._others_at >= TELL_EVERY_S:
                self._others_at = now
                self._ask(hubs)
            return
        if self._others_at is None or now - self._others_at >= ASK_OTHERS_EVERY_S:
            self._others_at = now
            self._ask([hub for hub in hubs if hub.id != self._serving[1]])
        self._ask_help(self._serving)
        self._ask_digits(self._serving)
        self._tell(self._serving, now)

    def close(self) -> None:
        """Drop all connections."""
        for _, client in self._known.values():
            client.close()
        self._known.clear()

    def _hubs(self) -> list[HubRecord]:
        """Return the hubs in service as central names them, with a client for each that can be reached."""
        with self._store.read() as connection:
            said = said_of_centre(connection, Hubs)
        named = {hub.id: hub for hub in said[0].hubs if not hub.revoked} if said is not None else {}
        for gone in [one for one, (record, _) in self._known.items() if named.get(one) != record]:
            self._known.pop(gone)[1].close()
            self._certificate_at = None  # it may have a new one
        for hub in named.values():
            if hub.id not in self._known:
                try:
                    self._known[hub.id] = (hub, self._client_of(hub))
                except ValueError as error:
                    self._failed("hub-address", str(error))
        return [hub for hub in named.values() if hub.id in self._known]

    def _ask(self, hubs: list[HubRecord]) -> None:
        """Hear the terms of hubs, and follow the greatest."""
        for hub in hubs:
            try:
                answer = self._known[hub.id][1].tell(self._call([]))
            except DeliveryError as error:
                if self._serving is None:  # while one serves, another that doesn't is as it should be
                    self._failed(error.code, str(error))
                continue
            heard = (answer.term, hub.id)
            if answer.term > 0 and (self._serving is None or heard > self._serving):
                self._serving, self._told_at = heard, None
                _log.info("hub-followed", hub=hub.id, term=answer.term)

    def _tell(self, serving: Hub, now: float) -> None:
        term, hub = serving
        changes = changes_for(self._store, HUB, hub, term)
        every_s = TELL_WITH_HELP_S if self._awaits_help() else TELL_EVERY_S
        has_news = changes.tickets and not self._is_day_refused
        if not has_news and self._told_at is not None and now - self._told_at < every_s:
            return
        self._told_at = now
        try:
            tickets = self._with_refused(changes.tickets, now)
            answer = self._known[hub][1].tell(self._call(tickets, self._hall.as_of))
        except DeliveryError as error:
            self._failed(error.code, str(error))
            self._serving = None  # ask again who serves now
            return
        if answer.term != term:
            self._serving = (answer.term, hub) if answer.term > 0 else None
            return  # another term has heard nothing yet: told from the day's beginning in the next step
        self._note_refused(tickets, answer, now)
        first_refused = self._note_day(hub, changes, answer)
        self._heard(hub, answer)
        followed = self._greatest(hub, answer.statement)
        if answer.held is not None and answer.held.mark != self._mark:
            # Another log than was told before: it may lack what this kiosk has told. Nor does a listener that has just
            # begun know which numbers of today were refused for now.
            held = 0 if self._mark is None else answer.held.through
            tell_again(self._store, HUB, hub, term, held, followed)
            self._mark = answer.held.mark
        elif changes.tickets or changes.is_first:
            note_told(self._store, HUB, hub, term, settled_through(changes, first_refused), followed)
        self._followed = followed

    def _ask_help(self, serving: Hub) -> None:
        """Pass on a citizen's call for staff, once to each hub that comes to serve until somebody has seen it."""
        call_id = help_calls.asked(self._store.data_dir)
        if call_id is None or call_id == self._seen_help or self._asked_help == (call_id, serving):
            return
        try:
            self._known[serving[1]][1].ask_help(HelpCall(call_id))
        except DeliveryError as error:
            self._failed(error.code, str(error))
            return  # tried again in the next step; the screen waits for no longer than it says
        self._asked_help = (call_id, serving)
        self._told_at = None  # what became of it comes with the next answer

    def _ask_digits(self, serving: Hub) -> None:
        """Ask what eight digits are that somebody has typed and waits for; where the hub is away nobody is told."""
        asked = digits.asked(self._store.data_dir)
        if asked is None:
            return
        try:
            found = self._known[serving[1]][1].find_claim(ClaimAsked(asked.digits))
            digits.answer(self._store.data_dir, digits.DigitsFound(asked.id, found))
        except DeliveryError as error:
            self._failed(error.code, str(error))
        except OSError as error:
            self._failed("store", str(error))

    def _awaits_help(self) -> bool:
        return self._word is not None and any(one.state == "asked" for one in self._word.help.values())

    def _heard(self, hub: str, answer: TicketsAnswer) -> None:
        if self._failing is not None:
            _log.info("hub-heard-again", after=self._failing)
        self._failing = None
        stamp = self._clock.now()
        is_refused = bool(self._refused or self._is_day_refused)
        self._word = word_of(hub, answer, stamp, self._word, is_refused=is_refused)
        self._seen_help = next((one.id for one in answer.help if one.state == "seen"), self._seen_help)
        try:
            write_word(self._store.data_dir, self._word)
        except OSError as error:
            _log.warning("hub-word-not-written", reason=error.strerror)
        self._hall.take(answer, stamp)
        take_day(self._store, answer.day, stamp)
        now = self._clock.boottime()
        if self._certificate_at is None or now - self._certificate_at >= LOOK_AT_CERTIFICATE_EVERY_S:
            self._certificate_at = now
            note_age(self._store, self._known[hub][0], stamp)

    def _with_refused(self, news: list[QueuedTicket], now: float) -> list[QueuedTicket]:
        """Return what is told: beside the news now and then what was refused for now, for the hub may know more."""
        if not self._refused or now - self._refused_at < TELL_REFUSED_EVERY_S:
            return news
        self._refused_at = now
        newer = {one.id for one in news}
        return [*news, *(one for one in self._refused.values() if one.id not in newer)][:MAX_TICKETS]

    def _note_refused(self, told: list[QueuedTicket], answer: TicketsAnswer, now: float) -> None:
        for one in answer.refused:
            if one.id not in self._refused:
                _log.warning("hub-refused-ticket", ticket=one.id, reason=one.reason)
        if not self._refused:
            self._refused_at = now
        for_now = {one.id for one in answer.refused if one.reason in REFUSED_FOR_NOW}
        for ticket in told:
            self._refused.pop(ticket.id, None)
            if ticket.id in for_now:
                self._refused[ticket.id] = ticket
        self._refused = dict(list(self._refused.items())[-MAX_TICKETS:])  # more than a call holds are not told again
        self._numbers_alarm.says(next(iter(self._refused.values()), None), self._clock.now())

    def _note_day(self, hub: str, changes: Changes, answer: TicketsAnswer) -> QueuedTicket | None:
        """Have a technician see that the hub does not believe this kiosk's day; return the first ticket of that day."""
        first_refused = first_of_refused_day(changes, answer.refused)
        is_refused = first_refused is not None
        if changes.tickets and is_refused != self._is_day_refused:
            note_day(self._store, hub, first_refused, self._clock.now())
            self._is_day_refused = is_refused
        return first_refused

    def _greatest(self, hub: str, said: HubStatement | None) -> HubStatement | None:
        """Return the greatest statement of the hubs that this kiosk followed, for the next one that serves to hear."""
        before = self._followed
        if said is None or said.hub != hub:
            return before
        is_greater = before is None or before.hub not in self._known or said.rank > before.rank
        return said if is_greater else before

    def _call(self, tickets: list[QueuedTicket], as_of: AsOf | UnsetType | None = UNSET) -> TicketsCall:
        stamp = self._clock.now()
        return TicketsCall(stamp.boot_id, stamp.boot_time_ns, tickets, self._followed, self._needs(), as_of)

    def _failed(self, code: str, text: str) -> None:
        if self._failing != code:
            _log.warning("hub-not-told", code=code, detail=text[:200])
        self._failing = code
