"""How payers and billers that the settings name are found and opened.

Shipped are the kinds of `SHIPPED`. Others come by entry points of the groups `homs_kiosk.payers` and `.billers`:

    [project.entry-points."homs_kiosk.payers"]
    bank = "bank_kiosk:open_payer"

which names a function that takes a `Means` and returns a `Payer` (`Biller`), or raises ValueError, ConfigError. On a
central in service its package is unpacked into `FOLDER`, which no update touches.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.keys.keys import KeyRing
from common.machine.errors import ConfigError
from common.protocol.payments.setup import Pound

FOLDER: Final = Path("/etc/central/payments")


@dataclass(frozen=True, slots=True)
class Means:
    """What an adapter is given: its name, its section but for `kind`, and what central lends it."""

    name: str
    section: Mapping[str, Any]
    folder: Path
    pound: Pound
    engine: AsyncEngine
    ring: KeyRing = field(repr=False)
    now: Callable[[], datetime] = lambda: clock.now()  # noqa: PLW0108 - a clock that is replaced is asked too

    def read[T](self, shape: type[T]) -> T:
        """Return the section as an adapter's own shape. Raises ConfigError naming the setting."""
        try:
            return msgspec.convert(dict(self.section), shape)
        except msgspec.ValidationError as error:
            raise ConfigError(f"[{self.name}]: {error}") from error

    def file(self, name: str) -> Path:
        """Return a file that a setting names."""
        return self.folder / name


def opener[T](shipped: Mapping[str, Callable[[Means], T]], group: str, kind: str) -> Callable[[Means], T]:
    """Return what opens a kind. Raises ConfigError where nothing that is installed does."""
    if kind in shipped:
        return shipped[kind]
    from importlib.metadata import entry_points  # not at every start: only for an adapter of another package

    if FOLDER.is_dir() and str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    for point in entry_points(group=group, name=kind):
        try:
            found: Callable[[Means], T] = point.load()
        except Exception as error:  # whatever another package's own code raises
            raise ConfigError(f"kind {kind!r}: its package does not load: {type(error).__name__}") from error
        return found
    raise ConfigError(f"kind {kind!r}: none of this name is installed; known are {', '.join(sorted(shipped))}")
