"""Drivers that other packages bring: a reader of another maker's needs no change here, only an entry point there.

In that package's pyproject.toml, for a card reader:

    [project.entry-points."homs_kiosk.card_readers"]
    acr122 = "acr122_kiosk:open_acr122"

which names a function that takes DeviceSettings and returns the driver (devices/protocols.py), or raises
DeviceUnavailable. On a kiosk the package is unpacked into `DRIVERS`, which no update touches and each version looks
into; in a checkout it is installed into the environment. `driver = "acr122"` is then a driver like the others.
`devices.contract` is what its maker tests it by. Where the device answers for itself, its `devices.question.Question`
is named by `homs_kiosk.card_reader_questions` under the driver's name, and `kiosk setup` finds it.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

DRIVERS: Final = Path("/etc/kiosk/drivers")
"""Where packages with drivers lie on a kiosk: root's, so that nobody else brings code in."""


def installed(kind: str, what: str = "") -> dict[str, "EntryPoint"]:
    """Return the drivers of a kind (`registry.KINDS`) that other packages bring, by name; none is imported.

    With `what` = "question": by what their devices are found.
    """
    from importlib.metadata import entry_points  # not at every start: only for a driver of another package

    if DRIVERS.is_dir() and str(DRIVERS) not in sys.path:
        sys.path.append(str(DRIVERS))  # last: nothing there takes the place of a module of ours
    group = f"homs_kiosk.{kind}_{what}s" if what else f"homs_kiosk.{kind}s"
    return {point.name: point for point in entry_points(group=group)}
