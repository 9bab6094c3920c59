"""Which questions are carried when, what central is asked, and what a failure or an answer makes of the row."""

from datetime import timedelta
from typing import Any, cast

import msgspec
import pytest
from msgspec import UNSET
from sqlalchemy import select, update
from structlog.testing import capture_logs

from common.machine.stamp import rfc3339
from common.protocol.inquiry import Inquiry, InquiryAnswer
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryError, DeliveryRejected
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.inquiries.asking import Asked, ask
from offline_store.inquiries.carrier import Carrier
from tests.kit.clock import NOON, HandClock

ROW = tables.inquiries.c


class Line:
    """Central at the other end: keeps what it was asked, and answers or fails as it is told."""

    def __init__(self) -> None:
        self.asked: list[Inquiry] = []
        self.asked_on: list[tuple[str, int]] = []
        self.says: dict[str, Any] = {"state": "answered", "answer": {"place": 7}}
        self.fails: DeliveryError | None = None
        self.times = 0

    def time(self) -> Any:
        self.times += 1
        return NOON + timedelta(hours=1)

    def ask(self, inquiry: Inquiry) -> InquiryAnswer:
        self.asked.append(inquiry)
        return self._answer(inquiry.id)

    def ask_on(self, inquiry: str, revision: int) -> InquiryAnswer:
        self.asked_on.append((inquiry, revision))
        return self._answer(inquiry)

    def _answer(self, inquiry: str) -> InquiryAnswer:
        if self.fails is not None:
            raise self.fails
        return InquiryAnswer(**{"id": inquiry} | self.says)


class Desk:
    """A store with a carrier, by a clock that the test moves."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.line = store, HandClock(), Line()
        self.keys: dict[str, Line | None] = {}
        self.carrier = Carrier(store, self._uplink_of, self.clock)

    def _uplink_of(self, kiosk: str) -> HttpUplink | None:
        return cast("HttpUplink | None", self.keys.get(kiosk, self.line))

    def ask(self, kind: str = "claim", **values: Any) -> Asked:
        asked = ask(self.store, self.clock.now(), kind, {"at": "10:30"})
        if values:
            with self.store.write() as connection:
                connection.execute(update(tables.inquiries).where(ROW.id == asked.id).values(values))
        return asked

    def carry(self, after_s: float = 0.0) -> int:
        """Let time pass and carry what is due; return how many times central was asked."""
        self.clock.sleep(after_s)
        before = len(self.line.asked) + len(self.line.asked_on)
        self.carrier.run_once()
        return len(self.line.asked) + len(self.line.asked_on) - before

    def row(self, asked: Asked) -> tuple[str, int, Any]:
        with self.store.read() as connection:
            row = connection.execute(select(tables.inquiries).where(ROW.id == asked.id)).one()
        return row.state, row.revision, None if row.answer is None else msgspec.json.decode(row.answer)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_a_question_is_asked_whole_with_centrals_own_time(desk: Desk) -> None:
    asked = desk.ask()
    desk.clock.sleep(10)
    desk.clock.wall, desk.clock.trust = NOON + timedelta(days=900), "unknown"
    assert desk.carry() == 1
    (told,) = desk.line.asked
    assert isinstance(told.reply_key, str)
    dies_at = rfc3339(NOON + timedelta(hours=1, seconds=20))
    assert told == Inquiry(asked.id, "claim", dies_at, {"at": "10:30"}, told.reply_key, undo=False)
    assert desk.row(asked) == ("answered", 0, {"place": 7})
    desk.ask()
    desk.carry(5)
    assert desk.line.times == 1, "within a boot central's time goes on by itself"
    assert desk.line.asked[1].dies_at == rfc3339(NOON + timedelta(hours=1, seconds=30))


def test_what_is_undone_is_named_and_nothing_else_of_it(desk: Desk) -> None:
    asked = desk.ask(state="undo", boot_id="an earlier one")
    desk.line.says = {"state": "withdrawn", "answer": {"place": 7}}
    with capture_logs() as logs:
        assert desk.carry() == 1
    assert desk.line.asked == [Inquiry(asked.id, "claim", rfc3339(NOON + timedelta(hours=1)), {}, UNSET, undo=True)]
    assert desk.row(asked) == ("over", 0, None)
    assert logs == [{"event": "inquiry-undone", "log_level": "info", "kind": "claim"}]


@pytest.mark.parametrize(
    ("says", "row"),
    [
        ({"state": "answered"}, ("answered", 0, None)),
        ({"state": "refused", "answer": {"reason": "full"}}, ("refused", 0, {"reason": "full"})),
        ({"state": "withdrawn"}, ("withdrawn", 0, None)),
        ({"state": "pending", "answer": {"code": "x"}}, ("asked", 1, {"code": "x"})),
        ({"state": "pending", "answer": {"code": "x"}, "revision": 4}, ("asked", 5, {"code": "x"})),
    ],
)
def test_an_answer_makes_the_row_what_it_says(desk: Desk, says: dict[str, Any], row: tuple[str, int, Any]) -> None:
    asked = desk.ask("payment")
    desk.line.says = says
    desk.carry()
    assert desk.row(asked) == row


def test_what_is_pending_is_asked_on_at_once_and_after_half_a_second_where_nothing_is_new(desk: Desk) -> None:
    asked = desk.ask("payment")
    desk.line.says = {"state": "pending", "answer": {"code": "x"}, "revision": 2}
    assert [desk.carry(), desk.carry(), desk.carry(0.4), desk.carry(0.2)] == [1, 1, 0, 1]
    assert desk.line.asked_on == [(asked.id, 2), (asked.id, 2)]
    desk.line.says = {"state": "pending", "answer": {"code": "y"}, "revision": 1}
    desk.carry(1)
    assert desk.row(asked) == ("asked", 3, {"code": "y"}), "it never goes back"
    desk.line.fails = DeliveryDeferred("status-404", "not found")
    desk.carry(1)
    assert desk.row(asked)[:2] == ("asked", 0), "a central that was set back is asked again"
    desk.line.fails = None
    assert [desk.carry(0.4), desk.carry(0.2)] == [0, 1]
    assert len(desk.line.asked) == 2


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DeliveryRejected("status-401", "no"), "status-401"),
        (DeliveryDeferred("status-404", "no"), "not-offered"),
        (DeliveryDeferred("status-429", "no"), "busy"),
    ],
)
def test_what_people_can_be_told_is_written_down(desk: Desk, error: DeliveryError, reason: str) -> None:
    asked = desk.ask()
    desk.line.fails = error
    desk.carry()
    assert desk.row(asked) == ("failed", 0, {"reason": reason})
    assert desk.carry(1) == 0


@pytest.mark.parametrize("code", ["dns", "connection-refused", "no-route", "timeout", "tls", "certificate-dates"])
def test_two_calls_in_vain_are_no_network_and_all_else_is_tried_again(desk: Desk, code: str) -> None:
    asked, other = desk.ask(), desk.ask()
    desk.line.fails = DeliveryDeferred(code, "no")
    with desk.store.write() as connection:
        connection.execute(update(tables.inquiries).where(ROW.id == other.id).values(revision=3))
    desk.carry()
    assert desk.row(asked)[0] == "asked"
    assert desk.carry(0.5) == 2
    assert desk.row(asked) == ("failed", 0, {"reason": "no-network"})
    assert desk.row(other)[:2] == ("asked", 3), "what is pending waits on"
    desk.line.fails = DeliveryDeferred("unverified", "no")
    again = desk.ask()
    assert [desk.carry(0.5) for _ in range(4)] == [2] * 4
    assert desk.row(again)[0] == "asked"


def test_an_undo_is_asked_ever_more_seldom_and_no_refusal_ends_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = iter((1.0, 2.0, 4.0))
    monkeypatch.setattr("offline_store.inquiries.carrier.Backoff.after_failure", lambda _self: next(waits))
    asked = desk.ask(state="undo")
    desk.line.fails = DeliveryRejected("status-403", "no")
    assert [desk.carry(), desk.carry(0.9), desk.carry(0.1), desk.carry(1.9), desk.carry(0.1)] == [1, 0, 1, 0, 1]
    assert desk.row(asked)[0] == "undo"


def test_an_answer_to_another_question_is_none(desk: Desk) -> None:
    asked = desk.ask()
    desk.line.says = {"id": "5b1f6f0a-1111-4c3e-9d2a-000000000001", "state": "answered"}
    desk.carry()
    assert desk.row(asked)[0] == "asked"


def test_where_the_key_is_lost_nothing_can_be_asked(desk: Desk) -> None:
    asked = desk.ask()
    desk.keys["kiosk-0001"] = None
    assert desk.carry() == 0
    assert desk.row(asked) == ("failed", 0, {"reason": "unauthorised"})


def test_six_are_under_way_at_most_and_each_once(desk: Desk) -> None:
    for _ in range(8):
        desk.ask("seats")
    first = desk.carrier._due()
    assert len(first) == 6
    assert desk.carrier._due() == []
    for row in first[:2]:
        desk.carrier._carry(row)
    assert len(desk.line.asked) == 2
    second = desk.carrier._due()
    assert len(second) == 2
    assert not {row.id for row in first} & {row.id for row in second}


@pytest.mark.parametrize(
    ("kind", "state", "after"),
    [
        ("claim", "asked", "undo"), ("claim", "answered", "undo"), ("claim", "failed", "undo"),
        ("seats", "asked", "over"), ("seats", "answered", "over"), ("claim", "undo", "undo"),
    ],
)  # fmt: skip
def test_what_died_is_asked_no_more(desk: Desk, kind: str, state: str, after: str) -> None:
    asked = desk.ask(kind, state=state)
    desk.line.fails = DeliveryDeferred("timeout", "no")
    desk.carry(30)
    assert desk.row(asked)[0] == after
    assert len(desk.line.asked) == (1 if state == "undo" else 0)


def test_rows_are_forgotten_once_an_hour(desk: Desk) -> None:
    asked = desk.ask(state="over", asked_at=5)
    desk.carry()
    with pytest.raises(Exception, match="No row"):
        desk.row(asked)
    asked = desk.ask(state="over", asked_at=5)
    desk.carry(3599)
    assert desk.row(asked)[0] == "over"
    desk.carry(1)
    with pytest.raises(Exception, match="No row"):
        desk.row(asked)


def test_who_gave_up_meanwhile_takes_no_answer(desk: Desk) -> None:
    asked = desk.ask()
    (row,) = desk.carrier._due()
    with desk.store.write() as connection:
        connection.execute(update(tables.inquiries).values(state="undo"))
    desk.carrier._carry(row)
    assert desk.row(asked) == ("undo", 0, None)


def test_what_was_never_shown_is_undone_before_the_same_is_asked_again(desk: Desk) -> None:
    lost = desk.ask("capacity")
    desk.carry()
    with desk.store.write() as connection:
        connection.execute(update(tables.inquiries).where(ROW.id == lost.id).values(state="undo"))
    desk.line.fails = DeliveryDeferred("network", "gone")
    for _ in range(8):
        desk.carry(600)
    desk.line.fails = None
    again = desk.ask("capacity")
    desk.line.asked.clear()
    desk.carry(0.1)
    assert [(one.id, one.undo) for one in desk.line.asked] == [(lost.id, True), (again.id, False)]
