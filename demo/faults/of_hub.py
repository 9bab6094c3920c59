"""Faults of the centre's own server and of the fingers at its counters."""

from demo.faults.fault import Fault
from demo.town import Town


def _stop(town: Town) -> None:
    town.processes.stop("hub")


def _start(town: Town) -> None:
    town.centre.start()


def _kill(town: Town) -> None:
    """Kill the hub while the clerk works; it is started again as systemd would."""
    town.processes.kill("hub")


def _press_twice(town: Town) -> None:
    town.presses_each = 2


FAULTS: dict[str, Fault] = {
    "hub.down": Fault(begin=_stop, mend=_start),
    "hub.killed": Fault(at_counter=_kill),
    "counter.double-press": Fault(at_counter=_press_twice),
}
