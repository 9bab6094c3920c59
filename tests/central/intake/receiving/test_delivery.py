"""What is read out of a batch before the database sees it: each arrival whole, and what is no batch by its place."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from central.intake.receiving.delivery import Arrival, Reports, UnreadableBatch, examine, read_batch
from common.protocol.envelope import Asked, Item, item_hash
from common.protocol.queue.call import WaitingList

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
ID = "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11"
EPOCH = "0f0e21a4-56dd-4e51-8f66-3e3b0a3f6c11"
TICKET = {"number": "A3007", "service": "civil-affairs", "business_day": "2026-11-25", "priority": "none"}
SEALED = {"kid": "00112233", "data": base64.b64encode(bytes(64)).decode()}


def item(kind: str = "ticket", body: object = None, **more: Any) -> Item:
    content = base64.b64encode(msgspec.json.encode(TICKET if body is None else body)).decode()
    made = Item(ID, 7, EPOCH, kind, "2026-11-25T09:00:00.000000Z", 1, "b", "synced", content, "0" * 64, "")
    made = msgspec.structs.replace(made, **more)
    return msgspec.structs.replace(made, hash=item_hash("kiosk-1", made))


def examined(made: Item, **more: Any) -> None:
    assert examine("kiosk-1", made, NOW) == Arrival(made.id, made.hash, made, **more)


@pytest.mark.parametrize(
    ("number", "digit"), [("A3007", 3), ("3007", 3), ("A10000", 1), ("A300", None), ("AB3007", None), ("a3007", None)]
)
def test_a_tickets_number_tells_which_kiosks_it_is(number: str, digit: int | None) -> None:
    examined(item(body=TICKET | {"number": number}), digit=digit)


@pytest.mark.parametrize("clock", ["synced", "restored", "untrusted"])
def test_what_a_kiosk_may_say_of_its_clock_is_taken(clock: str) -> None:
    examined(item(clock=clock), digit=3)


def test_an_item_that_cannot_be_used_is_kept_or_refused_by_its_reason() -> None:
    examined(item(clock="guessed"), quarantine="unknown-clock")
    examined(item("no-such-kind"), quarantine="unknown-kind")
    examined(item(body={}), quarantine="unreadable-body")
    altered = msgspec.structs.replace(item(), body="e30=")
    examined(altered, refused="bad-hash")
    other = item()
    assert examine("kiosk-2", other, NOW) == Arrival(ID, other.hash, other, refused="bad-hash")


@pytest.mark.parametrize(
    ("clock", "wall_time", "odd"),
    [
        ("synced", "2027-01-15T08:00:00Z", None),  # 45 days on
        ("synced", "2027-01-15T08:00:01Z", "unlikely-time"),
        ("restored", "2019-12-31T23:59:59Z", "unlikely-time"),
        ("restored", "2020-01-01T00:00:00Z", None),
        ("untrusted", "1970-01-01T00:00:03Z", None),
        ("untrusted", "2091-01-01T00:00:00Z", None),
        ("untrusted", "!", "unreadable-time"),
        ("synced", "2026-12-01T08:00:00", "unreadable-time"),
        ("synced", "2026-02-30T08:00:00Z", "unreadable-time"),
    ],
)
def test_an_item_of_no_time_is_kept_apart_by_name(clock: str, wall_time: str, odd: str | None) -> None:
    how = {"digit": 3} if odd is None else {"quarantine": odd}
    examined(item(clock=clock, wall_time=wall_time), **how)


@pytest.mark.parametrize(
    ("day", "odd"),
    [
        ("2020-01-01", None),
        ("2027-01-15", None),
        ("2027-01-16", "unlikely-day"),
        ("2099-12-31", "unlikely-day"),
        ("2026-11-00", "unreadable-body"),
        ("9999-12-31", "unreadable-body"),
    ],
)
def test_a_ticket_of_no_day_is_kept_apart_by_name(day: str, odd: str | None) -> None:
    how = {"digit": 3} if odd is None else {"quarantine": odd}
    examined(item(body=TICKET | {"business_day": day}), **how)


def test_a_place_counts_for_some_weeks_at_most() -> None:
    carried = {"event": "carried", "first_day": "2026-12-02", "last_day": "2027-03-01"}
    examined(item("queue", carried))
    examined(item("queue", carried | {"last_day": "2027-03-02"}), quarantine="unlikely-day")


NOW_LIST: dict[str, Any] = {
    "at": "2026-12-01T10:00:00+03:00", "business_day": "2026-12-01", "term": 7, "waiting": {"A": 3}, "tickets": [],
    "seq": 40,
}  # fmt: skip
BARE = WaitingList("2026-12-01T08:00:00.000000Z", "2026-12-01", 7, {}, seq=40)


def stopped(since: object) -> dict[str, Any]:
    services = [{"service": "civil-affairs", "state": "interrupted", "since": since}]
    return NOW_LIST | {"now": {"state": "open", "services": services, "groups": {}}}


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (NOW_LIST, msgspec.convert(NOW_LIST, WaitingList)),
        (NOW_LIST | {"at": "2026-11-30T07:59:59Z"}, BARE),
        (NOW_LIST | {"at": "2026-12-02T08:00:01Z"}, BARE),
        (NOW_LIST | {"business_day": "2027-01-16"}, BARE),
        (stopped("2026-11-01T00:00:00Z"), msgspec.convert(stopped("2026-11-01T00:00:00Z"), WaitingList)),
        (stopped("2026-12-02T08:00:01Z"), BARE),
        *(
            (stopped(odd), msgspec.UNSET)
            for odd in ("2026-02-30T00:00:00Z", "2026-12-01T00:00:00+29:59", "0000-01-01", 7)
        ),
        (NOW_LIST | {"board_silent_s": 2**62}, msgspec.UNSET),
        ([], msgspec.UNSET),
    ],
)
def test_a_hub_s_word_that_cannot_be_of_now_costs_itself_alone(said: object, left: object) -> None:
    good = item()
    content = msgspec.json.encode({"items": [good], "health": {"version": "1.1.0"}, "waiting": said})
    arrivals, reports = read_batch("kiosk-1", content, NOW)
    assert arrivals == [Arrival(ID, good.hash, good, digit=3)]
    assert (reports.waiting, reports.is_odd) == (left, left in (BARE, msgspec.UNSET))
    assert reports.health == {"version": "1.1.0"}


def test_an_order_says_its_id_and_whether_anything_in_it_is_sealed() -> None:
    order: dict[str, Any] = {"outcome": "accepted", "order_id": "0f" * 16}
    examined(item("order", order), order_id="0f" * 16)
    examined(item("order", order | {"sealed": SEALED}), order_id="0f" * 16, is_sealed=True)
    examined(item("order", {"outcome": "unreadable", "sealed": SEALED}), is_sealed=True)


def test_an_audit_item_tells_what_central_has_to_act_upon_alone() -> None:
    examined(item("audit", {"event": "kiosk-revoked", "detail": {}}), is_last_word=True)
    examined(item("audit", {"event": "started", "detail": {"kid": "00ff"}}))
    lacked = {"event": "app-key-revocation-lacked", "detail": {"kid": "00ff", "revoked_at": 9}}
    examined(item("audit", lacked), told="00ff 9")
    long = lacked | {"detail": {"kid": "x" * 300}}
    examined(item("audit", long), told="x" * 200)


def test_a_batch_is_its_items_in_order_and_what_is_said_beside_them() -> None:
    good = item()
    odd = b'{"id": "%s", "seq": "seven\\u0000"}' % ID.encode()
    content = b'{"items": [%s, %s], "asked": [{"id": "%s", "hash": "%s"}], "health": {"version": "1.1.0"}}' % (
        msgspec.json.encode(good), odd, ID.encode(), b"0" * 64,
    )  # fmt: skip
    arrivals, reports = read_batch("kiosk-1", content, NOW)
    raw = odd.decode().replace("\\u0000", "\\\\u0000")
    assert arrivals == [
        Arrival(ID, good.hash, good, digit=3),
        Arrival(ID, hashlib.sha256(odd).hexdigest(), raw=raw, quarantine="unreadable-item"),
    ]
    assert [one.place for one in arrivals] == [(EPOCH, 7), ("", 0)]
    said = Reports(health={"version": "1.1.0"}, asked=[Asked(ID, "0" * 64)])
    assert {name: getattr(reports, name) for name in Reports.__struct_fields__} == msgspec.structs.asdict(said)
    assert read_batch("kiosk-1", b'{"items": []}', NOW)[0] == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "truncated"),
        (b"[]", "array"),
        (b"{}", "items"),
        (b'{"items": ["\xff"]}', "items|utf"),
        (b'{"items": [{}, {}]}', r"^items\[0\]: "),
        (b'{"items": [%s, {"id": "5B0E21A4-56dd-4e51-8f66-3e3b0a3f6c11"}]}' % msgspec.json.encode(item()),
         r"^items\[1\]: "),
        (b'{"items": [%s]}' % b",".join([b"{}"] * 101), "100"),
    ],
)  # fmt: skip
def test_what_is_no_batch_is_named_by_its_place(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableBatch, match=why):
        read_batch("kiosk-1", content, NOW)
