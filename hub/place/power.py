"""Whether this machine runs on battery, by what Linux says of its power supplies.

The files are those of the kernel's ABI (Documentation/ABI/testing/sysfs-class-power): a text of one word each.
"""

from pathlib import Path
from typing import Final

POWER_SUPPLIES: Final = Path("/sys/class/power_supply")
_BATTERIES: Final = ("Battery", "UPS")
_SOURCES: Final = ("Mains", "USB", "Wireless")


def is_on_battery(folder: Path = POWER_SUPPLIES) -> bool:
    """Return whether a battery of the machine runs down and nothing feeds it.

    A machine without a supply that Linux knows is not on battery, and the battery of a mouse (scope `Device`) is none
    of the machine's.
    """
    try:
        supplies = [one for one in folder.iterdir() if _said(one, "scope") != "Device"]
    except OSError:
        return False
    is_fed = any(_said(one, "type") in _SOURCES and _said(one, "online") not in ("", "0") for one in supplies)
    runs_down = any(_said(one, "type") in _BATTERIES and _said(one, "status") == "Discharging" for one in supplies)
    return runs_down and not is_fed


def _said(supply: Path, name: str) -> str:
    """Return what a supply says; empty where it does not, or has just been pulled out."""
    try:
        return (supply / name).read_text("ascii", errors="replace").strip()
    except OSError:
        return ""
