"""`kiosk issue` and `kiosk order`: what the screen does, without the screen, by the same path."""

from typing import Annotated, Any

import msgspec
import typer

from common.machine.console import emit
from common.machine.errors import CannotBeDone
from common.machine.options import accepts_json
from common.protocol.queue.claim import TicketClaim
from kiosk.commands.console_input import each, given
from kiosk.commands.options import DEFAULT_CONFIG, Config, NoPrint, Stdin
from kiosk.desk.answers import Issued, OrderRecorded, PaperOutcome, Refused
from kiosk.desk.desk import Desk, new_intention
from kiosk.desk.earlier_paper import claim_of
from kiosk.runtime.parts import open_desk
from kiosk.settings.settings import Settings


@accepts_json
def issue(
    service: Annotated[str | None, typer.Option(help="The service's code.")] = None,
    count: Annotated[int, typer.Option(min=1, max=100_000)] = 1,
    claim: Annotated[
        str | None,
        typer.Option(help="The ticket of an earlier day: its id, its code, the address of its page, or its digits."),
    ] = None,
    stdin: Stdin = False,
    no_print: NoPrint = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Give tickets without the screen, by the same path."""
    if stdin and count != 1:
        raise typer.BadParameter("--count goes with --service; --stdin gives a ticket for each line")
    if claim is not None and (stdin or count != 1):
        raise typer.BadParameter("--claim goes with --service and one ticket: a paper counts once")
    codes = given(service, stdin, "--service", count)
    claimed = None if claim is None else _claimed(claim)
    with open_desk(Settings(config), printing=not no_print) as desk:

        def give(code: str) -> None:
            emit(_ticket(desk.issue(code, intention=new_intention(), claim=claimed), desk, no_print))

        each(codes, give, go_on=stdin)


@accepts_json
def order(
    code: Annotated[str | None, typer.Argument(help="The order code, as if scanned.")] = None,
    stdin: Stdin = False,
    no_print: NoPrint = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Take order codes without the screen, by the same path."""
    codes = given(code, stdin, "CODE", 1)
    with open_desk(Settings(config), printing=not no_print) as desk:
        each(codes, lambda text: emit(_order(desk.order(text, intention=new_intention()), desk, no_print)), go_on=stdin)


def _claimed(text: str) -> TicketClaim:
    claim = claim_of(text)
    if claim is None:
        raise CannotBeDone("--claim names no ticket: it takes an id, a code, the address of a page, or eight digits")
    return claim


def _ticket(answer: Issued | Refused, desk: Desk, no_print: bool) -> dict[str, Any]:
    if isinstance(answer, Refused):
        raise CannotBeDone(answer.sentence)
    paper = PaperOutcome("skipped") if no_print else desk.print_ticket(answer)
    line: dict[str, Any] = {
        "id": answer.id,
        "number": answer.number,
        "service": answer.service,
        "business_day": answer.business_day,
        "print": paper.state,
    }
    return line if answer.claim is None else line | {"claim": msgspec.to_builtins(answer.claim)}


def _order(answer: OrderRecorded | Refused, desk: Desk, no_print: bool) -> dict[str, Any]:
    if isinstance(answer, Refused):
        raise CannotBeDone(answer.sentence)
    if not no_print and answer.has_receipt:
        desk.print_receipt(answer)
    if not no_print and answer.ticket is not None and not answer.has_receipt:
        desk.print_ticket(answer.ticket)
    number = None if answer.ticket is None else answer.ticket.number
    return {"id": answer.id, "outcome": answer.outcome.value, "order": answer.order, "ticket": number}
