"""`central seats`, `central claim`, `central claims`: appointments and numbers from afar, at desk and telephone."""

from typing import Annotated

import msgspec
import typer
from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.claimed import claims
from central.claims import booking
from central.claims.booking import Claimed
from central.claims.planned import plan, proposing, seats
from central.claims.planned.seats import SeatLine
from central.claims.refusal import ClaimRefused
from central.claims.wanted import DESK, Wanted, read_time, time_text
from central.commands.running import Call, list_rows, run, run_act, shared
from central.keys.keys import KeyRing
from common.machine.console import emit
from common.machine.errors import CannotBeDone, ConfigError
from common.protocol.queue.claim import ClaimKind

seats_app = typer.Typer(help="Seats of a centre's day, or a plan for them.", add_completion=False)
claim_app = typer.Typer(help="Make or cancel a claim, as at a desk.", add_completion=False)
Centre = Annotated[str | None, typer.Option(help="The centre's code.")]
_LISTED = ("centre", "service", "kind", "state", "digits", "people", "minutes", "made_by", "off")


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(seats_app, name="seats")
    app.add_typer(claim_app, name="claim")
    app.command("claims")(listing)


@seats_app.callback(invoke_without_command=True)
@shared
def of_day(
    call: Call,
    context: typer.Context,
    centre: Centre = None,
    day: Annotated[str | None, typer.Option(help="The day, such as 2026-12-01.")] = None,
) -> None:
    """List the seats of a centre's day: planned, booked, arrived, missed; one JSON object a line."""
    if context.invoked_subcommand is not None:
        return
    code, of_day = _needed("--centre", centre), _needed("--day", day)

    async def read(engine: AsyncEngine, _: KeyRing) -> list[SeatLine]:
        async with reading(engine) as connection:
            return await seats.lines(connection, code, of_day, clock.now())

    for line in run(call.config(), read):
        emit(msgspec.to_builtins(line))


@seats_app.command("propose")
@shared
def propose(call: Call, centre: Annotated[str, typer.Option(help="The centre's code.")]) -> None:
    """Lay a plan into the valleys of the centre's own last eight weeks, as `central publish seats` takes it."""

    async def proposed(engine: AsyncEngine, _: KeyRing) -> plan.SeatPlan:
        async with reading(engine) as connection:
            now = await plan.newest(connection, centre)
            return await proposing.propose(connection, centre, plan.Rules() if now is None else now.rules, clock.now())

    emit(msgspec.to_builtins(run(call.config(), proposed)))


@claim_app.callback(invoke_without_command=True)
@shared
def claim(
    call: Call,
    context: typer.Context,
    centre: Centre = None,
    service: Annotated[str | None, typer.Option(help="The service's code.")] = None,
    at: Annotated[str | None, typer.Option(help="When, such as 2026-12-01T10:30; from afar: not needed.")] = None,
    kind: Annotated[ClaimKind, typer.Option(help="An appointment, or a number from afar.")] = "booked",
) -> None:
    """Make a claim for somebody at the desk or the telephone; its code and digits are printed once."""
    if context.invoked_subcommand is not None:
        return
    code, wanted_service = _needed("--centre", centre), _needed("--service", service)
    try:
        moment = None if kind == "afar" and at is None else read_time(_needed("--at", at))
    except ValueError as error:
        raise ConfigError(f"--at: {error}") from error
    wanted = Wanted(code, wanted_service, moment, kind)

    async def made(connection: AsyncConnection, ring: KeyRing) -> Claimed:
        try:
            return await booking.book(connection, ring, wanted, DESK, clock.now())
        except ClaimRefused as refused:
            raise CannotBeDone(f"{refused.reason}: {refused.detail}") from refused

    detail = {"centre": code, "service": wanted_service, "kind": kind}
    emit(msgspec.to_builtins(run_act(call.config(), "claim-made", detail, made)))


@claim_app.command("cancel")
@shared
def cancel(call: Call, claim: Annotated[str, typer.Argument(help="The claim's id.")]) -> None:
    """Cancel a claim of anybody's; its seat comes back after a while."""

    async def cancelled(connection: AsyncConnection, _: KeyRing) -> bool:
        return await booking.cancel(connection, claim, None, clock.now())

    if not run_act(call.config(), "claim-cancelled", {"claim": claim[:40]}, cancelled):
        raise CannotBeDone(f"no open claim {claim[:40]!r}; `central claims` lists them")
    emit({"claim": claim, "state": "cancelled"})


@shared
def listing(
    call: Call,
    centre: Centre = None,
    day: Annotated[str | None, typer.Option(help="The day, such as 2026-12-01.")] = None,
) -> None:
    """List claims by their time, one JSON object a line; `off`: why one can't be kept, its owner is to be told."""
    query = select(claims).order_by(claims.c.at, claims.c.id)
    if centre is not None:
        query = query.where(claims.c.centre == centre)
    if day is not None:
        query = query.where(claims.c.day == day)
    list_rows(call.config(), query, _described)


def _described(row: RowMapping) -> dict[str, object]:
    moment = clock.read(row["at"])
    at = None if moment is None else time_text(moment)
    return {"claim": row["id"], "at": at} | {name: row[name] for name in _LISTED}


def _needed(option: str, value: str | None) -> str:
    if value is None:
        raise ConfigError(f"{option}: found nothing, expected a value")
    return value
