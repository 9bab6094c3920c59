"""Drawing a PDF in a command: what is missing on this machine is said as that, not as a file that can't be written."""

from collections.abc import Callable

from common.machine.errors import CannotBeDone


def drawn(draw: Callable[[], bytes]) -> bytes:
    """Return what `draw` draws. Raises CannotBeDone where a library that it draws with can't be loaded."""
    try:
        return draw()
    except OSError as error:
        raise CannotBeDone(f"can't be drawn on this machine: {error}") from error
