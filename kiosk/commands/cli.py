"""The commands of the kiosk: how each is called and what it says.

How commands end is in `common.machine.console`; what a command does lies in the module that owns it.
"""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import typer

from common.machine.clock import SystemClock
from common.machine.console import ASIDE, emit, run_to_the_end, say, told_to_stop, version_option
from common.machine.errors import CannotBeDone
from common.machine.options import Json, accepts_json
from kiosk import logs
from kiosk.commands.issuing import issue, order
from kiosk.commands.options import DEFAULT_CONFIG, Config
from kiosk.commands.outbox import outbox
from kiosk.commands.paying import pay, verify
from kiosk.commands.setting_up import setup, wanted_version
from kiosk.runtime.parts import open_store
from kiosk.settings.config import load
from kiosk.settings.sections import LANGUAGES
from offline_store.identity import machine_hash

try:
    from demo.faults.fault_names import FAULTS
except ModuleNotFoundError:  # a kiosk in service has no demonstration installed
    FAULTS = {}

cli = typer.Typer(
    help="The self-service kiosk.", pretty_exceptions_enable=False, no_args_is_help=True, add_completion=False
)
cli.add_typer(outbox, name="outbox")


@cli.callback()
def program(version: Annotated[bool, version_option("kiosk")] = False) -> None:
    """The self-service kiosk."""
    del version


@cli.command()
@accepts_json
def run(config: Config = DEFAULT_CONFIG) -> None:
    """Run the kiosk in service: the window, until it is told to stop."""
    from kiosk.app import run_in_service

    run_in_service(config)


@cli.command()
def forward(
    config: Config = DEFAULT_CONFIG,
    once: Annotated[bool, typer.Option("--once", help="Until outbox and feed are empty, then end.")] = False,
    json: Json = False,
) -> None:
    """Deliver the outbox to central and take in its feed."""
    from common.machine.systemd import BeatingClock, Watchdog
    from kiosk.delivery.diagnosing import answering
    from kiosk.delivery.forwarding import hubs_told, open_carrier, open_forwarder
    from offline_store.beside import beside
    from offline_store.delivery.outbox import dead_items

    settings = load(config)
    if not once:
        logs.configure("forward", settings.data_dir / "logs")
    watchdog = Watchdog()
    with (
        open_store(settings) as opened,
        open_forwarder(settings, opened.store, BeatingClock(opened.clock, watchdog)) as forwarder,
        open_carrier(settings, opened.store, opened.clock) as carrier,
    ):
        if not once:
            watchdog.ready()
            tell_log = partial(answering, opened.store, settings.data_dir / "logs", opened.clock)
            with (
                hubs_told(settings, opened.store, opened.clock),
                beside("inquiries", carrier.run),
                beside("diagnosis", tell_log),
            ):
                forwarder.run(told_to_stop())
            return
        carrier.run_once()
        delivered, refused = forwarder.run_once(), len(dead_items(opened.store))
    sentence = f"nothing waits; {delivered} items went out"
    if refused:
        sentence += f"; {refused} are refused, see `kiosk outbox dead`"
    say({"delivered": delivered, "refused": refused}, sentence, json=json)


@cli.command()
@accepts_json
def enrol(
    central: Annotated[str, typer.Option(help="Central's address.")],
    code: Annotated[str, typer.Option(help="The one-time code from `central enrolment-code`.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Make this kiosk's keys and give it its identity."""
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


cli.command()(issue)
cli.command(rich_help_panel=ASIDE)(order)
cli.command(rich_help_panel=ASIDE)(pay)
cli.command()(verify)
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
@accepts_json
def technicians(
    unlock: Annotated[bool, typer.Option("--unlock", help="First forgive all wrong PINs, and end the lock.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """List the technicians and managers that this kiosk knows."""
    from kiosk.maintenance import pin

    with open_store(load(config)) as opened:
        if unlock:
            pin.unlock(opened.store, opened.clock.now())
        for one in pin.known(opened.store):
            emit({"id": one.id, "name": one.name, "role": one.role})


@cli.command(rich_help_panel=ASIDE)
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
@accepts_json
def waiting_list_(
    print_it: Annotated[bool, typer.Option("--print", help="Also on this kiosk's printer.")] = False,
    is_all: Annotated[bool, typer.Option("--all", help="Of the whole hall, as of the last word of the hub.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """List today's numbers of this kiosk that wait, in order, by what became of each."""
    from kiosk.commands.waiting import print_waiting_list
    from offline_store.queue.waiting import hall_list, waiting_list

    settings = load(config)
    with open_store(settings) as opened:
        now = opened.clock.now()
        hall = hall_list(opened.store, now) if is_all else None
        numbers = waiting_list(opened.store) if hall is None else hall.numbers
        if hall is not None:
            emit({"as_of": hall.as_of})
        for number in numbers:
            emit(number._asdict())
        if print_it:
            print_waiting_list(settings, opened.store, numbers, now, None if hall is None else hall.as_of_time)


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


@cli.command(
    rich_help_panel=ASIDE, epilog="\n\n".join(["Faults:", *(f"{name}: {says}" for name, says in FAULTS.items())])
)
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


def _tell(sentence: str) -> None:
    print(sentence, flush=True)


def _tell_nobody(_: str) -> None:
    """Say nothing: the one JSON line at the end is all."""


def main() -> None:
    """Run the command line."""
    logs.configure("command")
    run_to_the_end(cli)
