"""The commands of the hub: how each is called and what it says."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from common.machine import console
from common.machine.console import ASIDE, emit, say, told_to_stop, version_option
from common.machine.errors import CannotBeDone, ConfigError
from common.machine.options import Json, accepts_json
from hub.commands import day, messages, promoting, services
from hub.commands.options import DEFAULT_CONFIG, Config
from hub.engine.act import LEADING
from hub.loading import loading
from hub.logs import configure_logs
from hub.opened import opened
from hub.voice.clips import Voice

cli = typer.Typer(
    help="The hub of a citizen-service centre.",
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
)

cli.command()(services.services)
cli.command()(services.interrupt)
cli.command("works-again")(services.works_again)
cli.command("close-day")(day.close_day)
cli.command()(promoting.promote)
cli.command()(messages.messages)
cli.command()(messages.say)
cli.command()(messages.modem)
voice = typer.Typer(no_args_is_help=True, help="The clips of which announcements are made.")
cli.add_typer(voice, name="voice")


@cli.callback()
def program(version: Annotated[bool, version_option("hub")] = False) -> None:
    """The hub of a citizen-service centre."""
    del version


@cli.command()
@accepts_json
def enrol(
    central: Annotated[str, typer.Option(help="Central's address.")],
    code: Annotated[str, typer.Option(help="The one-time code from `central enrolment-code --role hub`.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Make this hub's keys and give it its identity."""
    from common.machine.clock import SystemClock
    from hub.delivery import enrolment
    from hub.settings import load
    from offline_store.identity import machine_hash

    enrolled = enrolment.enrol(load(config), central, code, SystemClock(), machine_hash())
    emit(msgspec.structs.asdict(enrolled))


@cli.command()
def serve(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Serve the calls and pages, until told to stop."""
    from offline_store.uptime import counted

    with loading():
        from hub.api.server.server import Serving
        from hub.delivery.enrolment import own_key
        from hub.serving import serve as run

    with opened(config, serves=True) as parts:
        serving = Serving(parts.hub, parts.config, own_key(parts.config.data_dir))
        parts.hub.asks_first = True
        with counted(parts.hub.store, parts.clock, "hub"):
            asyncio.run(run(serving, lambda url: say({"url": url}, f"the hub serves at {url}", json=json)))


@cli.command(rich_help_panel=ASIDE)
def follow(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Stand by: pull the leader's log each second, and serve the page from which a manager promotes this hub."""
    with opened(config) as parts, parts.hub.read() as look:
        if look.role == LEADING:
            raise CannotBeDone(
                f"this hub leads, under term {look.term}: run `hub serve`; it follows once another is promoted"
            )
    serve(config, json)


@cli.command()
def board(
    address: Annotated[str, typer.Argument(help="A board's IP address; without one all that count are listed.")] = "",
    config: Config = DEFAULT_CONFIG,
    forget: Annotated[bool, typer.Option("--forget", help="It counts no more.")] = False,
    json: Json = False,
) -> None:
    """Name the address of a board that counts: only such a one is the hall's board, and has a place of its own."""
    from hub.engine.managing import name_board
    from hub.engine.refusal import Refused

    with opened(config) as parts:
        try:
            if address:
                with parts.hub.act() as act:
                    boards = name_board(act, address, counts=not forget)
            else:
                with parts.hub.read() as look:
                    boards = sorted(look.centre.boards)
        except Refused as error:
            raise CannotBeDone(str(error)) from error
    say({"boards": boards}, f"boards that count: {', '.join(boards) or 'none'}", json=json)


@cli.command()
def forward(
    config: Config = DEFAULT_CONFIG,
    once: Annotated[bool, typer.Option("--once", help="Until outbox and feed are empty, then end.")] = False,
    json: Json = False,
) -> None:
    """Deliver this hub's items to central and take in its feed."""
    from common.machine.systemd import BeatingClock, Watchdog
    from hub.delivery.forwarding import open_carrier, open_forwarder
    from hub.messages.sending import staff_told
    from offline_store.beside import beside
    from offline_store.delivery.outbox import dead_items

    watchdog = Watchdog()
    with (
        opened(config) as parts,
        open_forwarder(parts.config, parts.hub, BeatingClock(parts.clock, watchdog)) as forwarder,
        open_carrier(parts.config, parts.hub, parts.clock) as carrier,
    ):
        if not once:
            watchdog.ready()
            stop = told_to_stop()
            with beside("inquiries", carrier.run), staff_told(parts, stop):
                forwarder.run(stop)
            return
        carrier.run_once()
        delivered, refused = forwarder.run_once(), len(dead_items(parts.hub.store))
    sentence = f"nothing waits; {delivered} items went out" + (f"; {refused} are refused" if refused else "")
    say({"delivered": delivered, "refused": refused}, sentence, json=json)


@cli.command()
@accepts_json
def status(config: Config = DEFAULT_CONFIG) -> None:
    """Say how the queue stands."""
    from hub.engine.status import status as read
    from hub.takeover.holders import holders

    with opened(config) as parts, parts.hub.read() as look:
        found, held = read(look), holders(look)
    emit(msgspec.to_builtins(found) | {"holders": msgspec.to_builtins(held)})


@cli.command()
@accepts_json
def events(
    config: Config = DEFAULT_CONFIG,
    after: Annotated[int, typer.Option("--after", min=0, help="Only events after this seq.")] = 0,
) -> None:
    """List what happened, oldest first."""
    from hub.log.authors import lives_of
    from hub.log.event import read_events
    from hub.takeover.late_facts import is_late

    page = 1000
    with opened(config) as parts:
        while True:
            with parts.hub.store.read() as connection:
                found = list(read_events(connection, after, page))
                lives = lives_of(connection, [event.seq for event in found])
            for event, life in zip(found, lives, strict=True):
                emit(_line(event) | {"hub": life and life.hub, "life": life and life.life, "late": is_late(event)})
            if len(found) < page:
                return
            after = found[-1].seq


@cli.command("wanted-version", hidden=True)
def wanted_version(config: Config = DEFAULT_CONFIG) -> None:
    """Say which version central wants here, and whether it is time for it, in a JSON object; `hub-update` asks."""
    from offline_store.updates import wanted_version as wanted

    with opened(config) as parts:
        emit(msgspec.structs.asdict(wanted(parts.hub.store, parts.clock.now())))


@cli.command()
def doctor(
    config: Config = DEFAULT_CONFIG,
    data_dir: Annotated[Path | None, typer.Option(help="Look at this copy of the data folder instead.")] = None,
    json: Json = False,
) -> None:
    """Check everything that a hub in service needs, a line each with what to do."""
    from hub.doctor import examine

    bad = 0
    for finding in examine(config, data_dir):
        bad += finding.is_bad
        say(finding.as_dict(), finding.line, json=json)
    if bad:
        raise CannotBeDone(f"{bad} of these must be mended before this hub may serve")


def _line(event: Any) -> dict[str, Any]:
    names = ("seq", "term", "kind", "kiosk", "ticket", "number", "counter", "press")
    return {name: getattr(event, name) for name in names} | {"at": event.wall_time}


@voice.command("fill")
def voice_fill(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Have espeak-ng speak the clips that are missing."""
    made = _voice(config).fill()
    say({"made": made}, f"{len(made)} clips were made", json=json)


@voice.command("check")
def voice_check(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Name clips that are missing or can't be used, and what nobody has confirmed yet."""
    found = _voice(config)
    missing, unusable, unconfirmed = [clip.name for clip in found.missing()], found.unusable(), found.unconfirmed()
    said = {"missing": missing, "unusable": unusable, "unconfirmed": unconfirmed}
    lines = [*(f"missing: {name}" for name in missing), *(f"unusable: {one}" for one in unusable)]
    lines += [f"unconfirmed: {one}" for one in unconfirmed]
    say(said, "\n".join(lines) or "every clip is there and confirmed", json=json)
    if missing or unusable:
        raise CannotBeDone("announcements are a chime only until these are there: run `hub voice fill`, or record them")


@voice.command("say")
def voice_say(
    number: str,
    counter: int,
    out: Annotated[Path, typer.Option("--out", help="The WAV to write.")],
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Write one whole announcement."""
    found = _voice(config)
    if missing := found.missing():
        raise CannotBeDone(f"{len(missing)} clips are missing, first {missing[0].name}: run `hub voice fill`")
    out.write_bytes(found.say(number, counter))
    say({"file": str(out)}, f"{out}: {number} to counter {counter}", json=json)


def _voice(config: Path) -> Voice:
    from hub.api.voice import voice_of
    from hub.settings import load

    return voice_of(load(config))


def main() -> None:
    """Run the command; whatever goes wrong becomes a sentence and an exit status, never a traceback."""
    configure_logs("hub")
    os.umask(0o077)  # keys, and who was served when
    console.run_to_the_end(_run)


def _run() -> None:
    try:
        cli()
    except ConfigError as error:
        raise SystemExit(_wrong_settings(error)) from error


def _wrong_settings(error: ConfigError) -> int:
    typer.echo(str(error), err=True)
    return 2
