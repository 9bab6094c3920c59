"""What kiosks go by now: the published catalogue and settings, in the form that `central publish` takes."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from central.commands.running import Call, run_in_transaction, shared
from central.feed import EVERYONE, Audience
from central.publishing import in_force
from common.machine.console import emit
from common.machine.errors import CannotBeDone, ConfigError

Centre = Annotated[str | None, typer.Option(help="What the kiosks of this centre go by.")]
Kiosk = Annotated[str | None, typer.Option(help="What this kiosk goes by.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands into central's command line."""
    app.command()(catalogue)
    app.command()(settings)


def audience_of(centre: str | None, kiosk: str | None) -> Audience:
    """Return whom the two options mean. Raises ConfigError where both are given."""
    if centre is not None and kiosk is not None:
        raise ConfigError("say either --centre or --kiosk")
    return Audience(centre, kiosk)


@shared
def catalogue(
    call: Call,
    centre: Centre = None,
    kiosk: Kiosk = None,
    form: Annotated[
        Path | None, typer.Option(help="Write it as a spreadsheet (.xlsx) to be filled and published.")
    ] = None,
) -> None:
    """Print the published catalogue that is in force, as JSON that can be changed and published again."""
    audience = audience_of(centre, kiosk)
    found = run_in_transaction(call.config(), lambda connection, _: in_force.catalogue(connection, audience))
    if form is not None:
        from central.publishing import spreadsheet

        entries = [] if found is None else found.body["services"]
        form.write_bytes(spreadsheet.write_form(entries))
        call.say({"form": str(form), "services": len(entries)}, f"{form}: {len(entries)} services stand in it")
        return
    if found is None:
        raise CannotBeDone("no catalogue was published for them: they offer the services that their version brought")
    of = found.audience
    whom = of.kiosk or of.centre or "all" if of != EVERYONE else "all"
    print(f"message {found.message} of {found.at}, published for {whom}", file=sys.stderr)
    emit(found.body)


@shared
def settings(call: Call, centre: Centre = None, kiosk: Kiosk = None) -> None:
    """Print the published settings in force, hours too, as JSON; what isn't there is as each kiosk's own file says."""
    audience = audience_of(centre, kiosk)
    emit(run_in_transaction(call.config(), lambda connection, _: in_force.settings(connection, audience)))
