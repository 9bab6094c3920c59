"""Carries questions to central at once, beside whatever backlog: threads and connections that no item uses.

A question is asked again with its id until it is answered or dies; what may have been done and was never shown is
carried as long as it is kept, to be undone. An answer is believed only where central signed it for this very question.
"""

import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import httpx2
import msgspec
import structlog
from msgspec import UNSET
from sqlalchemy import Row, select, update

from common.machine.errors import StoreDamaged, StoreError
from common.machine.stamp import Clock, rfc3339
from common.protocol.inquiry import LONG_POLL_S, Inquiry, InquiryAnswer, kind_of
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryError, DeliveryRejected
from offline_store.delivery.connection.retry import Backoff
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.delivery.connection.uplinks import time_by_central
from offline_store.delivery.forwarder import NOTHING_GETS_THROUGH
from offline_store.disk import tables
from offline_store.disk.changes import Changes
from offline_store.disk.database import Store
from offline_store.inquiries.asking import NO_NETWORK, forget, is_dead, when_unseen
from offline_store.inquiries.payments import is_opened

STEP_S: Final = 0.02
AT_ONCE: Final = 6
AGAIN_S: Final = 0.5
NO_NETWORK_AFTER: Final = 2
"""One call may fail for a connection that had just been closed."""
FORGET_EVERY_S: Final = 3600.0
PATIENCE: Final = httpx2.Timeout(LONG_POLL_S + 5.0, connect=5.0)
_REFUSALS: Final = {"status-404": "not-offered", "status-429": "busy"}
_row = tables.inquiries.c
_OPEN: Final = ("asked", "answered", "failed", "undo")
_CARRIED: Final = ("asked", "undo")
_log = structlog.get_logger(__name__)


class Carrier:
    """Carries the questions of one store. One carrier a store."""

    def __init__(self, store: Store, uplink_of: Callable[[str], HttpUplink | None], clock: Clock) -> None:
        """Make a carrier; `uplink_of` gives the uplink that signs as a kiosk id, None where its key is lost."""
        self._store = store
        self._uplink_of = uplink_of
        self._clock = clock
        self._under_way: set[str] = set()
        self._again_at: dict[str, float] = {}
        self._backoffs: dict[str, Backoff] = {}
        self._forget_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Carry until `stop` is set. Raises StoreDamaged: the store has to be reopened."""
        changes = Changes(self._store)
        look_at = 0.0
        try:
            while not stop.wait(STEP_S):
                try:
                    if changes.have_come() or self._clock.boottime() >= look_at:
                        look_at = self._clock.boottime() + AGAIN_S
                        for row in self._due():  # a daemon: a long poll must not hold up the end of the process
                            threading.Thread(target=self._carry, args=(row,), name="inquiry", daemon=True).start()
                except StoreDamaged:
                    raise
                except StoreError as error:
                    _log.warning("inquiries-store-unavailable", detail=str(error)[:200])
        finally:
            changes.close()

    def run_once(self) -> None:
        """Carry what waits, once each. Raises StoreUnavailable or StoreDamaged."""
        for row in self._due():
            self._carry(row)

    def _due(self) -> list[Row[Any]]:
        """Return the questions to carry now; those that died are none any more."""
        now, at = self._clock.now(), self._clock.boottime()
        with self._store.read() as connection:
            rows = connection.execute(select(tables.inquiries).where(_row.state.in_(_OPEN))).all()
        dead = [row for row in rows if row.state != "undo" and is_dead(row.boot_id, row.dies_ns, now)]
        if dead or at >= self._forget_at:
            with self._store.write() as connection:
                for row in dead:
                    still = _row.id == row.id, _row.state == row.state
                    ended = "shown" if is_opened(connection, row.id) else when_unseen(row.kind, row.state)
                    connection.execute(update(tables.inquiries).where(*still).values(state=ended))
                forget(connection, now)
            self._forget_at = at + FORGET_EVERY_S
        for gone in {*list(self._again_at), *list(self._backoffs)} - {row.id for row in rows}:
            self._again_at.pop(gone, None)
            self._backoffs.pop(gone, None)
        carried = [row for row in rows if row.state in _CARRIED and row not in dead and row.id not in self._under_way]
        due = [row for row in carried if at >= self._again_at.get(row.id, 0.0)][: AT_ONCE - len(self._under_way)]
        self._under_way.update(row.id for row in due)
        return due

    def _carry(self, row: Row[Any]) -> None:
        """Ask once, and write down what came of it."""
        try:
            try:
                if row.state == "asked" and not row.revision:
                    self._undo_before(row)
                answer = self._ask(row)
            except DeliveryError as error:
                self._failed(row, error)
            else:
                self._heard(row, answer)
        except StoreError as error:  # asked again with the next look: the same id gets the same answer
            _log.warning("inquiries-store-unavailable", detail=str(error)[:200])
            self._again_at[row.id] = self._clock.boottime() + AGAIN_S
        finally:
            self._under_way.discard(row.id)

    def _undo_before(self, row: Row[Any]) -> None:
        """Undo what was asked before it and never shown: asked again, it would meet what it has done itself."""
        lost = _row.id != row.id, _row.kiosk == row.kiosk, _row.kind == row.kind, _row.state == "undo"
        with self._store.read() as connection:
            rows = connection.execute(select(tables.inquiries).where(*lost)).all()
        for one in rows:
            with contextlib.suppress(DeliveryRejected):  # it waits on by itself
                self._heard(one, self._ask(one))

    def _ask(self, row: Row[Any]) -> InquiryAnswer:
        uplink = self._uplink_of(row.kiosk)
        if uplink is None:
            raise DeliveryRejected("unauthorised", "this kiosk's own key is not on this disk: enrol it again")
        is_undo = row.state == "undo"
        if row.revision and not is_undo:
            return uplink.ask_on(row.id, row.revision - 1)
        body = {} if is_undo else msgspec.json.decode(row.body, type=dict[str, Any])
        key = UNSET if is_undo else row.reply_key
        answer = uplink.ask(Inquiry(row.id, row.kind, self._dies_at(row, uplink), body, key, is_undo))
        if answer.id != row.id:
            raise DeliveryDeferred("unverified", "central's answer is to another question")
        return answer

    def _dies_at(self, row: Row[Any], uplink: HttpUplink) -> str:
        """Return when a question dies by central's time, whatever the wall clock here says."""
        now = self._clock.now()
        moment = time_by_central(self._store, self._clock)
        if moment is None:
            moment = uplink.time()
            self._store.note_trusted_time(moment, boot_time_ns=now.boot_time_ns, boot_id=now.boot_id)
        left_s = (row.dies_ns - now.boot_time_ns) / 1e9 if row.boot_id == now.boot_id else 0.0
        return rfc3339(moment + timedelta(seconds=min(left_s, kind_of(row.kind).lives_s)))

    def _heard(self, row: Row[Any], answer: InquiryAnswer) -> None:
        self._backoffs.pop(row.id, None)
        values: dict[str, Any] = {"state": "over" if row.state == "undo" else answer.state}
        if row.state != "undo" and answer.answer is not UNSET:
            values["answer"] = msgspec.json.encode(answer.answer).decode()
        if row.state == "undo":
            _log.info("inquiry-undone", kind=row.kind)
        if answer.state == "pending":
            # One more than central's, which counts changes from 0: here 0 is a question that nobody has taken yet.
            revision = max(row.revision, (answer.revision or 0) + 1)
            values |= {"state": "asked", "revision": revision}
            if revision == row.revision:
                self._again_at[row.id] = self._clock.boottime() + AGAIN_S
        self._write(row, values)

    def _failed(self, row: Row[Any], error: DeliveryError) -> None:
        """Write down what people can be told now; else it is tried again, until it dies."""
        backoff = self._backoffs.setdefault(row.id, Backoff())
        if row.state == "undo":  # no refusal that central has not signed ends it
            self._again_at[row.id] = self._clock.boottime() + backoff.after_failure()
            return
        backoff.attempt += 1
        self._again_at[row.id] = self._clock.boottime() + AGAIN_S
        if row.revision and error.code == "status-404":
            self._write(row, {"revision": 0})  # central was set back, and has to be asked again
        elif isinstance(error, DeliveryRejected) or error.code in _REFUSALS:
            named = error.problem if isinstance(error, DeliveryRejected) else ""
            self._write_failure(row, {"reason": named or _REFUSALS.get(error.code, error.code)})
        elif not row.revision and error.code in NOTHING_GETS_THROUGH and backoff.attempt >= NO_NETWORK_AFTER:
            self._write_failure(row, NO_NETWORK)

    def _write_failure(self, row: Row[Any], reason: dict[str, str]) -> None:
        self._write(row, {"state": "failed", "answer": msgspec.json.encode(reason).decode()})

    def _write(self, row: Row[Any], values: dict[str, Any]) -> None:
        """Change a row, unless somebody has moved it on meanwhile: who gave up takes no answer."""
        still = _row.id == row.id, _row.state == row.state
        with self._store.write() as connection:
            connection.execute(update(tables.inquiries).where(*still).values(**values))
