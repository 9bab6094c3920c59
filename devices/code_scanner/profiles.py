"""What differs between scanners: how their line is set and which commands they know. Data, not code.

The default sends no command at all: a scanner in presentation mode reads what it sees. Commands that a profile has are
used, those it lacks are not. Sources: Honeywell N431x user guide p.169, manualslib 2798764 p.166 (SYN T CR, SYN U CR);
GM65 module manual (software trigger, 7E 00 08 01 00 02 01 AB CD); Datalogic manualshive 4170405 p.397 (E, D).
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScannerProfile:
    """A scanner model. Commands are sent as they are; empty ones are not sent."""

    baudrate: int = 9600
    gap_s: float = 0.12  # silence that ends a frame: longer than a USB adapter's latency (16 ms), shorter than a person
    trigger_on: bytes = b""
    trigger_off: bytes = b""
    light_on: bytes = b""
    light_off: bytes = b""


PROFILES: dict[str, ScannerProfile] = {
    "line": ScannerProfile(),
    "honeywell": ScannerProfile(
        trigger_on=b"\x16T\r", trigger_off=b"\x16U\r", light_on=b"\x16M\rSCNLED1!", light_off=b"\x16M\rSCNLED0!"
    ),
    "gm65": ScannerProfile(trigger_on=bytes.fromhex("7e000801000201abcd")),
    "datalogic": ScannerProfile(trigger_on=b"E", trigger_off=b"D"),
}

_COMMANDS = ("trigger_on", "trigger_off", "light_on", "light_off")


def profile_named(name: str, options: Mapping[str, str]) -> ScannerProfile:
    """Return the named profile (`line` where the name is empty), with commands given as hexadecimal options put in.

    Raises:
        ValueError: no such profile or option, or a command that is not hexadecimal.
    """
    profile = PROFILES.get(name or "line")
    if profile is None:
        raise ValueError(f'scanner profile "{name}" is not known; known are: {", ".join(PROFILES)}')
    if unknown := set(options) - set(_COMMANDS):
        raise ValueError(f'scanner option "{min(unknown)}" is not known; known are: {", ".join(_COMMANDS)}')
    commands = {name: bytes.fromhex(options[name]) if name in options else getattr(profile, name) for name in _COMMANDS}
    return ScannerProfile(baudrate=profile.baudrate, gap_s=profile.gap_s, **commands)
