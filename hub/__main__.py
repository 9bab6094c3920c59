"""The entry of the `hub` command: Ctrl+C gets a sentence and exit status 1, while its modules still load too."""

import os
import signal
import sys
from types import FrameType

from hub.loading import loading


def main() -> None:
    """Run the command line. What must end in order, such as the server, puts handlers of its own over this one.

    SIGTERM is left as it is: to systemd that is a clean end, and exit status 1 a failure.
    """
    signal.signal(signal.SIGINT, _stop)
    with loading():
        from hub.commands.cli import main as run

    run()


def _stop(_number: int, _frame: FrameType | None) -> None:
    os.write(2, b"hub: stopped before it was done\n")  # past the buffer that this may have interrupted
    sys.exit(1)


if __name__ == "__main__":
    main()
