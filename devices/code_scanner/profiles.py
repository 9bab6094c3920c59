"""What differs between scanners: how their line is set and which commands they know. Data, not code.

The default sends no command at all: a scanner in presentation mode reads what it sees. Commands that a profile has are
used, those it lacks are not. Sources: Honeywell N431x user guide p.169, manualslib 2798764 p.166 (SYN T CR, SYN U CR);
GM65 module manual (software trigger, 7E 00 08 01 00 02 01 AB CD); Datalogic manualshive 4170405 p.397 (E, D).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from devices.errors import ProfileError

_BAUDRATE: Final = 9600
_GAP_S: Final = 0.12  # silence that ends a frame: longer than a USB adapter's latency (16 ms), shorter than a person


@dataclass(frozen=True, slots=True)
class ScannerProfile:
    """A scanner model. Commands are sent as they are; empty ones are not sent."""

    baudrate: int = _BAUDRATE
    gap_s: float = _GAP_S
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


FILE: Final = ".toml"
type _Command = Annotated[
    str, Meta(pattern=r"^([0-9a-fA-F]{2} ?){0,64}\Z", description="up to 64 bytes in hexadecimal")
]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A profile as an installer writes it."""

    baudrate: Annotated[int, Meta(ge=300, le=921600)] = _BAUDRATE
    gap_s: Annotated[float, Meta(ge=0.02, le=5)] = _GAP_S
    trigger_on: _Command = ""
    trigger_off: _Command = ""
    light_on: _Command = ""
    light_off: _Command = ""


def load(path: str) -> ScannerProfile:
    """Return the profile of an installer's own file: TOML with the names of `ScannerProfile`, commands in hexadecimal.

    Raises:
        ProfileError: there is none, or it is wrong.
    """
    try:
        told = msgspec.toml.decode(Path(path).read_text("utf-8-sig"), type=_File)
        return ScannerProfile(told.baudrate, told.gap_s, *(bytes.fromhex(getattr(told, name)) for name in _COMMANDS))
    except OSError as error:
        raise ProfileError(f"{path}: the profile cannot be read ({error.strerror})") from error
    except ValueError as error:  # msgspec's own, bytes that are no UTF-8, a path with a NUL
        raise ProfileError(f"{path}: {error}") from error


def profile_named(name: str, options: Mapping[str, str]) -> ScannerProfile:
    """Return the named profile (`line` where the name is empty), with commands given as hexadecimal options put in.

    The name may be that of an installer's own file, which ends in `.toml`.

    Raises:
        ValueError: no such profile or option, or a command that is not hexadecimal; ProfileError for a file.
    """
    profile = load(name) if name.endswith(FILE) else PROFILES.get(name or "line")
    if profile is None:
        raise ValueError(f'scanner profile "{name}" is not known; known are: {", ".join(PROFILES)}')
    if unknown := set(options) - set(_COMMANDS):
        raise ValueError(f'scanner option "{min(unknown)}" is not known; known are: {", ".join(_COMMANDS)}')
    commands = {name: bytes.fromhex(options[name]) if name in options else getattr(profile, name) for name in _COMMANDS}
    return ScannerProfile(baudrate=profile.baudrate, gap_s=profile.gap_s, **commands)
