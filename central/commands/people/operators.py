"""`central operator`: who may look at the offices' pages."""

from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.people import operators
from central.commands.running import Call, list_rows, run_in_transaction, shared
from central.keys.keys import KeyRing
from central.offices import operations
from central.offices import operators as people
from central.offices.operators import Credentials, Role
from common.machine.console import emit
from common.machine.errors import CannotBeDone

app = typer.Typer(help="Who may look at the offices' pages.", add_completion=False, no_args_is_help=True)


@app.command("add")
@shared
def add(
    call: Call,
    name: str,
    role: Annotated[
        Role,
        typer.Option(
            help="A reader looks, a manager acts, an administrator sees the log; accountant, cashier: payments."
        ),
    ],
    centre: Annotated[
        list[str] | None, typer.Option(help="Only this centre; may be given again. Default: all.")
    ] = None,
) -> None:
    """Make an operator, or give one new credentials; password and authenticator's address are shown this once."""

    async def appoint(connection: AsyncConnection, _: KeyRing) -> Credentials:
        made = await people.appoint(connection, name, role, centre or [])
        await operations.note(
            connection, operations.CONSOLE, "operator-appointed", {"name": name.strip(), "role": role}
        )
        return made

    made = run_in_transaction(call.config(), appoint)
    emit({"password": made.password, "authenticator": made.uri})


@app.command("withdraw")
@shared
def withdraw(call: Call, name: str) -> None:
    """Take an operator away; open sessions of the name end at once."""

    async def take_away(connection: AsyncConnection, _: KeyRing) -> bool:
        was_there = await people.withdraw(connection, name.strip())
        if was_there:
            await operations.note(connection, operations.CONSOLE, "operator-withdrawn", {"name": name.strip()})
        return was_there

    if not run_in_transaction(call.config(), take_away):
        raise CannotBeDone(f"there is no operator {name[:60]!r}; `central operator list` names them")
    call.say({"name": name, "withdrawn": True}, f"{name} may look no longer")


@app.command("list")
@shared
def list_(call: Call) -> None:
    """List the operators, one JSON object a line."""
    query = select(operators.c.name, operators.c.role, operators.c.centres).order_by(operators.c.name)
    list_rows(call.config(), query)
