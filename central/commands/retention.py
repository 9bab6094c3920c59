"""How long what is kept: the city's rules, what is over its time by them, and its deletion."""

from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base.database.transactions import reading
from central.commands.running import Call, run, run_in_transaction, shared
from central.offices import operations
from central.offices.retention import rules
from central.offices.retention.keeping import keep
from central.offices.retention.kinds import kinds
from common.machine.errors import ConfigError

FOR_EVER = "for-ever"
app = typer.Typer(add_completion=False)


@app.callback(invoke_without_command=True)
@shared
def retention(
    call: Call,
    context: typer.Context,
    really: Annotated[bool, typer.Option("--really", help="Delete it; else only count.")] = False,
) -> None:
    """Say how long what is kept and what is over its time; delete that with --really. Without a rule all is kept."""
    if context.invoked_subcommand is None:
        run(call.config(), lambda engine, _: _keep_all(call, engine, really=really))


def _known(kind: str) -> str:
    if kind not in kinds():
        raise typer.BadParameter(f"found {kind[:20]!r}, expected one of {', '.join(kinds())}")
    return kind


@app.command("set")
@shared
def set_(
    call: Call,
    kind: Annotated[
        str,
        typer.Argument(
            callback=_known,
            help="A kind of data, as `central retention` names them; the guide to operation says what is in each.",
        ),
    ],
    days: Annotated[str, typer.Argument(help=f"How many days it is kept, or {FOR_EVER}.")],
) -> None:
    """Say how long a kind of data is kept. What is older goes in the night, or by `central retention --really`."""
    if days != FOR_EVER and not days.isdecimal():
        raise ConfigError(f"DAYS: found {days[:20]!r}, expected a number of days or {FOR_EVER}")
    kept = None if days == FOR_EVER else int(days)
    config = call.config()
    run_in_transaction(config, lambda connection, _: rules.set_days(connection, kind, kept, operations.CONSOLE))
    call.say({"kind": kind, "days": kept}, f"{kind}: kept {_words(kept)}")


async def _keep_all(call: Call, engine: AsyncEngine, *, really: bool) -> None:
    async with reading(engine) as connection:
        days_of = await rules.read(connection)
    for kind, retained in kinds().items():
        if kind not in days_of:
            call.say({"kind": kind, "days": None}, f"{kind}: kept {_words(None)}")
            continue
        over = await keep(engine, kind, days_of[kind], really=really, operator=operations.CONSOLE)
        found = ", ".join(f"{count} {retained.words[what]}" for what, count in over.counts.items())
        verb = "deleted" if really else "would be deleted; say --really"
        sentence = f"{kind}: kept {_words(over.days)}; {found} {verb}"
        fields = {"kind": kind, "days": over.days, "before": over.before, **over.counts, "deleted": really}
        call.say(fields, sentence)


def _words(days: int | None) -> str:
    return "for ever" if days is None else f"{days} days"
