"""What the configuration says of one device: the one thing that drivers and the registry both know."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from devices.transport import FlowControl

PICTURES: Final = ("pictures", "yes")
"""The printer's option to send everything as pictures, where its own letters or codes are not to be relied on."""


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """What the configuration says of one device. `options` are the driver's own, such as a code's terminator.

    `state_dir` is where a driver may keep what must outlive a restart, such as how often it wrote to the printer's
    flash.
    """

    driver: str
    port: str
    baudrate: int | None = None
    flow_control: FlowControl | None = None
    profile: str = ""
    paper_mm: int = 80
    state_dir: Path | None = None
    options: tuple[tuple[str, str], ...] = ()
