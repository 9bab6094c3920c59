"""Who may enrol a kiosk, open its technician's screen or a counter: given, listed and withdrawn."""

from functools import partial
from typing import Annotated, Literal

import msgspec
import typer

from central.base.config import DEFAULT_DATA_DIR, load_config
from central.commands.running import Data, Database, Json, add_listing, run_act, run_in_transaction
from central.kiosks import enrolment, hub_confirmation
from central.offices import operations
from central.publishing import clerk, technician
from central.server.console import emit, say

_codes = typer.Typer(help="The enrolment codes that are open.", add_completion=False)
_technicians = typer.Typer(help="Who may open the technician's screen.", add_completion=False)
_clerks = typer.Typer(help="Who may open a counter.", add_completion=False)

_OPEN_CODES = (
    "List the codes that somebody could still enrol with, one JSON object a line; the codes themselves aren't kept."
)


def add_to(app: typer.Typer) -> None:
    """Put these commands into central's command line."""
    app.command("enrolment-code")(enrolment_code)
    app.add_typer(_codes, name="enrolment-codes")
    add_listing(_codes, None, _OPEN_CODES, enrolment.open_codes)
    app.command("technician")(technician_)
    app.add_typer(_technicians, name="technicians")
    app.command("clerk")(clerk_)
    app.add_typer(_clerks, name="clerks")
    add_listing(_clerks, None, "List who may open a counter, one JSON object a line.", lambda: clerk.listing)


def enrolment_code(
    centre: Annotated[str, typer.Option()],
    role: Annotated[Literal["kiosk", "hub"], typer.Option()] = "kiosk",
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Make a one-time code for a kiosk or hub of a centre, valid 7 days."""
    del json  # always JSON
    config = load_config(data, url)
    detail = {"centre": centre, "role": role}
    code = run_act(config, "code-made", detail, lambda connection, _: enrolment.make_code(connection, centre, role))
    emit({"code": code})


@_codes.command("withdraw")
def withdraw_code(
    code: Annotated[str, typer.Argument(help="The code, or its id in the list.")],
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Take a code back that was lost or made by mistake: nobody enrols with it any more."""
    config = load_config(data, url)
    centre = run_act(config, "code-withdrawn", {}, lambda connection, _: enrolment.withdraw_code(connection, code))
    say({"centre": centre, "withdrawn": True}, f"a code of {centre} is withdrawn", json=json)


@_codes.command("confirm")
def confirm_address(
    code: Annotated[str, typer.Argument(metavar="ID", help="The code's id in the list.")],
    address: Annotated[str, typer.Argument(help="The address that stands beside it.")],
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Confirm a hub's address outside the city's own networks: it may enrol there."""
    centre = run_act(
        load_config(data, url),
        "hub-address-confirmed",
        {"address": address},
        lambda connection, _: hub_confirmation.confirm(connection, code, address, operations.CONSOLE),
    )
    say({"centre": centre, "address": address}, f"a hub of {centre} may enrol at {address}", json=json)


def technician_(
    name: str,
    centre: Annotated[list[str], typer.Option(help="Repeated: the same PIN in each.")],
    role: Annotated[Literal["technician", "manager"], typer.Option()],
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Give a technician a new PIN, shown this once."""
    del json  # always JSON
    detail = {"name": name.strip(), "centre": ", ".join(centre), "role": role}
    pin = run_act(
        load_config(data, url),
        "technician-appointed",
        detail,
        lambda connection, _: technician.appoint(connection, name, centre, role),
    )
    emit({"pin": pin})


@_technicians.callback(invoke_without_command=True)
def technicians(
    context: typer.Context, data: Data = DEFAULT_DATA_DIR, url: Database = None, json: Json = False
) -> None:
    """List who may open the technician's screen, one JSON object a line."""
    del json  # always JSON
    if context.invoked_subcommand is None:
        for one in run_in_transaction(load_config(data, url), lambda connection, _: technician.appointed(connection)):
            emit(msgspec.to_builtins(one))


@_technicians.command("withdraw")
def withdraw_technician(
    name: str,
    centre: Annotated[list[str] | None, typer.Option(help="Only there; may be repeated.")] = None,
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Take a technician's PIN back, in all centres unless some are named; each kiosk has it at its next contact."""
    where = run_act(
        load_config(data, url),
        "technician-withdrawn",
        {"name": name.strip(), "centre": ", ".join(centre or ["*"])},
        lambda connection, _: technician.withdraw(connection, name, centre or []),
    )
    say({"name": name, "centres": where}, f"{name} has no PIN any more in: {', '.join(where)}", json=json)


def clerk_(
    name: str,
    centre: Annotated[str, typer.Option()],
    role: Annotated[Literal["clerk", "manager"], typer.Option()] = "clerk",
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Give a clerk a new PIN for the counters of a centre, shown this once."""
    del json  # always JSON
    config = load_config(data, url)
    detail = {"name": name.strip(), "centre": centre, "role": role}
    appoint = partial(clerk.appoint, name=name, centre=centre, role=role)
    emit({"pin": run_act(config, "clerk-appointed", detail, lambda connection, _: appoint(connection))})


@_clerks.command("withdraw")
def withdraw_clerk(
    name: str,
    centre: Annotated[str, typer.Option()],
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Take a clerk's PIN back; the hub has it at its next contact."""
    detail = {"name": name.strip(), "centre": centre}
    config = load_config(data, url)
    run_act(config, "clerk-withdrawn", detail, lambda connection, _: clerk.withdraw(connection, name, centre))
    say({"name": name, "centre": centre}, f"{name} opens no counter of {centre} any more", json=json)
