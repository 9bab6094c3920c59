"""Sessions: a clerk at a counter, or a manager. A row each, by the hash of its token: it survives kill and restart."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import ColumnElement, insert, select, true, update

from common.machine.pepper import machine_pepper, opened
from common.machine.secret_hash import hash_of_nobody, matches
from common.protocol.feed_message import ClerkRecord
from common.web.addresses import origin_of
from hub.engine.act import Act, Hub, Look
from hub.engine.refusal import Refused
from hub.log import tables
from hub.sessions.locks import Scope, count_failure, judged, locked_for_s, of_known_pc, of_office, of_stranger
from offline_store.disk.sql import run

LASTS_US: Final = 12 * 3600 * 1_000_000
PIN_DIGITS: Final = (8, 10)
TAKEN: Final = "session-taken"
CLOSED: Final = "closed"
LED_ELSEWHERE: Final = "led-elsewhere"
_NOBODY: Final = hash_of_nobody()
_FOUND: Final = "SELECT clerk, counter, began_line, ended, pin_sha256 FROM hub_sessions WHERE token_sha256 = ?"


@dataclass(frozen=True, slots=True)
class Session:
    """Who is in. `counter` is None for a manager without one."""

    clerk: str
    role: Literal["clerk", "manager"]
    counter: int | None
    token_sha256: str
    is_over: bool = False


class TooManyWrongPins(Exception):
    """Somebody is guessing: no PIN is heard for `retry_after_s`."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many wrong PINs: wait {retry_after_s} s")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Asker:
    """Who types a PIN: somebody on a PC that is known, a stranger at an address, or with neither the console.

    `at_office`: the address is one of an office PC's, whose cookie may be another hub's.
    """

    pc: str | None = None
    address: str | None = None
    at_office: bool = False

    def scopes(self, sign: str) -> tuple[Scope, ...]:
        """Return what this attempt is counted by; nothing on the console, which is never locked."""
        if self.pc is not None:
            return of_known_pc(sign, self.pc)
        if self.address is None:
            return ()
        return (of_office if self.at_office else of_stranger)(sign, origin_of(self.address))


def judge(hub: Hub, pin: str, asker: Asker) -> ClerkRecord:
    """Return whose PIN this is. Takes about 0.1 s, and longer where others are judged.

    Raises:
        TooManyWrongPins: nobody may try now.
        Refused: 409 where central has named no clerk yet, 401 where it is nobody's.
        StoreUnavailable: the attempt cannot be recorded, so nobody comes in.
    """
    is_pin = len(pin) in PIN_DIGITS and pin.isascii() and pin.isdecimal()
    counted = asker.scopes(pin[:2] if is_pin else "none")
    with hub.any_act() as act:
        if not act.centre.clerks:
            raise Refused(409, "not-set-up", "central has named no clerks of this centre yet")
        if wait_s := locked_for_s(act.connection, counted, act.line_us):
            raise TooManyWrongPins(wait_s)
        count_failure(act.connection, counted, act.line_us)
        people = [one for one in act.centre.clerks.values() if is_pin and one.sign == pin[:2]]
    found = _first_match(pin, people)
    with hub.any_act() as act:
        judged(act.connection, counted, is_right=found is not None)
    if found is None:
        raise Refused(401, "wrong-pin", "this PIN is nobody's: type it once more, or ask a manager for a new one")
    return found


def begin(act: Act, clerk: ClerkRecord, counter: int | None, *, take_over: bool) -> tuple[str, Session]:
    """Begin a session; return its token, which is kept nowhere, and the session.

    Raises Refused: 404 for no such counter, 409 for one that is taken, 403 where only a manager may.
    """
    if counter is None and clerk.role != "manager":
        raise Refused(422, "counter-missing", "counter: a clerk needs the number of a counter")
    if counter is not None:
        if counter not in act.centre.counters:
            raise Refused(404, "no-such-counter", f"there is no counter {counter} in this centre")
        _take(act, clerk, counter, take_over=take_over)
    token = secrets.token_urlsafe(32)
    session = Session(clerk.id, clerk.role, counter, _hash(token))
    row = {"token_sha256": session.token_sha256, "clerk": clerk.id, "role": clerk.role, "counter": counter}
    row |= {"began_line": act.line_us, "began_at": act.stamp.text, "pin_sha256": _hash(clerk.pin_hash)}
    act.connection.execute(insert(tables.sessions).values(row))
    return token, session


def _take(act: Act, clerk: ClerkRecord, counter: int, *, take_over: bool) -> None:
    columns = tables.sessions.c
    live = (columns.counter == counter, columns.ended.is_(None), columns.began_line > act.line_us - LASTS_US)
    holder = act.connection.execute(select(tables.sessions).where(*live)).first()
    known = None if holder is None else act.centre.clerks.get(holder.clerk)
    if holder is not None and (known is None or holder.pin_sha256 == _hash(known.pin_hash)):
        by = known.name if known is not None else holder.clerk
        may = holder.clerk == clerk.id or clerk.role == "manager"
        standing = {"by": by, "since": holder.began_at, "yours": holder.clerk == clerk.id, "may_take_over": may}
        if not take_over:
            raise Refused(409, "counter-taken", f"counter {counter} is taken by {by} since {holder.began_at}", standing)
        if not may:
            detail = f"counter {counter} is taken by {by}: only the same clerk or a manager may take it over"
            raise Refused(409, "counter-taken", detail, standing)
    taken = update(tables.sessions).where(columns.counter == counter, columns.ended.is_(None)).values(ended=TAKEN)
    act.connection.execute(taken)


def find(look: Act | Look, token: str | None, *, also_closed: bool = False) -> Session:
    """Return the session of a token. Raises Refused 401, saying why.

    `also_closed`: one that ended with `close` too, whose page may not have heard the answer.
    """
    if not token:
        raise Refused(401, "no-session", "log in with a PIN first")
    digest = _hash(token)
    row = run(look.connection, _FOUND, (digest,)).fetchone()
    if row is None:
        raise Refused(401, "no-session", "this session is not known here: log in again")
    clerk_id, counter, began_line, ended, pin_sha256 = row
    if ended == TAKEN:
        raise Refused(401, TAKEN, "this counter was taken over elsewhere: log in again to take it back")
    if (ended is not None and not (ended == CLOSED and also_closed)) or look.line_us - began_line >= LASTS_US:
        raise Refused(401, "session-ended", "the session has ended: log in again")
    clerk = look.centre.clerks.get(clerk_id)
    if clerk is None:
        raise Refused(401, "clerk-gone", "this clerk may call here no more: log in as another")
    if pin_sha256 != _hash(clerk.pin_hash):
        raise Refused(401, "pin-changed", "this clerk has a new PIN: log in with it")
    return Session(clerk_id, clerk.role, counter, digest, is_over=ended is not None)


def find_manager(look: Act | Look, token: str | None) -> Session:
    """Return the session of a manager's token. Raises Refused 401 as `find`, and 403 for anybody else's."""
    session = find(look, token)
    if session.role != "manager":
        raise Refused(403, "managers-only", "only a manager may do this: log in with a manager's PIN")
    return session


def end(act: Act, session: Session) -> None:
    """End a session."""
    _end(act, tables.sessions.c.token_sha256 == session.token_sha256)


def end_at_counter(act: Act, counter: int) -> None:
    """End whatever session a counter has: it has closed, or a manager released it."""
    _end(act, tables.sessions.c.counter == counter)


def end_all(act: Act) -> None:
    """End every session: another hub leads from now on, and who sits at which counter is settled there.

    A page that comes back, hours later and maybe with another clerk before it, logs in.
    """
    _end(act, true(), LED_ELSEWHERE)


def _end(act: Act, whose: ColumnElement[bool], why: str = CLOSED) -> None:
    ended = update(tables.sessions).where(whose, tables.sessions.c.ended.is_(None)).values(ended=why)
    act.connection.execute(ended)


def _first_match(pin: str, people: Sequence[ClerkRecord]) -> ClerkRecord | None:
    if not people:
        matches(_NOBODY, pin)  # a wrong sign takes as long as a wrong secret
    secret = machine_pepper()
    # What this machine can't open now is nobody's: central is asked for it again.
    return next((one for one in people if matches(opened(one.pin_hash, secret) or _NOBODY, pin)), None)


def _hash(token: str) -> str:
    return hashlib.sha256(f"hub-session-1\n{token}".encode()).hexdigest()
