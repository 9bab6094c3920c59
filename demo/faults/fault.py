"""What a fault of the demo is: how it comes about, what the citizen meets, and how it is mended."""

from collections.abc import Callable
from dataclasses import dataclass

from demo.town import Act, Tables, do_nothing


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
        after_ticket: happens when the citizen has a number.
        mend: takes it back, and to do it twice does no harm; None where the demo cannot.
        face: the screen that stands instead of the start screen.
        refusal: the screen that answers the touch on the service.
        service: what the citizen wants.
        ends_at: the screen that stands from then on; nobody orders.
        mark: text id of a sentence that then stands on the start screen.
        takes_orders: whether a code can be held to the scanner once all is mended.
        is_delivered: whether central applies what the kiosk has accepted.
        walk: what the citizen touches before they do as everybody does; it begins and ends at the start screen.
        hesitates: whether the citizen stands before the order's screen until asked.
        at_counter: happens when the clerk begins to call.
        by_technician: whether a technician takes the kiosk out of service, and puts it back.
    """

    name: str = ""
    publish: Act = do_nothing
    prepare: Act = do_nothing
    begin: Act = do_nothing
    after_ticket: Act = do_nothing
    mend: Act | None = None
    settings: Callable[[], Tables] = dict
    face: str | None = None
    refusal: str | None = None
    service: str = "civil-affairs"
    ends_at: str | None = None
    mark: str | None = None
    takes_orders: bool = True
    is_delivered: bool = True
    walk: tuple[Step, ...] = ()
    hesitates: bool = False
    at_counter: Act = do_nothing
    by_technician: bool = False

    @property
    def is_of_device(self) -> bool:
        """Whether a simulated device does it."""
        return self.name.partition(".")[0] in ("printer", "scanner", "card-reader")

    @property
    def is_of_scanner(self) -> bool:
        """Whether it keeps codes from being read until it is mended."""
        return self.name.startswith("scanner.") and self.mend is not None
