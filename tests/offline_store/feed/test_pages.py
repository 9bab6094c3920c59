"""Which pages are news, what a row says of what was taken, and the edges at which a message is set aside."""

from typing import Any

import pytest
from sqlalchemy import Table, select, update

from common.protocol.feed_page import FeedPage
from offline_store.alarms import list_alarms
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.feed import Place, apply_page, place
from tests.kit.store import IDENTITY, stamp
from tests.offline_store.feed.test_feed import HASH, message, take

AT = stamp().unix_s


def rows(store: Store, table: Table) -> list[dict[str, Any]]:
    with store.read() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def stood(store: Store) -> dict[str, Any]:
    (row,) = rows(store, tables.feed)
    return {name: row[name] for name in ("cursor", "epoch", "through", "part", "generation")}


def page(
    through: int, *, epoch: str = "e1", snapshot: bool = False, part: int = 0, more: bool = False, **more_of: Any
) -> FeedPage:
    return FeedPage([], f"c{through}-{part}", epoch, through, snapshot, part, more, **more_of)


def test_before_a_snapshot_there_is_no_place_and_no_other_page_is_taken(store: Store) -> None:
    assert place(store) == Place(None, None)
    assert not apply_page(store, page(5), stamp())
    assert not apply_page(store, page(5, snapshot=True, part=1), stamp())
    assert apply_page(store, page(5, snapshot=True), stamp())
    assert place(store) == Place("c5-0", "e1")
    assert stood(store) == {"cursor": "c5-0", "epoch": "e1", "through": 5, "part": None, "generation": 1}


@pytest.mark.parametrize(
    ("next_page", "is_news", "cursor"),
    [
        (page(6), True, "c6-0"),
        (page(5), False, "c5-0"),
        (page(4), False, "c5-0"),
        (page(5, snapshot=True), True, "c5-0"),
        (page(4, snapshot=True), False, "c5-0"),
        (page(6, epoch="e2"), False, None),
        (page(6, snapshot=True, part=1), False, None),
        (page(2, epoch="e2", snapshot=True), True, "c2-0"),
    ],
)
def test_a_page_is_taken_that_goes_on_from_where_the_feed_was_heard(
    store: Store, next_page: FeedPage, is_news: bool, cursor: str | None
) -> None:
    assert apply_page(store, page(5, snapshot=True), stamp())
    assert apply_page(store, next_page, stamp()) is is_news
    assert place(store).cursor == cursor


def test_a_snapshot_comes_in_parts_one_after_the_other(store: Store) -> None:
    assert apply_page(store, page(5, snapshot=True, more=True), stamp())
    assert stood(store) == {"cursor": "c5-0", "epoch": "e1", "through": None, "part": 0, "generation": 1}
    assert apply_page(store, page(5, snapshot=True, part=1, more=True), stamp())
    assert (stood(store)["cursor"], stood(store)["part"]) == ("c5-1", 1)
    assert not apply_page(store, page(6), stamp()), "not before it has ended"
    assert stood(store)["cursor"] is stood(store)["part"] is None
    for part, more in ((0, True), (1, True), (2, False)):
        assert apply_page(store, page(5, snapshot=True, part=part, more=more), stamp())
    assert stood(store) == {"cursor": "c5-2", "epoch": "e1", "through": 5, "part": None, "generation": 2}
    assert not apply_page(store, page(5, snapshot=True, part=2), stamp())


def test_a_feed_that_went_back_is_an_alarm_until_it_has_caught_up_and_lacks_nothing(store: Store) -> None:
    def alarms() -> list[tuple[str, str]]:
        return [(one.code, one.detail) for one in list_alarms(store)]

    apply_page(store, page(5, snapshot=True), stamp())
    apply_page(store, page(3), stamp())
    back = [("feed-went-back", "central's feed ends at 3, this kiosk has heard 5")]
    assert alarms() == back
    gap = [{"epoch": "5b1f6f0a-1111-4c3e-9d2a-000000000001", "after": 4}]
    apply_page(store, page(6, missing=gap), stamp())
    assert alarms() == back
    apply_page(store, page(6), stamp())
    assert alarms() == []


def aside(store: Store) -> list[tuple[int, str, str]]:
    return [(row["id"], row["kind"], row["reason"]) for row in rows(store, tables.feed_set_aside)]


def test_what_cannot_be_taken_is_set_aside_whole_and_named(store: Store) -> None:
    assert take(store, message(1, "of-tomorrow", {"a": "ä"}), message(2, "settings", {"kiosk.opens": "08:00"}))
    assert rows(store, tables.feed_set_aside) == [
        {
            "id": 1, "kind": "of-tomorrow", "body": '{"a":"ä"}', "reason": "this kiosk does not know its kind",
            "received_at": AT,
        }
    ]  # fmt: skip
    assert [(one.code, one.detail) for one in list_alarms(store)] == [
        ("feed-message-set-aside", "message 1 (of-tomorrow): this kiosk does not know its kind")
    ]
    assert [row["value"] for row in rows(store, tables.settings)] == ['"08:00"'], "the rest goes on"
    take(store, message(3, "other", "x" * 70_000), message(4, "k" * 600, 1))
    found = {row["id"]: row for row in rows(store, tables.feed_set_aside)}
    assert len(found[3]["body"]) == 64 * 1024
    take(store, message(5, "settings", {"a": "b"}), snapshot=True)
    assert aside(store) == [], "it is said once more"
    assert list_alarms(store) == []


@pytest.mark.parametrize(
    ("said", "is_taken"),
    [
        ({"k" * 2000: 1}, True),
        ({"k" * 2001: 1}, False),
        ({"k": "v" * 2000}, True),
        ({"k": "v" * 2001}, False),
        ({"a": 1, "k": "v" * 2001}, False),
    ],
)
def test_settings_have_bounds_and_are_taken_all_or_not_at_all(
    store: Store, said: dict[str, Any], is_taken: bool
) -> None:
    take(store, message(1, "settings", said))
    assert len(rows(store, tables.settings)) == (len(said) if is_taken else 0)
    expected = [] if is_taken else [(1, "settings", "a setting is longer than 2000 characters")]
    assert aside(store) == expected


def test_a_setting_is_changed_by_name_and_taken_back_by_null(store: Store) -> None:
    take(store, message(1, "settings", {"a": 1, "b": ["x"]}))
    take(store, message(2, "settings", {"a": None, "b": "ä", "d": True}))
    found = {row["key"]: (row["value"], row["heard"]) for row in rows(store, tables.settings)}
    assert found == {"b": ('"ä"', 1), "d": ("true", 1)}


@pytest.mark.parametrize(
    ("services", "is_taken"),
    [
        ([{"code": "a"}, {"code": "b"}], True),
        ([], True),
        ([{"code": "a"}, {"code": "a"}], False),
        ([{"code": ""}], False),
        ([{"code": 7}], False),
        ([{"names": {}}], False),
    ],
)
def test_a_catalogue_names_each_service_once(store: Store, services: list[dict[str, Any]], is_taken: bool) -> None:
    take(store, message(1, "catalogue", {"services": [{"code": "former"}]}))
    take(store, message(2, "catalogue", {"services": services}))
    codes = [row["code"] for row in rows(store, tables.catalogue) if not row["code"].startswith("\0")]
    assert ("former" in codes) is not is_taken
    assert aside(store) == ([] if is_taken else [(2, "catalogue", "each service needs a code of its own")])


def test_a_technician_is_kept_while_he_has_a_pin_and_is_of_this_centre(store: Store) -> None:
    person = {"id": "t1", "name": "Rana", "centre": IDENTITY.centre, "role": "manager", "pin_hash": HASH}
    take(store, message(1, "technician", person))
    kept = person | {"heard": 1}
    assert rows(store, tables.technicians) == [kept]
    with store.read() as connection:
        assert connection.scalar(select(tables.store.c.first_pin_ended)) == 1
    take(store, message(2, "technician", person | {"name": "Huda", "role": "technician"}))
    assert rows(store, tables.technicians) == [kept | {"name": "Huda", "role": "technician"}]
    take(store, message(3, "technician", person | {"pin_hash": "md5"}))
    assert aside(store) == [(3, "technician", "the PIN of t1 is not kept as argon2id")]
    for number, gone in ((4, {"pin_hash": ""}), (6, {"centre": "homs-new"})):
        take(store, message(number, "technician", person | gone))
        assert rows(store, tables.technicians) == []
        take(store, message(number + 1, "technician", person))


def test_the_state_of_an_order_is_kept_whole_and_the_newest_stands(store: Store) -> None:
    order = "ab" * 16
    said = {"order": order, "number": "1234567890", "state": "ready", "at": "desk 4", "centre": "homs-main"}
    take(store, message(1, "order-state", said | {"service": "clearance"}))
    (row,) = rows(store, tables.order_states)
    assert row == {
        "order_id": order, "number": "1234567890", "state": "ready", "at": "desk 4", "centre": "homs-main",
        "service": "clearance", "heard": 1,
    }  # fmt: skip
    take(store, message(2, "order-state", said | {"state": "collected", "at": None}))
    (row,) = rows(store, tables.order_states)
    assert (row["state"], row["at"]) == ("collected", None)


def test_a_message_that_was_heard_is_not_taken_twice(store: Store) -> None:
    take(store, message(5, "settings", {"a": 1}))
    with store.write() as connection:
        connection.execute(update(tables.settings).values(value="2"))
    take(store, message(5, "settings", {"a": 1}), message(6, "settings", {"b": 1}))
    assert {row["key"]: row["value"] for row in rows(store, tables.settings)} == {"a": "2", "b": "1"}
