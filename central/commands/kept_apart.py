"""`central quarantine` and `central release`: what was kept and not applied, and its way back."""

from typing import Annotated

import typer

from central.base.config import DEFAULT_DATA_DIR, ConfigError, load_config
from central.commands.running import Data, Database, Json, add_listing, run_act
from central.intake.receiving import quarantine
from central.server.console import CannotBeDone, say


def add_to(app: typer.Typer) -> None:
    """Put these commands into central's command line."""
    add_listing(
        app,
        "quarantine",
        "List what was kept and not applied, and why: a revoked kiosk's late items, and what could not be read.",
        lambda: quarantine.listing,
    )
    app.command()(release)


def release(
    item: Annotated[str | None, typer.Argument(help="The item's id; see central quarantine.")] = None,
    kiosk: Annotated[str | None, typer.Option(help="Instead: whatever of this kiosk's can be applied.")] = None,
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Apply a quarantined item after all, or all of one kiosk."""
    if (item is None) == (kiosk is None):
        raise ConfigError("say either the item's id or --kiosk")
    config = load_config(data, url)
    if item is not None:
        run_act(config, "item-released", {"item": item}, lambda connection, _: quarantine.release(connection, item))
        say({"id": item, "released": True}, f"{item} is applied", json=json)
        return
    released, stayed = run_act(
        config,
        "item-released",
        {"kiosk": kiosk},
        lambda connection, _: quarantine.release_all_of(connection, str(kiosk)),
    )
    say({"kiosk": kiosk, "released": len(released)}, f"{len(released)} applied", json=json)
    if stayed:
        raise CannotBeDone("\n".join(stayed[:20]))
