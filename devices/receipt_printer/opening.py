"""From the configuration to a printer driver."""

from devices.protocols import Transport
from devices.receipt_printer import profile
from devices.receipt_printer.dialogue.graphics import StoredGraphics
from devices.receipt_printer.driver import EscposPrinter
from devices.receipt_printer.typeset.typesetting import check_shaping
from devices.settings import PICTURES, DeviceSettings
from devices.transport import LineSettings, SerialTransport

FAST_BAUD = 57600
"""From here on the number as a picture (1.2 kB) takes at most 0.2 s; at 9600 baud it would take more than one."""


def open_escpos(settings: DeviceSettings) -> EscposPrinter:
    """Return the driver of an ESC/POS printer. The port is opened at the first call, and again after a loss.

    Raises:
        ProfileError: no such profile.
        ShapingError: this machine cannot join Arabic letters.
    """
    check_shaping()
    model = profile.load(settings.profile or "epson-tm-t20iii")
    if PICTURES in settings.options:
        model = model.as_pictures()
    line = LineSettings(baudrate=settings.baudrate or 115200, flow_control=settings.flow_control or "none")

    layout = profile.layout(model, settings.paper_mm, is_fast=line.baudrate >= FAST_BAUD)

    def open_port() -> Transport:
        return SerialTransport(settings.port, line)

    return EscposPrinter(open_port, layout, StoredGraphics(settings.state_dir), line.seconds)
