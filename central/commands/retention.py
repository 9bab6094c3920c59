"""How long what is kept: the city's rules, what is over its time by them, and its deletion."""

from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base.database.transactions import reading
from central.commands.running import Call, run, run_in_transaction, shared
from central.offices import operations
from central.offices.retention import rules
from central.offices.retention.keeping import keep
from central.offices.retention.rules import Kind
from common.machine.errors import ConfigError

FOR_EVER = "for-ever"
WORDS = {
    "opened": "opened parts",
    "orders": "personal blocks of orders",
    "contents": "contents of items",
    "evidence": "evidences of batches",
    "messages": "replaced messages",
    "reports": "earlier reports",
    "answers": "answers given at kiosks",
    "answered": "tickets answered for",
    "claims": "appointments and numbers from afar",
    "claim_seats": "of their seats",
    "seats": "seats of days",
    "seat_changes": "changes of seats by hand",
    "written": "messages to citizens",
    "numbers": "telephone numbers",
    "watches": "tickets watched",
    "payments": "payments",
    "payment_events": "events of payments",
    "payment_decisions": "decisions on payments",
    "bills": "bills",
    "payer_entries": "lines of payers' books",
    "payer_words": "words of payers on these lines",
    "biller_entries": "lines of billers' books",
    "filed_debts": "debts of files",
    "marks": "marks that were written out",
}
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


@app.command("set")
@shared
def set_(
    call: Call,
    kind: Annotated[
        Kind,
        typer.Argument(
            help="personal: opened personal data; items: contents of items and the evidence of their batches; "
            "feed: replaced messages; health: what kiosks said of themselves; "
            "feedback: what visitors said of their visits, but for its counts; "
            "claims: appointments and numbers from afar, and who had them; "
            "messages: what was written to citizens, and their numbers; "
            "payments: bills and payments that have ended, and both sides' books: ten years unless said otherwise."
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
    for kind in rules.KINDS:
        if kind not in days_of:
            call.say({"kind": kind, "days": None}, f"{kind}: kept {_words(None)}")
            continue
        over = await keep(engine, kind, days_of[kind], really=really, operator=operations.CONSOLE)
        found = ", ".join(f"{count} {WORDS[what]}" for what, count in over.counts.items())
        verb = "deleted" if really else "would be deleted; say --really"
        sentence = f"{kind}: kept {_words(over.days)}; {found} {verb}"
        fields = {"kind": kind, "days": over.days, "before": over.before, **over.counts, "deleted": really}
        call.say(fields, sentence)


def _words(days: int | None) -> str:
    return "for ever" if days is None else f"{days} days"
