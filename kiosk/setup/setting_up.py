"""The order of setting a kiosk up: find, enrol, write down, print."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aionut

from common.machine.errors import PlainError
from common.machine.stamp import Clock
from devices.registry import questions
from kiosk.delivery import enrolment
from kiosk.delivery.enrolment import Enrolled
from kiosk.setup.answers import Answers
from kiosk.setup.finding import find_devices, find_printer, first_scan
from kiosk.setup.invitation import Invitation, read_invitation
from kiosk.setup.panel import Panel, find_panel
from kiosk.setup.ports import Found, all_ports
from kiosk.setup.settings_file import Findings, settings_text
from offline_store.identity import machine_hash

_SCAN_S: Final = 120.0
_UPS_S: Final = 3.0
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Done:
    """What came of it: who the kiosk is, and what stands in its settings."""

    enrolled: Enrolled
    settings: Path
    found: Findings


def set_up(
    answers: Answers,
    settings: Path,
    data_dir: Path,
    clock: Clock,
    tell: Tell,
    ask: Callable[[str], str] | None,
    ca_file: Path,
) -> Done:
    """Set this kiosk up.

    Args:
        answers: what is known beforehand.
        settings: the file to write; one that is there is kept beside it as `.before`.
        data_dir: the kiosk's data folder.
        clock: this machine's clock.
        tell: takes each line for the person before the kiosk.
        ask: asks that person for a line; None where nobody is there.
        ca_file: where the installation guide lays central's CA; for https where the answers name no other.

    Raises:
        PlainError: something that only a person could say is missing, or central refused the code.
    """
    found, scanned = _look(answers, tell, wait_s=_SCAN_S if ask and answers.code is None else 0)
    invitation = _invitation(answers, scanned, tell, ask)
    central = answers.central or invitation.central
    if central is None and ask is not None:
        central = ask("Central's address, such as https://central.example: ")
    if not central:
        raise PlainError("central's address is missing: answer `central`, or scan the sheet's code")
    ca = _authority(answers, central, ca_file)
    tell(f"Enrolling at {central}")
    enrolled = enrolment.enrol(
        data_dir,
        url=central,
        code=invitation.code,
        centre=None,
        clock=clock,
        ca_file=ca,
        machine=machine_hash(),
    )
    if settings.exists():
        settings.replace(settings.with_name(settings.name + ".before"))
    text = settings_text(enrolled.centre, central, None if ca is None else str(ca), str(data_dir), found)
    settings.write_text(text, encoding="utf-8")
    tell(f"Kiosk {enrolled.digit} of {enrolled.centre}")
    return Done(enrolled, settings, found)


def _authority(answers: Answers, central: str, laid: Path) -> Path | None:
    """Return the file of central's CA; None for http, which is taken on loopback alone."""
    if answers.ca_file:
        return Path(answers.ca_file)
    if not central.lower().startswith("https://"):
        return None
    if not laid.is_file():
        raise PlainError(f"central's CA is missing: lay it at {laid} (step 1 of the installation), or answer `ca_file`")
    return laid


def _look(answers: Answers, tell: Tell, wait_s: float) -> tuple[Findings, str | None]:
    ports = [Found(path) for path in answers.ports] if answers.ports is not None else all_ports()
    tell(f"Looking at {len(ports)} serial ports")
    printer = find_printer(ports)
    tell(f"Printer: {f'{printer.profile} on {printer.port}' if printer else 'none answered'}")
    rest = [port for port in ports if printer is None or port.path != printer.port]
    devices = find_devices(rest, questions())
    for kind, device in devices.items():
        tell(f"{kind}: {device.driver} on {device.port}")
    rest = [port for port in rest if port.path not in {device.port for device in devices.values()}]
    scanner, scanned = answers.scanner, None
    if scanner is None and wait_s:
        tell("Hold the code of the enrolment sheet to the scanner")
        heard = first_scan(rest, wait_s)
        scanner, scanned = heard or (None, None)
    if scanner is None:
        by_maker = [port.path for port in rest if port.is_scanner]
        scanner = by_maker[0] if len(by_maker) == 1 else None
    tell(f"Scanner: {scanner or 'none found'}")
    panel = _panel(answers)
    tell(f"Panel: {f'{panel.diagonal_in} inches, {panel.orientation}' if panel else 'says nothing of its size'}")
    return Findings(printer, scanner, devices, panel, _ups()), scanned


def _invitation(answers: Answers, scanned: str | None, tell: Tell, ask: Callable[[str], str] | None) -> Invitation:
    told = scanned or answers.code
    if told is None and ask is None:
        raise PlainError("the enrolment code is missing: answer `code`")
    while True:
        if told is None and ask is not None:
            told = ask("Enrolment code: ")
        invitation = read_invitation(told or "")
        if invitation is not None:
            return invitation
        refused = f'"{(told or "")[:40]}" is no enrolment code: 16 letters and digits are meant'
        if ask is None:
            raise PlainError(refused)
        tell(refused)
        told = None


def _panel(answers: Answers) -> Panel | None:
    panel = find_panel()
    if answers.diagonal_in is None and answers.orientation is None:
        return panel
    width, height = sorted((panel.width_px, panel.height_px)) if panel else (1080, 1920)
    if (answers.orientation or (panel.orientation if panel else "portrait")) == "landscape":
        width, height = height, width
    return Panel(answers.diagonal_in or (panel.diagonal_in if panel else 21.5), width, height)


def _ups() -> str | None:
    """Return the first battery that Network UPS Tools watches on this machine."""
    with contextlib.suppress(aionut.NUTError, OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
        names = asyncio.run(asyncio.wait_for(aionut.AIONUTClient().list_ups(), _UPS_S))
        return next(iter(names), None)
    return None
