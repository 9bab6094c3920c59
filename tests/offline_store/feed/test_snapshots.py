"""A snapshot of the feed replaces what it says, whole or not at all, and revives no key."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from common.protocol.envelope import decode_body
from common.protocol.feed_message import AppKey, AppKeyRevoked, Catalogue, OrderState, Technician
from offline_store.alarms import list_alarms
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.feed import place
from tests.offline_store.feed.test_feed import HASH, KEY_A, KEY_B, app_key, message, order, rows, states, take, through


def test_a_snapshot_replaces_what_it_says_and_never_unrevokes(store: Store) -> None:
    take(
        store,
        message(1, "catalogue", Catalogue([{"code": "old"}])),
        message(2, "settings", {"old": 1}),
        message(3, "technician", Technician("gone", "Sami", "homs-main", "technician", HASH)),
        message(4, "order-state", OrderState("ab" * 16, "ready")),
        message(5, "app-key", AppKey("00a1", KEY_A, 1, 9)),
        message(6, "app-key-revoked", AppKeyRevoked("00a1", 5)),
    )
    take(
        store,
        message(7, "catalogue", Catalogue([{"code": "new"}])),
        message(8, "technician", Technician("t-2", "Rana", "homs-main", "manager", HASH)),
        message(9, "technician", Technician("t-3", "Huda", "homs-main", "technician", HASH)),
        message(10, "app-key", AppKey("00a1", KEY_A, 1, 9)),
        snapshot=True,
    )
    assert [row.code for row in rows(store, tables.catalogue)] == ["new"]
    assert rows(store, tables.settings) == []
    assert rows(store, tables.order_states) == []
    assert {row.id for row in rows(store, tables.technicians)} == {"t-2", "t-3"}
    assert app_key(store).revoked_at == 5


def test_a_snapshot_says_all_once_more_so_nothing_stays_set_aside(store: Store) -> None:
    take(store, message(1, "weather", {}), message(2, "order-state", {"order": "zz"}))
    assert len(rows(store, tables.feed_set_aside)) == 2
    take(store, message(3, "settings", {"a": 1}), snapshot=True)
    assert rows(store, tables.feed_set_aside) == []
    assert list_alarms(store) == []


def test_a_snapshot_in_parts_replaces_only_when_it_has_ended(store: Store) -> None:
    take(store, order(1), message(2, "settings", {"old": 1}), message(3, "catalogue", Catalogue([{"code": "old"}])))
    assert take(store, order(4), snapshot=True, end=9, more=True)
    assert take(store, order(5), snapshot=True, end=9, part=1, more=True)
    assert states(store) == {"1", "4", "5"}  # until then what was heard before still holds
    assert [row.code for row in rows(store, tables.catalogue)] == ["old"]
    assert through(store) == 3
    assert take(store, order(6), snapshot=True, end=9, part=2)
    assert states(store) == {"4", "5", "6"}
    assert (rows(store, tables.catalogue), rows(store, tables.settings), through(store)) == ([], [], 9)


def test_a_part_that_does_not_follow_makes_the_kiosk_ask_from_the_beginning(store: Store) -> None:
    take(store, order(1))
    take(store, order(2), snapshot=True, end=9, more=True)
    for page in ({"part": 2}, {"part": 1, "epoch": "e2"}):
        assert not take(store, order(8), snapshot=True, end=9, **page)
        assert place(store).cursor is None
        take(store, order(2), snapshot=True, end=9, more=True)
    assert states(store) == {"1", "2"}


def test_a_snapshot_that_was_cut_off_begins_again(store: Store) -> None:
    take(store, order(1))
    take(store, order(2), order(3), snapshot=True, end=9, more=True)
    assert take(store, order(2), snapshot=True, end=10, more=True)  # central forgot that it had begun
    assert take(store, order(4), snapshot=True, end=10, part=1)
    assert states(store) == {"2", "4"}


def test_a_revocation_that_central_forgot_holds_and_is_said_once(store: Store) -> None:
    revoked = message(2, "app-key-revoked", AppKeyRevoked("00a1", 5))
    take(store, message(1, "app-key", AppKey("00a1", KEY_A, 1, 9)), revoked)
    for epoch in ("e2", "e3"):
        take(store, message(1, "app-key", AppKey("00a1", KEY_A, 1, 9)), snapshot=True, epoch=epoch)
        assert app_key(store).revoked_at == 5
    said = [decode_body("audit", row.body) for row in rows(store, tables.items) if row.kind == "audit"]
    lacked = [body.detail for body in said if body.event == "app-key-revocation-lacked"]  # type: ignore[union-attr]
    assert lacked == [{"kid": "00a1", "revoked_at": 5}] * 2  # once in each epoch
    take(store, message(1, "app-key", AppKey("00a1", KEY_A, 1, 9)), revoked, snapshot=True, epoch="e4")
    assert len([row for row in rows(store, tables.items) if row.kind == "audit"]) == len(said) + 1


KEY_EVENTS = st.one_of(
    st.builds(AppKey, st.just("00a1"), st.sampled_from([KEY_A, KEY_B]), st.just(1), st.just(99)),
    st.builds(AppKeyRevoked, st.just("00a1"), st.integers(1, 50)),
)


def test_a_revoked_app_key_does_not_come_back_under_another_id(store: Store) -> None:
    take(
        store,
        message(1, "app-key", AppKey("00a1", KEY_A, 1, 9)),
        message(2, "app-key-revoked", AppKeyRevoked("00a1", 5)),
        message(3, "app-key", AppKey("00a2", KEY_A, 1, 9)),
    )
    assert [row.kid for row in rows(store, tables.app_keys)] == ["00a1"]
    assert [row.reason for row in rows(store, tables.feed_set_aside)] == ["app key 00a2 has the id 00a1 already"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.tuples(KEY_EVENTS, st.booleans()), min_size=1, max_size=12))
def test_no_order_of_messages_and_snapshots_revives_a_key_or_gives_its_id_away(
    store: Store, events: list[tuple[AppKey | AppKeyRevoked, bool]]
) -> None:
    with store.write() as connection:
        connection.execute(delete(tables.app_keys))
        connection.execute(update(tables.feed).values(cursor=None, epoch=None, through=None, part=None))
    first_key, revoked = None, None
    for number, (event, snapshot) in enumerate(events, 1):
        kind = "app-key" if isinstance(event, AppKey) else "app-key-revoked"
        take(store, message(number, kind, event), snapshot=snapshot)
        if isinstance(event, AppKey):
            first_key = first_key or event.public_key
        else:
            revoked = event.revoked_at if revoked is None else min(revoked, event.revoked_at)
        assert (app_key(store).public_key, app_key(store).revoked_at) == (first_key, revoked)


def test_a_large_snapshot_is_one_transaction_and_quick(store: Store) -> None:
    states = [message(n, "order-state", OrderState(f"{n:032x}", "in_progress", f"{n:010}")) for n in range(1, 2001)]
    take(store, *states, snapshot=True)
    assert len(rows(store, tables.order_states)) == 2000
