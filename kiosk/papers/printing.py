"""From a record to a paper in the hand: journal, driver, confirmation.

The journal row is on disk before the first byte goes out, and is closed with what the printer said, or with `unknown`.
A second sheet for the same record always bears the mark of a copy. A job that the printer holds (empty roll, open
cover) keeps its row open until it has come out or is lost.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Final, Self
from uuid import UUID, uuid5

import structlog

from common.city.catalogue import CASHIER
from common.machine.errors import StoreError
from common.machine.locks import PrinterLock
from common.machine.stamp import Stamp
from devices.paper import Paper
from devices.protocols import DeviceState, NotPrinted, PaperState, Printed, PrintResult, ReceiptPrinter, Unknown
from kiosk.desk.answers import Booked, Issued, OrderRecorded, PaperOutcome, PaymentPaper
from kiosk.papers import documents, payment_documents, staff_documents
from kiosk.papers.paper_content import PaperContent
from kiosk.papers.recorded import as_issued
from kiosk.prompts.ui import Trouble
from offline_store.disk.database import Store
from offline_store.issuing.business_day import ZONE
from offline_store.printed import print_journal
from offline_store.printed.without_paper import numbers_without_paper

_log = structlog.get_logger(__name__)

TROUBLE: Final[dict[str, Trouble]] = {
    PaperState.OUT: Trouble.PAPER_OUT,
    PaperState.JAMMED: Trouble.JAM,
    PaperState.UNKNOWN: Trouble.UNKNOWN,
    DeviceState.USER_ERROR: Trouble.COVER_OPEN,
    DeviceState.OFFLINE: Trouble.PRINTER_LOST,
    DeviceState.NO_DEVICE: Trouble.PRINTER_LOST,
    DeviceState.POWER_OFF: Trouble.PRINTER_LOST,
    DeviceState.STARTING: Trouble.PRINTER_LOST,
}
_UPKEEP_S = 0.5
_TURN_S = 0.02
_NO_ROW: Final = 0  # in place of a journal row; these begin with 1


class Printing:
    """Prints what the desk has recorded; implements `kiosk.desk.desk.Papers`. Its calls never raise.

    Args:
        printer: the driver; it serves any thread.
        store: the open store.
        content: composes what papers say here.
        now: gives each journal row its moment.
    """

    def __init__(
        self, printer: ReceiptPrinter, store: Store, content: PaperContent, *, now: Callable[[], Stamp]
    ) -> None:
        self._printer = printer
        self._store = store
        self._now = now
        self._content = content
        self._language = content.language
        self._lock = threading.Lock()
        self._began_ns = now().boot_time_ns
        self._held_job: int | None = None
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._upkeep: threading.Thread | None = None

    def start(self, lock: PrinterLock) -> None:
        """Call what an earlier process left open unknown, and begin the upkeep between jobs.

        Raises:
            StoreUnavailable: the store takes nothing now.
        """
        for job in print_journal.recover_open_jobs(self._store, lock, self._now()):
            _log.warning("print-interrupted", item=job.item_id, paper=job.paper)
        if print_journal.last_state(self._store) == "unknown":
            self._printer.begin_afresh()  # a paper may hang there uncut, whatever has been switched off since
        self._upkeep = threading.Thread(target=self._keep_up, name="printer upkeep", daemon=True)
        self._printer.want(self._content.usual(self._now().wall_time))
        self._wake.set()
        self._upkeep.start()

    def stop(self) -> None:
        """End the upkeep. A job that the printer still holds is called unknown at the next start."""
        self._stopping.set()
        self._wake.set()
        if self._upkeep:
            self._upkeep.join(timeout=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def print_ticket(self, ticket: Issued, *, copy: bool = False, language: str | None = None) -> PaperOutcome:
        """Print a ticket, or again as a copy."""
        content = self._content.of_ticket(ticket)
        if ticket.order_id is not None:
            paper = documents.collection_ticket(content, language or self._language)
        else:
            paper = documents.ticket(content, language or self._language)
        return self._print(ticket.id, paper, copy)

    def print_receipt(self, order: OrderRecorded, *, copy: bool = False, language: str | None = None) -> PaperOutcome:
        """Print an order's receipt; one still to be paid or to be checked is a ticket for that desk as well."""
        if order.id is None:
            return PaperOutcome("skipped")
        leading = language or self._language
        if order.ticket is not None:
            content = self._content.of_order(order, order.ticket)
            is_unpaid = order.ticket.service == CASHIER
            paper = (documents.cashier_ticket if is_unpaid else documents.checking_ticket)(content, leading)
        else:
            paper = documents.order_receipt(self._content.of_receipt(order, order.id), leading)
        return self._print(order.id, paper, copy or order.is_copy)

    def print_booked(self, booked: Booked, *, language: str | None = None) -> PaperOutcome:
        """Print an appointment's paper."""
        paper = documents.appointment(self._content.of_booked(booked), language or self._language)
        return self._print(booked.id, paper, False)

    def print_payment(self, paper: PaymentPaper, *, language: str | None = None) -> PaperOutcome:
        """Print a paper of a payment; a second one of its kind is a copy, no matter who asks.

        Of an entry that was taken out and made again the receipt has another number: no copy of the one before.
        """
        made = payment_documents.payment_paper(self._content.of_payment(paper), language or self._language)
        name = f"receipt {paper.now.receipt}" if paper.kind == "receipt" else paper.kind
        return self._print(str(uuid5(UUID(paper.now.payment), name)), made, False)

    def print_void(self, ticket: Issued, *, language: str | None = None) -> PaperOutcome:
        """Print what marks a ticket that was taken back; the record says so itself, so it is not journalled."""
        paper = documents.void_slip(self._content.of_ticket(ticket), language or self._language)
        return self._print_without_row(paper)

    def print_test_page(self, language: str | None = None) -> PaperOutcome:
        """Print the test page; it belongs to no record, so it is not journalled."""
        report = self._printer.report()
        lines = (
            f"{report.profile}  {report.fence}",
            f"{report.status.device} {report.status.paper}",
            f"graphics {report.stored_graphics} + {report.waiting_graphics}",
        )
        centre = self._content.centre_names()
        moment = self._now().local(ZONE)
        paper = staff_documents.page_for_testing(centre, self._content.kiosk, moment, lines, language or self._language)
        return self._print_without_row(paper)

    def print_counters(self, counts: Sequence[tuple[str, str]], language: str) -> PaperOutcome:
        """Print the technician's counters, each already named in this language."""
        centre = self._content.centre_names()
        moment = self._now().local(ZONE)
        paper = staff_documents.counters_report(centre, self._content.kiosk, moment, counts, language)
        return self._print_without_row(paper)

    def print_waiting_list(
        self, numbers: Sequence[tuple[str, str]], language: str, hall: str | None = None
    ) -> PaperOutcome:
        """Print who waits: each number with the time at which it was given; `hall`: see `staff_documents`."""
        centre = self._content.centre_names()
        moment = self._now().local(ZONE)
        paper = staff_documents.waiting_list(centre, self._content.kiosk, moment, numbers, language, hall=hall)
        return self._print_without_row(paper)

    def without_paper(self) -> list[tuple[Issued, Trouble]]:
        """Return the numbers of the last minutes that have no paper by the journal, and why; none where it fails."""
        try:
            found = numbers_without_paper(self._store, self._now(), self._began_ns)
        except StoreError as error:
            _log.error("print-journal", problem=str(error)[:200])
            return []
        return [
            (as_issued(one.id, one.body, one.wall_time, one.clock, one.priority), _trouble_of(one.state, one.reason))
            for one in found
        ]

    def settle(self) -> None:
        """Close the journal row of a job that the printer held, once it is known what became of it."""
        if self._held_job is None:
            return
        with self._lock:
            result = self._printer.settle()
            if result is not None and self._held_job is not None:
                self._close(self._held_job, result)
                self._held_job = None

    # --- one paper ----------------------------------------------------------------------------------------------

    def _print(self, item_id: str, paper: Paper, copy: bool) -> PaperOutcome:
        with self._lock:
            try:
                copy = copy or self._may_be_out(item_id)
                job = print_journal.open_job(
                    self._store, item_id=item_id, paper=paper.kind, stamp=self._now(), copy=copy
                )
            except StoreError as error:
                # Without its row a sheet could come out twice unmarked: the number is on the screen and stays valid.
                _log.error("print-journal", item=item_id, problem=str(error)[:200])
                return PaperOutcome("failed", Trouble.FAULT)
            result = self._sent(documents.copy_of(paper) if copy else paper, job)
        self._wake.set()
        _log.info("print", item=item_id, paper=paper.kind, copy=copy, result=type(result).__name__)
        return self._outcome(result)

    def _print_without_row(self, paper: Paper) -> PaperOutcome:
        """Print what belongs to no record; held by the printer it is waited for too, for the next one's sake."""
        with self._lock:
            result = self._sent(paper, _NO_ROW)
        self._wake.set()
        return self._outcome(result)

    def _sent(self, paper: Paper, job: int) -> PrintResult:
        """Have the printer print; close the rows of this paper and of one that it held before, as far as they end."""
        result = self._printer.print(paper)
        is_held = isinstance(result, Unknown) and result.holds_job
        if is_held or not self._printer.holds_job:  # one job is held at a time
            self._settle_earlier()
        if is_held:
            self._held_job = job
        else:
            self._close(job, result)
        return result

    def _may_be_out(self, item_id: str) -> bool:
        """Return whether a sheet for this record may be in somebody's hand already."""
        return any(job.state != "not_printed" for job in print_journal.jobs_of(self._store, item_id))

    def _settle_earlier(self) -> None:
        """The driver finishes a held job before it begins another; take what became of it."""
        if self._held_job is None:
            return
        earlier = self._printer.settle() or Unknown(PaperState.UNKNOWN)
        self._close(self._held_job, earlier)
        self._held_job = None

    def _close(self, job: int, result: PrintResult) -> None:
        if job == _NO_ROW:
            return
        try:
            match result:
                case Printed(millimetres):
                    print_journal.close_job(self._store, job, "printed", self._now(), millimetres=millimetres)
                case NotPrinted(reason):
                    print_journal.close_job(self._store, job, "not_printed", self._now(), reason=reason.value)
                case Unknown(reason):
                    print_journal.close_job(self._store, job, "unknown", self._now(), reason=reason.value)
        except StoreError as error:
            # The row stays open and becomes unknown at the next start: never a wrong `printed`.
            _log.error("print-journal", job=job, problem=str(error)[:200])

    def _outcome(self, result: PrintResult) -> PaperOutcome:
        match result:
            case Printed():
                return PaperOutcome("printed")
            case NotPrinted(reason):
                return PaperOutcome("failed", TROUBLE.get(reason, Trouble.FAULT))
            case Unknown(reason, holds_job):
                return PaperOutcome("unknown", TROUBLE.get(reason, Trouble.FAULT) if holds_job else Trouble.UNKNOWN)

    # --- between jobs -------------------------------------------------------------------------------------------

    def _keep_up(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(_UPKEEP_S if self._held_job is not None else None)
            self._wake.clear()
            if self._stopping.is_set():
                return
            self.settle()
            try:
                # One graphic at a time, so that a citizen waits for one at most. Locks are not fair: who waits for the
                # printer gets its turn in the pause, and a paper is looked for. Each paper wakes the upkeep again.
                while not (self._stopping.wait(_TURN_S) or self._lock.locked()):
                    if not self._printer.store_next_graphic():
                        break
            except OSError as error:
                _log.error("printer-graphics", problem=str(error)[:200])


def _trouble_of(state: str | None, reason: str | None) -> Trouble:
    """Return why a number has no paper, by its one print job: None where it was not even sent."""
    if state == "unknown":
        return Trouble.UNKNOWN
    return TROUBLE.get(reason or "", Trouble.FAULT)
