"""`central poster`: the QR of a centre's page, for its door."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.enrolled import centres
from central.commands.papers.drawing import drawn
from central.commands.running import Call, run_in_transaction, shared
from central.keys.keys import KeyRing
from common.machine.errors import CannotBeDone, ConfigError


@shared
def poster(
    call: Call,
    centre: Annotated[str, typer.Option(help="The centre's code.")],
    out: Annotated[Path, typer.Option(help="The PDF to write.")],
    public_url: Annotated[
        str | None, typer.Option(envvar="CENTRAL_PUBLIC_URL", help="What citizens reach this server as.")
    ] = None,
) -> None:
    """Write a poster with the QR of a centre's page: what works now, and how many wait."""
    from central.insight.centres import poster as pages  # what draws would cost every command a tenth of its start

    config = call.config(public_url=public_url)
    if config.public_url is None:
        raise ConfigError("--public-url: the address that citizens reach is missing; a QR must lead somewhere")

    async def named(connection: AsyncConnection, _: KeyRing) -> dict[str, str]:
        asked = select(centres.c.name_ar, centres.c.name_en).where(centres.c.code == centre)
        row = (await connection.execute(asked)).one_or_none()
        if row is None:
            raise ConfigError(f"--centre: there is no centre {centre[:60]!r}; `central centres` lists them")
        return {"ar": row.name_ar or centre, "en": row.name_en or centre}

    address = pages.address_of(config.public_url, centre)
    names = run_in_transaction(config, named)
    made = drawn(lambda: pages.as_pdf(names, address))
    try:
        out.write_bytes(made)
    except OSError as error:
        raise CannotBeDone(f"{out} can't be written: {error.strerror or error}") from error
    call.say({"file": str(out), "address": address}, f"{out} leads to {address}")
