"""`central needs`: what needs somebody, the most urgent first."""

from pathlib import Path
from typing import Annotated

import typer

from central.base.certificate import CERTIFICATE
from central.commands.running import Call, run_in_transaction, shared
from central.offices.upkeep.needs import what_needs_somebody
from common.machine.console import emit


@shared
def needs(
    call: Call, certificate: Annotated[Path, typer.Option(help="The TLS certificate that kiosks meet.")] = CERTIFICATE
) -> None:
    """Say what needs somebody, the most urgent first, a JSON object a line; nothing where all is well."""
    config = call.config()
    for one in run_in_transaction(config, lambda connection, _: what_needs_somebody(connection, config, certificate)):
        emit(one.row("en"))
