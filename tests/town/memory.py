"""When a run's garbage is looked for: at moments of the town, as looking for it all the time takes a tenth of a run."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_is_within = False


@contextmanager
def collected_at_night() -> Iterator[None]:
    """Have no garbage collected within the block but by `collect`; what lives before it is not looked at there.

    A block around many runs looks through the whole process once, and not for each of them.
    """
    global _is_within  # noqa: PLW0603 - of the whole process, as its garbage is
    was_enabled = gc.isenabled()
    if _is_within:
        yield
        collect()
        return
    gc.collect()
    gc.freeze()
    gc.disable()
    _is_within = True
    try:
        yield
    finally:
        _is_within = False
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def collect() -> None:
    """Free what nobody holds any more: between two days and two runs, so that long ones have room."""
    gc.collect()
