"""Who may enrol a kiosk, open its technician's screen or a counter: given, listed and withdrawn."""

import sys
from functools import partial
from typing import Annotated, Literal

import msgspec
import typer

from central.commands.running import Call, add_listing, run_act, run_in_transaction, shared
from central.kiosks import enrolment
from central.kiosks.hub import confirmation
from central.offices import operations
from central.publishing import clerk, technician
from common.machine.console import emit

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


@shared
def enrolment_code(
    call: Call,
    centre: Annotated[str, typer.Option()],
    role: Annotated[Literal["kiosk", "hub"], typer.Option()] = "kiosk",
) -> None:
    """Make a one-time code for a kiosk or hub of a centre, valid 7 days."""
    config = call.config()
    detail = {"centre": centre, "role": role}
    code = run_act(config, "code-made", detail, lambda connection, _: enrolment.make_code(connection, centre, role))
    emit({"code": code})


@_codes.command("withdraw")
@shared
def withdraw_code(call: Call, code: Annotated[str, typer.Argument(help="The code, or its id in the list.")]) -> None:
    """Take a code back that was lost or made by mistake: nobody enrols with it any more."""
    config = call.config()
    centre = run_act(config, "code-withdrawn", {}, lambda connection, _: enrolment.withdraw_code(connection, code))
    call.say({"centre": centre, "withdrawn": True}, f"a code of {centre} is withdrawn")


@_codes.command("confirm")
@shared
def confirm_address(
    call: Call,
    code: Annotated[str, typer.Argument(metavar="ID", help="The code's id in the list.")],
    address: Annotated[str, typer.Argument(help="The address that stands beside it.")],
) -> None:
    """Confirm a hub's address outside the city's own networks: it may enrol there."""
    centre = run_act(
        call.config(),
        "hub-address-confirmed",
        {"address": address},
        lambda connection, _: confirmation.confirm(connection, code, address, operations.CONSOLE),
    )
    call.say({"centre": centre, "address": address}, f"a hub of {centre} may enrol at {address}")


@shared
def technician_(
    call: Call,
    name: str,
    centre: Annotated[list[str], typer.Option(help="Repeated: the same PIN in each.")],
    role: Annotated[Literal["technician", "manager"], typer.Option()],
) -> None:
    """Give a technician a new PIN, shown this once; whether anybody has had this name is said beside it."""
    name = name.strip()
    config = call.config()
    before = run_in_transaction(config, lambda connection, _: technician.appointed(connection))
    detail = {"name": name, "centre": ", ".join(centre), "role": role}
    pin = run_act(
        config,
        "technician-appointed",
        detail,
        lambda connection, _: technician.appoint(connection, name, centre, role),
    )
    _say_who(name, role, is_new=name not in {one.name for one in before})
    emit({"pin": pin})


def _say_who(name: str, role: str, *, is_new: bool) -> None:
    """Say on standard error whom a PIN is for: a slip in the name makes somebody new."""
    print(f"{name}, {role}: {'a new name' if is_new else 'another PIN'}", file=sys.stderr)


@_technicians.callback(invoke_without_command=True)
@shared
def technicians(call: Call, context: typer.Context) -> None:
    """List who may open the technician's screen, one JSON object a line."""
    if context.invoked_subcommand is None:
        for one in run_in_transaction(call.config(), lambda connection, _: technician.appointed(connection)):
            emit(msgspec.to_builtins(one))


@_technicians.command("withdraw")
@shared
def withdraw_technician(
    call: Call, name: str, centre: Annotated[list[str] | None, typer.Option(help="Only there; may be repeated.")] = None
) -> None:
    """Take a technician's PIN back, in all centres unless some are named; each kiosk has it at its next contact."""
    name = name.strip()
    where = run_act(
        call.config(),
        "technician-withdrawn",
        {"name": name, "centre": ", ".join(centre or ["*"])},
        lambda connection, _: technician.withdraw(connection, name, centre or []),
    )
    call.say({"name": name, "centres": where}, f"{name} has no PIN any more in: {', '.join(where)}")


@shared
def clerk_(
    call: Call,
    name: str,
    centre: Annotated[str, typer.Option()],
    role: Annotated[
        Literal["clerk", "manager"] | None, typer.Option(help="Without it as before; a new one is a clerk.")
    ] = None,
) -> None:
    """Give a clerk a new PIN for the counters of a centre, shown this once; beside it, whether the name is new."""
    config = call.config()
    name = name.strip()
    before = run_in_transaction(config, lambda connection, _: clerk.role_of(connection, name, centre))
    given: clerk.Role = role or before or "clerk"
    detail = {"name": name, "centre": centre, "role": given}
    appoint = partial(clerk.appoint, name=name, centre=centre, role=given)
    pin = run_act(config, "clerk-appointed", detail, lambda connection, _: appoint(connection))
    _say_who(name, given, is_new=before is None)
    emit({"pin": pin})


@_clerks.command("withdraw")
@shared
def withdraw_clerk(call: Call, name: str, centre: Annotated[str, typer.Option()]) -> None:
    """Take a clerk's PIN back; the hub has it at its next contact."""
    name = name.strip()
    detail = {"name": name, "centre": centre}
    config = call.config()
    run_act(config, "clerk-withdrawn", detail, lambda connection, _: clerk.withdraw(connection, name, centre))
    call.say({"name": name, "centre": centre}, f"{name} opens no counter of {centre} any more")
