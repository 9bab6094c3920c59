"""Bills that are paid by telephone: asked of central while somebody waits, kept on disk from the code's first moment.

Synchronous, for worker threads: each call ends when its question dies, or when who asked has left. A subscriber's
number is sealed to central and kept nowhere.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import msgspec
import structlog

from common.machine.errors import SealingImpossible, StoreError
from common.machine.stamp import Clock
from common.protocol.codes.issued import Unreadable
from common.protocol.codes.receipt_code import ReceiptCode
from common.protocol.payments.answers import ENDED, Begun, BillFound, PaymentNow, PaymentState
from common.protocol.payments.setup import PaymentsSetup
from kiosk.desk.answers import PaperOutcome, PaymentPaper
from kiosk.desk.others import Papers
from kiosk.desk.payments import receipts
from offline_store.delivery.connection.uplinks import time_by_central
from offline_store.disk.database import Store
from offline_store.feed.payments import payments_setup
from offline_store.inquiries import asking, payments
from offline_store.inquiries.asking import Asked, Outcome, Pending
from offline_store.inquiries.payments import Opened

AN_HOUR: Final = 30
FOUND_WITHIN_S: Final = 1800
"""So long after a cut somebody may still stand here who wants to know."""
_PAPER: Final[dict[str, payments.PaperState]] = {"printed": "printed", "failed": "not_printed", "unknown": "unknown"}
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NotPaid:
    """Why nothing was found or opened: `late`, `timed-out`, `no-network`, `enough-here`, `store`, or central's word.

    `begun`: another try of the same bill, which may give way to this one once its sentence was read.
    """

    why: str
    begun: Begun | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """A payment whose code is shown, as central last said it. `lost`: central says no more of it by this question."""

    asked: Asked
    revision: int
    now: PaymentNow
    is_over: bool = False
    lost: str | None = None


class Paying:
    """Asks for bills and payments of one kiosk, through its open store. `papers`: None where there is no printer."""

    def __init__(self, store: Store, clock: Clock, papers: Papers | None = None) -> None:
        self._store = store
        self._clock = clock
        self._papers = papers

    def setup(self) -> PaymentsSetup | None:
        """Return what can be paid here and by whom; None where nothing can, as far as central has said."""
        try:
            with self._store.read() as connection:
                setup = payments_setup(connection)
        except StoreError:
            return None
        can_pay = setup is not None and setup.payers and (setup.billers or setup.orders)
        return setup if can_pay else None

    def bill(self, biller: str, fields: Mapping[str, str], is_left: Callable[[], bool]) -> BillFound | NotPaid:
        """Return what a subscriber owes, the oldest bill first."""
        try:
            if payments.bills_of_an_hour(self._store, self._clock.now()) >= AN_HOUR:
                return NotPaid("enough-here")
            return _answer(self._final("bill", {"biller": biller}, {"fields": dict(fields)}, is_left), BillFound)
        except (StoreError, SealingImpossible) as error:
            return _not_asked("bill", error)

    def open(
        self,
        payer: str,
        is_left: Callable[[], bool],
        *,
        bill: str | None = None,
        order: str | None = None,
        instead_of: str | None = None,
    ) -> Following | NotPaid:
        """Open one try to pay a bill, or an order's fee. It is on disk before this returns it to be shown.

        `instead_of`: the try that was begun before, of which the citizen has read, and which gives way.
        """
        body: dict[str, Any] = {"payer": payer, "bill": bill} if order is None else {"payer": payer, "order": order}
        body |= {} if instead_of is None else {"instead_of": instead_of}
        revision = 0
        try:
            asked = asking.ask(self._store, self._clock.now(), "payment", body)
            while True:
                found = asking.wait(self._store, asked, self._clock, revision, is_left)
                now = _answer(found, PaymentNow)
                if isinstance(now, NotPaid):
                    return now
                revision = found.revision if isinstance(found, Pending) else revision
                if now.show or now.state not in ("inquired", "opened") or isinstance(found, Outcome):
                    payments.note(self._store, asked.id, now, self._clock.now())
                    return Following(asked, revision, now, isinstance(found, Outcome))
        except (StoreError, SealingImpossible) as error:
            return _not_asked("payment", error)

    def follow(self, paid: Following, is_left: Callable[[], bool]) -> Following:
        """Wait for the next word of central on a payment; who leaves meanwhile gets what is known."""
        while not (paid.is_over or is_left()):
            try:
                found = asking.take(self._store, paid.asked, self._clock.now(), paid.revision)
                if found is not None:
                    return self._moved(paid, found)
            except StoreError as error:
                _log.error("payment-not-followed", problem=str(error)[:200])
                return replace(paid, is_over=True, lost="store")
            time.sleep(asking.STEP_S)
        return paid

    def _moved(self, paid: Following, found: Outcome | Pending) -> Following:
        now = _answer(found, PaymentNow)
        if isinstance(now, NotPaid):
            return replace(paid, is_over=True, lost=now.why)
        # What opens a page or an app comes with the first answer; a later one may leave it out.
        now = msgspec.structs.replace(now, show=now.show or paid.now.show)
        payments.note(self._store, paid.asked.id, now, self._clock.now())
        is_over = isinstance(found, Outcome) or now.state in ENDED
        return Following(paid.asked, found.revision if isinstance(found, Pending) else paid.revision, now, is_over)

    def state(self, payment: str, is_left: Callable[[], bool]) -> PaymentNow | NotPaid:
        """Return what has become of a payment that this kiosk opened, by asking central now."""
        try:
            now = _answer(self._final("payment-state", {"payment": payment}, None, is_left), PaymentNow)
            opened = payments.opened_here(self._store, payment)
            if isinstance(now, PaymentNow) and opened is not None:
                payments.note(self._store, opened.inquiry, now, self._clock.now())
        except (StoreError, SealingImpossible) as error:
            return _not_asked("payment-state", error)
        return now

    def _final(
        self, kind: str, body: dict[str, Any], personal: dict[str, Any] | None, is_left: Callable[[], bool]
    ) -> Outcome | None:
        """Ask, and wait until the answer is central's last word: whom it asks itself may take some seconds."""
        asked, revision = asking.ask(self._store, self._clock.now(), kind, body, personal), 0
        while isinstance(found := asking.wait(self._store, asked, self._clock, revision, is_left), Pending):
            revision = found.revision
        return found

    def seconds_left(self, paid: Following) -> int:
        """Return for how long a code can be paid that is shown now: as long as its question and its bill live."""
        stamp = self._clock.now()
        left = (paid.asked.dies_ns - stamp.boot_time_ns) / 1e9
        by_central = time_by_central(self._store, self._clock)
        if by_central is not None:
            left = min(left, (datetime.fromisoformat(paid.now.dies_at) - by_central).total_seconds())
        return max(0, round(left))

    def keep(self, inquiry: str) -> None:
        """Ask for no more by a question whose code was shown: its payment ends by the payer's word to central."""
        try:
            asking.keep(self._store, inquiry)
        except StoreError as error:
            _log.error("payment-not-kept", problem=str(error)[:200])

    def may_print(self, now: PaymentNow) -> bool:
        """Return whether a receipt may print: only of what central has marked, with its seal."""
        try:
            return receipts.may_print(self._store, now)
        except StoreError:
            return False

    def print(self, paper: PaymentPaper, language: str | None = None) -> PaperOutcome:
        """Print a paper of a payment. One of a receipt that may not print is not printed, no matter who asks for it."""
        if paper.kind == "receipt" and not self.may_print(paper.now):
            _log.error("receipt-refused", payment=paper.now.payment, state=paper.now.state)
            return PaperOutcome("skipped")
        return PaperOutcome("skipped") if self._papers is None else self._papers.print_payment(paper, language=language)

    def tell(self, payment: str, state: PaymentState, paper: PaperOutcome | None = None) -> None:
        """Record what somebody was told of a payment, and on which paper."""
        on = "none" if paper is None else _PAPER.get(paper.state, "none")
        try:
            payments.told(self._store, payment, state, on, self._clock.now())
        except StoreError as error:
            _log.error("payment-not-recorded", payment=payment, problem=str(error)[:200])

    def untold(self) -> list[Opened]:
        """Return the payments of the last half hour of which nobody was told how they ended: a cut came between."""
        now = self._clock.now()
        try:
            found = payments.untold(self._store)
        except StoreError:
            return []
        if not now.tells_time:
            return found[:1]
        return [one for one in found if abs(now.unix_s - one.opened_at) <= FOUND_WITHIN_S]

    def opened_here(self, payment: str) -> Opened | None:
        """Return a payment that was opened here, None where it was not or the disk can't be read."""
        try:
            return payments.opened_here(self._store, payment)
        except StoreError:
            return None

    def judge(self, code: str) -> ReceiptCode:
        """Return what the code of a receipt is, without any network."""
        try:
            return receipts.judge(self._store, code)
        except StoreError:
            return Unreadable("the store can't be read now")


def _answer[T](found: Outcome | Pending | None, kind: type[T]) -> T | NotPaid:
    """Return what central said as a value, or why it said nothing."""
    if found is None:
        return NotPaid("left")
    if isinstance(found, Outcome) and found.fate != "answered":
        return NotPaid(str(found.answer.get("reason", found.fate)), _begun(found.answer))
    try:
        return msgspec.convert(found.answer, kind)
    except msgspec.ValidationError as error:
        _log.error("inquiry-answer-unreadable", kind=kind.__name__, problem=str(error)[:200])
        return NotPaid("unreadable")


def _begun(answer: Mapping[str, Any]) -> Begun | None:
    try:
        return msgspec.convert(answer, Begun)
    except msgspec.ValidationError:  # another reason, or a central that does not say
        return None


def _not_asked(kind: str, error: Exception) -> NotPaid:
    _log.error("inquiry-not-asked", kind=kind, problem=str(error)[:200])
    return NotPaid("store")
