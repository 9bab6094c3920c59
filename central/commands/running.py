"""How a command of central runs: the options that all share, and the way to the database."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from sqlalchemy import Column, RowMapping, Select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base.config import DEFAULT_DATA_DIR, CentralConfig, load_config
from central.base.database.engine import opened_engine
from central.base.database.transactions import reading
from central.keys.keys import KeyRing
from central.offices import operations
from central.server.preparation import prepare
from common.machine.console import emit, say
from common.machine.options import Json, gathered

PAGE_ROWS: Final = 1000

HubZone = Annotated[
    str | None,
    typer.Option("--hub-zone", envvar="CENTRAL_HUB_ZONE", help="The city's own domain: hubs may have names under it."),
]
MessagesFile = Annotated[
    Path | None,
    typer.Option("--messages", envvar="CENTRAL_MESSAGES", help="The file that sets up channels for messages."),
]
PaymentsFile = Annotated[
    Path | None,
    typer.Option("--payments", envvar="CENTRAL_PAYMENTS", help="The file that sets up payments by telephone."),
]


@dataclass(frozen=True, slots=True)
class Call:
    """A command as it was called, by the options that all of them have. Lists are JSON also without `--json`."""

    data: Annotated[Path, typer.Option("--data", envvar="CENTRAL_DATA", help="Folder of keys and files.")] = (
        DEFAULT_DATA_DIR
    )
    database: Annotated[
        str | None,
        typer.Option("--database", envvar="CENTRAL_DATABASE", help="postgresql://…; default: SQLite in --data."),
    ] = None
    json: Json = False

    def config(self, **more: Any) -> CentralConfig:
        """Return the settings, with what a command knows more of them. Raises as `load_config` does."""
        return load_config(self.data, self.database, **more)

    def say(self, result: dict[str, Any], sentence: str) -> None:
        """Print a result as a sentence, or as JSON where that was asked for."""
        say(result, sentence, json=self.json)


@dataclass(frozen=True, slots=True)
class ServiceCall(Call):
    """A command that looks at all of what a central in service is set up with."""

    hub_zone: HubZone = None
    messages: MessagesFile = None
    payments: PaymentsFile = None

    def config(self, **more: Any) -> CentralConfig:
        """Return the settings with those that files hold. Raises as `load_config` does."""
        found = Call.config(self, **{"hub_zone": self.hub_zone, "messages": self.messages, **more})
        return replace(found, payments=self.payments)


shared = gathered(Call)
"""Gives a command, whose first parameter is its `Call`, the options that all commands have."""


def run[T](config: CentralConfig, work: Callable[[AsyncEngine, KeyRing], Awaitable[T]]) -> T:
    """Do `work` on the prepared database."""

    async def prepared() -> T:
        await prepare(config)
        async with opened_engine(config.database_url) as engine:
            return await work(engine, KeyRing(config.keys_dir))

    return asyncio.run(prepared())


def run_in_transaction[T](config: CentralConfig, work: Callable[[AsyncConnection, KeyRing], Awaitable[T]]) -> T:
    """Do `work` on the prepared database, all of it or nothing."""

    async def work_in_one(engine: AsyncEngine, ring: KeyRing) -> T:
        async with engine.begin() as connection:
            return await work(connection, ring)

    return run(config, work_in_one)


def run_act[T](
    config: CentralConfig,
    act: str,
    detail: Mapping[str, str | None],
    work: Callable[[AsyncConnection, KeyRing], Awaitable[T]],
) -> T:
    """Do `work` on the prepared database and write it into the log of acts, both or nothing.

    What is null in `detail` is left out; where `work` returns False nothing was done, and nothing is written.
    """

    async def noted(connection: AsyncConnection, ring: KeyRing) -> T:
        done = await work(connection, ring)
        if done is not False:
            told = {name: value for name, value in detail.items() if value is not None}
            await operations.note(connection, operations.CONSOLE, act, told | operations.who_says())
        return done

    return run_in_transaction(config, noted)


def add_listing(
    app: typer.Typer,
    name: str | None,
    help_text: str,
    query: Callable[[], Select[Any]],
    described: Callable[[RowMapping], dict[str, Any]] = dict,
) -> None:
    """Add a command that prints a query's rows; without a name it is what `app` does where no command is named."""

    @shared
    def listing(call: Call, context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            list_rows(call.config(), query(), described)

    if name is None:
        app.callback(invoke_without_command=True, help=help_text)(listing)
    else:
        app.command(name, help=help_text)(listing)


def list_rows(
    config: CentralConfig, query: Select[Any], described: Callable[[RowMapping], dict[str, Any]] = dict
) -> None:
    """Print the rows of a query as they come from the database, one JSON object a line."""

    async def listing(engine: AsyncEngine, _: KeyRing) -> None:
        async with reading(engine, streams=True) as connection:
            async for row in await connection.stream(query):
                emit(described(row._mapping))  # noqa: SLF001 - SQLAlchemy's documented name

    run(config, listing)


def list_pages(
    config: CentralConfig, query: Select[Any], by: Column[int], described: Callable[[RowMapping], dict[str, Any]]
) -> None:
    """Print the rows of a query of a large table, one JSON object a line, in the order of `by`, a column of it.

    A page at a time, each asked for by its limit: a query for all of them PostgreSQL sorts before it gives the first.
    """

    async def listing(engine: AsyncEngine, _: KeyRing) -> None:
        page = query.order_by(by).limit(PAGE_ROWS)
        async with reading(engine) as connection:
            rows = (await connection.execute(page)).mappings().all()
            while rows:
                for row in rows:
                    emit(described(row))
                rows = (await connection.execute(page.where(by > rows[-1][by]))).mappings().all()

    run(config, listing)
