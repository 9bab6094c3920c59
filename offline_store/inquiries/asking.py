"""The asking process's side: a question is a durable row, and so is its answer; nothing here waits for a network.

What opens an answer's personal part is made for the question and never written: after a restart only the clear part is
known. An answer counts as shown from the moment that it is taken, on disk, before anybody draws it.
"""

import base64
import binascii
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from common.machine.stamp import Clock, Stamp
from common.protocol.inquiry import KEPT_S, KINDS, SealedPart, answer_info, inquiry_info, kind_of
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.sealing import SUITE, current_sealing_key

STEP_S: Final = 0.05
MOST: Final = 500
"""Rows kept: far more than people ask in a day."""
_HOUR_S: Final = 3600
NO_NETWORK: Final = {"reason": "no-network"}
_row = tables.inquiries.c

Fate = Literal["answered", "refused", "late", "timed-out", "no-network"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was written down, and what opens its answer."""

    id: str
    kind: str
    dies_ns: int
    boot_id: str
    key: X25519PrivateKey = field(repr=False)

    def is_dead(self, now: Stamp) -> bool:
        """Return whether nobody waits for its answer any more."""
        return is_dead(self.boot_id, self.dies_ns, now)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a question ended. `answer`: of `answered` what central said, of `refused` the `reason`, else empty.

    late: an answer came when it was worth nothing any more; timed-out: none came; no-network: it could not be asked.
    """

    fate: Fate
    answer: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Pending:
    """What is known so far of a question whose answer changes: a bill that is shown, and not paid yet."""

    revision: int
    answer: dict[str, Any] = field(repr=False)


def is_dead(boot_id: str, dies_ns: int, now: Stamp) -> bool:
    """Return whether a question is over: its time has run out, or the machine was started again since."""
    return boot_id != now.boot_id or now.boot_time_ns >= dies_ns


def ask(store: Store, now: Stamp, kind: str, body: dict[str, Any], personal: dict[str, Any] | None = None) -> Asked:
    """Write down a question; when this returns it is on disk, and the forwarder carries it.

    Args:
        store: the open store.
        now: of this moment.
        kind: one of `common.protocol.inquiry.KINDS`.
        body: what is asked, without anything personal.
        personal: the fields of `body` that only central may read.

    Raises:
        SealingImpossible: there is something personal, and no key of central's to seal it to.
        StoreUnavailable: nothing was written, and nothing is asked.
    """
    key = X25519PrivateKey.generate()
    dies_ns = now.boot_time_ns + round(KINDS[kind].lives_s * 1e9)
    asked = Asked(str(uuid.uuid4()), kind, dies_ns, now.boot_id, key)
    with store.write() as connection:
        if personal:
            to, info = current_sealing_key(connection), inquiry_info(store.identity.kiosk, asked.id)
            data = SUITE.encrypt(msgspec.json.encode(personal), to.key, info=info)
            body = body | {"sealed": msgspec.to_builtins(SealedPart(to.kid, base64.b64encode(data).decode()))}
        connection.execute(
            insert(tables.inquiries).values(
                id=asked.id,
                kiosk=store.identity.kiosk,
                kind=kind,
                body=msgspec.json.encode(body).decode(),
                reply_key=base64.b64encode(key.public_key().public_bytes_raw()).decode(),
                boot_id=now.boot_id,
                dies_ns=dies_ns,
                asked_at=now.unix_s,
                state="asked",
            )
        )
        forget(connection, now)
    return asked


def take(store: Store, asked: Asked, now: Stamp, after: int = 0) -> Outcome | Pending | None:
    """Return how a question ended, what is new of it above revision `after`, or None while there is nothing to say.

    An answer that is returned counts as shown from here on. One that nobody will see is undone by central.
    Raises StoreUnavailable.
    """
    with store.read() as connection:
        row = connection.execute(select(_row.state, _row.revision).where(_row.id == asked.id)).one_or_none()
    if row is not None and row.state == "asked" and not asked.is_dead(now) and row.revision <= after:
        return None
    with store.write() as connection:
        row = connection.execute(select(tables.inquiries).where(_row.id == asked.id)).one_or_none()
        if row is None:
            return Outcome("timed-out")
        is_dead = asked.is_dead(now)
        if row.state == "asked" and not is_dead:
            return Pending(row.revision, _opened(store, asked, row.answer))
        outcome = _outcome(store, asked, row, is_dead=is_dead)
        # Of what was taken before, somebody knows: it is not undone, and what became of it is asked for by its own id.
        ended = "shown" if outcome.fate == "answered" or after else when_unseen(asked.kind, row.state)
        connection.execute(update(tables.inquiries).where(_row.id == asked.id).values(state=ended))
    return outcome


def give_up(store: Store, asked: Asked) -> None:
    """Ask for no answer any more: who asked has gone. Raises StoreUnavailable."""
    with store.write() as connection:
        state = connection.scalar(select(_row.state).where(_row.id == asked.id))
        if state is not None and state != "shown":
            ended = update(tables.inquiries).where(_row.id == asked.id)
            connection.execute(ended.values(state=when_unseen(asked.kind, state)))


def keep(store: Store, inquiry: str) -> None:
    """Ask for no further answer to what was shown: what it has opened stays, and nothing is undone.

    Raises StoreUnavailable.
    """
    with store.write() as connection:
        still = _row.id == inquiry, _row.state.in_(("asked", "answered"))
        connection.execute(update(tables.inquiries).where(*still).values(state="shown"))


def wait(
    store: Store, asked: Asked, clock: Clock, after: int = 0, is_left: Callable[[], bool] = lambda: False
) -> Outcome | Pending | None:
    """Wait for what `take` returns, at most until the question dies; None where somebody has left meanwhile.

    For a worker thread. Raises StoreUnavailable.
    """
    while not is_left():
        if (found := take(store, asked, clock.now(), after)) is not None:
            return found
        time.sleep(STEP_S)
    give_up(store, asked)
    return None


def when_unseen(kind: str, state: str) -> str:
    """Return what becomes of a question whose answer nobody sees: only what may have been done is undone."""
    may_be_done = kind_of(kind).binds and state not in ("refused", "withdrawn", "over")
    return "undo" if may_be_done else "over"


def _outcome(store: Store, asked: Asked, row: Any, *, is_dead: bool) -> Outcome:
    if row.state == "shown" or (row.state == "answered" and not is_dead):
        return Outcome("answered", _opened(store, asked, row.answer))
    if row.state in ("refused", "failed"):
        reason = msgspec.json.decode(row.answer, type=dict[str, Any])
        return Outcome("no-network") if reason == NO_NETWORK else Outcome("refused", reason)
    return Outcome("late" if row.state in ("answered", "withdrawn") else "timed-out")


def _opened(store: Store, asked: Asked, text: str | None) -> dict[str, Any]:
    """Return an answer with its personal part opened; that part is left out where it does not open."""
    answer = msgspec.json.decode(text or "{}", type=dict[str, Any])
    sealed = answer.pop("sealed", None)
    if not isinstance(sealed, str):
        return answer
    info = answer_info(store.identity.kiosk, asked.id)
    try:
        opened = SUITE.decrypt(base64.b64decode(sealed, validate=True), asked.key, info=info)
        return answer | msgspec.json.decode(opened, type=dict[str, Any])
    except (InvalidTag, binascii.Error, ValueError, msgspec.DecodeError):
        return answer


def of_an_hour(store: Store, now: Stamp, kind: str, *states: str) -> int:
    """Count the questions of a kind that were asked in the last hour, by boot time; of an earlier boot by the clock.

    `states`: only those that stand so; none: all. Raises StoreUnavailable.
    """
    since_ns = now.boot_time_ns + round((KINDS[kind].lives_s - _HOUR_S) * 1e9)
    lately = or_(
        and_(_row.boot_id == now.boot_id, _row.dies_ns > since_ns),
        and_(_row.boot_id != now.boot_id, _row.asked_at > now.unix_s - _HOUR_S),
    )
    query = select(func.count()).where(_row.kind == kind, lately)
    if states:
        query = query.where(_row.state.in_(states))
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def forget(connection: Connection, now: Stamp) -> None:
    """Remove what is over its day; without a clock to tell by, what is past the most that are kept."""
    newest = select(_row.id).order_by(_row.asked_at.desc()).limit(MOST)
    over: ColumnElement[bool] = _row.id.not_in(newest)
    if now.tells_time:
        over = or_(over, _row.asked_at < now.unix_s - KEPT_S)
    connection.execute(delete(tables.inquiries).where(over))
