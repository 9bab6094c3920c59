"""How a flow ends before its end.

::

    FlowEnded
      WentBack      one step back; out of the first step it ends the flow
      Cancelled     the citizen ended the visit
      TimedOut      nobody answered the warning
      Interrupted   the technician came: the visit makes way
      CodeHeld      an order's code was held to the reader while something else was asked
"""

from devices.protocols import Scan


class FlowEnded(Exception):
    """Root: the flow stops here, and nothing has gone wrong."""


class WentBack(FlowEnded):
    """The citizen touched Back: the step before is asked again."""


class Cancelled(FlowEnded):
    """The citizen ended the visit."""


class TimedOut(FlowEnded):
    """Nobody was there any more."""


class Interrupted(FlowEnded):
    """The technician's gesture: the maintenance screen takes over."""


class CodeHeld(FlowEnded):
    """The citizen held an order's code to the reader while choosing something: the order comes first."""

    def __init__(self, scan: Scan) -> None:
        super().__init__()  # what was scanned is no text for a log
        self.scan = scan
