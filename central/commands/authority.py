"""`central centre-ca`: the one file by which office PCs and boards trust every hub."""

from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from central.commands.running import Call, HubZone, run_act, run_in_transaction, shared
from central.keys.keys import KeyRing
from central.kiosks.hub import certificates


@shared
def centre_ca(
    call: Call,
    renew: Annotated[
        bool, typer.Option("--renew", help="First give it a new certificate: five more years, --hub-zone as it is now.")
    ] = False,
    hub_zone: HubZone = None,
) -> None:
    """Print the one file by which office PCs and boards trust every hub: the certificate that signs theirs, as PEM."""
    config = call.config(hub_zone=hub_zone)

    async def given(connection: AsyncConnection, _: KeyRing) -> str:
        return await certificates.authority_pem(connection, config, renewed=renew)

    pem = run_act(config, "authority-renewed", {}, given) if renew else run_in_transaction(config, given)
    call.say({"pem": pem}, pem.rstrip())
