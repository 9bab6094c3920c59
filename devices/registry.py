"""Driver name in the configuration -> how to open it, one line each.

An opener gets the port's settings and returns the driver, or raises DeviceUnavailable. A test runs the contract over
every line. Other packages bring drivers of their own by entry points (`installed`).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from devices.card_reader.crt591.driver import open_crt591
from devices.card_reader.magstripe.driver import open_magstripe
from devices.card_reader.pn532.driver import open_pn532
from devices.card_reader.pn532.frames import QUESTION as PN532
from devices.card_reader.rdm6300.driver import open_rdm6300
from devices.code_scanner.driver import open_line_scanner
from devices.installed import installed
from devices.protocols import CardReader, CodeScanner, ReceiptPrinter
from devices.question import Question
from devices.receipt_printer.opening import open_escpos
from devices.settings import DeviceSettings

__all__ = ["CARD_READERS", "KINDS", "PRINTERS", "SCANNERS", "DeviceSettings", "open_device", "open_printer"]

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
"""Every kind of device that a kiosk can have, as the settings name it ([devices.KIND]), with its drivers."""

# What answers for its kind when a kiosk is set up; printers are asked by their profiles, a scanner is shown a code.
QUESTIONS: Final[Mapping[str, Mapping[str, Question]]] = {"card_reader": {"pn532": PN532}}


def questions() -> dict[str, dict[str, Question]]:
    """Return by kind what each driver's device is found by, also those of other packages."""
    return {
        kind: {**QUESTIONS.get(kind, {}), **{name: point.load() for name, point in installed(kind, "question").items()}}
        for kind in KINDS
    }


def open_device(kind: str, settings: DeviceSettings) -> Any:
    """Open the device of a kind that the settings name, with our own driver or one that another package brings.

    Raises:
        KeyError: there is no such driver.
        DeviceUnavailable: the port cannot be opened.
    """
    own = KINDS[kind].get(settings.driver)
    return (own or installed(kind)[settings.driver].load())(settings)


def open_printer(settings: DeviceSettings) -> ReceiptPrinter:
    """Open the receipt printer that the settings name; raises as `open_device`."""
    return cast("ReceiptPrinter", open_device("printer", settings))
