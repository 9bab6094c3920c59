"""A counter and its ticket as its page shows them: number, service, waiting time; never a name."""

from collections.abc import Mapping

from msgspec import Struct

from common.queue.standing import Counter, CounterState, Ticket
from hub.engine.act import Act, Look
from hub.log.reading import find_ticket


class TicketView(Struct, frozen=True, kw_only=True):
    """A ticket as a counter sees it. `waited_s`: until it was called, else until now, by the hall's clock.

    `expected_at`: the time of its appointment, `HH:MM`.
    """

    id: str
    kiosk: str
    number: str
    service: str
    names: Mapping[str, str]
    waited_s: int
    priority: str
    ready_order: bool
    called_at: str | None
    voided: bool
    expected_at: str | None = None


class CounterView(Struct, frozen=True, kw_only=True):
    """A counter as an answer shows it."""

    number: int
    state: CounterState
    version: int
    ticket: TicketView | None


def counter_view(look: Act | Look, counter: Counter) -> CounterView:
    """Return a counter with its ticket."""
    return CounterView(
        number=counter.number, state=counter.state, version=counter.version, ticket=ticket_of(look, counter)
    )


def ticket_of(look: Act | Look, counter: Counter) -> TicketView | None:
    """Return the ticket that is at a counter."""
    ticket = None if counter.ticket is None else find_ticket(look.connection, counter.ticket)
    return None if ticket is None else _ticket_view(look, ticket)


def _ticket_view(look: Act | Look, ticket: Ticket) -> TicketView:
    service = look.centre.services.get(ticket.service)
    until = ticket.called_line if ticket.is_open and ticket.called_line is not None else look.line_us
    return TicketView(
        id=ticket.id,
        kiosk=ticket.kiosk,
        number=ticket.number,
        service=ticket.service,
        names=service.names if service is not None else {"ar": ticket.service, "en": ticket.service},
        waited_s=max(0, until - ticket.arrived_line) // 1_000_000,
        priority=ticket.priority,
        ready_order=ticket.order_id is not None,
        called_at=ticket.called_at,
        voided=ticket.is_voided,
        expected_at=ticket.claim_at,
    )
