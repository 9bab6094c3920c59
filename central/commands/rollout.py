"""`central rollout`: a version to all kiosks, or all hubs, in stages."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from central.commands.running import Call, run_act, run_in_transaction, shared
from central.keys.keys import KeyRing
from central.kiosks.rollout import rollout
from central.kiosks.rollout.plan import Step
from common.machine.console import emit
from common.machine.errors import CannotBeDone

# Where nginx takes packages from, as deploy/nginx/central.conf has it.
PACKAGES: Final = Path("/srv/kiosk-packages")
app = typer.Typer(help="A version to all kiosks, or all hubs, in stages.", add_completion=False)


@app.callback(invoke_without_command=True)
@shared
def show(
    call: Call,
    context: typer.Context,
    kiosks: Annotated[bool, typer.Option("--kiosks", help="Each kiosk, or each hub, in a line.")] = False,
) -> None:
    """Say how the newest roll-out stands, in a JSON object."""
    if context.invoked_subcommand is not None:
        return
    config = call.config()
    if kiosks:
        for one in run_in_transaction(config, lambda connection, _: rollout.standings(connection)):
            emit({name: getattr(one, name) for name in one.__struct_fields__})
        return
    found = run_in_transaction(config, lambda connection, _: rollout.described(connection))
    if found is None:
        raise CannotBeDone("no version was rolled out yet: `central rollout start VERSION`")
    emit(found)


@app.command()
@shared
def start(
    call: Call,
    version: str,
    first: Annotated[int, typer.Option(min=1, max=1000, help="How many are told at the beginning.")] = 3,
    due: Annotated[datetime | None, typer.Option("--from", help="Not installed before; UTC.")] = None,
    role: Annotated[rollout.Role, typer.Option("--for", help="Whose version it is: of a centre one hub at a time.")] = (
        "kiosk"
    ),
) -> None:
    """Begin: a few are told; when all of them run it, five times as many, then the rest."""
    check_offered(role, version, PACKAGES)
    moment = due.replace(tzinfo=UTC) if due is not None else None
    run_act(
        call.config(),
        "rollout-started",
        {"version": version, "first": str(first)} | ({} if role == "kiosk" else {"for": role}),
        lambda connection, _: rollout.start(connection, version, first, moment, role=role),
    )
    call.say({"version": version, "first": first}, f"{version} is on its way to the first {first}")


@app.command()
@shared
def stop(call: Call) -> None:
    """Stop: who has not installed it yet stays as it is."""
    config = call.config()
    version = run_act(config, "rollout-stopped", {}, lambda connection, _: rollout.stop(connection, rollout.BY_HAND))
    call.say({"version": version, "state": rollout.STOPPED}, f"{version} goes no further")


@app.command("go-on")
@shared
def go_on(call: Call) -> None:
    """Tell the next ones, though some that were told have not said how it went. A failure stops it all the same."""
    _advance(call, go_on=True)


@app.command()
@shared
def advance(call: Call) -> None:
    """Take the next step, if it is time for it; a timer calls this."""
    _advance(call, go_on=False)


def _advance(call: Call, *, go_on: bool) -> None:
    config = call.config()

    async def advanced(connection: AsyncConnection, _: KeyRing) -> Step:
        return await rollout.advance(connection, go_on=go_on)

    # The timer's own steps are no act of anybody.
    step = run_act(config, "rollout-went-on", {}, advanced) if go_on else run_in_transaction(config, advanced)
    if step.stop is not None:
        raise CannotBeDone(f"stopped: {step.stop}")
    call.say({"told": step.tell, "over": step.over}, f"{len(step.tell)} told")


def check_offered(role: rollout.Role, version: str, packages: Path) -> None:
    """Refuse a version that nobody could fetch; where no packages lie here they come from elsewhere.

    Raises:
        CannotBeDone: there are packages here, and none of that version.
    """
    pool = packages / "pool"
    if pool.is_dir() and not any(path.name.startswith(f"homs-{role}-{version}_") for path in pool.iterdir()):
        raise CannotBeDone(
            f"{packages} has no version {version[:40]!r} for a {role}: copy the repository of that version there first"
        )
