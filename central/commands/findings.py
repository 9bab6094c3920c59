"""What does not fit (`central findings`), what was not applied (`quarantine`, `release`), and how each is settled."""

from typing import Annotated, Final

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from central.commands.running import Call, list_rows, run_act, run_in_transaction, shared
from central.insight.taken_back import take_back
from central.intake.receiving import finding, quarantine
from central.keys.keys import KeyRing
from central.offices import operations
from central.publishing.technician import check_name
from common.machine.errors import CannotBeDone, ConfigError

MAX_REASON: Final = 200


def add_to(app: typer.Typer) -> None:
    """Put these commands into central's command line."""
    app.command()(findings)
    app.command("quarantine")(set_apart)
    app.command()(release)


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


@shared
def set_apart(
    call: Call,
    item: Annotated[str | None, typer.Argument(help="The id of an applied item; without one, list.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why, in a line; listed beside it.")] = None,
    kiosk: Annotated[str | None, typer.Option(help="Whose, where two have sent one of this id.")] = None,
) -> None:
    """List what is kept and not applied, and why; with ITEM, take an applied one out of every reader's way."""
    config = call.config()
    if item is None:
        list_rows(config, quarantine.listing)
        return
    said = (reason or "").strip()
    if not 0 < len(said) <= MAX_REASON or not said.isprintable():
        raise ConfigError(f"--reason: expected why, in one line of at most {MAX_REASON} signs")

    async def work(connection: AsyncConnection, _: KeyRing) -> None:
        row = await quarantine.set_apart(connection, item, kiosk, said)
        await take_back(connection, row)

    run_act(config, "item-quarantined", {"item": item, "reason": said}, work)
    call.say({"id": item, "quarantined": True}, f"{item} is kept apart; central release {item} applies it again")


@shared
def release(
    call: Call,
    item: Annotated[str | None, typer.Argument(help="The item's id; see central quarantine.")] = None,
    kiosk: Annotated[str | None, typer.Option(help="Instead: whatever of this kiosk's can be applied.")] = None,
) -> None:
    """Apply a quarantined item after all, or all of one kiosk."""
    if (item is None) == (kiosk is None):
        raise ConfigError("say either the item's id or --kiosk")
    config = call.config()
    if item is not None:
        run_act(config, "item-released", {"item": item}, lambda connection, _: quarantine.release(connection, item))
        call.say({"id": item, "released": True}, f"{item} is applied")
        return
    released, stayed = run_act(
        config,
        "item-released",
        {"kiosk": kiosk},
        lambda connection, _: quarantine.release_all_of(connection, str(kiosk)),
    )
    call.say({"kiosk": kiosk, "released": len(released)}, f"{len(released)} applied")
    if stayed:
        raise CannotBeDone("\n".join(stayed[:20]))
