"""When a run's garbage is looked for: at moments of the town, as looking for it all the time takes a tenth of a run."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected_at_night() -> Iterator[None]:
    """Have no garbage collected within the block but by `collect`; what lives before it is not looked at there."""
    was_enabled = gc.isenabled()
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
    """Free what nobody holds any more: at the end of each day, so that long runs have room."""
    gc.collect()
