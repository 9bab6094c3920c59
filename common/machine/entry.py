"""What a program's entry does before anything else: Ctrl+C gets a sentence, while its modules still load too."""

import os
import signal
import sys
from types import FrameType


def end_plainly_when_interrupted() -> None:
    """Have Ctrl+C end the process with exit status 1. What must end in order puts handlers of its own over this one.

    SIGTERM is left as it is: to systemd that is a clean end, and exit status 1 a failure.
    """
    signal.signal(signal.SIGINT, _stop)


def _stop(_number: int, _frame: FrameType | None) -> None:
    os.write(2, b"stopped before it was done\n")  # past the buffer that this may have interrupted
    sys.exit(1)
