"""Driver name in the configuration -> how to open it, one line each.

An opener gets the port's settings and returns the driver, or raises DeviceUnavailable. A driver that is not listed here
does not exist; a test runs its contract over every line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devices.protocols import CardReader, CodeScanner, ReceiptPrinter
from devices.transport import FlowControl


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """What the configuration says of one device. `options` are the driver's own, such as a code's terminator.

    `state_dir` is where a driver may keep what must outlive a restart, such as how often it wrote to the printer's flash.
    """

    driver: str
    port: str
    baudrate: int | None = None
    flow_control: FlowControl | None = None
    profile: str = ""
    paper_mm: int = 80
    state_dir: Path | None = None
    options: tuple[tuple[str, str], ...] = ()


PRINTERS: dict[str, Callable[[DeviceSettings], ReceiptPrinter]] = {}

SCANNERS: dict[str, Callable[[DeviceSettings], CodeScanner]] = {}

CARD_READERS: dict[str, Callable[[DeviceSettings], CardReader]] = {}


def open_printer(settings: DeviceSettings) -> ReceiptPrinter:
    """Open the receipt printer that the settings name.

    Raises:
        KeyError: no such driver.
        DeviceUnavailable: the port cannot be opened.
    """
    return PRINTERS[settings.driver](settings)


def open_scanner(settings: DeviceSettings) -> CodeScanner:
    """Open the code scanner that the settings name; raises as `open_printer`."""
    return SCANNERS[settings.driver](settings)


def open_card_reader(settings: DeviceSettings) -> CardReader:
    """Open the card reader that the settings name; raises as `open_printer`."""
    return CARD_READERS[settings.driver](settings)
