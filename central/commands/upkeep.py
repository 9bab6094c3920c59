"""What an operator asks of central itself: is it well, can its evidence be believed, what a citizen sealed."""

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.certificate import CERTIFICATE
from central.base.database.transactions import reading
from central.base.tables.received import GONE, inbox
from central.commands.running import Call, ServiceCall, run, run_in_transaction, shared
from central.insight.reports import counted_days
from central.intake.receiving import evidence
from central.intake.unsealing import kept
from central.keys.keys import KeyRing
from central.kiosks import signed_time
from central.offices import operations
from central.offices.upkeep import examined
from common.machine.console import emit
from common.machine.errors import CannotBeDone
from common.machine.options import gathered


def add_to(app: typer.Typer) -> None:
    """Put these commands into central's command line."""
    app.command()(doctor)
    app.command("time")(time_)
    app.command()(verify)
    app.command()(recount)
    app.command("opened")(opened_)


@gathered(ServiceCall)
def doctor(
    call: ServiceCall,
    certificate: Annotated[Path, typer.Option(help="The TLS certificate that kiosks meet.")] = CERTIFICATE,
    public_url: Annotated[
        str | None, typer.Option(envvar="CENTRAL_PUBLIC_URL", help="What kiosks know this server as.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="For `central needs`, as a timer does.")] = False,
) -> None:
    """Check everything that a central in service needs, a line each with what to do; nothing is changed."""
    from central.commands.doctor import examine

    config = call.config(public_url=public_url)

    async def look() -> int:
        found = []
        async for finding in examine(config, certificate):
            found.append(finding)
            call.say(finding.as_dict(), finding.line)
        if keep:
            examined.keep(config, found, clock.now())
        return sum(one.is_bad for one in found)

    if bad := asyncio.run(look()):
        raise CannotBeDone(f"{bad} of these must be mended")


@shared
def time_(
    call: Call,
    confirm: Annotated[bool, typer.Option("--confirm", help="The clock is right: kiosks may hear it again.")] = False,
) -> None:
    """Say whether kiosks are told the time, or why not; confirm a clock that is days ahead of the last word."""

    async def look(connection: AsyncConnection, _: KeyRing) -> str | None:
        if confirm:
            await signed_time.keep(connection)
            now = clock.as_text(clock.now())
            await operations.note(connection, operations.CONSOLE, "time-confirmed", {"time": now})
        return await signed_time.why_not(connection)

    why_not = run_in_transaction(call.config(), look)
    now = f"{clock.now():%Y-%m-%d %H:%M} UTC"
    if why_not is not None:
        raise CannotBeDone(f"kiosks are told no time: {why_not}")
    call.say({"time": clock.as_text(clock.now()), "signed": True}, f"kiosks are told that it is {now}")


@shared
def verify(call: Call, kiosk: Annotated[str | None, typer.Option(help="Only this kiosk's batches.")] = None) -> None:
    """Prove again who sent what: each batch's signature, and that its items are those that were signed."""
    found = run(call.config(), lambda engine, _: evidence.verify(engine, kiosk))
    words = (
        f"{found.batches} batches: {found.whole} proven with their items, {found.signed} by signature, "
        f"{found.exported} from a stick; "
        f"{found.items} items bear their hash, {found.gone} have lost their content by rule"
    )
    counts = {name: getattr(found, name) for name in found.__struct_fields__ if name != "wrong"}
    call.say({**counts, "wrong": found.wrong}, words)
    if found.wrong:
        raise CannotBeDone("\n".join(found.wrong))


@shared
def recount(call: Call) -> None:
    """Make visits and the figures of reports again, all from the items that came; the result is the same.

    Items whose content was deleted by rule can't be read again: what was read of them before stays.
    It reads everything that ever came, and until it has, tickets' pages and reports lack what it has not read yet.
    """

    async def rebuild(engine: AsyncEngine, _: KeyRing) -> tuple[int, int]:
        async with reading(engine) as connection:
            gone = await connection.scalar(select(func.count()).where(inbox.c.body == GONE))
        return await counted_days.rebuild(engine), int(gone or 0)

    days, gone = run(call.config(), rebuild)
    words = f"{days} days of centres were counted again"
    if gone:
        words += f"; what had been read of {gone} items whose content was deleted by rule stayed as it was"
    call.say({"days": days, "gone": gone}, words)


@shared
def opened_(
    call: Call, kiosk: str, item: Annotated[str, typer.Argument(help="Its id, as it stands on the paper.")]
) -> None:
    """Show what a citizen sealed in one item, to act upon it. That it was looked at is written down."""
    config = call.config()

    async def look(connection: AsyncConnection, ring: KeyRing) -> kept.Opened | None:
        found = await kept.read(connection, ring.vault(), kiosk, item)
        if found is not None:
            await operations.note(connection, operations.CONSOLE, "personal-read", {"kiosk": kiosk, "item": item})
        return found

    found = run_in_transaction(config, look)
    if found is None:
        raise CannotBeDone(f"nothing opened of item {item} of {kiosk} is kept (any more)")
    emit(msgspec.to_builtins(found))
