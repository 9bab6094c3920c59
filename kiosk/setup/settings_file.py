"""The settings of a new kiosk as a file that a person can read and change: each value with what it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.setup.finding import Device, Printer
from kiosk.setup.panel import Panel

_NO_CARD_READER: Final = [
    "#[devices.card_reader]",
    '#driver = "magstripe"   # or rdm6300, pn532, crt591',
    '#port = "/dev/kiosk/card-reader"',
]


@dataclass(frozen=True)
class Findings:
    """What a machine turned out to have; None where nothing was found."""

    printer: Printer | None
    scanner: str | None
    devices: Mapping[str, Device]  # others that answered, by kind
    panel: Panel | None
    ups: str | None
    key_port: str | None = None


def settings_text(centre: str, central: str, ca_file: str | None, data_dir: str, found: Findings) -> str:
    """Write the settings file; what was not found stands there as a comment, with what would be right."""
    blocks = (
        ["# The settings of this kiosk, as `kiosk setup` found them; `kiosk doctor` names a wrong one with its line."],
        _kiosk(centre, data_dir),
        _central(central, ca_file),
        _screen(found.panel),
        _printer(found.printer),
        _scanner(found.scanner),
        *([] if "card_reader" in found.devices else [_NO_CARD_READER]),
        *(_device(kind, device) for kind, device in found.devices.items()),
        _key(found.key_port),
        _ups(found.ups),
        ["# For Prometheus, on this machine only.", "[metrics]", "port = 9464"],
    )
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"


def _kiosk(centre: str, data_dir: str) -> list[str]:
    said = "# As this kiosk was enrolled; another centre needs another code."
    return ["[kiosk]", said, f"centre = {_text(centre)}", f"data_dir = {_text(data_dir)}"]


def _central(url: str, ca_file: str | None) -> list[str]:
    if ca_file is None:
        return ["[central]", f"url = {_text(url)}", '#ca_file = "central-ca.pem"']
    return ["[central]", f"url = {_text(url)}", "# Only this authority is believed.", f"ca_file = {_text(ca_file)}"]


def _screen(panel: Panel | None) -> list[str]:
    if panel is None:
        said = "# The panel didn't say how large it is: put its size here, measured from corner to corner."
        return [said, "[screen]", "diagonal_in = 21.5", 'orientation = "portrait"']
    said = f"# The panel's own word: {panel.width_px} x {panel.height_px} pixels."
    return [said, "[screen]", f"diagonal_in = {panel.diagonal_in}", f"orientation = {_text(panel.orientation)}"]


def _printer(printer: Printer | None) -> list[str]:
    if printer is None:
        return ["# No printer answered on any port.", "#[devices.printer]", '#port = "/dev/kiosk/printer"']
    known = "# It named its model." if printer.is_known else "# It names no model that was tried: see the test page."
    return [
        known,
        "[devices.printer]",
        f"port = {_text(printer.port)}",
        f"profile = {_text(printer.profile)}",
        f"baudrate = {printer.baudrate}",
        "# A cable without the lines for it needs none or xon-xoff.",
        'flow_control = "rts-cts"',
        "paper_mm = 80",
    ]


def _scanner(port: str | None) -> list[str]:
    if port is None:
        said = ["# No code was scanned during set-up.", "#[devices.scanner]", '#driver = "line-scanner"']
        return [*said, '#port = "/dev/kiosk/scanner"']
    return ["[devices.scanner]", 'driver = "line-scanner"', f"port = {_text(port)}"]


def _device(kind: str, device: Device) -> list[str]:
    return [f"[devices.{kind}]", f"driver = {_text(device.driver)}", f"port = {_text(device.port)}"]


def _key(port: str | None) -> list[str]:
    said = "# A key switch between RTS and DSR of a serial port of its own."
    if port is None:
        return [said, "#[service_key]", '#port = "/dev/ttyS0"', '#line = "dsr"']
    return [said, "[service_key]", f"port = {_text(port)}", 'line = "dsr"']


def _ups(name: str | None) -> list[str]:
    said = "# A battery that Network UPS Tools watches."
    if name is None:
        return [said, "#[ups]", "#stop_orders_at = 40", "#stop_at = 20"]
    return [said, "[ups]", f"name = {_text(name)}", "stop_orders_at = 40", "stop_at = 20"]


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
