"""How long what is kept: the city's rules, what is over its time by them, and its deletion."""

from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base.config import DEFAULT_DATA_DIR, ConfigError, load_config
from central.base.database.transactions import reading
from central.commands.running import Data, Database, Json, run, run_in_transaction
from central.keys.keys import KeyRing
from central.offices import operations
from central.offices.retention import rules
from central.offices.retention.keeping import Over, keep
from central.offices.retention.rules import Kind
from central.server.console import say

FOR_EVER = "for-ever"
WORDS = {
    "opened": "opened parts",
    "orders": "personal blocks of orders",
    "contents": "contents of items",
    "evidence": "evidences of batches",
    "messages": "replaced messages",
    "reports": "earlier reports",
}
app = typer.Typer(add_completion=False)


@app.callback(invoke_without_command=True)
def retention(
    context: typer.Context,
    really: Annotated[bool, typer.Option("--really", help="Delete it; else only count.")] = False,
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Say how long what is kept and what is over its time; delete that with --really. Without a rule all is kept."""
    if context.invoked_subcommand is None:
        run(load_config(data, url), lambda engine, _: _keep_all(engine, really=really, json=json))


@app.command("set")
def set_(
    kind: Annotated[
        Kind,
        typer.Argument(
            help="personal: opened personal data; items: contents of items and the evidence of their batches; "
            "feed: replaced messages; health: what kiosks said of themselves."
        ),
    ],
    days: Annotated[str, typer.Argument(help=f"How many days it is kept, or {FOR_EVER}.")],
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Say how long a kind of data is kept. Nothing goes until `central retention --really`."""
    if days != FOR_EVER and not days.isdecimal():
        raise ConfigError(f"DAYS: found {days[:20]!r}, expected a number of days or {FOR_EVER}")
    kept = None if days == FOR_EVER else int(days)
    config = load_config(data, url)
    run_in_transaction(config, lambda connection, _: rules.set_days(connection, kind, kept, operations.CONSOLE))
    say({"kind": kind, "days": kept}, f"{kind}: kept {_words(kept)}", json=json)


def purge(
    days: Annotated[int, typer.Option(min=1, max=36500, help="How long opened personal data is kept.")],
    do: Annotated[bool, typer.Option("--do", help="Delete it; else only count.")] = False,
    data: Data = DEFAULT_DATA_DIR,
    url: Database = None,
    json: Json = False,
) -> None:
    """Delete opened personal data that is older than a number of days; without --do say only how much that is."""

    async def keep_personal(engine: AsyncEngine, _: KeyRing) -> Over:
        return await keep(engine, "personal", days, really=do, operator=operations.CONSOLE)

    over = run(load_config(data, url), keep_personal)
    opened, orders = over.counts["opened"], over.counts["orders"]
    verb = "deleted" if do else "would be deleted; say --do"
    sentence = f"opened before {over.before}: {opened} items and the personal block of {orders} orders {verb}"
    say({"before": over.before, "opened": opened, "orders": orders, "purged": do}, sentence, json=json)


async def _keep_all(engine: AsyncEngine, *, really: bool, json: bool) -> None:
    async with reading(engine) as connection:
        days_of = await rules.read(connection)
    for kind in rules.KINDS:
        if kind not in days_of:
            say({"kind": kind, "days": None}, f"{kind}: kept {_words(None)}", json=json)
            continue
        over = await keep(engine, kind, days_of[kind], really=really, operator=operations.CONSOLE)
        found = ", ".join(f"{count} {WORDS[what]}" for what, count in over.counts.items())
        verb = "deleted" if really else "would be deleted; say --really"
        sentence = f"{kind}: kept {_words(over.days)}; {found} {verb}"
        fields = {"kind": kind, "days": over.days, "before": over.before, **over.counts, "deleted": really}
        say(fields, sentence, json=json)


def _words(days: int | None) -> str:
    return "for ever" if days is None else f"{days} days"
