"""`kiosk setup`: what a technician types once on a new machine."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from common.machine.clock import SystemClock
from common.machine.console import emit, say
from common.machine.errors import PlainError
from kiosk.settings.config import load
from kiosk.setup.answers import Answers, read_answers
from kiosk.setup.setting_up import set_up

DATA_DIR = Path("/var/lib/kiosk")
CA_FILE = Path("/etc/kiosk/central-ca.pem")


def setup(
    answers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Answers beforehand; only what is missing is asked for.")
    ] = None,
    code: Annotated[str | None, typer.Argument(help="The enrolment code; else it is scanned or asked for.")] = None,
    data_dir: Annotated[Path, typer.Option(help="The kiosk's data folder.")] = DATA_DIR,
    config: Annotated[Path, typer.Option("--config", envvar="KIOSK_CONFIG", help="The file to write.")] = Path(
        "kiosk.toml"
    ),
    ca_file: Annotated[Path, typer.Option(help="Central's CA as PEM, where the answers name no other.")] = CA_FILE,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Find printer, scanner, readers and panel, enrol, write the settings, print a test page."""
    known = read_answers(answers) if answers else Answers()
    if code is not None:
        known = msgspec.structs.replace(known, code=code)
    ask = _ask if sys.stdin.isatty() else None
    done = set_up(known, config.absolute(), data_dir.absolute(), SystemClock(), _tell, ask, ca_file)
    page = _test_page(config) if known.test_page and done.found.printer else "skipped"
    panel = done.found.panel
    row = msgspec.structs.asdict(done.enrolled) | {
        "settings": str(done.settings),
        "test_page": page,
        "pixels": [panel.width_px, panel.height_px] if panel else None,
    }
    say(row, f"first PIN: {done.enrolled.pin}   test page: {page}   settings: {done.settings}", json=json)


def _test_page(config: Path) -> str:
    from kiosk.commands.sample import print_sample

    try:
        settings = load(config)
        return str(print_sample(settings, "test-page", settings.default_language).get("print", "printed"))
    except PlainError as error:
        return f"not printed ({error})"


def _ask(question: str) -> str:
    # Not input(): its question goes to standard output, where the result is awaited.
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise PlainError("nobody answered")
    return line.strip()


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def wanted_version(
    config: Annotated[Path, typer.Option("--config", envvar="KIOSK_CONFIG", help="The settings file.")] = Path(
        "kiosk.toml"
    ),
) -> None:
    """Say which version central wants here, and whether it is time for it, in a JSON object; `kiosk-update` asks."""
    from kiosk.runtime.parts import open_store
    from offline_store.updates import wanted_version as wanted

    with open_store(load(config)) as opened:
        emit(msgspec.structs.asdict(wanted(opened.store, opened.clock.now())))
