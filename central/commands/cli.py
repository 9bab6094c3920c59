"""The `central` command. Results go to stdout, logs to stderr; 0 done, 1 could not be done, 2 wrong usage."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.backup import restoring
from central.base.tables.received import GONE, inbox
from central.commands import authority, backup, claims, demo_app, diagnose, findings, payments, retention, upkeep
from central.commands import rollout as rollout_commands
from central.commands.backup import bring_back
from central.commands.needs import needs
from central.commands.papers.poster import poster
from central.commands.papers.report import report
from central.commands.people import access, operators, systems
from central.commands.publishing import in_force, messages, services
from central.commands.publishing.publish import publish
from central.commands.running import (
    Call,
    ServiceCall,
    add_listing,
    list_pages,
    run,
    run_act,
    run_in_transaction,
    shared,
)
from central.insight.visits.visit import visits_of
from central.intake.receiving import import_export
from central.keys import loopback
from central.keys.keys import KeyRing
from central.kiosks import centres, enrolment, fleet
from central.server import preparation
from central.server.console import run_to_the_end
from common.city.brand.brand import BrandError, load_brand, use
from common.machine.console import ASIDE, emit, version_option
from common.machine.errors import CannotBeDone, ConfigError
from common.machine.options import gathered

app = typer.Typer(
    help="The receiving server of the kiosks.",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


@app.callback()
def program(
    version: Annotated[bool, version_option("central")] = False,
    brand: Annotated[
        Path | None, typer.Option(envvar="CENTRAL_BRAND", help="The municipality's file: time zone, money, app, look.")
    ] = None,
) -> None:
    """The receiving server of the kiosks."""
    del version
    if brand is not None:
        try:
            use(load_brand(brand))
        except BrandError as error:
            raise ConfigError(f"--brand: {error}") from error


centres_app = typer.Typer(help="The centres that central knows.", add_completion=False)
app.add_typer(centres_app, name="centres")
app.add_typer(rollout_commands.app, name="rollout")
app.add_typer(backup.app, name="backup")
app.command("bring-back")(bring_back)
upkeep.add_to(app)
messages.add_to(app)
access.add_to(app)
in_force.add_to(app)
services.add_to(app)
app.add_typer(operators.app, name="operator")
app.add_typer(systems.app, name="system")
app.add_typer(retention.app, name="retention")
app.add_typer(payments.app, name="payments")
app.add_typer(retention.app, name="purge", rich_help_panel=ASIDE)  # the other name of the same
app.command()(report)
app.command()(poster)
_A_LINE = "one JSON object a line"
add_listing(
    app,
    "kiosks",
    f"List the kiosks, each with what it last said of itself, {_A_LINE}.",
    lambda: fleet.listing,
    fleet.described,
)
add_listing(
    app, "hubs", f"List the hubs, each with when it was heard last, {_A_LINE}.", lambda: fleet.hubs, fleet.described_hub
)
add_listing(
    centres_app,
    None,
    f"List the centres that central knows, {_A_LINE}; `add` writes a table of them.",
    lambda: centres.listing,
)
app.command()(publish)
app.command()(needs)
findings.add_to(app)
diagnose.add_to(app)
claims.add_to(app)
app.command("centre-ca")(authority.centre_ca)


@app.command()
@gathered(ServiceCall)
def serve(
    call: ServiceCall,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 8080,
    public_url: Annotated[str | None, typer.Option(help="What kiosks know this server as, behind a proxy.")] = None,
    unseal: Annotated[bool, typer.Option(help="Open sealed parts here, or leave it to others.")] = True,
) -> None:
    """Receive the kiosks' items and tell them the feed, until SIGTERM."""
    from central.server import serving as server  # the web server's libraries take longer than most other commands

    is_local = loopback.is_loopback(host) and (public_url is None or loopback.is_loopback(loopback.host_of(public_url)))
    served = {"public_url": public_url, "is_loopback": is_local, "unseals": unseal}
    config = call.config(**served)

    def announce(address: str) -> None:
        call.say({"url": address}, f"central listens on {address}")

    asyncio.run(server.serve(config, host, port, announce))


@app.command(rich_help_panel=ASIDE)
@shared
def sandbox(
    call: Call,
    listen: Annotated[
        str, typer.Option(help="Address to listen on: this machine alone unless another is named.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 8080,
) -> None:
    """Serve a central to try things with: its clock can be moved ahead, and no kiosk in service believes its codes."""
    from central.server import serving as server

    config = call.config(is_loopback=loopback.is_loopback(listen))

    def announce(address: str) -> None:
        call.say(
            {"url": address, "sandbox": True}, f"a sandbox listens on {address}; PUT /sandbox/time moves its clock"
        )

    asyncio.run(server.serve(config, listen, port, announce, as_sandbox=True))


@app.command()
@shared
def migrate(call: Call) -> None:
    """Bring the database to this version."""
    asyncio.run(preparation.migrate(call.config()))
    call.say({"migrated": True}, "the database is of this version")


@app.command("import")
@shared
def import_(call: Call, file: Path) -> None:
    """Take a backlog that a kiosk exported to a stick."""
    config = call.config()
    imported = run(config, lambda engine, _: import_export.import_file(engine, file))
    told = {result: str(count) for result, count in imported.results.items()}
    run_act(config, "backlog-imported", {"file": file.name[:100], **told}, _nothing)
    words = ", ".join(f"{count} {result}" for result, count in sorted(imported.results.items()))
    call.say(dict(imported.results), words or "nothing taken")
    if imported.problems:
        raise CannotBeDone("\n".join(imported.problems))


@app.command()
@shared
def revoke(call: Call, kiosk: str) -> None:
    """Turn a kiosk or hub away: it gets no feed, and what it still sends is kept apart."""
    config = call.config()
    if not run_act(
        config, "machine-revoked", {"kiosk": kiosk}, lambda connection, _: enrolment.revoke(connection, kiosk)
    ):
        raise CannotBeDone(f"nothing called {kiosk!r} is enrolled here: see `central kiosks` and `central hubs`")
    call.say({"kiosk": kiosk, "revoked": True}, f"{kiosk} is revoked")


@app.command()
@shared
def restored(call: Call) -> None:
    """Say that this database was restored: every kiosk hears the feed again, and sends again what is missing here."""
    config = call.config()
    epoch = run_act(config, "restored", {}, lambda connection, _: restoring.say_restored(connection))
    sentence = "a new feed epoch has begun; kiosks send again what is missing here, see `central findings`"
    call.say({"feed_epoch": epoch}, sentence)


@app.command("inbox")
@shared
def inbox_(
    call: Call,
    kiosk: Annotated[str | None, typer.Option(help="Only this kiosk's.")] = None,
    after: Annotated[
        int | None, typer.Option(metavar="ARRIVAL", help="Only what came after it; each line then says its own.")
    ] = None,
) -> None:
    """List the applied items, one JSON object a line, as they came; `gone`: the content was deleted by rule."""
    gone = (inbox.c.body == GONE).label("gone")
    query = select(inbox.c.id, inbox.c.kiosk, inbox.c.kind, inbox.c.seq, inbox.c.arrival, gone)
    wanted = [inbox.c.result == "applied"]
    wanted += [] if kiosk is None else [inbox.c.kiosk == kiosk]
    wanted += [] if after is None else [inbox.c.arrival > after]
    shown = ["id", "kiosk", "kind", "seq"] + ([] if after is None else ["arrival"])
    list_pages(
        call.config(),
        query.where(*wanted),
        inbox.c.arrival,
        lambda row: {name: row[name] for name in shown} | ({"gone": True} if row["gone"] else {}),
    )


@centres_app.command("add")
@shared
def centres_add(
    call: Call,
    file: Annotated[
        Path, typer.Argument(help="A CSV table: code,name_ar,name_en,kiosks, then settings by their names.")
    ],
    sheets: Annotated[Path | None, typer.Option(help="Write a page with the codes as QR, to be printed.")] = None,
    public_url: Annotated[
        str | None, typer.Option(envvar="CENTRAL_PUBLIC_URL", help="Central's address, put into the QR as well.")
    ] = None,
) -> None:
    """Write centres down, all or none, and make the codes that their kiosks still need."""
    if sheets is not None and sheets.exists():  # its codes are nowhere else
        raise CannotBeDone(f"--sheets: {sheets} is there already: print it and delete it, or name another file")
    rows = centres.read_table(file.read_text(encoding="utf-8-sig"))
    detail = {"centres": str(len(rows)), "file": file.name[:100]}
    added = run_act(call.config(), "centres-added", detail, lambda connection, _: centres.add(connection, rows))
    if sheets is not None and any(one.codes for one in added):
        from central.kiosks import sheet

        sheets.write_text(sheet.sheets(added, public_url), encoding="utf-8")
    for one in added:
        emit(msgspec.to_builtins(one))


@app.command()
@shared
def visits(
    call: Call,
    centre: Annotated[str, typer.Option()],
    day: Annotated[str, typer.Option(help="The business day, such as 2026-11-25.")],
) -> None:
    """List the visits of a centre on a day: each ticket, and what became of it; one JSON object a line."""

    async def listing(engine: AsyncEngine, _: KeyRing) -> None:
        async for visit in visits_of(engine, centre, _day(day)):
            emit(msgspec.to_builtins(visit))

    run(call.config(), listing)


@app.command("order-code", rich_help_panel=ASIDE)
@shared
def order_code(
    call: Call,
    service: Annotated[str, typer.Option()],
    unpaid: Annotated[bool, typer.Option("--unpaid")] = False,
    centre: Annotated[str, typer.Option()] = "homs-main",
    post: Annotated[bool, typer.Option("--post")] = False,
    expires_in: Annotated[
        int, typer.Option(help="Seconds; negative: expired already.", min=-(10**9), max=10**9)
    ] = demo_app.ORDER_VALID_S,
    sealed: Annotated[str | None, typer.Option(help="Text of the personal block.")] = None,
) -> None:
    """Mint an order code as the citizen's app would, with a demo key."""
    config = call.config()
    wanted = demo_app.Wanted(service, demo_app.POST if post else centre, not unpaid, expires_in, sealed)
    code, order = run_in_transaction(config, lambda connection, ring: demo_app.mint(connection, ring, wanted))
    emit({"code": code, "order": order})


async def _nothing(_connection: AsyncConnection, _ring: KeyRing) -> None:
    """Change nothing: what is noted was done before, in transactions of its own."""


def _day(written: str) -> str:
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise ConfigError(f"--day: found {written[:40]!r}, expected a day such as 2026-11-25") from error


def main() -> None:
    """Run the command; whatever goes wrong becomes a sentence and an exit status, never a traceback."""
    run_to_the_end(app)
