"""Waiting for a state of the cluster, by asking: nothing here tells when it changes."""

import time
from collections.abc import Callable
from typing import Final

LONGEST_S: Final = 240.0
"""Of a busy machine: a database that follows again is begun more than once, each time with a minute of its own."""


class NeverCame(AssertionError):
    """A state that did not come; the text names it."""


def until(is_so: Callable[[], object], state: str, *, timeout_s: float = LONGEST_S) -> None:
    """Wait until `is_so` says yes; what it raises counts as no. Raises NeverCame."""
    deadline, why = time.monotonic() + timeout_s, ""
    while time.monotonic() < deadline:
        try:
            if is_so():
                return
        except Exception as error:  # noqa: BLE001 - a machine that is down raises in as many ways as it can fail
            why = f" ({type(error).__name__}: {error})"
        time.sleep(0.3)
    raise NeverCame(f"in {timeout_s:.0f} s it never came that {state}{why}"[:1500])
