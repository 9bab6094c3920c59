"""What can go wrong in the demo: `DEVICE.FAULT` by name, how it comes about and how it is mended.

Each comes about for real: through a simulated device, a stopped process, the store's file, the feed or a setting.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kiosk.demo.fault_names import FAULTS

if TYPE_CHECKING:
    from kiosk.demo.town import Town

type Act = Callable[["Town"], None]
type Tables = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """One touch of a citizen on a way of their own, and the screen that answers it."""

    touch: str
    screen: str


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong, or otherwise than usual.

    Attributes:
        name: as in `fault_names`.
        publish: puts into the feed what the kiosk is to take in before it starts.
        prepare: changes the enrolled kiosk before it starts.
        begin: happens while the start screen stands.
        mend: takes it back; None where the demo cannot.
        face: the screen that stands instead of the start screen.
        refusal: the screen that answers the touch on the service.
        service: what the citizen wants.
        mark: text id of a sentence that then stands on the start screen.
        takes_orders: whether a code can be held to the scanner once all is mended.
        is_delivered: whether central applies what the kiosk has accepted.
        walk: what the citizen touches before they do as everybody does; it begins and ends at the start screen.
        hesitates: whether the citizen stands before the order's screen until asked.
        by_technician: whether a technician takes the kiosk out of service, and puts it back.
    """

    name: str = ""
    publish: Act | None = None
    prepare: Act | None = None
    begin: Act | None = None
    mend: Act | None = None
    settings: Callable[[], Tables] = dict
    face: str | None = None
    refusal: str | None = None
    service: str = "civil-affairs"
    mark: str | None = None
    takes_orders: bool = True
    is_delivered: bool = True
    walk: tuple[Step, ...] = ()
    hesitates: bool = False
    by_technician: bool = False

    @property
    def is_of_device(self) -> bool:
        """Whether a simulated device does it."""
        return self.name.partition(".")[0] in ("printer", "scanner", "card-reader")

    @property
    def is_of_scanner(self) -> bool:
        """Whether it keeps codes from being read until it is mended."""
        return self.name.startswith("scanner.") and self.mend is not None


def known() -> Mapping[str, Fault]:
    """Return every fault by its name, in the order in which the help lists them."""
    from kiosk.demo import (
        faults_of_central,
        faults_of_citizens,
        faults_of_devices,
        faults_of_kiosk,
        faults_of_orders,
    )

    parts = (faults_of_devices, faults_of_central, faults_of_kiosk, faults_of_citizens, faults_of_orders)
    made = {name: fault for part in parts for name, fault in part.FAULTS.items()}
    return {name: replace(made[name], name=name) for name in FAULTS}
