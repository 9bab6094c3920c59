"""Promise 6: a number whose paper broke off is found again at its kiosk, by who holds the half of it.

The printer is a few seconds of time: what is tried here is the journal, and what a kiosk knows after its power was cut.
"""

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from common.machine.errors import StoreError
from common.machine.locks import PrinterLock
from kiosk.desk.answers import Issued
from kiosk.flows.unprinted import LAST_DIGITS, ends_in
from offline_store.printed.print_journal import close_job, open_job, recover_open_jobs
from tests.town.ledger import Paper
from tests.town.loop import blocking

if TYPE_CHECKING:
    from tests.town.kiosk import TownKiosk
    from tests.town.town import Town

PRINTS_S: Final = 4.0
COMES_BACK_S: Final = 200.0  # a number without a paper is kept for five minutes
UP_FOR_S: Final = 5.0


class Printer:
    """A kiosk's printer, from one start of its program to the next."""

    def __init__(self, kiosk: "TownKiosk") -> None:
        """Begin to print: what an earlier process left open is called unknown, as `Printing.start` does."""
        self._kiosk = kiosk
        self._lock = PrinterLock(kiosk.data)
        recover_open_jobs(kiosk.store, self._lock, kiosk.clock.now())

    def begins(self, issued: Issued) -> int:
        """Write down that a paper is about to be sent."""
        return open_job(self._kiosk.store, item_id=issued.id, paper="ticket", stamp=self._kiosk.clock.now())

    def ends(self, job: int) -> None:
        """Write down that it came out."""
        with contextlib.suppress(StoreError):  # its row stays open, and is called unknown at the next start
            close_job(self._kiosk.store, job, "printed", self._kiosk.clock.now(), millimetres=80)

    def close(self) -> None:
        """Let the printer go."""
        self._lock.close()


def found_again(kiosk: "TownKiosk", paper: Paper) -> Issued | None:
    """Find a number by its last digits; who sees somebody else's types them once more."""
    others: set[str] = set()
    while (one := ends_in(paper.number[-LAST_DIGITS:], kiosk.papers.without_paper(), others)) is not None:
        if one[0].id == paper.id:
            return one[0]
        others.add(one[0].id)
    return None


async def prints(town: "Town", kiosk: "TownKiosk", issued: Issued, paper: Paper) -> None:
    """Print a number; whose paper breaks off comes back once the kiosk is lit again, and asks for it."""
    printer, began_s = kiosk.printer, kiosk.since_s
    try:
        job = await kiosk.on_it(blocking(printer.begins, issued))
    except (StoreError, OSError):
        return
    await asyncio.sleep(PRINTS_S)
    if kiosk.is_up and not kiosk.is_dying and kiosk.since_s == began_s:
        await kiosk.on_it(blocking(printer.ends, job))
        return
    town.ledger.note(f"{kiosk.name}: goes out while the paper of {paper} is printed", paper)
    town.ledger.reached["paper-broke-off"] += 1
    left_s = COMES_BACK_S
    while left_s > 0 and not (kiosk.is_up and not kiosk.is_dying and town.loop.time() - kiosk.since_s > UP_FOR_S):
        await asyncio.sleep(2.0)
        left_s -= 2.0
    if left_s <= 0 or paper.state != "waits":
        return
    if found_again(kiosk, paper) is None:
        said = f"{kiosk.name} knows no number that ends in {paper.number[-LAST_DIGITS:]} and has no paper"
        town.ledger.accuse(
            6, paper.number, said, "its power went while that was printed, and half of it came out", [paper]
        )
