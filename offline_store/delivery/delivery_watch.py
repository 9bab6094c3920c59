"""What ends the forwarder's wait early: new items or questions, somebody who asks, a link that comes back.

Costs a PRAGMA and a look at /sys a step; only where somebody has changed the file is the store asked what there is.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from common.machine.errors import StoreDamaged, StoreUnavailable
from offline_store.delivery.delivery_status import try_now_count
from offline_store.delivery.dispatch import has_waiting
from offline_store.delivery.order_questions import has_new_question
from offline_store.disk.changes import Changes
from offline_store.disk.database import Store

STEP_S: Final = 0.25
NETWORK_INTERFACES: Final = Path("/sys/class/net")
ROUTES: Final = Path("/proc/net/route")


def network_links() -> frozenset[str]:
    """Return the interfaces that are up (operstate of Linux's ABI/testing/sysfs-class-net) and the default routes."""
    found = set()
    for interface in NETWORK_INTERFACES.glob("*/operstate"):
        try:
            if interface.parent.name != "lo" and interface.read_text(encoding="ascii").strip() == "up":
                found.add(interface.parent.name)
        except OSError:
            continue  # unplugged between the two looks
    try:
        lines = ROUTES.read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        lines = []
    # Fields: Iface Destination Gateway ...; destination 0 is the default route.
    found |= {f"default via {line.split()[0]}" for line in lines if line.split()[1:2] == ["00000000"]}
    return frozenset(found)


class DeliveryWatch:
    """Watches on behalf of one forwarder, in its thread."""

    def __init__(self, store: Store, links: Callable[[], frozenset[str]] = network_links) -> None:
        """Begin to watch; what there is already is no news."""
        self._store = store
        self._links_now = links
        self._links = links()
        self._asked = try_now_count(store)
        self._changes = Changes(store)
        self._for_links = self._for_work = True

    def start(self, *, for_links: bool, for_work: bool) -> None:
        """A wait begins, which a link that comes up ends, or a new item or question. Somebody who asks ends any."""
        self._for_links, self._for_work = for_links, for_work
        self._changes.begin()  # what came during the round counts too

    def should_try(self) -> bool:
        """Return whether to try at once. Raises StoreDamaged."""
        links, before = self._links_now(), self._links
        self._links = links
        try:
            return (self._for_links and bool(links - before)) or (self._changes.have_come() and self._is_wanted())
        except StoreDamaged:
            raise
        except StoreUnavailable:
            return False  # the next round will say what ails the store

    def close(self) -> None:
        """Give the connection back."""
        self._changes.close()

    def _is_wanted(self) -> bool:
        asked, before = try_now_count(self._store), self._asked
        self._asked = asked
        return asked != before or (self._for_work and (has_waiting(self._store) or has_new_question(self._store)))
