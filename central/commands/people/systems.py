"""`central system`: other systems of the city that ask or tell central something."""

from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from central.commands.running import Call, add_listing, run_in_transaction, shared
from central.keys.keys import KeyRing
from central.offices import operations
from central.offices.integrations import systems
from central.offices.integrations.systems import May
from common.machine.console import emit
from common.machine.errors import CannotBeDone

app = typer.Typer(help="Other systems of the city, each with its token.", add_completion=False, no_args_is_help=True)
add_listing(app, "list", "List them, one JSON object a line.", lambda: systems.listing)


@app.command("give")
@shared
def give(
    call: Call,
    name: Annotated[str, typer.Argument(help="Small letters, digits and hyphens.")],
    may: Annotated[May, typer.Option(help="Tell and read where orders stand, read visits, or make claims.")],
    webhook: Annotated[str | None, typer.Option(help="Where it wants to hear that there is something new.")] = None,
) -> None:
    """Give a system a token and the secret that its webhooks are signed with, shown this once; those it had end."""

    async def made(connection: AsyncConnection, ring: KeyRing) -> dict[str, str | None]:
        token = await systems.give(connection, name, may, webhook)
        await operations.note(connection, operations.CONSOLE, "system-given-token", {"name": name, "may": may})
        return {"token": token, "webhook_secret": await systems.give_secret(connection, ring.vault(), name)}

    emit(run_in_transaction(call.config(), made))


@app.command("secret")
@shared
def secret(call: Call, name: str) -> None:
    """Give a system a new secret that its webhooks are signed with, shown this once; its token stays."""

    async def made(connection: AsyncConnection, ring: KeyRing) -> str | None:
        given = await systems.give_secret(connection, ring.vault(), name)
        if given is not None:
            await operations.note(connection, operations.CONSOLE, "system-given-secret", {"name": name})
        return given

    given = run_in_transaction(call.config(), made)
    if given is None:
        raise CannotBeDone(f"there is no system {name[:60]!r}; `central system list` names them")
    emit({"webhook_secret": given})


@app.command("withdraw")
@shared
def withdraw(call: Call, name: str) -> None:
    """Take a system's token back: it asks and tells nothing any more."""

    async def taken(connection: AsyncConnection, _: KeyRing) -> bool:
        was_there = await systems.withdraw(connection, name)
        if was_there:
            await operations.note(connection, operations.CONSOLE, "system-withdrawn", {"name": name})
        return was_there

    if not run_in_transaction(call.config(), taken):
        raise CannotBeDone(f"there is no system {name[:60]!r}; `central system list` names them")
    call.say({"name": name, "withdrawn": True}, f"{name} has no token any more")
