"""A counter and its ticket as its page shows them: number, service, waiting time; never a name."""

from typing import Any

from hub.engine.act import Act, Look
from hub.log.reading import find_ticket
from hub.log.rows import Counter, Ticket


def counter_view(look: Act | Look, counter: Counter) -> dict[str, Any]:
    """Return a counter as an answer shows it."""
    ticket = None if counter.ticket is None else find_ticket(look.connection, counter.ticket)
    return {
        "number": counter.number,
        "state": counter.state,
        "version": counter.version,
        "ticket": None if ticket is None else ticket_view(look, ticket),
    }


def ticket_view(look: Act | Look, ticket: Ticket) -> dict[str, Any]:
    """Return a ticket as a counter sees it. `waited_s`: until it was called, else until now, by the hall's clock."""
    service = look.centre.services.get(ticket.service)
    until = ticket.called_line if ticket.is_open and ticket.called_line is not None else look.line_us
    return {
        "id": ticket.id,
        "kiosk": ticket.kiosk,
        "number": ticket.number,
        "service": ticket.service,
        "names": service.names if service is not None else {"ar": ticket.service, "en": ticket.service},
        "waited_s": max(0, until - ticket.arrived_line) // 1_000_000,
        "priority": ticket.priority,
        "ready_order": ticket.order_id is not None,
        "called_at": ticket.called_at,
        "voided": ticket.is_voided,
    }
