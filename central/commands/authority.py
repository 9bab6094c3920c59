"""`central centre-ca`: the one file by which office PCs and boards trust every hub."""

from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.config import DEFAULT_DATA_DIR, load_config
from central.commands.running import Data, Database, HubZone, Json, run_act, run_in_transaction
from central.keys.keys import KeyRing
from central.kiosks import certificates
from central.server.console import say


def centre_ca(
    renew: Annotated[
        bool, typer.Option("--renew", help="First give it a new certificate: five more years, --hub-zone as it is now.")
    ] = False,
    hub_zone: HubZone = None,
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Print the one file by which office PCs and boards trust every hub: the certificate that signs theirs, as PEM."""
    config = load_config(data, url, hub_zone=hub_zone)

    async def given(connection: AsyncConnection, _: KeyRing) -> str:
        return await certificates.authority_pem(connection, config, renewed=renew)

    pem = run_act(config, "authority-renewed", {}, given) if renew else run_in_transaction(config, given)
    say({"pem": pem}, pem.rstrip(), json=json)
