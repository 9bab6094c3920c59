"""`central report`: a centre's month, written into a file."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.enrolled import centres
from central.commands.running import Call, run, shared
from central.insight.public.texts import Language
from central.insight.reports.catalogue import service_names
from central.insight.reports.month import Month, count_month
from central.insight.reports.sheets import report_of
from central.insight.reports.writers import WRITERS, Format
from central.keys.keys import KeyRing
from common.machine.errors import CannotBeDone, ConfigError


@shared
def report(
    call: Call,
    centre: Annotated[str, typer.Option(help="The centre's code.")],
    month: Annotated[str, typer.Option(help="Such as 2026-11.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    form: Annotated[Format, typer.Option("--format", help="What kind of file.")] = "pdf",
    language: Annotated[Language, typer.Option(help="Of titles and definitions.")] = "ar",
) -> None:
    """Write what a centre did in a month: visitors, documents, waits, orders, papers, and how each was counted."""

    async def count(engine: AsyncEngine, _: KeyRing) -> tuple[Month, dict[str, dict[str, str]], str]:
        async with reading(engine) as connection:
            known = (await connection.execute(select(centres).where(centres.c.code == centre))).one_or_none()
            if known is None:
                raise ConfigError(f"--centre: there is no centre {centre[:60]!r}; `central centres` lists them")
        try:
            counted = await count_month(engine, centre, month)
        except ValueError as error:
            raise ConfigError(str(error)) from error
        name = known.name_ar if language == "ar" else known.name_en
        async with reading(engine) as connection:
            services = await service_names(connection, centre)
        return counted, services, name or centre

    counted, names, name = run(call.config(), count)
    try:
        written = WRITERS[form](report_of(counted, names, language, clock.now(), name))
        out.write_bytes(written)
    except OSError as error:
        raise CannotBeDone(f"{out} can't be written: {error}") from error
    call.say({"file": str(out), "issued": counted.issued}, f"{counted.issued} numbers; written to {out}")
