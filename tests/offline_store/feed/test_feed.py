"""What central says is taken once, in order, whole or not at all; and nothing that was taken back comes again."""

import base64
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from sqlalchemy import Table, select

from common.protocol.feed_message import (
    AppKey,
    BusinessDay,
    Catalogue,
    CentralKeyRecord,
    CentralKeys,
    CentreNames,
    Clerks,
    Counters,
    Hubs,
    Kiosks,
    OrderState,
    Technician,
)
from common.protocol.feed_page import FeedMessage, FeedPage
from offline_store.alarms import list_alarms
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.catalogue import published
from offline_store.feed.centre import centre_names, said_of_centre
from offline_store.feed.feed import apply_page, place
from offline_store.issuing.sealing import current_sealing_key
from tests.kit.store import stamp

KEY_A, KEY_B = (base64.b64encode(letter * 32).decode() for letter in (b"a", b"b"))


HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2g"


def message(number: int, kind: str, body: Any) -> FeedMessage:
    return FeedMessage(number, kind, msgspec.Raw(msgspec.json.encode(body)))


def take(
    store: Store,
    *messages: FeedMessage,
    snapshot: bool = False,
    end: int | None = None,
    epoch: str = "e1",
    part: int = 0,
    more: bool = False,
) -> bool:
    """Take a page. The first one of a store is a snapshot in any case, as central answers who has no cursor."""
    through = messages[-1].id if end is None else end
    first = place(store).cursor is None
    page = FeedPage(list(messages), f"{epoch}:{through}:{part}", epoch, through, snapshot or first, part, more)
    return apply_page(store, page, stamp())


def through(store: Store) -> int | None:
    (row,) = rows(store, tables.feed)
    found: int | None = row.through
    return found


def rows(store: Store, table: Table) -> Sequence[Any]:
    with store.read() as connection:
        return connection.execute(select(table)).all()


def app_key(store: Store, kid: str = "00a1") -> Any:
    (row,) = [row for row in rows(store, tables.app_keys) if row.kid == kid]
    return row


def test_each_kind_reaches_its_table(store: Store) -> None:
    services = [{"code": "water-bill", "prefix": "C"}, {"code": "lease-copy", "prefix": "B"}]
    take(
        store,
        message(1, "catalogue", Catalogue(services)),
        message(2, "app-key", AppKey("00a1", KEY_A, 10, 20)),
        message(3, "order-state", OrderState("ab" * 16, "ready", "1234567890", at="2026-11-25", centre="homs-main")),
        message(4, "settings", {"help": True, "tiles": 4}),
        message(5, "technician", Technician("t-1", "Rana", "homs-main", "manager", HASH)),
        message(6, "business-day", BusinessDay("2026-11-30", 7)),
    )
    assert through(store) == 6
    assert [(row.code, msgspec.json.decode(row.entry)) for row in rows(store, tables.catalogue)] == [
        ("water-bill", services[0]),
        ("lease-copy", services[1]),
    ]
    assert (app_key(store).valid_from, app_key(store).valid_until, app_key(store).revoked_at) == (10, 20, None)
    assert [(row.order_id, row.state, row.number) for row in rows(store, tables.order_states)] == [
        ("ab" * 16, "ready", "1234567890")
    ]
    assert {row.key: row.value for row in rows(store, tables.settings)} == {"help": "true", "tiles": "4"}
    assert [(row.id, row.role) for row in rows(store, tables.technicians)] == [("t-1", "manager")]
    assert rows(store, tables.business_days)[-1].date == "2026-11-30"
    assert rows(store, tables.feed_set_aside) == []


def test_the_newest_word_on_the_centre_stands_and_a_snapshot_without_it_takes_it_away(store: Store) -> None:
    counters = {"centre": "homs-main", "counters": [{"number": 3, "names": {"ar": "ثلاثة"}, "groups": ["A"]}]}
    take(store, message(1, "counters", counters), message(2, "clerks", {"centre": "homs-main", "clerks": []}))
    take(store, message(3, "counters", counters | {"rules": {"priority_weight": 3}}))
    with store.read() as connection:
        said = said_of_centre(connection, Counters)
        assert said is not None
        assert (said[0].rules.priority_weight, said[0].counters[0].groups, said[1]) == (3, ["A"], 3)
    take(store, message(4, "hubs", {"centre": "homs-main", "hubs": []}), snapshot=True)
    with store.read() as connection:
        assert said_of_centre(connection, Counters) is None
        assert said_of_centre(connection, Clerks) is None
        assert said_of_centre(connection, Hubs) == (Hubs("homs-main", []), 4)


def test_the_word_on_another_centre_is_set_aside(store: Store) -> None:
    take(store, message(1, "kiosks", {"centre": "homs-new", "kiosks": []}))
    with store.read() as connection:
        assert said_of_centre(connection, Kiosks) is None
    assert [row.kind for row in rows(store, tables.feed_set_aside)] == ["kiosks"]


def test_a_page_that_is_not_newer_changes_nothing(store: Store) -> None:
    take(store, message(5, "settings", {"a": 5}))
    assert not take(store, message(5, "settings", {"a": 1}))
    assert not take(store, message(9, "settings", {"a": 2}), end=4)
    assert not take(store, message(3, "settings", {"a": 3}), snapshot=True)
    assert [row.value for row in rows(store, tables.settings)] == ["5"]
    assert through(store) == 5
    assert [alarm.code for alarm in list_alarms(store)] == ["feed-went-back"]


def test_old_messages_in_a_newer_page_are_not_taken_again(store: Store) -> None:
    take(store, message(5, "settings", {"a": 5}))
    take(store, message(4, "settings", {"a": 4}), message(6, "settings", {"b": 6}))
    assert {row.key: row.value for row in rows(store, tables.settings)} == {"a": "5", "b": "6"}


@pytest.mark.parametrize(
    ("kind", "body", "named"),
    [
        ("weather", {"rain": True}, "does not know its kind"),
        ("catalogue", {"services": "none"}, "services"),
        ("catalogue", {"services": [{"prefix": "A"}]}, "code"),
        ("catalogue", {"services": [{"code": "x"}, {"code": "x"}]}, "code"),
        ("app-key", {"kid": "00a1"}, "public_key"),
        ("app-key", AppKey("00a1", "AAAA", 1, 2), "32"),
        ("app-key", AppKey("00a1", KEY_A, 2, 2), "ends before"),
        ("app-key", AppKey("00a1", KEY_A, 1, 2, alg=-7), "-7"),
        ("business-day", {"date": "2026-13-45", "serial": 4}, "date"),
        ("business-day", {"date": "tomorrow", "serial": 4}, "date"),
        ("order-state", {"order": "zz", "state": "ready"}, "order"),
        ("order-state", {"order": "ab" * 16, "state": "eaten"}, "state"),
        ("technician", Technician("t-1", "Rana", "homs-main", "manager", "12345678"), "argon2id"),
        ("settings", {"x": "y" * 5000}, "2000"),
        ("settings", [1, 2], "object"),
    ],
)
def test_a_bad_message_is_set_aside_and_named_and_the_rest_goes_on(
    store: Store, kind: str, body: Any, named: str
) -> None:
    take(store, message(1, "settings", {"a": 1}), message(2, kind, body), message(3, "settings", {"b": 2}))
    (aside,) = rows(store, tables.feed_set_aside)
    assert (aside.id, aside.kind) == (2, kind)
    assert named in aside.reason
    assert {row.key for row in rows(store, tables.settings)} == {"a", "b"}
    assert through(store) == 3
    (alarm,) = list_alarms(store)
    assert alarm.code == "feed-message-set-aside"
    assert "message 2" in alarm.detail


def test_a_bad_message_leaves_no_half_of_itself(store: Store) -> None:
    take(store, message(1, "catalogue", Catalogue([{"code": "water-bill"}])))
    bad = CentralKeys(CentralKeyRecord("00000000", KEY_A), [])
    take(store, message(2, "catalogue", Catalogue([{"code": "a"}, {"code": 3}])), message(3, "central-keys", bad))
    assert [row.code for row in rows(store, tables.catalogue)] == ["water-bill"]
    with store.read() as connection:
        assert current_sealing_key(connection).kid != "00000000"


def test_a_technician_of_another_centre_or_without_a_pin_has_no_right_here(store: Store) -> None:
    take(store, message(1, "technician", Technician("t-1", "Rana", "homs-main", "manager", HASH)))
    take(store, message(2, "technician", Technician("t-1", "Rana", "homs-new", "manager", HASH)))
    assert rows(store, tables.technicians) == []
    take(store, message(3, "technician", Technician("t-1", "Rana", "homs-main", "manager", HASH)))
    take(store, message(4, "technician", Technician("t-1", "Rana", "homs-main", "manager", "")))
    assert rows(store, tables.technicians) == []


def test_centres_are_called_as_central_said_last(store: Store) -> None:
    def names() -> dict[str, dict[str, str]]:
        with store.read() as connection:
            return centre_names(connection)

    assert names() == {}
    take(store, message(1, "centre-names", CentreNames({"rastan": {"ar": "الرستن", "en": "Rastan"}})))
    take(store, message(2, "centre-names", {"centres": {"rastan": {"ar": "سطر\nثان", "en": "Two lines"}}}))  # set aside
    assert names() == {"rastan": {"ar": "الرستن", "en": "Rastan"}}
    take(store, message(3, "centre-names", CentreNames({"rastan": {"ar": "الرستن", "en": "Al-Rastan"}})))
    assert names()["rastan"]["en"] == "Al-Rastan"


def states(store: Store) -> set[str]:
    return {row.order_id[-1] for row in rows(store, tables.order_states)}


def order(number: int) -> FeedMessage:
    return message(number, "order-state", OrderState(f"{number:032x}", "ready"))


def test_news_of_a_feed_epoch_that_is_not_ours_is_not_taken(store: Store) -> None:
    take(store, order(1))
    page = FeedPage([order(2)], "c", "e2", 2)
    assert not apply_page(store, page, stamp())
    assert (states(store), place(store).cursor) == ({"1"}, None)


def test_a_new_epoch_s_days_count_from_its_own_serials(store: Store) -> None:
    take(store, message(1, "business-day", BusinessDay("2026-11-30", 9)))
    take(store, message(1, "business-day", BusinessDay("2026-11-27", 4)), snapshot=True, epoch="e2")
    assert rows(store, tables.business_days)[-1].date == "2026-11-30"  # never back
    take(store, message(2, "business-day", BusinessDay("2026-12-01", 5)), epoch="e2")
    assert rows(store, tables.business_days)[-1].date == "2026-12-01"


def test_a_catalogue_that_cannot_be_read_does_not_take_the_old_one_away(store: Store) -> None:
    take(store, message(1, "catalogue", Catalogue([{"code": "old"}])))
    take(store, message(2, "catalogue", {"services": "none"}), snapshot=True)
    assert [row.code for row in rows(store, tables.catalogue)] == ["old"]


def test_groups_and_desks_come_and_go_with_the_catalogue(store: Store) -> None:
    group, desk = {"names": {"ar": "أ", "en": "A"}}, {"prefix": "Z", "names": {"ar": "ب", "en": "B"}}
    take(store, message(1, "catalogue", Catalogue([{"code": "water-bill"}], {"E": group}, {"information": desk})))
    with store.read() as connection:
        told = published(connection)
    assert told == ([{"code": "water-bill"}], {"E": group}, {"information": desk})
    take(store, message(2, "catalogue", Catalogue([{"code": "lease-copy"}])))
    with store.read() as connection:
        assert published(connection) == ([{"code": "lease-copy"}], {}, {})
