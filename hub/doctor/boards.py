"""Whether updates come to the machines of the hall's boards, by what those say themselves."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from common.machine.doctor.finding import Finding, warning
from common.machine.stamp import Stamp
from hub.place.boards import BoardLack, lacking

_FOUND: Final[dict[BoardLack, tuple[str, str]]] = {
    "timer": ("its nightly timer is off", "systemctl enable --now board-nightly.timer"),
    "source": (
        "apt has no source of homs-board that is there",
        "board-trust centre-ca.crt https://CENTRAL central-ca.pem",
    ),
    "failed": ("its last update failed", "journalctl -u board-nightly, then systemctl start board-nightly"),
    "held": ("homs-board is held there, and not of this hub's version", "apt-mark unhold homs-board; board-update"),
}


def check_boards(data_dir: Path, now: Stamp) -> Iterator[Finding]:
    """Name each board that told lately what keeps updates away from it, with what to type there."""
    for address, lack in lacking(data_dir, now).items():
        found, todo = _FOUND[lack]
        yield warning("board's updates", f"{address}: {found}", f"on that machine: {todo}")
