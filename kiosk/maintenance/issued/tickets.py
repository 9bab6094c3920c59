"""T5. Today's tickets, doubtful papers first; find one by number, print it again, void it with a reason."""

import asyncio
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import select

from kiosk.flows.ended import WentBack
from kiosk.maintenance.issued.orders import orders
from kiosk.maintenance.issued.waiting import print_hall_list, print_own_list, printable
from kiosk.maintenance.prompts import Button, FindTicket, Line, Panel, Tone
from kiosk.maintenance.session import Session
from kiosk.prompts.ui import OFFERED, Availability, Text
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import current_day
from offline_store.issuing.ticket import find_ticket, void_ticket

_SHOWN: Final = 60
VOID_REASONS: Final = ("not-printed", "printed-twice", "wrong-service", "test")
_PAPER_TONE = {"printed": Tone.GOOD, "not_printed": Tone.BAD, "unknown": Tone.ATTENTION, "sending": Tone.UNKNOWN}
# Papers that somebody may be waiting for come first.
_FIRST = {"unknown": 0, "not_printed": 1, "sending": 2}


class TicketLine(NamedTuple):
    """A ticket of the current day. `paper`: how its last print ended, None where none was asked for."""

    id: str
    number: str
    service: str
    voided: str | None
    paper: str | None


def todays_tickets(store: Store) -> list[TicketLine]:
    """Return the tickets of the current business day: doubtful papers first, then the newest.

    Raises:
        StoreUnavailable: the store can't be read.
    """
    tickets, items, jobs = tables.tickets.c, tables.items.c, tables.print_jobs
    last_job = select(jobs.c.state).where(jobs.c.item_id == items.id).order_by(jobs.c.id.desc()).limit(1)
    with store.read() as connection:
        day = current_day(connection)
        if day is None:
            return []
        query = (
            select(items.id, tickets.number, tickets.service, tickets.voided, last_job.scalar_subquery())
            .join_from(tables.tickets, tables.items, items.row == tickets.row)
            .where(tickets.day_id == day.id)
            .order_by(tickets.row.desc())
        )
        found = [TicketLine(*row) for row in connection.execute(query)]
    return sorted(found, key=lambda ticket: 9 if ticket.voided else _FIRST.get(ticket.paper or "", 3))


async def tickets(session: Session) -> None:
    """List today's tickets, find one by number, and open it."""
    while True:
        today = await asyncio.to_thread(todays_tickets, session.tools.store)
        lines = tuple(_line(ticket) for ticket in today[:_SHOWN])
        nothing = Availability(False, Text("maintenance.tickets.none_today"))
        buttons = (
            Button("find", Text("maintenance.tickets.find"), OFFERED if today else nothing),
            Button("orders", Text("maintenance.orders.title")),
            Button("waiting-list", Text("maintenance.tickets.print_waiting"), printable(session)),
            Button("hall-list", Text("maintenance.hall_list.title")),
        )
        note = Text("maintenance.tickets.count", {"n": len(today)})
        answer = await session.ask(Panel("tickets", Text("maintenance.place.tickets"), lines, buttons, note))
        try:
            if answer == "orders":
                await orders(session)
                continue
            if answer in ("waiting-list", "hall-list"):
                await (print_own_list(session) if answer == "waiting-list" else print_hall_list(session))
                continue
            if answer == "find":
                answer = await _find(session, today)
            await _one(session, answer)
        except WentBack:
            continue


async def _find(session: Session, today: list[TicketLine]) -> str:
    """Ask for a number and return the id of its ticket. Raises WentBack."""
    prefixes = tuple(sorted({ticket.number[0] if ticket.number[0].isalpha() else "" for ticket in today}))
    while True:
        number = await session.ask(FindTicket(prefixes))
        found = next((ticket.id for ticket in today if ticket.number == number), None)
        if found is not None:
            return found
        await session.tell("tickets_find", "maintenance.tickets.find", "maintenance.tickets.not_found", number=number)


async def _one(session: Session, ticket_id: str) -> None:
    """Show one ticket; print it again or void it."""
    tools = session.tools
    while True:
        today = await asyncio.to_thread(todays_tickets, tools.store)
        paper = next((ticket.paper for ticket in today if ticket.id == ticket_id), None)
        ticket = await asyncio.to_thread(find_ticket, tools.store, ticket_id)
        lines = (
            Line(
                Text("maintenance.tickets.service"),
                Text("maintenance.words", {"words": session.tools.catalogue().names(ticket.service)}),
            ),
            Line(Text("maintenance.tickets.day"), ticket.business_day.replace("-", "/")),
            Line(
                Text("maintenance.tickets.paper"),
                Text(f"maintenance.print.{paper or 'none'}"),
                _PAPER_TONE.get(paper or "", Tone.PLAIN),
            ),
            Line(Text("maintenance.tickets.id"), ticket.id[:8]),
        )
        voided = Availability(False, Text("maintenance.tickets.is_void"))
        reprint = printable(session)
        buttons = (
            Button("reprint", Text("maintenance.tickets.reprint"), voided if ticket.voided else reprint),
            Button("void", Text("maintenance.tickets.void"), voided if ticket.voided else OFFERED, is_grave=True),
        )
        title = Text("maintenance.tickets.one", {"number": ticket.number})
        answer = await session.ask(Panel("ticket", title, lines, buttons))
        if answer == "reprint":
            await session.record("ticket-reprinted", ticket=ticket.id, number=ticket.number)
            paper_outcome = await session.work("maintenance.printing", partial(tools.papers.reprint, ticket.id))
            await session.tell(
                "print_result", "maintenance.tickets.reprint", f"maintenance.printed.{paper_outcome.state}"
            )
        elif answer == "void":
            await _void(session, ticket.id, title)


async def _void(session: Session, ticket_id: str, title: Text) -> None:
    lines = tuple(Line(Text(f"maintenance.void.{reason}"), id=reason) for reason in VOID_REASONS)
    try:
        reason = await session.ask(Panel("void", title, lines, note=Text("maintenance.tickets.why_void")))
    except WentBack:
        return
    await session.record("ticket-void-asked", ticket=ticket_id, reason=reason)
    stamp = session.tools.clock.now()
    await asyncio.to_thread(void_ticket, session.tools.store, ticket_id, reason, stamp)


def _line(ticket: TicketLine) -> Line:
    if ticket.voided:
        return Line(ticket.number, Text("maintenance.tickets.voided"), Tone.PLAIN, ticket.id)
    state = Text(f"maintenance.print.{ticket.paper or 'none'}")
    return Line(ticket.number, state, _PAPER_TONE.get(ticket.paper or "", Tone.PLAIN), ticket.id)
