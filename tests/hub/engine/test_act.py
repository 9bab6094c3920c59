"""What one event writes down whole, what central is told of it, and pieces of work that share one transaction."""

import base64
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from common.machine.errors import StoreUnavailable
from common.protocol.envelope import QueueBody
from common.protocol.queue.event import FactName
from common.queue.standing import Counter, Ticket
from hub.engine.act import Act, Following
from hub.engine.opening import open_hub
from hub.log import tables
from hub.log.authors import life_at
from hub.log.event import Event, read_events
from hub.place.working_time import WorkingTime
from offline_store.disk import tables as store_tables
from tests.hub.hall import HUB_ID, Hall

TICKET = Ticket(
    id="00000000-0000-4000-8000-000000000001", kiosk="kiosk-1", epoch="e", kiosk_seq=3, revision=0, digest="d",
    number="A1001", service="civil-affairs", priority="none", order_id=None, day=7, queue="A", state="called",
    arrived_line=5, arrived_work=4, is_certain=True, issued_at="2026-11-25T09:00:00Z", low_s=60, high_s=600,
    told_today="doubtful", first_day="2026-11-26", last_day="2026-11-30",
)  # fmt: skip
COUNTER = Counter(number=2, state="called", version=4)

pytestmark = pytest.mark.edits_the_log


def told(hall: Hall) -> list[QueueBody]:
    items = store_tables.items.c
    with hall.hub.store.read() as connection:
        bodies = connection.scalars(select(items.body).where(items.kind == "queue").order_by(items.row)).all()
    return [msgspec.json.decode(base64.b64decode(body), type=QueueBody) for body in bodies]


def last(hall: Hall) -> Event:
    with hall.hub.store.read() as connection:
        return list(read_events(connection))[-1]


def test_an_event_says_all_of_its_moment_and_central_what_it_has_to_know(hall: Hall) -> None:
    hall.works()
    hall.passes(30)
    with hall.act() as act:
        act.clerk, act.press = "clerk-1", "press-1"
        before = act.seq
        assert act.next_seq == before + 1
        detail = {"service": "clearance"}
        seq = act.record_told(
            "called", TICKET, counter=COUNTER, documents={"clearance": 2}, reason="why", detail=detail
        )
        stamp, line_us, work_us, term = act.stamp, act.line_us, act.work_us, act.term
        assert (seq, act.seq, [one.seq for one in act.recorded]) == (before + 1, before + 1, [before + 1])
    event = last(hall)
    assert msgspec.structs.replace(event, body="") == Event(
        seq=seq, term=term, kind="called", day=7, line_us=line_us, work_us=work_us, wall_time=stamp.text,
        boot_time_ns=stamp.boot_time_ns, boot_id=stamp.boot_id, clock="synced", kiosk="kiosk-1", ticket=TICKET.id,
        number="A1001", counter=2, clerk="clerk-1", press="press-1", body="",
    )  # fmt: skip
    body = event.read_body()
    assert (body.ticket, body.counter, body.documents, body.reason) == (TICKET, COUNTER, {"clearance": 2}, "why")
    assert told(hall) == [
        QueueBody(
            "called", "kiosk-1", TICKET.id, "A1001", 2, "clerk-1", {"clearance": 2}, "why", (60, 600), "doubtful",
            "clearance", "2026-11-26", "2026-11-30", fact=FactName(act.hub_id, act.life, seq),
        )
    ]  # fmt: skip


def test_an_event_without_a_ticket_is_the_day_s_that_is_served_and_nothing_of_one_is_told(hall: Hall) -> None:
    hall.kiosks[0].give("A")
    with hall.act() as act:
        act.record_told("counter-paused", None, COUNTER)
        day = act.day
    event = last(hall)
    assert day
    assert (event.day, event.kiosk, event.ticket, event.number) == (day, None, None, None)
    assert told(hall) == [QueueBody("counter-paused", counter=2, fact=FactName(act.hub_id, act.life, act.seq))]


@pytest.mark.parametrize(
    ("low_s", "high_s", "expected"), [(60, 600, (60, 600)), (0, 600, (0, 600)), (None, 600, None), (60, None, None)]
)
def test_a_range_is_told_where_the_visitor_was_told_one(
    hall: Hall, low_s: int | None, high_s: int | None, expected: tuple[int, int] | None
) -> None:
    with hall.act() as act:
        act.record_told("missed", msgspec.structs.replace(TICKET, low_s=low_s, high_s=high_s))
    assert [one.expected_s for one in told(hall)] == [expected]


@pytest.mark.parametrize(
    ("kind", "told_as", "words"),
    [("arrived", None, []), ("arrived", "left", ["left"]), ("done", None, ["done"]), ("done", "left", ["left"])],
)
def test_central_is_told_what_it_cannot_know_otherwise(
    hall: Hall, kind: str, told_as: str | None, words: list[str]
) -> None:
    with hall.act() as act:
        act.record_told(kind, TICKET, told_as=told_as)
    assert [one.event for one in told(hall)] == words
    assert last(hall).kind == kind


def test_what_was_recalled_and_which_gifts_are_lost_is_known_from_then_on(hall: Hall) -> None:
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(recall_due=1))
    with hall.act() as act:
        assert act.is_recall_due
        act.recalled()
        act.gifts_are_lost_since(77)
        assert (act.is_recall_due, act.log_lost) == (False, 77)
    with hall.hub.read() as look:
        assert (look.is_recall_due, look.log_lost) == (False, 77)


def test_a_piece_of_work_that_fails_is_undone_alone(hall: Hall) -> None:
    def fails(act: Act) -> None:
        act.record_told("done", TICKET)
        raise ValueError("not so")

    def works(act: Act) -> int:
        return act.record_told("missed", TICKET)

    results: list[Any] = []
    with pytest.raises(ValueError, match=r"^not so$"):
        hall.hub.together(fails)
    results.append(hall.hub.together(works))
    assert [one.event for one in told(hall)] == ["missed"]
    assert results == [last(hall).seq]


def test_a_hub_that_follows_records_nothing(hall: Hall) -> None:
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role="following"))
    for work in (lambda: hall.hub.together(lambda act: act.record("done")), lambda: hall.hub.act().__enter__()):
        with pytest.raises(Following, match=r"^this hub follows another one: press there, or promote this one$"):
            work()
    with hall.hub.any_act() as act:
        assert act.role == "following"


def test_a_store_that_was_replaced_meanwhile_is_opened_again(hall: Hall) -> None:
    with hall.hub.store.write() as connection:
        connection.execute(update(store_tables.store).values(epoch="another"))
    with pytest.raises(StoreUnavailable, match=r"^the store was replaced meanwhile: open it again$"):
        hall.hub.act().__enter__()


def test_working_time_moves_once_it_is_on_the_disk(hall: Hall) -> None:
    before, other = hall.hub.work, WorkingTime()
    with hall.hub.any_act() as act:
        act.work = other
        assert hall.hub.work is before
    assert hall.hub.work is other

    class Over(BaseException):
        """The process ends."""

    def falls() -> None:
        with hall.hub.any_act() as act:
            act.work = before
            raise Over

    with pytest.raises(Over):
        falls()
    assert hall.hub.work is other


@pytest.mark.parametrize("error", [StoreUnavailable("full"), ValueError("a fault of ours")])
def test_where_nothing_can_be_written_who_asked_hears_why(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(_store: object) -> None:
        raise error

    monkeypatch.setattr(type(hall.hub.store), "write", refuse)
    with pytest.raises(type(error)) as heard:
        hall.hub.together(lambda _act: None)
    assert heard.value is error


def test_what_another_process_of_the_hub_does_is_of_the_life_that_the_log_has(hall: Hall) -> None:
    console = open_hub(hall.hub.store, hall.clock, term=1)
    with console.act() as act:
        act.record_told("counter-paused", None, COUNTER)
    assert told(hall)[-1].fact == FactName(HUB_ID, hall.hub.life, act.seq)
    with console.any_act() as act:
        act.begin_life("started", asks=False)
    with hall.act() as act:
        act.record_told("counter-paused", None, COUNTER)
        life = life_at(act.connection, act.seq)
    assert life is not None
    assert told(hall)[-1].fact == FactName(HUB_ID, life.life, act.seq), "what serves goes on in the console's life"
