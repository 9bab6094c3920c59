"""When a run's garbage is looked for: at moments of the town, as looking for it all the time takes a tenth of a run."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected_at_night() -> Iterator[None]:
    """Have no garbage collected within the block but by `collect`; what lives before it is not looked at there.

    A block around many runs looks through the whole process once, and not for each of them.
    """
    was_enabled = gc.isenabled()
    if not was_enabled and gc.get_freeze_count():  # within such a block
        yield
        collect()
        return
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def collect() -> None:
    """Free what nobody holds any more: between two days and two runs, so that long ones have room."""
    gc.collect()
