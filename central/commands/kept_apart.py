"""`central quarantine` and `central release`: what was kept and not applied, and its way back."""

from typing import Annotated

import typer

from central.commands.running import Call, add_listing, run_act, shared
from central.intake.receiving import quarantine
from common.machine.errors import CannotBeDone, ConfigError


def add_to(app: typer.Typer) -> None:
    """Put these commands into central's command line."""
    add_listing(
        app,
        "quarantine",
        "List what was kept and not applied, and why: a revoked kiosk's late items, and what could not be read.",
        lambda: quarantine.listing,
    )
    app.command()(release)


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
