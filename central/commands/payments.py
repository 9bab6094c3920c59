"""`central payments`: what was paid by telephone, a day's books, refunds, and the files of banks and utilities."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, get_args

import msgspec
import typer
from sqlalchemy import RowMapping, Select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.paid.payments import payments, whole
from central.commands.running import Call, PaymentsFile, list_rows, run, run_act, shared
from central.keys.keys import KeyRing
from central.offices import operations, operators
from central.payments import settings as files
from central.payments.accounts import bank_file, day, refunds, words
from central.payments.accounts.bank_file import TakenIn, WrongDay
from central.payments.accounts.day import BooksLine, Ports, Span
from central.payments.accounts.refunds import Refund, RefundRefused
from central.payments.billers import file as filed
from central.payments.keeping import BooksKeeper
from central.payments.running import Payments, opened
from central.payments.settings import PaymentsSettings
from central.payments.statements import reading as statements
from common.machine.console import emit
from common.machine.errors import CannotBeDone, ConfigError
from common.protocol.payments.answers import PaymentState

app = typer.Typer(help="Payments by telephone: what was paid, books, refunds.", add_completion=False)
Day = Annotated[str | None, typer.Option(help="The day, such as 2026-12-01, by the centres' clock.")]
_LISTED: Final = ("biller", "amount", "currency", "bill_no", "state", "kiosk", "receipt")


@app.callback(invoke_without_command=True)
@shared
def listing(
    call: Call,
    context: typer.Context,
    of_day: Annotated[str | None, typer.Option("--day", help="Of one day, such as 2026-12-01.")] = None,
    state: Annotated[str | None, typer.Option(help="In one state, such as paid or refund-due.")] = None,
    entries: Annotated[
        bool, typer.Option("--entries", help="With each word of the payer's on what came and went.")
    ] = False,
) -> None:
    """List payments, the oldest first, one JSON object a line; `reference` is the payer's own number of the money."""
    if context.invoked_subcommand is not None:
        return
    query = whole().order_by(payments.c.at, payments.c.id)
    if of_day is not None:
        span = _span(of_day)
        query = query.where(payments.c.at >= span.since, payments.c.at < span.until)
    if state is not None:
        if state not in get_args(PaymentState):
            raise ConfigError(f"--state: found {state[:20]!r}, expected one of {', '.join(get_args(PaymentState))}")
        query = query.where(payments.c.state == state)
    if entries:
        run(call.config(), partial(_with_words, query))
    else:
        list_rows(call.config(), query, _described)


async def _with_words(query: Select[Any], engine: AsyncEngine, _: KeyRing) -> None:
    async with reading(engine, streams=True) as connection:
        async for row, said in words.with_words(connection, query):
            emit(_described(row) | {"entries": said})


@app.command("books")
@shared
def books(call: Call, of_day: Annotated[str, typer.Option("--day")], file: PaymentsFile = None) -> None:
    """Compare a day with payers' and billers' own books, which are read first; exit status 1 where they differ."""
    span, settings = _span(of_day), _settings(file)

    async def compared(engine: AsyncEngine, ring: KeyRing) -> list[BooksLine]:
        desk = Payments() if settings is None else opened(settings, engine, ring)
        await BooksKeeper(engine, ring, desk).read_books()
        async with reading(engine) as connection:
            return await day.lines(connection, span, Ports.of(desk))

    lines = run(call.config(), compared)
    for line in lines:
        emit(msgspec.to_builtins(line))
    if not all(line.equal for line in lines):
        raise typer.Exit(1)


@app.command("refund")
@shared
def refund(
    call: Call,
    payment: Annotated[str, typer.Argument(help="The payment's id.")],
    operator: Annotated[str, typer.Option(help="Who proposes it, or makes what another has proposed.")],
    file: PaymentsFile = None,
) -> None:
    """Propose to give money back, or as another operator give it back through its payer."""
    settings = _settings(file)

    async def done(engine: AsyncEngine, ring: KeyRing) -> Refund:
        async with reading(engine) as connection:
            who = await operators.find(connection, operator.strip())
        if who is None or not who.may_account:
            raise CannotBeDone(
                f"{operator[:60]!r} is no accountant or administrator of all centres; "
                f"`central operator add NAME --role accountant` makes one"
            )
        desk = Payments() if settings is None else opened(settings, engine, ring)
        try:
            made = await refunds.refund(engine, ring, desk, payment, who.name)
        except RefundRefused as error:
            raise CannotBeDone(str(error)) from error
        async with engine.begin() as connection:
            act = "refund-proposed" if made.waits_for == refunds.ANOTHER else "refund-made"
            detail = {"payment": made.payment, "state": made.state, "by": operations.CONSOLE}
            await operations.note(connection, who.name, act, detail | operations.who_says())
        return made

    made = run(call.config(), done)
    emit(msgspec.to_builtins(made))
    if made.waits_for == refunds.PAYER:
        raise CannotBeDone(f"{made.payment}: its payer has not answered; say the same again, it gives back once")


@app.command("take-in")
@shared
def take_in(
    call: Call,
    name: Annotated[str, typer.Argument(help="A payer whose bank sends files, or a biller of kind file.")],
    source: Annotated[
        Path,
        typer.Argument(help="The file: CSV in UTF-8; a bank's also camt.053 or MT940.", exists=True, dir_okay=False),
    ],
    through: Annotated[
        str | None, typer.Option("--day", help="A bank's: the last day that the file holds, where it has none itself.")
    ] = None,
    file: PaymentsFile = None,
) -> None:
    """Take in a bank's books or a utility's debts. Rows that do not fit are named, the others taken; then exit 1."""
    settings = _settings(file)
    if settings is None:
        raise ConfigError("--payments: found nothing, expected the file that sets up payments")
    with source.open("rb") as opened_file:
        data = opened_file.read(statements.MOST_BYTES + 1)
    until = None if through is None else _span(through).day
    if until is not None and until > clock.now().astimezone(clock.CENTRE_TIME).date():
        raise ConfigError(f"--day: found {until}, expected a day that has begun")

    async def taken(connection: AsyncConnection, ring: KeyRing) -> TakenIn:
        try:
            if name in settings.payers and settings.payers[name].get("kind") == "emv-static":
                return await bank_file.take_in(connection, ring, name, data, until)
            if name in settings.billers and settings.billers[name].get("kind") == "file" and settings.pound:
                text = statements.text_of(data)
                debts = await filed.take_debts(connection, ring.vault(), name, settings.pound, text)
                return TakenIn(debts.debts, debts.bad)
        except WrongDay as error:
            raise ConfigError(f"--day: {error}") from error
        except ValueError as error:
            raise CannotBeDone(f"{source.name}: {error}") from error
        raise CannotBeDone(f"{name[:60]!r} is no payer of kind emv-static and no biller of kind file")

    found = run_act(call.config(), "payments-file-taken", {"name": name}, taken)
    emit(msgspec.to_builtins(found))
    if found.bad:
        raise CannotBeDone(
            f"{source.name}: rows that do not fit: {len(found.bad)}; mend them and take the file in again"
        )


@app.command("give-out")
@shared
def give_out(
    call: Call,
    biller: Annotated[str, typer.Argument(help="A biller of kind file.")],
    again: Annotated[bool, typer.Option("--again", help="All marks, also those that were given out.")] = False,
) -> None:
    """Print the marks that a utility was not given yet as CSV; from then on they count as given."""

    async def given(connection: AsyncConnection, ring: KeyRing) -> None:
        # Before the commit: what a full disk did not take goes out with the next, and rather twice than never.
        typer.echo(await filed.give_marks(connection, ring.vault(), biller, again=again), nl=False)
        sys.stdout.flush()

    run_act(call.config(), "marks-given-out", {"name": biller[:64]}, given)


def _described(row: RowMapping) -> dict[str, Any]:
    return {"payment": row["id"], "reference": row["payer_receipt"], "at": row["at"]} | {
        name: row[name] for name in _LISTED
    }


def _span(text: str) -> Span:
    try:
        return Span.of(text)
    except ValueError as error:
        raise ConfigError(f"--{error}") from error


def _settings(file: Path | None) -> PaymentsSettings | None:
    return None if file is None else files.load(file)
