"""`central report`: a month of a centre, or of all, written into a file."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.enrolled import centres
from central.commands.papers.drawing import drawn
from central.commands.running import Call, run, shared
from central.insight.public.texts import Language
from central.insight.reports.month import Month, count_month
from central.insight.reports.sheets import report_of, report_of_all
from central.insight.reports.writers import WRITERS, Format
from central.keys.keys import KeyRing
from central.publishing.in_force import service_names
from common.machine.errors import CannotBeDone, ConfigError


@shared
def report(
    call: Call,
    month: Annotated[str, typer.Option(help="Such as 2026-11.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    centre: Annotated[str | None, typer.Option(help="The centre's code; without it all centres, and each.")] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="What kind of file; without it as the file's name ends.")
    ] = None,
    language: Annotated[Language, typer.Option(help="Of titles and definitions.")] = "ar",
) -> None:
    """Write what was done in a month: visitors, documents, waits, orders, papers, and how each was counted."""
    form = form or _form(out)

    async def count(engine: AsyncEngine, _: KeyRing) -> tuple[list[Month], dict[str, dict[str, str]], dict[str, str]]:
        async with reading(engine) as connection:
            name = centres.c.name_ar if language == "ar" else centres.c.name_en
            asked = select(centres.c.code, name.label("name")).order_by(centres.c.code)
            known = {row.code: row.name or row.code for row in await connection.execute(asked)}
            if centre is not None and centre not in known:
                raise ConfigError(f"--centre: there is no centre {centre[:60]!r}; `central centres` lists them")
            wanted = list(known) if centre is None else [centre]
            services: dict[str, dict[str, str]] = {}
            for code in wanted:
                services |= await service_names(connection, code)
        try:
            return [await count_month(engine, code, month) for code in wanted], services, known
        except ValueError as error:
            raise ConfigError(str(error)) from error

    months, names, known = run(call.config(), count)
    if centre is None:
        laid_out = report_of_all(months, names, language, clock.now(), known)
    else:
        laid_out = report_of(months[0], names, language, clock.now(), known[centre])
    made = drawn(lambda: WRITERS[form](laid_out))
    try:
        out.write_bytes(made)
    except OSError as error:
        raise CannotBeDone(
            f"{out} can't be written: {error.strerror}; as root: --out /var/lib/central/FILE, where central may write"
        ) from error
    issued = sum(one.issued for one in months)
    call.say({"file": str(out), "issued": issued}, f"{issued} numbers; written to {out}")


def _form(out: Path) -> Format:
    """Return what kind of file the name of one means. Raises ConfigError where it means none."""
    kind = out.suffix.removeprefix(".").lower() or "pdf"
    for form in WRITERS:
        if kind == form:
            return form
    raise ConfigError(f"--out: {out.name[:60]!r} should end in .{', .'.join(WRITERS)}; or say --format")
