"""`kiosk issue` and `kiosk order`: what the screen does, without the screen, by the same path."""

from typing import Annotated, Any, Final

import msgspec
import typer

from common.machine.console import emit
from common.machine.errors import CannotBeDone
from common.machine.options import accepts_json
from common.protocol.codes.signed_code import PREFIX
from common.protocol.queue.claim import TicketClaim
from kiosk.commands.console_input import each, given
from kiosk.commands.options import DEFAULT_CONFIG, Config, NoPrint, Stdin
from kiosk.desk.answers import Issued, OrderRecorded, PaperOutcome, Refused
from kiosk.desk.claim_outcome import ClaimOutcome
from kiosk.desk.claims import ClaimShown
from kiosk.desk.desk import Desk, new_intention
from kiosk.desk.earlier_paper import claim_of
from kiosk.runtime.parts import open_desk
from kiosk.settings.settings import Settings

_WHY_NOT: Final = {
    ClaimOutcome.EARLY: "it is not taken yet, come closer to its time",
    ClaimOutcome.OTHER_CENTRE: "it is for another centre",
    ClaimOutcome.OTHER_DAY: "its day is still to come",
    ClaimOutcome.USED: "this kiosk has given a number for it already",
    ClaimOutcome.EXPIRED: "it is too old",
    ClaimOutcome.WITHDRAWN: "it was cancelled",
    ClaimOutcome.FORGED: "it is not signed by central",
    ClaimOutcome.UNVERIFIED: "its key is not known here, so the hub has to judge it; give an ordinary number",
    ClaimOutcome.UNREADABLE: "this is no code of a claim",
}


@accepts_json
def issue(
    service: Annotated[str | None, typer.Option(help="The service's code.")] = None,
    count: Annotated[int, typer.Option(min=1, max=100_000)] = 1,
    claim: Annotated[
        str | None,
        typer.Option(
            help="An appointment's code; or the ticket of an earlier day: its id, code, page's address, or digits."
        ),
    ] = None,
    stdin: Stdin = False,
    no_print: NoPrint = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Give tickets without the screen, by the same path."""
    if stdin and count != 1:
        raise typer.BadParameter("--count goes with --service; --stdin gives a ticket for each line")
    if claim is not None and (stdin or count != 1):
        raise typer.BadParameter("--claim goes with one ticket: it counts once")
    if claim is not None and claim_of(claim) is None and (service is None or claim.startswith(PREFIX)):
        with open_desk(Settings(config), printing=not no_print) as desk:
            emit(_of_claim(desk.claim(claim), desk, no_print))
        return
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


def _of_claim(answer: ClaimShown | Refused, desk: Desk, no_print: bool) -> dict[str, Any]:
    """Return the line of a claim's number. Raises CannotBeDone with why there is none."""
    if isinstance(answer, Refused):
        raise CannotBeDone(answer.sentence)
    if answer.refused is not None:
        raise CannotBeDone(answer.refused.sentence)
    if not answer.outcome.gives_number or answer.ticket is None or answer.claim is None:
        raise CannotBeDone(f"{answer.outcome.value}: {_WHY_NOT[answer.outcome]}")
    claim = {"kind": answer.claim.kind, "id": answer.claim.id, "outcome": answer.outcome.value}
    return _ticket(answer.ticket, desk, no_print) | {"claim": claim}


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
