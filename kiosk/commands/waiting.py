"""The waiting list of this kiosk: on the terminal, and on paper for the counters when no hub is left to call."""

from common.machine.errors import PlainError
from common.machine.locks import PrinterLock
from common.machine.stamp import Stamp
from devices.protocols import Printed
from devices.registry import open_printer
from kiosk.papers.staff_documents import waiting_list
from kiosk.peripherals.watch import settings_of
from kiosk.runtime.parts import CurrentCatalogue
from kiosk.settings.sections import KioskConfig
from offline_store.disk.database import Store
from offline_store.issuing.business_day import ZONE
from offline_store.queue.waiting import WaitingNumber


def print_waiting_list(
    config: KioskConfig, store: Store, numbers: list[WaitingNumber], stamp: Stamp, hall: str | None = None
) -> None:
    """Print who waits, in order, on this kiosk's printer. It belongs to no record, so it is not journalled.

    `hall`: of the whole hall's, as of when it is known, or nothing.

    Raises:
        PlainError: there is no printer, or no paper came out.
        StoreUnavailable: another process drives the printer.
    """
    section = config.devices.printer
    if section is None:
        raise PlainError("the settings name no printer: add [devices.printer]")
    moment = stamp.local(ZONE)
    lines = [one.line for one in numbers]
    identity = store.identity
    centre = CurrentCatalogue(store)().centre_names(identity.centre)
    kiosk = f"{identity.centre} {identity.digit}"
    paper = waiting_list(centre, kiosk, moment, lines, config.default_language, hall=hall)
    with PrinterLock(config.data_dir):
        printer = open_printer(settings_of(section, config.data_dir))
        try:
            result = printer.print(paper)
        finally:
            printer.close()
    if not isinstance(result, Printed):
        raise PlainError(f"the paper was not confirmed: {result.reason}")
