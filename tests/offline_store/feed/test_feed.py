"""What central says is taken once, in order, whole or not at all; and nothing that was taken back comes again."""

import base64
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, insert, select, update

from common.protocol.central_keys import endorsement, key_id, retirement_text
from common.protocol.envelope import SealedContent, decode_body, seal_info
from common.protocol.feed_message import (
    AppKey,
    AppKeyRevoked,
    BusinessDay,
    Catalogue,
    CentralKeyRecord,
    CentralKeys,
    CentreNames,
    Clerks,
    Counters,
    EndorsedKey,
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
from offline_store.feed.feed_keys import signing_keys
from offline_store.issuing.sealing import SUITE, current_sealing_key, seal
from tests.kit.fake_central import public_text
from tests.kit.store import CENTRAL_PRIVATE_KEY, stamp

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


def _signing(name: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(name * 32)


def _endorsed(key: Ed25519PrivateKey, by: Ed25519PrivateKey | None) -> EndorsedKey:
    text, kid = public_text(key), key_id(key.public_key().public_bytes_raw())
    if by is None:
        return EndorsedKey(kid, text)
    signature = base64.b64encode(by.sign(endorsement(kid, text))).decode()
    return EndorsedKey(kid, text, key_id(by.public_key().public_bytes_raw()), signature)


@pytest.fixture
def trusting(store: Store) -> Store:
    """The store of a kiosk that knows central's first signing key."""
    first = _endorsed(_signing(b"1"), None)
    row = {"kid": first.kid, "purpose": "signing", "public_key": first.public_key}
    with store.write() as connection:
        connection.execute(insert(tables.central_keys).values(row))
    return store


def test_a_chain_of_signing_keys_is_followed_after_months(trusting: Store) -> None:
    chain = [_endorsed(_signing(b"1"), None), _endorsed(_signing(b"2"), _signing(b"1"))]
    chain.append(_endorsed(_signing(b"3"), _signing(b"2")))
    take(trusting, message(1, "central-keys", CentralKeys(None, chain)))
    assert set(signing_keys(trusting)) == {key.kid for key in chain}


def test_a_signing_key_counts_only_with_a_trusted_keys_word(trusting: Store) -> None:
    before = set(signing_keys(trusting))
    stranger = _endorsed(_signing(b"9"), _signing(b"8"))
    alone = _endorsed(_signing(b"9"), None)
    forged = msgspec.structs.replace(_endorsed(_signing(b"9"), _signing(b"8")), signed_by=next(iter(before)))
    renamed = msgspec.structs.replace(_endorsed(_signing(b"9"), _signing(b"1")), kid="deadbeef")
    usurper = EndorsedKey(next(iter(before)), public_text(_signing(b"9")))
    for number, key in enumerate((stranger, alone, forged, renamed, usurper), 1):
        take(trusting, message(number, "central-keys", CentralKeys(None, [key])))
    assert set(signing_keys(trusting)) == before
    assert len(rows(trusting, tables.feed_set_aside)) == 5


def _retired(key: EndorsedKey, by: Ed25519PrivateKey, kid: str | None = None) -> EndorsedKey:
    word = base64.b64encode(by.sign(retirement_text(kid or key.kid))).decode()
    named = key_id(by.public_key().public_bytes_raw())
    return msgspec.structs.replace(key, retired_by=named, retirement=word)


def test_a_signing_key_is_taken_back_by_a_newer_one_s_word_for_good(trusting: Store) -> None:
    one, two = _endorsed(_signing(b"1"), None), _endorsed(_signing(b"2"), _signing(b"1"))
    take(trusting, message(1, "central-keys", CentralKeys(None, [_retired(one, _signing(b"2")), two])))
    known = set(signing_keys(trusting))
    assert (one.kid in known, two.kid in known) == (False, True)
    # Neither a later word without it nor a snapshot makes it good again; a kiosk off for long still follows the chain.
    three = _endorsed(_signing(b"3"), _signing(b"2"))
    for number, snapshot in ((2, False), (3, True)):
        take(trusting, message(number, "central-keys", CentralKeys(None, [one, two, three])), snapshot=snapshot)
        assert set(signing_keys(trusting)) - known == {three.kid}
        assert one.kid not in signing_keys(trusting)


def test_a_kiosk_enrolled_after_a_retirement_follows_the_chain_from_its_own_key_on(trusting: Store) -> None:
    zero = _endorsed(_signing(b"0"), None)
    one = _endorsed(_signing(b"1"), _signing(b"0"))
    two = _endorsed(_signing(b"2"), _signing(b"1"))
    chain = [_retired(zero, _signing(b"1")), one, two]
    take(trusting, message(1, "central-keys", CentralKeys(None, chain)))
    assert two.kid in signing_keys(trusting)
    assert zero.kid not in signing_keys(trusting)
    assert rows(trusting, tables.feed_set_aside) == []


def test_a_kiosk_enrolled_after_two_retirements_hears_of_newer_keys(trusting: Store) -> None:
    one = _endorsed(_signing(b"1"), _signing(b"0"))
    chain = [
        _retired(_endorsed(_signing(b"8"), None), _signing(b"0")),
        _retired(_endorsed(_signing(b"0"), _signing(b"8")), _signing(b"1")),  # its word on the first one is left
        one,
        _endorsed(_signing(b"2"), _signing(b"1")),
    ]
    take(trusting, message(1, "central-keys", CentralKeys(None, chain)))
    assert rows(trusting, tables.feed_set_aside) == []
    assert chain[-1].kid in signing_keys(trusting)
    assert {chain[0].kid, chain[1].kid}.isdisjoint(signing_keys(trusting))


def test_only_a_newer_key_takes_one_back(trusting: Store) -> None:
    one, two = _endorsed(_signing(b"1"), None), _endorsed(_signing(b"2"), _signing(b"1"))
    take(trusting, message(1, "central-keys", CentralKeys(None, [one, two])))
    both = set(signing_keys(trusting))
    for number, chain in enumerate(
        (
            [one, _retired(two, _signing(b"1"))],  # by an older one
            [_retired(one, _signing(b"1")), two],  # by itself
            [_retired(one, _signing(b"9")), two],  # by a stranger
            [_retired(one, _signing(b"2"), two.kid), two],  # the word on another key
        ),
        2,
    ):
        take(trusting, message(number, "central-keys", CentralKeys(None, chain)))
        assert set(signing_keys(trusting)) == both, number


def test_after_a_rotation_new_items_are_sealed_to_the_new_key_and_old_ones_open_with_the_old(trusting: Store) -> None:
    place = {"kiosk": "kiosk-0001", "epoch": "e", "item_id": "i"}
    info = seal_info("kiosk-0001", "e", "i")
    content = SealedContent(code="SY1:OLD")
    with trusting.read() as connection:
        old = seal(content, current_sealing_key(connection), **place)
    new_private = X25519PrivateKey.from_private_bytes(b"n" * 32)
    raw = new_private.public_key().public_bytes_raw()
    take(
        trusting,
        message(1, "central-keys", CentralKeys(CentralKeyRecord(key_id(raw), base64.b64encode(raw).decode()), [])),
    )
    with trusting.read() as connection:
        new = seal(content, current_sealing_key(connection), **place)
    assert (old.kid == new.kid, new.kid) == (False, key_id(raw))
    for sealed, key in ((old, CENTRAL_PRIVATE_KEY), (new, new_private)):
        opened = SUITE.decrypt(base64.b64decode(sealed.data), key, info=info)
        assert msgspec.json.decode(opened, type=SealedContent) == content


def test_a_large_snapshot_is_one_transaction_and_quick(store: Store) -> None:
    states = [message(n, "order-state", OrderState(f"{n:032x}", "in_progress", f"{n:010}")) for n in range(1, 2001)]
    take(store, *states, snapshot=True)
    assert len(rows(store, tables.order_states)) == 2000


def test_groups_and_desks_come_and_go_with_the_catalogue(store: Store) -> None:
    group, desk = {"names": {"ar": "أ", "en": "A"}}, {"prefix": "Z", "names": {"ar": "ب", "en": "B"}}
    take(store, message(1, "catalogue", Catalogue([{"code": "water-bill"}], {"E": group}, {"information": desk})))
    with store.read() as connection:
        told = published(connection)
    assert told == ([{"code": "water-bill"}], {"E": group}, {"information": desk})
    take(store, message(2, "catalogue", Catalogue([{"code": "lease-copy"}])))
    with store.read() as connection:
        assert published(connection) == ([{"code": "lease-copy"}], {}, {})
