"""`central findings`: what does not fit, and that somebody has seen to it."""

from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from central.commands.running import Call, list_rows, run_in_transaction, shared
from central.intake.receiving import finding
from central.keys.keys import KeyRing
from central.offices import operations
from central.publishing.technician import check_name


@shared
def findings(
    call: Call,
    settle: Annotated[
        int | None, typer.Option(metavar="ID", help="Somebody has seen to this one: list it no more.")
    ] = None,
    by: Annotated[str, typer.Option(envvar="SUDO_USER", help="Who, for the log of acts.")] = operations.CONSOLE,
    also_settled: Annotated[bool, typer.Option("--all", help="Also what somebody has seen to.")] = False,
) -> None:
    """List what does not fit: broken links, clones, codes that do not verify, items that do not unseal."""
    config = call.config()
    if settle is None:
        list_rows(config, finding.listing(also_settled=also_settled))
        return
    name = check_name(by)

    async def settled(connection: AsyncConnection, _: KeyRing) -> None:
        await finding.settle(connection, settle, name)
        await operations.note(connection, name, "finding-settled", {"finding": str(settle)})

    run_in_transaction(config, settled)
    call.say({"id": settle, "settled_by": name}, f"finding {settle} is settled by {name}")
