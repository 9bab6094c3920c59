"""A press with its key, from the first try to the last repeat: one transaction, one answer, byte for byte."""

import hashlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import bindparam, insert

from common.queue.standing import Counter
from hub.engine.act import Act, Hub
from hub.engine.carrying.in_doubt import asked_about
from hub.engine.days import settle_day
from hub.engine.presses import press as kinds
from hub.engine.presses.acts import ACTS, WHILE_CLOSED, Outcome
from hub.engine.presses.press import PressUnreadable, kind_of, read_press
from hub.engine.refusal import Refused
from hub.engine.views import counter_view
from hub.log import tables
from hub.log.authors import life_at
from hub.log.facts import bearing, events_of_press
from hub.log.reading import find_counter
from offline_store.disk.sql import precompiled, run

_FIND: Final = 'SELECT digest, status, answer, hub, term, seq FROM hub_presses WHERE counter = ? AND "key" = ?'
_COLUMNS: Final = ("counter", "key", "digest", "status", "answer", "seq", "hub", "term", "line_us")
_KEEP: Final = precompiled(insert(tables.presses).values({name: bindparam(name) for name in _COLUMNS}))
TITLES: Final = {409: "It cannot be done as things stand", 422: "The press cannot be followed", 400: "No press"}
_WAITING_FOR_OTHERS: Final = "SELECT group_concat(number, ', ') FROM hub_counters WHERE must_resume = 1"


class PressAnswer(NamedTuple):
    """A press's answer as it goes out, which hub under which term first gave it, and where its log ended then."""

    status: int
    body: bytes
    hub: str
    term: int
    seq: int


class Admission(NamedTuple):
    """Who presses. `is_over`: the session has ended with `close`, and may only hear its last answer again."""

    clerk: str | None
    is_over: bool = False
    after_close: Callable[[Act], None] = lambda _: None


class NotYet(Exception):
    """Not refused, but not now: the same press is to be sent again after `retry_after_s`."""

    def __init__(self, detail: str, retry_after_s: int) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


def press(hub: Hub, number: int, key: str, body: bytes, admitted: Callable[[Act], Admission]) -> PressAnswer:
    """Do what a counter's press says, once.

    Args:
        hub: the open hub.
        number: the counter's.
        key: the Idempotency-Key; its scope is the counter.
        body: the press as it came.
        admitted: checks the session within this transaction, before all else.

    Raises:
        NotYet: it may not be done yet; nothing is kept.
        Following: another hub leads.
        StoreUnavailable: the disk refuses; nothing happened.
        and what `admitted` raises.
    """
    if hub.asks_first:
        raise NotYet(
            "this hub has just begun, and asks first who leads and who was called; the press is tried again", 1
        )
    digest = _digest(body)
    return hub.together(lambda act: _once(act, number, key, body, digest, admitted(act)))


def _once(act: Act, number: int, key: str, body: bytes, digest: str, admission: Admission) -> PressAnswer:
    act.clerk = admission.clerk
    known = run(act.connection, _FIND, (number, key)).fetchone()
    if known is not None:
        digest_before, status, answer_before, *given = known
        if digest_before != digest:
            detail = "this key was used for another press at this counter: make a new key for a new press"
            return PressAnswer(422, _problem(422, "key-reused", detail), act.hub_id, act.term, act.seq)
        said = answer_before.encode()
        if status == 200:
            of_press = events_of_press(act.connection, key, given[-1])
            life = life_at(act.connection, given[-1])
            said = bearing(said, act.life if life is None else life.life, given[1], of_press)
        return PressAnswer(status, said, *given)
    if admission.is_over:
        raise Refused(401, "session-ended", "the session has ended: log in again")
    settle_day(act)
    act.press = key
    status, said = _answer(act, number, body)
    if status == 200 and find_counter(act.connection, number).state == "closed":
        admission.after_close(act)
    kept = {"counter": number, "key": key, "digest": digest, "status": status, "answer": said.decode()}
    kept |= {"seq": act.seq, "hub": act.hub_id, "term": act.term, "line_us": act.line_us}
    run(act.connection, _KEEP, kept)
    if status == 200:
        said = bearing(said, act.life, act.term, [one for one in act.recorded if one.press == key])
    return PressAnswer(status, said, act.hub_id, act.term, act.seq)


def _answer(act: Act, number: int, body: bytes) -> tuple[int, bytes]:
    counter = find_counter(act.connection, number)
    before = len(act.recorded)
    try:
        wish = read_press(body)
        outcome = _do(act, counter, wish)
    except PressUnreadable as error:
        return 400, _problem(400, "unreadable-press", str(error))
    except Refused as refused:
        if len(act.recorded) != before:
            raise AssertionError("an act was refused after it had recorded something") from refused
        standing = {"counter": counter_view(act, counter)} | refused.standing
        return refused.status, _problem(refused.status, refused.code, refused.detail, standing)
    said = {"press": kind_of(wish), "counter": counter_view(act, outcome.counter), "call": outcome.call}
    return 200, msgspec.json.encode(said | dict(outcome.more))


def _do(act: Act, counter: Counter, wish: kinds.Press) -> Outcome:
    if counter.number not in act.centre.counters and counter.version == 0:
        raise Refused(404, "no-such-counter", f"there is no counter {counter.number} in this centre")
    if counter.state == "closed" and not isinstance(wish, WHILE_CLOSED):
        raise Refused(409, "counter-closed", "this counter is closed: press open first")
    version = getattr(wish, "version", None)
    is_on_held = version is not None and not isinstance(wish, (kinds.Resume, kinds.OutOfTurn, kinds.Undo))
    if counter.must_resume and not is_on_held:
        raise NotYet("this counter has not said yet what it did before the change of hub", 1)
    if version not in (None, counter.version):
        detail = f"the counter has gone on: version {counter.version} now, not {version}; look at it and press again"
        raise Refused(409, "version-passed", detail)
    ticket_id = getattr(wish, "ticket", None)
    if is_on_held and ticket_id is not None and ticket_id != counter.ticket:
        raise Refused(409, "another-ticket", "this ticket is not open at this counter: look at it and press again")
    if isinstance(wish, kinds.Next):
        _wait_for_central(act)
    if isinstance(wish, (kinds.Next, kinds.Give, kinds.OutOfTurn)):
        _wait_for_counters(act)
        _ask_first(act)
    return ACTS[type(wish)](act, counter, wish)


def _wait_for_central(act: Act) -> None:
    """Call nobody who may have been called before the log was lost. Raises NotYet."""
    if act.is_recall_due:
        raise NotYet("this hub may lack who was called, and central has not said it yet", 1)


def _wait_for_counters(act: Act) -> None:
    """Call nobody whom a counter called, and give no number that one gave, before this hub took over. Raises NotYet."""
    waited_for = run(act.connection, _WAITING_FOR_OTHERS).fetchone()[0]
    if waited_for is not None:
        detail = f"after the change of hub, counters {waited_for} have not reported yet; a manager can release them"
        raise NotYet(detail, 1)


def _ask_first(act: Act) -> None:
    """Call nobody while nobody has said whether those from before a cut are still here. Raises Refused."""
    doubt = asked_about(act)
    if doubt is not None:
        detail = f"no clock here knows how long ago {doubt.label} was: say first whether its people are still here"
        raise Refused(409, "say-first", detail)


def _digest(body: bytes) -> str:
    """Tell presses apart by what they say: spacing and the order of fields say nothing."""
    try:
        said: Any = msgspec.json.decode(body)
        body = msgspec.json.encode(said, order="sorted")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # no JSON: by its bytes
    return hashlib.sha256(body).hexdigest()


def _problem(status: int, code: str, detail: str, more: dict[str, Any] | None = None) -> bytes:
    title = TITLES.get(status, "It could not be done")
    said = {"type": f"/problems/{code}", "title": title, "status": status, "detail": detail}
    return msgspec.json.encode(said | (more or {}))
