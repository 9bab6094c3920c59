"""Promise 6 at a kiosk whose printer fails for a while: no paper, an open cover, a line that is gone.

The printer is played, as a driver shows one to the program; what prints, keeps the journal and marks copies is real.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from common.machine.errors import StoreError
from devices.paper import Banner, Number, Paper
from devices.protocols import DeviceState, NotPrinted, PaperState, Printed, PrinterReport, PrinterStatus, PrintResult
from devices.protocols import Unknown as NotConfirmed
from kiosk.desk.answers import Issued
from kiosk.flows.unprinted import LAST_DIGITS
from kiosk.papers.paper_content import PaperContent
from kiosk.papers.printing import Printing
from tests.town import ledger
from tests.town.loop import blocking
from tests.town.printing import found_again

if TYPE_CHECKING:
    from tests.town.kiosk import TownKiosk
    from tests.town.town import Town

AILS: Final[dict[str, DeviceState | PaperState]] = {
    "no paper": PaperState.OUT, "a jam": PaperState.JAMMED, "an open cover": DeviceState.USER_ERROR,
    "no line": DeviceState.NO_DEVICE,
}  # fmt: skip
MILLIMETRES: Final = 80
LOOKS_EVERY_S: Final = 10.0
WAITS_S: Final = 270.0  # a number without a paper is kept for five minutes


@dataclass(frozen=True)
class Sheet:
    """A paper that came out: the number that stands on it, and whether it bears the mark of a copy."""

    number: str
    is_copy: bool


class Roll:
    """A kiosk's printer; it is the same one whatever becomes of the program. See ReceiptPrinter."""

    def __init__(self) -> None:
        self.ails: str | None = None
        self.keeps_jobs = False  # it takes a job all the same, and prints it once it is mended
        self.sheets: list[Sheet] = []
        self._held: Paper | None = None

    @property
    def holds_job(self) -> bool:
        """See ReceiptPrinter."""
        return self._held is not None

    def status(self) -> PrinterStatus:
        """See ReceiptPrinter."""
        is_well = self.ails is None
        return PrinterStatus(
            DeviceState.ONLINE if is_well else DeviceState.OFFLINE, PaperState.FULL if is_well else PaperState.UNKNOWN
        )

    def print(self, paper: Paper) -> PrintResult:
        """See ReceiptPrinter."""
        self.settle()
        if self.ails is None:
            return self._comes_out(paper)
        if self.keeps_jobs and self._held is None:
            self._held = paper
            return NotConfirmed(AILS[self.ails], holds_job=True)
        return NotPrinted(AILS[self.ails])

    def settle(self, timeout_s: float = 0.0) -> PrintResult | None:
        """See ReceiptPrinter."""
        del timeout_s
        if self._held is None or self.ails is not None:
            return None
        held, self._held = self._held, None
        return self._comes_out(held)

    def _comes_out(self, paper: Paper) -> Printed:
        number = next((one.text for one in paper.ops if isinstance(one, Number)), "")
        plain = "".join(filter(str.isalnum, number))  # as people read it, whatever parts its letters and digits
        self.sheets.append(Sheet(plain, is_copy=isinstance(paper.ops[0], Banner)))
        return Printed(MILLIMETRES)

    def cancel(self) -> None:
        """See ReceiptPrinter."""
        self._held = None

    def begin_afresh(self) -> None:
        """See ReceiptPrinter."""

    def want(self, papers: Iterable[Paper]) -> None:
        """See ReceiptPrinter."""

    def store_next_graphic(self) -> bool:
        """See ReceiptPrinter."""
        return False

    def report(self) -> PrinterReport:
        """See ReceiptPrinter."""
        return PrinterReport(self.status(), "played", "none", "1", 0, 0)

    def close(self) -> None:
        """See ReceiptPrinter."""


def printing(kiosk: "TownKiosk", centre: str) -> Printing:
    """Return what prints at a kiosk, as its program has it from one start to the next."""
    content = PaperContent(catalogue=kiosk.catalogue, centre=centre, kiosk=f"{centre} {kiosk.name}")
    return Printing(kiosk.roll, kiosk.store, content, now=kiosk.clock.now)


async def fails(town: "Town", act: dict[str, Any]) -> None:
    """Let a kiosk's printer fail for a while."""
    kiosk = next(one for one in town.kiosks if one.name == act["on"])
    town.ledger.world(f"{kiosk.name}: its printer has {act['ails']} for {act['for']} s")
    kiosk.roll.ails, kiosk.roll.keeps_jobs = act["ails"], act["keeps"]
    await asyncio.sleep(act["for"])
    kiosk.roll.ails = None
    town.ledger.world(f"{kiosk.name}: its printer is mended")
    if kiosk.is_up and not kiosk.is_dying:
        await kiosk.on_it(blocking(kiosk.papers.settle))


async def prints(town: "Town", kiosk: "TownKiosk", issued: Issued, paper: ledger.Paper) -> None:
    """Have the paper of a number printed; who gets none keeps the number, and asks for it once all is well."""
    began_s, before = kiosk.since_s, len(kiosk.roll.sheets)
    try:
        outcome = await kiosk.on_it(blocking(lambda: kiosk.desk.print_ticket(issued)))
    except StoreError:
        return
    if outcome.state == "printed":
        _is_out(town, kiosk, paper, before, is_copy=False)
        return
    town.ledger.note(f"{kiosk.name}: the paper of {paper} is {outcome.state}", paper)
    town.ledger.reached["paper-failed"] += 1
    left_s = WAITS_S
    while left_s > 0 and kiosk.roll.ails is not None:
        await asyncio.sleep(LOOKS_EVERY_S)
        left_s -= LOOKS_EVERY_S
    if left_s <= 0 or kiosk.since_s != began_s or not kiosk.is_up or kiosk.is_dying:
        return
    if paper.state == "void":  # its owner took it back meanwhile
        return
    if outcome.state == "unknown" and any(one.number == paper.number for one in kiosk.roll.sheets[before:]):
        town.ledger.reached["paper-came-late"] += 1  # the printer had kept it
        return
    found = found_again(kiosk, paper)
    if found is None:
        said = f"{kiosk.name} knows no number that ends in {paper.number[-LAST_DIGITS:]} and has no paper"
        town.ledger.accuse(6, paper.number, said, "it is on the screen, and its printer works again", [paper])
        return
    before = len(kiosk.roll.sheets)
    again = await kiosk.on_it(blocking(lambda: kiosk.desk.print_ticket(found, copy=True)))
    if again.state == "printed":
        town.ledger.reached["paper-found-again"] += 1
        _is_out(town, kiosk, paper, before, is_copy=True)


def _is_out(town: "Town", kiosk: "TownKiosk", paper: ledger.Paper, before: int, *, is_copy: bool) -> None:
    """Judge that there is a sheet where its kiosk says so, with this number, and marked where it is a copy."""
    fresh = kiosk.roll.sheets[before:]
    if paper.number not in [one.number for one in fresh]:
        said = f"{kiosk.name} says that its paper is printed"
        was = f"{', '.join(one.number for one in fresh) or 'nothing'} came out"
        town.ledger.accuse(6, paper.number, said, was, [paper])
    elif is_copy and not any(one.is_copy for one in fresh if one.number == paper.number):
        said = f"{kiosk.name} prints it once more, without the mark of a copy"
        town.ledger.accuse(6, paper.number, said, "a paper of it may be in somebody's hand", [paper])


def judge(town: "Town") -> None:
    """At the end of a day: of each number one sheet at most has no mark."""
    for kiosk in town.kiosks:
        unmarked: dict[str, int] = defaultdict(int)
        for sheet in kiosk.roll.sheets:
            unmarked[sheet.number] += not sheet.is_copy
        kiosk.roll.sheets.clear()
        for number, times in unmarked.items():
            paper = town.ledger.find(town.day, number)
            if times > 1 and paper is not None:
                said = f"{kiosk.name} has printed {times} sheets of it, and marked none of these as a copy"
                town.ledger.accuse(6, number, said, "one number is one person's", [paper])
