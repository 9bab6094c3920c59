"""What is made of central's word on a bill or payment, and of a disk that refuses; questions are answered by hand."""

import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from structlog.testing import capture_logs

from common.machine.errors import SealingImpossible, StoreUnavailable
from common.protocol.codes.issued import Unreadable
from common.protocol.payments.answers import BillFound, PaymentNow
from kiosk.desk.answers import PaperOutcome, PaymentPaper
from kiosk.desk.payments import paying, receipts
from kiosk.desk.payments.paying import Following, NotPaid, Paying
from offline_store.inquiries import asking, payments
from offline_store.inquiries.asking import Asked, Outcome, Pending
from tests.kit.clock import BOOT, HandClock

PAYMENT = "5b1f6f0a-1111-4c3e-9d2a-000000000001"
ASKED = Asked("q-1", "payment", 1_060_000_000_000, BOOT, X25519PrivateKey.generate())
NOW = PaymentNow(
    PAYMENT, "opened", "B-1", "water", "bank", 500, "SYP", "new", "2026-11-25T09:10:00Z", "2026-11-25T09:00:00Z"
)
AWAY = StoreUnavailable("z" * 300)


def said(**changes: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", msgspec.to_builtins(msgspec.structs.replace(NOW, **changes)))


class Central:
    """Gives the answers of its list in turn, and keeps what was asked and noted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: list[Any] = []
        self.did: list[tuple[Any, ...]] = []
        self.clock = HandClock()
        self.bills = 0
        self.opened: list[Any] = []
        self.by_central: Any = None
        given = self._given
        monkeypatch.setattr(asking, "ask", lambda *args: given("ask", *args[2:]) or ASKED)
        monkeypatch.setattr(asking, "wait", lambda store, asked, clock, after, left: self._next("wait", after))
        monkeypatch.setattr(asking, "take", lambda store, asked, stamp, after: self._next("take", after))
        monkeypatch.setattr(asking, "keep", lambda store, inquiry: given("keep", inquiry))
        monkeypatch.setattr(payments, "note", lambda store, inquiry, now, stamp: given("note", inquiry, now, stamp))
        monkeypatch.setattr(payments, "told", lambda store, *args: given("told", *args))
        monkeypatch.setattr(payments, "bills_of_an_hour", lambda store, stamp: given("bills") or self.bills)
        monkeypatch.setattr(payments, "opened_here", lambda store, payment: given("opened") or self.opened[0])
        monkeypatch.setattr(payments, "untold", lambda store: given("untold") or self.opened)
        monkeypatch.setattr(paying, "time_by_central", lambda store, clock: self.by_central)
        monkeypatch.setattr(time, "sleep", lambda seconds: self.did.append(("sleep", seconds)))
        self.fails: dict[str, Exception] = {}
        self.paying = Paying(cast("Any", None), self.clock)

    def _given(self, *did: Any) -> None:
        self.did.append(did)
        if did[0] in self.fails:
            raise self.fails[did[0]]

    def _next(self, *did: Any) -> Any:
        self._given(*did)
        return self.answers.pop(0)


@pytest.fixture
def central(monkeypatch: pytest.MonkeyPatch) -> Central:
    return Central(monkeypatch)


def here() -> bool:
    return False


def test_a_bill_is_waited_for_until_centrals_last_word(central: Central) -> None:
    bill = {"bill": PAYMENT, "biller": "water", "currency": "SYP", "pound": "new"}
    central.answers = [Pending(3, {}), Pending(4, {}), Outcome("refused", {"reason": "no-such-bill"})]
    assert central.paying.bill("water", {"subscriber": "7"}, here) == NotPaid("no-such-bill")
    assert central.did == [
        ("bills",), ("ask", "bill", {"biller": "water"}, {"fields": {"subscriber": "7"}}),
        ("wait", 0), ("wait", 3), ("wait", 4),
    ]  # fmt: skip
    central.answers = [Outcome("answered", {**bill, "amount": 0})]
    with capture_logs() as logs:
        assert central.paying.bill("water", {}, here) == NotPaid("unreadable")
    assert [(log["event"], log["kind"], log["log_level"]) for log in logs] == [
        ("inquiry-answer-unreadable", BillFound.__name__, "error")
    ]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (None, "left"),
        (Outcome("late"), "late"),
        (Outcome("timed-out"), "timed-out"),
        (Outcome("refused", {"reason": "no-network"}), "no-network"),
    ],
)
def test_why_nothing_was_found_is_said_by_its_word(central: Central, answer: Any, why: str) -> None:
    central.answers = [answer] * 3
    central.opened = [None]
    assert central.paying.bill("water", {}, here) == NotPaid(why)
    assert central.paying.open("bank", here, bill="b") == NotPaid(why)
    assert central.paying.state(PAYMENT, here) == NotPaid(why)
    assert not any(did[0] == "note" for did in central.did)


@pytest.mark.parametrize(("bills", "why"), [(29, "left"), (30, "enough-here"), (31, "enough-here")])
def test_of_an_hour_thirty_bills_are_asked_for(central: Central, bills: int, why: str) -> None:
    central.bills, central.answers = bills, [None]
    assert central.paying.bill("water", {}, here) == NotPaid(why)


@pytest.mark.parametrize("error", [AWAY, SealingImpossible("z" * 300)])
def test_a_question_that_cannot_be_written_or_sealed_is_not_asked(central: Central, error: Exception) -> None:
    central.fails = {"ask": error}
    with capture_logs() as logs:
        found = [
            central.paying.bill("water", {}, here),
            central.paying.open("bank", here, order="o"),
            central.paying.state(PAYMENT, here),
        ]
    assert found == [NotPaid("store")] * 3
    problem = {"event": "inquiry-not-asked", "problem": str(error)[:200], "log_level": "error"}
    assert logs == [{**problem, "kind": kind} for kind in ("bill", "payment", "payment-state")]
    assert len(str(error)) > 200


def test_a_payment_is_opened_once_it_can_be_shown_or_has_moved_on(central: Central) -> None:
    stamp = central.clock.now()
    central.answers = [Pending(1, said()), Pending(2, said(show="x"))]
    shown = msgspec.structs.replace(NOW, show="x")
    assert central.paying.open("bank", here, bill="b") == Following(ASKED, 2, shown, is_over=False)
    assert central.did == [
        ("ask", "payment", {"payer": "bank", "bill": "b"}), ("wait", 0), ("wait", 1), ("note", "q-1", shown, stamp),
    ]  # fmt: skip
    central.did.clear()
    central.answers = [Pending(1, said(state="expired"))]
    found = central.paying.open("bank", here, order="o")
    assert found == Following(ASKED, 1, msgspec.structs.replace(NOW, state="expired"), is_over=False)
    assert central.did[0] == ("ask", "payment", {"payer": "bank", "order": "o"})
    central.answers = [Pending(5, said()), Outcome("answered", said())]
    assert central.paying.open("bank", here, bill="b") == Following(ASKED, 5, NOW, is_over=True)


def test_a_payment_is_followed_to_the_next_word_and_keeps_what_opens_its_page(central: Central) -> None:
    shown = msgspec.structs.replace(NOW, show="x")
    paid = Following(ASKED, 2, shown)
    central.answers = [None, None, Pending(3, said(state="opened"))]
    assert central.paying.follow(paid, here) == Following(ASKED, 3, shown)
    step = ("sleep", asking.STEP_S)
    noted = ("note", "q-1", shown, central.clock.now())
    assert central.did == [("take", 2), step, ("take", 2), step, ("take", 2), noted]
    central.answers = [Pending(4, said(state="marked", show="y"))]
    marked = msgspec.structs.replace(NOW, state="marked", show="y")
    assert central.paying.follow(paid, here) == Following(ASKED, 4, marked, is_over=True)
    central.answers = [Outcome("answered", said())]
    assert central.paying.follow(paid, here) == Following(ASKED, 2, shown, is_over=True)
    central.answers = [Outcome("timed-out")]
    assert central.paying.follow(paid, here) == Following(ASKED, 2, shown, is_over=True, lost="timed-out")
    central.did.clear()
    assert central.paying.follow(paid, lambda: True) is paid
    over = Following(ASKED, 2, shown, is_over=True)
    assert central.paying.follow(over, here) is over
    assert central.did == []
    central.fails = {"take": AWAY}
    with capture_logs() as logs:
        assert central.paying.follow(paid, here) == Following(ASKED, 2, shown, is_over=True, lost="store")
    assert logs == [{"event": "payment-not-followed", "problem": str(AWAY)[:200], "log_level": "error"}]


def test_what_became_of_a_payment_is_noted_where_it_was_opened_here(central: Central) -> None:
    central.opened = [SimpleNamespace(inquiry="q-9")]
    central.answers = [Outcome("answered", said(state="told"))]
    told = msgspec.structs.replace(NOW, state="told")
    assert central.paying.state(PAYMENT, here) == told
    assert central.did == [
        ("ask", "payment-state", {"payment": PAYMENT}, None), ("wait", 0), ("opened",),
        ("note", "q-9", told, central.clock.now()),
    ]  # fmt: skip
    central.did.clear()
    central.opened, central.answers = [None], [Outcome("answered", said(state="told"))]
    assert central.paying.state(PAYMENT, here) == told
    assert not any(did[0] == "note" for did in central.did)


@pytest.mark.parametrize(("by_central_s", "left"), [(None, 60), (-10, 60), (541, 59), (599.6, 0), (700, 0)])
def test_a_code_can_be_paid_as_long_as_its_question_and_its_bill_live(
    central: Central, by_central_s: float | None, left: int
) -> None:
    if by_central_s is not None:
        central.by_central = central.clock.wall + timedelta(seconds=by_central_s)
    assert central.paying.seconds_left(Following(ASKED, 1, NOW)) == left
    central.clock.pass_time(seconds=61)
    assert central.paying.seconds_left(Following(ASKED, 1, NOW)) == 0


def test_of_the_last_half_hour_is_told_what_nobody_heard_and_without_a_clock_the_first_alone(central: Central) -> None:
    now = central.clock.now().unix_s
    central.opened = [SimpleNamespace(opened_at=now + at) for at in (-1801, -1800, 0, 1800, 1801)]
    assert [one.opened_at - now for one in central.paying.untold()] == [-1800, 0, 1800]
    central.clock.trust = "unknown"
    assert central.paying.untold() == central.opened[:1]
    assert central.paying.opened_here(PAYMENT) is central.opened[0]
    central.fails = {"untold": AWAY, "opened": AWAY}
    assert (central.paying.untold(), central.paying.opened_here(PAYMENT)) == ([], None)


@pytest.mark.parametrize(
    ("paper", "on"),
    [(None, "none"), ("printed", "printed"), ("failed", "not_printed"), ("unknown", "unknown"), ("skipped", "none")],
)
def test_what_somebody_was_told_is_recorded_with_its_paper(central: Central, paper: Any, on: str) -> None:
    outcome = None if paper is None else PaperOutcome(paper)
    central.paying.tell(PAYMENT, "told", outcome)
    central.paying.keep("q-1")
    assert central.did == [("told", PAYMENT, "told", on, central.clock.now()), ("keep", "q-1")]
    central.fails = {"told": AWAY, "keep": AWAY}
    with capture_logs() as logs:
        central.paying.tell(PAYMENT, "told", outcome)
        central.paying.keep("q-1")
    problem = {"problem": str(AWAY)[:200], "log_level": "error"}
    assert logs == [
        {"event": "payment-not-recorded", "payment": PAYMENT, **problem}, {"event": "payment-not-kept", **problem},
    ]  # fmt: skip


def test_a_receipt_prints_only_where_it_may_and_other_papers_always(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[tuple[str, str | None]] = []

    def print_payment(paper: PaymentPaper, *, language: str | None) -> PaperOutcome:
        printed.append((paper.kind, language))
        return PaperOutcome("printed")

    papers = cast("Any", SimpleNamespace(print_payment=print_payment))
    desk = Paying(cast("Any", None), central.clock, papers)
    receipt, bank = PaymentPaper("receipt", NOW), PaymentPaper("bank", NOW)
    monkeypatch.setattr(receipts, "may_print", lambda *_: True)
    assert [desk.print(receipt, "en"), desk.print(bank)] == [PaperOutcome("printed")] * 2
    assert central.paying.print(bank) == PaperOutcome("skipped")
    monkeypatch.setattr(receipts, "may_print", lambda *_: False)
    with capture_logs() as logs:
        assert [desk.print(receipt), desk.print(bank)] == [PaperOutcome("skipped"), PaperOutcome("printed")]
    assert logs == [{"event": "receipt-refused", "payment": PAYMENT, "state": "opened", "log_level": "error"}]
    assert printed == [("receipt", "en"), ("bank", None), ("bank", None)]

    def away(*_: object) -> bool:
        raise AWAY

    monkeypatch.setattr(receipts, "may_print", away)
    monkeypatch.setattr(receipts, "judge", away)
    assert desk.may_print(NOW) is False
    assert desk.judge("x") == Unreadable("the store can't be read now")
