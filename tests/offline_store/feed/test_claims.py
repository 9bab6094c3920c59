"""What the feed says of claims: keys by their own ids, one word on what is withdrawn, the newest days alone."""

import base64
from typing import Any

import msgspec
from msgspec.structs import replace

from common.protocol.central_keys import key_id
from common.protocol.claim_feed import ClaimKeyRecord, ClaimRules, ClaimsToday, ClaimsWithdrawn
from common.protocol.feed_page import FeedMessage, FeedPage
from offline_store.alarms import list_alarms
from offline_store.disk.database import Store
from offline_store.feed import feed
from offline_store.feed.claims import claim_keys, claim_rules, claims_of_days, withdrawn_prefixes
from tests.kit.claim_codes import KEY
from tests.kit.clock import HandClock

PUBLIC = KEY.public_key().public_bytes_raw()
RECORD = ClaimKeyRecord(key_id(PUBLIC), base64.b64encode(PUBLIC).decode())
KINDS: dict[Any, str] = {ClaimKeyRecord: "claim-key", ClaimsWithdrawn: "claims-withdrawn", ClaimsToday: "claims-today"}


def hear(store: Store, number: int, *told: Any, snapshot: bool = False) -> None:
    messages = [
        FeedMessage(number + index, KINDS[type(one)], msgspec.Raw(msgspec.json.encode(one)))
        for index, one in enumerate(told)
    ]
    page = FeedPage(messages, f"e.{number}", "e", number + len(messages), snapshot=snapshot)
    assert feed.apply_page(store, page, HandClock().now())


def test_a_key_is_kept_with_what_became_of_it_and_a_false_id_is_none(store: Store) -> None:
    hear(store, 1, RECORD, snapshot=True)
    kid = bytes.fromhex(RECORD.kid)
    with store.read() as connection:
        assert claim_keys(connection)[kid].public_key == PUBLIC
    hear(store, 10, replace(RECORD, signs_until=9, retired=True), replace(RECORD, kid="00000000"))
    with store.read() as connection:
        (key,) = claim_keys(connection).values()
        assert (key.signs_until, key.is_retired) == (9, True)
    assert any("claim key id 00000000" in str(alarm) for alarm in list_alarms(store))


def test_what_is_withdrawn_is_said_whole_with_the_rules(store: Store) -> None:
    centre = store.identity.centre
    with store.read() as connection:
        assert (withdrawn_prefixes(connection), claim_rules(connection)) == (frozenset(), ClaimRules())
    hear(store, 1, ClaimsWithdrawn(centre, ["0" * 16, "1" * 16]), snapshot=True)
    hear(store, 10, ClaimsWithdrawn(centre, ["1" * 16], ClaimRules(early_min=45)))
    hear(store, 20, ClaimsWithdrawn("elsewhere", ["2" * 16]))
    with store.read() as connection:
        assert (withdrawn_prefixes(connection), claim_rules(connection).early_min) == (frozenset({"1" * 16}), 45)


def test_old_days_go(store: Store) -> None:
    days = [ClaimsToday(store.identity.centre, f"2026-11-{day:02}", "ab" * 16, []) for day in range(1, 21)]
    hear(store, 1, *days, snapshot=True)
    with store.read() as connection:
        assert sorted(claims_of_days(connection)) == [f"2026-11-{day:02}" for day in range(7, 21)]
