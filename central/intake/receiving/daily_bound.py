"""How much one machine may send in a day: far above a busy one that was without a network for a month, and no more.

A key that is stolen and not revoked yet must not fill central's disk. Beyond the bound nothing of it is taken until the
next day: what an honest machine holds back stays with it and comes then. Counted by each process, from its start.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple


class Most(NamedTuple):
    """Items, and bytes of batches, in a day."""

    items: int
    octets: int


FLOODS: Final = "machine-floods"
"""The finding of a machine of which so much came; its item is the day."""
OF_A_KIOSK: Final = Most(50_000, 200_000_000)
OF_A_HUB: Final = Most(500_000, 1_000_000_000)
"""It tells every press of a centre."""


class BeyondBound(Exception):
    """A machine has sent more today than any can have to say."""


@dataclass(slots=True)
class DailyBound:
    """What each machine has sent on the present day."""

    _day: str = ""
    _sent: dict[str, Most] = field(default_factory=dict)

    def take(self, machine: str, role: str, batch: Most, day: str) -> None:
        """Count a batch of an enrolled machine. Raises BeyondBound, and counts nothing, where it goes beyond."""
        if day != self._day:
            self._day, self._sent = day, {}
        before, most = self._sent.get(machine, Most(0, 0)), OF_A_HUB if role == "hub" else OF_A_KIOSK
        after = Most(before.items + batch.items, before.octets + batch.octets)
        if after.items > most.items or after.octets > most.octets:
            raise BeyondBound(machine)
        self._sent[machine] = after

    def give_back(self, machine: str, batch: Most, day: str) -> None:
        """Count a batch no more that was not stored after all: it comes again, and its sender is no flood for that."""
        if day == self._day and (sent := self._sent.get(machine)) is not None:
            self._sent[machine] = Most(sent.items - batch.items, sent.octets - batch.octets)
