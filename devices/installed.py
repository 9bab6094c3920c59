"""Drivers that other packages bring: a reader of another maker's needs no change here, only an entry point there.

In that package's pyproject.toml, for a card reader:

    [project.entry-points."homs_kiosk.card_readers"]
    acr122 = "acr122_kiosk:open_acr122"

which names a function that takes DeviceSettings and returns the driver (devices/protocols.py), or raises
DeviceUnavailable. Installed into the kiosk's environment, `driver = "acr122"` is a driver like the others.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


def installed(kind: str) -> dict[str, "EntryPoint"]:
    """Return the drivers of a kind (`registry.KINDS`) that other packages bring, by name; none is imported."""
    from importlib.metadata import entry_points  # not at every start: only for a driver of another package

    return {point.name: point for point in entry_points(group=f"homs_kiosk.{kind}s")}
