"""A hub whose machine boots again, with a clock that may have lost the time meanwhile."""

from datetime import timedelta
from pathlib import Path

from common.machine.stamp import Trust
from hub.engine.opening import open_hub
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from tests.hub.hall import CENTRE, HUB_ID, Hall
from tests.kit.clock import HandClock


class RebootingClock(HandClock):
    """A clock whose machine may boot again."""

    def reboots(self, off_s: float, *, trust: Trust) -> None:
        """Be off for so long, and begin again with a time that is trusted so far."""
        self.restart(boottime_s=12.0)
        self.wall += timedelta(seconds=off_s)
        self.trust = trust


def reopened(hall: Hall, folder: Path) -> Hall:
    """Open the hub's store once more, as its service does when it starts."""
    hall.hub.store.close()
    store = open_store_in(folder, Identity(HUB_ID, CENTRE, 0), stamp=hall.clock.now(), machine="m" * 64)
    hall.hub = open_hub(store, hall.clock, term=1, serves=True)
    return hall
