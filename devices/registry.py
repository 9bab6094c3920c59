"""Driver name in the configuration -> how to open it, one line each.

An opener gets the port's settings and returns the driver, or raises DeviceUnavailable. A test runs the contract over
every line. Other packages bring drivers of their own by entry points (`installed`).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from devices.card_reader.crt591.driver import open_crt591
from devices.card_reader.magstripe.driver import open_magstripe
from devices.card_reader.pn532.driver import open_pn532
from devices.card_reader.rdm6300.driver import open_rdm6300
from devices.code_scanner.driver import open_line_scanner
from devices.installed import installed
from devices.protocols import CardReader, CodeScanner, ReceiptPrinter
from devices.receipt_printer.opening import open_escpos
from devices.settings import DeviceSettings

__all__ = ["CARD_READERS", "KINDS", "PRINTERS", "SCANNERS", "DeviceSettings", "opener"]
__all__ += ["open_card_reader", "open_printer", "open_scanner"]

PRINTERS: dict[str, Callable[[DeviceSettings], ReceiptPrinter]] = {"escpos": open_escpos}

SCANNERS: dict[str, Callable[[DeviceSettings], CodeScanner]] = {"line-scanner": open_line_scanner}

CARD_READERS: dict[str, Callable[[DeviceSettings], CardReader]] = {
    "magstripe": open_magstripe,
    "rdm6300": open_rdm6300,
    "pn532": open_pn532,
    "crt591": open_crt591,
}


KINDS: Final[Mapping[str, Mapping[str, Callable[[DeviceSettings], Any]]]] = {
    "printer": PRINTERS,
    "scanner": SCANNERS,
    "card_reader": CARD_READERS,
}


def opener(kind: str, driver: str) -> Callable[[DeviceSettings], Any]:
    """Return what opens a driver of a kind: our own, or one that another package brings (`installed`).

    Raises:
        KeyError: there is no such driver.
    """
    return KINDS[kind].get(driver) or cast("Callable[[DeviceSettings], Any]", installed(kind)[driver].load())


def open_printer(settings: DeviceSettings) -> ReceiptPrinter:
    """Open the receipt printer that the settings name.

    Raises:
        KeyError: no such driver.
        DeviceUnavailable: the port cannot be opened.
    """
    return cast("ReceiptPrinter", opener("printer", settings.driver)(settings))


def open_scanner(settings: DeviceSettings) -> CodeScanner:
    """Open the code scanner that the settings name; raises as `open_printer`."""
    return cast("CodeScanner", opener("scanner", settings.driver)(settings))


def open_card_reader(settings: DeviceSettings) -> CardReader:
    """Open the card reader that the settings name; raises as `open_printer`."""
    return cast("CardReader", opener("card_reader", settings.driver)(settings))
