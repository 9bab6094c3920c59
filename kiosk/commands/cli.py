"""The commands of the kiosk (contract, "Commands"): how each is called and what it says.

How commands end is in `kiosk.commands.console`; what a command does lies in the module that owns it.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import typer

from kiosk import logs
from kiosk.commands.console import CannotBeDone, emit, run_to_the_end, say, told_to_stop, version_of
from kiosk.commands.console_input import each, given
from kiosk.commands.setting_up import setup, wanted_version
from kiosk.desk.answers import Issued, OrderRecorded, PaperOutcome, Refused
from kiosk.desk.desk import Desk, new_intention
from kiosk.runtime.parts import open_desk, open_store
from kiosk.settings.config import LANGUAGES, load
from kiosk.settings.settings import Settings
from offline_store.identity import machine_hash
from offline_store.machine.clock import SystemClock

try:
    from demo.faults.fault_names import FAULTS
except ModuleNotFoundError:  # a kiosk in service has no demonstration installed
    FAULTS = {}

cli = typer.Typer(
    help="The self-service kiosk.", pretty_exceptions_enable=False, no_args_is_help=True, add_completion=False
)
outbox = typer.Typer(no_args_is_help=True, help="What waits for central, and what central refused.")
cli.add_typer(outbox, name="outbox")

Config = Annotated[Path, typer.Option("--config", envvar="KIOSK_CONFIG", help="The settings file.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
NoPrint = Annotated[bool, typer.Option("--no-print", help="Record only; nothing comes out of the printer.")]
Stdin = Annotated[bool, typer.Option("--stdin", help="Read one a line from standard input.")]


def _say_version(wanted: bool) -> None:
    if wanted:
        print(version_of("kiosk"))
        raise typer.Exit


@cli.callback()
def program(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version, and end.")
    ] = False,
) -> None:
    """The self-service kiosk."""
    del version


DEFAULT_CONFIG = Path("kiosk.toml")


@cli.command()
def run(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Run the kiosk in service: the window, until it is told to stop."""
    del json  # it has no result
    from kiosk.app import run_in_service

    run_in_service(config)


@cli.command()
def forward(
    config: Config = DEFAULT_CONFIG,
    once: Annotated[bool, typer.Option("--once", help="Until outbox and feed are empty, then end.")] = False,
    json: Json = False,
) -> None:
    """Deliver the outbox to central and take in its feed."""
    from kiosk.delivery.forwarding import hubs_told, open_forwarder
    from offline_store.delivery.outbox import dead_items
    from offline_store.machine.watchdog import BeatingClock, Watchdog

    settings = load(config)
    if not once:
        logs.configure("forward", settings.data_dir / "logs")
    watchdog = Watchdog()
    with (
        open_store(settings) as opened,
        open_forwarder(settings, opened.store, BeatingClock(opened.clock, watchdog)) as forwarder,
    ):
        if not once:
            watchdog.ready()
            with hubs_told(settings, opened.store, opened.clock):
                forwarder.run(told_to_stop())
            return
        delivered, refused = forwarder.run_once(), len(dead_items(opened.store))
    sentence = f"nothing waits; {delivered} items went out"
    if refused:
        sentence += f"; {refused} are refused, see `kiosk outbox dead`"
    say({"delivered": delivered, "refused": refused}, sentence, json=json)


@cli.command()
def enrol(
    central: Annotated[str, typer.Option(help="Central's address.")],
    code: Annotated[str, typer.Option(help="The one-time code from `central enrolment-code`.")],
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Make this kiosk's keys and give it its identity."""
    del json  # always JSON
    from kiosk.delivery import enrolment

    settings = load(config)
    ca_file = Path(settings.central.ca_file) if settings.central.ca_file else None
    enrolled = enrolment.enrol(
        settings.data_dir,
        url=central,
        code=code,
        centre=settings.kiosk.centre,
        clock=SystemClock(),
        ca_file=ca_file,
        machine=machine_hash(),
    )
    emit(msgspec.structs.asdict(enrolled))


@cli.command()
def issue(
    service: Annotated[str | None, typer.Option(help="The service's code.")] = None,
    count: Annotated[int, typer.Option(min=1, max=100_000)] = 1,
    stdin: Stdin = False,
    no_print: NoPrint = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Give tickets without the screen, by the same path."""
    del json  # always JSON
    if stdin and count != 1:
        raise typer.BadParameter("--count goes with --service; --stdin gives a ticket for each line")
    codes = given(service, stdin, "--service", count)
    with open_desk(Settings(config), printing=not no_print) as desk:
        each(
            codes, lambda text: emit(_ticket(desk.issue(text, intention=new_intention()), desk, no_print)), go_on=stdin
        )


@cli.command()
def order(
    code: Annotated[str | None, typer.Argument(help="The order code, as if scanned.")] = None,
    stdin: Stdin = False,
    no_print: NoPrint = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Take order codes without the screen, by the same path."""
    del json  # always JSON
    codes = given(code, stdin, "CODE", 1)
    with open_desk(Settings(config), printing=not no_print) as desk:
        each(codes, lambda text: emit(_order(desk.order(text, intention=new_intention()), desk, no_print)), go_on=stdin)


cli.command()(setup)
cli.command("wanted-version", hidden=True)(wanted_version)


@cli.command()
def devices(
    config: Config = DEFAULT_CONFIG,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, with every scan and card as it comes.")] = False,
    json: Json = False,
) -> None:
    """Say how each device is."""
    from kiosk.commands.device_listing import device_rows

    for row in device_rows(load(config), stop=told_to_stop() if watch else None):
        words = [f"{key}={value}" for key, value in row.items() if value not in (None, "")]
        say(row, " ".join(words), json=json)


@cli.command()
def technicians(
    unlock: Annotated[bool, typer.Option("--unlock", help="First forgive all wrong PINs, and end the lock.")] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """List the technicians and managers that this kiosk knows."""
    del json  # always JSON
    from kiosk.maintenance import pin

    with open_store(load(config)) as opened:
        if unlock:
            pin.unlock(opened.store, opened.clock.now())
        for one in pin.known(opened.store):
            emit({"id": one.id, "name": one.name, "role": one.role})


@outbox.command("list")
def outbox_list(
    config: Config = DEFAULT_CONFIG,
    all_: Annotated[bool, typer.Option("--all", help="Also what central has.")] = False,
    json: Json = False,
) -> None:
    """List what waits."""
    del json  # always JSON
    from offline_store.delivery.outbox import list_items

    with open_store(load(config)) as opened:
        _emit_items(list_items(opened.store, include_acknowledged=all_))


@outbox.command("dead")
def outbox_dead(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """List what central refused, and why."""
    del json  # always JSON
    from offline_store.delivery.outbox import dead_items

    with open_store(load(config)) as opened:
        _emit_items(dead_items(opened.store))


@outbox.command("retry")
def outbox_retry(
    id_: Annotated[str, typer.Argument(metavar="ID")], config: Config = DEFAULT_CONFIG, json: Json = False
) -> None:
    """Send a refused item once more."""
    from offline_store.delivery.outbox import retry

    with open_store(load(config)) as opened:
        retry(opened.store, id_)
    say({"id": id_, "state": "waiting"}, f"{id_} waits again", json=json)


@outbox.command("resend")
def outbox_resend(
    since: Annotated[
        int | None, typer.Option(metavar="SEQ", min=1, help="Only from this seq on, of the epoch.")
    ] = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Send once more what central has acknowledged; what it has it calls a duplicate."""
    del json  # always JSON
    from offline_store.delivery.resend import resend_since

    with open_store(load(config)) as opened:
        emit({"resent": resend_since(opened.store, since)})


@outbox.command("export")
def outbox_export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder, such as a stick's.")],
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Write what waits, signed, into a folder, for `central import`."""
    from kiosk.delivery.enrolment import signing_key
    from offline_store.delivery.export import export_backlog

    settings = load(config)
    if not folder.is_dir():
        raise CannotBeDone(f"{folder}: there is no such folder; is the stick mounted?")
    with open_store(settings) as opened:
        key_of = partial(signing_key, settings.data_dir)
        path, count = export_backlog(opened.store, folder, key_of, opened.clock.now())
    say({"file": str(path), "items": count}, f"{count} items are in {path}", json=json)


@cli.command()
def sample(
    paper: Annotated[Literal["ticket", "order", "test-page"], typer.Argument()],
    language: Annotated[
        str | None, typer.Option(metavar="|".join(LANGUAGES), help="The default is the kiosk's.")
    ] = None,
    raw: Annotated[Path | None, typer.Option(help="Write the job's bytes here instead of printing.")] = None,
    stored: Annotated[bool, typer.Option("--stored", help="With --raw: the steady-state job, and FILE.setup.")] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Print a paper with made-up values."""
    if stored and raw is None:
        raise typer.BadParameter("--stored goes with --raw FILE")
    if language not in (None, *LANGUAGES):
        raise typer.BadParameter(f"--language {language}: known are {', '.join(LANGUAGES)}")
    from kiosk.commands.sample import print_sample, write_sample

    settings = load(config)
    chosen = language or settings.default_language
    result = write_sample(settings, paper, chosen, raw, stored=stored) if raw else print_sample(settings, paper, chosen)
    say(result, ", ".join(f"{key}: {value}" for key, value in result.items()), json=json)


@cli.command("waiting-list")
def waiting_list_(
    print_it: Annotated[bool, typer.Option("--print", help="Also on this kiosk's printer.")] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """List today's numbers of this kiosk in order, but for those that are known to be called."""
    del json  # always JSON
    from kiosk.commands.waiting import print_waiting_list
    from offline_store.queue.waiting import waiting_list

    settings = load(config)
    with open_store(settings) as opened:
        numbers = waiting_list(opened.store)
        for number in numbers:
            emit(number._asdict())
        if print_it:
            identity = opened.store.identity
            name = f"{identity.centre} {identity.digit}"
            print_waiting_list(settings, numbers, opened.clock.now(), name)


@cli.command()
def doctor(
    config: Config = DEFAULT_CONFIG,
    data_dir: Annotated[Path | None, typer.Option(help="Look at this copy of the data folder instead.")] = None,
    json: Json = False,
) -> None:
    """Check everything that a kiosk in service needs, a line each with what to do."""
    from kiosk.doctor import examine

    bad = 0
    for finding in examine(config, data_dir):
        bad += finding.is_bad
        say(finding.as_dict(), finding.line, json=json)
    if bad:
        raise CannotBeDone(f"{bad} of these must be mended before this kiosk may serve")


@cli.command(epilog="\n\n".join(["Faults:", *(f"{name}: {says}" for name, says in FAULTS.items())]))
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="No display: a scripted citizen does it all.")] = False,
    minutes: Annotated[float | None, typer.Option(min=0.1, max=600, help="End after so many minutes.")] = None,
    fault: Annotated[
        str | None, typer.Option(metavar="DEVICE.FAULT", help="Something that goes wrong; see below.")
    ] = None,
    technician: Annotated[bool, typer.Option("--technician", help="A scripted technician comes too.")] = False,
    json: Json = False,
) -> None:
    """Run the whole system on this machine: simulated devices, central, kiosk, forwarder."""
    try:
        from demo.show import show
    except ModuleNotFoundError as error:
        raise CannotBeDone("the demonstration is not installed here: run it in a checkout, by `make run`") from error

    if fault is not None and fault not in FAULTS:
        raise typer.BadParameter(f"--fault {fault}: known are {', '.join(FAULTS)}")
    tell = _tell if not json else _tell_nobody
    summary = show(headless=headless, minutes=minutes, fault=fault, technician=technician, tell=tell)
    say(summary.as_dict(), summary.text, json=json)


def _ticket(answer: Issued | Refused, desk: Desk, no_print: bool) -> dict[str, Any]:
    if isinstance(answer, Refused):
        raise CannotBeDone(answer.sentence)
    paper = PaperOutcome("skipped") if no_print else desk.print_ticket(answer)
    return {
        "id": answer.id,
        "number": answer.number,
        "service": answer.service,
        "business_day": answer.business_day,
        "print": paper.state,
    }


def _order(answer: OrderRecorded | Refused, desk: Desk, no_print: bool) -> dict[str, Any]:
    if isinstance(answer, Refused):
        raise CannotBeDone(answer.sentence)
    if not no_print and answer.has_receipt:
        desk.print_receipt(answer)
    if not no_print and answer.ticket is not None and not answer.has_receipt:
        desk.print_ticket(answer.ticket)
    return {"id": answer.id, "outcome": answer.outcome.value, "order": answer.order}


def _emit_items(rows: Iterable[Any]) -> None:
    for row in rows:
        shown = {"id": row.id, "seq": row.seq, "kind": row.kind, "state": row.state}
        if row.kind == "ticket":
            shown |= {"number": row.number, "business_day": row.business_day}
        if row.reason is not None:
            shown["reason"] = row.reason
        emit(shown)


def _tell(sentence: str) -> None:
    print(sentence, flush=True)


def _tell_nobody(_: str) -> None:
    """Say nothing: the one JSON line at the end is all."""


def main() -> None:
    """Run the command line."""
    logs.configure("command")
    run_to_the_end(cli)
