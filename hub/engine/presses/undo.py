"""Undo: a counter's last act taken back within five minutes, as an event of its own; the log has what stood before."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from common.queue.standing import OF_ITS_KIOSK, Counter, Ticket
from hub.engine.act import Act
from hub.engine.refusal import Refused
from hub.log import tables
from hub.log.event import SELECT_EVENTS, Event, EventBody
from hub.log.reading import find_ticket

UNDO_WITHIN_S: Final = 300
CANNOT_BE_UNDONE: Final = frozenset(
    {"given", "by-hand", "counter-opened", "counter-paused", "counter-closed", "adopted"}
)


def undo(act: Act, counter: Counter, ticket_id: str) -> Counter:
    """Bring the tickets of the counter's last act, and the counter, back to what they were. Raises Refused."""
    events = _last_act(act, counter)
    if not events or {event.kind for event in events} & CANNOT_BE_UNDONE or events[0].kind == "undone":
        raise Refused(409, "nothing-to-undo", "there is no act of this counter that could be taken back")
    if ticket_id not in {event.ticket for event in events}:
        raise Refused(409, "another-ticket", "the last act of this counter was on another ticket")
    if act.line_us - events[0].line_us > UNDO_WITHIN_S * 1_000_000:
        raise Refused(409, "too-late", "an act can be taken back within five minutes only")
    before = _counter_before(act, counter, events[0].seq)
    restored = [_restored(act, event, events[0].seq) for event in _newest_of_each_ticket(events)]
    counter = replace(
        before, version=counter.version + 1, last_press=None, last_seq=None, acted_line=act.line_us,
        acted_work=act.work_us, clerk=act.clerk or before.clerk,
    )  # fmt: skip
    for ticket, event in restored:
        act.record_told("undone", ticket, counter=counter, reason=event.kind, detail={"of": event.seq})
        if ticket.is_voided and ticket.state in ("waiting", "parked", "missed"):  # since then: it waits no more
            act.record("voided", ticket=ticket)
    return counter


def _last_act(act: Act, counter: Counter) -> list[Event]:
    if counter.last_press is None or counter.last_seq is None:
        return []
    columns = tables.events.c
    query = SELECT_EVENTS.where(columns.seq >= counter.last_seq, columns.counter == counter.number)
    query = query.where(columns.press == counter.last_press)
    return [Event(**row._mapping) for row in act.connection.execute(query)]  # noqa: SLF001 - a documented name


def _newest_of_each_ticket(events: Sequence[Event]) -> list[Event]:
    """Return the last event of each ticket of the act, the ticket that was called last first."""
    newest = {event.ticket: event for event in events}
    return sorted(newest.values(), key=lambda event: -event.seq)


def _restored(act: Act, event: Event, first_seq: int) -> tuple[Ticket, Event]:
    """Return the ticket as it was before the act, with what its kiosk has said of it since. Raises Refused."""
    left = event.read_body().ticket
    now = find_ticket(act.connection, event.ticket or "")
    if left is None or now is None or (now.state, now.counter) != (left.state, left.counter):
        raise Refused(409, "went-on", f"{event.number} has gone on since: it cannot be taken back")
    before = _body_before(act, tables.events.c.ticket == event.ticket, first_seq).ticket
    if before is None:
        raise Refused(409, "nothing-to-undo", f"what {event.number} was before is no longer known here")
    return replace(before, **{name: getattr(now, name) for name in OF_ITS_KIOSK}), event


def _counter_before(act: Act, counter: Counter, seq: int) -> Counter:
    before = _body_before(act, tables.events.c.counter == counter.number, seq).counter
    return before if before is not None else Counter(number=counter.number)


def _body_before(act: Act, of_whom: object, seq: int) -> EventBody:
    """Return the newest event of a ticket or counter before a seq."""
    columns = tables.events.c
    query = SELECT_EVENTS.where(of_whom, columns.seq < seq).order_by(None).order_by(columns.seq.desc()).limit(1)  # type: ignore[arg-type]
    row = act.connection.execute(query).first()
    return EventBody() if row is None else Event(**row._mapping).read_body()  # noqa: SLF001 - a documented name
