"""From the configuration to a printer driver."""

from devices.protocols import Transport
from devices.receipt_printer import profile
from devices.receipt_printer.dialogue.graphics import StoredGraphics
from devices.receipt_printer.driver import EscposPrinter
from devices.receipt_printer.typeset.typesetting import check_shaping
from devices.settings import PICTURES, DeviceSettings
from devices.transport import LineSettings, SerialTransport

FAST_BAUD = 115200
"""From here on the number as a picture with its sign (1.6 kB) takes at most 0.14 s; at 57,600 baud it would be 0.28 s,
longer than a citizen is to wait for the whole ticket's last byte (0.25 s)."""


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
