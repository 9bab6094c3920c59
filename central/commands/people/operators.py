"""`central operator`: who may look at the offices' pages."""

from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.config import DEFAULT_DATA_DIR, load_config
from central.base.tables.people import operators
from central.commands.running import Data, Database, Json, list_rows, run_in_transaction
from central.keys.keys import KeyRing
from central.offices import operations
from central.offices import operators as people
from central.offices.operators import Credentials, Role
from central.server.console import CannotBeDone, emit, say

app = typer.Typer(help="Who may look at the offices' pages.", add_completion=False, no_args_is_help=True)


@app.command("add")
def add(
    name: str,
    role: Annotated[Role, typer.Option(help="A reader looks, a manager acts, an administrator sees the log.")],
    centre: Annotated[
        list[str] | None, typer.Option(help="Only this centre; may be given again. Default: all.")
    ] = None,
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Make an operator, or give one new credentials; password and authenticator's address are shown this once."""
    del json  # always JSON

    async def appoint(connection: AsyncConnection, _: KeyRing) -> Credentials:
        made = await people.appoint(connection, name, role, centre or [])
        await operations.note(
            connection, operations.CONSOLE, "operator-appointed", {"name": name.strip(), "role": role}
        )
        return made

    made = run_in_transaction(load_config(data, url), appoint)
    emit({"password": made.password, "authenticator": made.uri})


@app.command("withdraw")
def withdraw(name: str, data: Data = DEFAULT_DATA_DIR, url: Database = None, json: Json = False) -> None:
    """Take an operator away; open sessions of the name end at once."""

    async def take_away(connection: AsyncConnection, _: KeyRing) -> bool:
        was_there = await people.withdraw(connection, name.strip())
        if was_there:
            await operations.note(connection, operations.CONSOLE, "operator-withdrawn", {"name": name.strip()})
        return was_there

    if not run_in_transaction(load_config(data, url), take_away):
        raise CannotBeDone(f"there is no operator {name[:60]!r}; `central operator list` names them")
    say({"name": name, "withdrawn": True}, f"{name} may look no longer", json=json)


@app.command("list")
def list_(data: Data = DEFAULT_DATA_DIR, url: Database = None, json: Json = False) -> None:
    """List the operators, one JSON object a line."""
    del json  # always JSON
    query = select(operators.c.name, operators.c.role, operators.c.centres).order_by(operators.c.name)
    list_rows(load_config(data, url), query)
