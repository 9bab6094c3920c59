import base64
from pathlib import Path

import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import insert, update

from common.machine.errors import SealingImpossible
from common.protocol.envelope import OrderBody, Sealed, SealedContent, decode_body, seal_info
from offline_store.delivery.outbox import waiting_items
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.identity import Identity
from offline_store.issuing.intake import OrderRequest, TicketRequest, accept_order, accept_ticket
from offline_store.issuing.sealing import SUITE, seal, sealing_key
from offline_store.opening import open_store_in
from tests.kit.store import CENTRAL_PRIVATE_KEY, IDENTITY, MACHINE, SEALING_KEY, stamp

CANARY = "فلانة-الفلاني-010203040506"


def order(store: Store, code: str = f"SY1:{CANARY}") -> str:
    accepted = accept_order(
        store,
        OrderRequest(outcome="accepted", code=code, person={"name": CANARY}),
        intention=str(len(code)),
        stamp=stamp(),
    )
    assert accepted is not None
    return accepted.id


def sealed_of(store: Store, item_id: str) -> Sealed:
    with store.read() as connection:
        item = next(one.item for one in waiting_items(connection) if one.item.id == item_id)
    body = decode_body("order", item.body)
    assert isinstance(body, OrderBody)
    assert body.sealed is not None
    return body.sealed


def opened_with(key: X25519PrivateKey, sealed: Sealed, info: bytes) -> SealedContent:
    return msgspec.json.decode(SUITE.decrypt(base64.b64decode(sealed.data), key, info=info), type=SealedContent)


def test_central_opens_what_was_sealed_and_only_for_that_item(store: Store) -> None:
    item_id = order(store)
    sealed = sealed_of(store, item_id)
    assert sealed.kid == SEALING_KEY.kid
    info = seal_info(IDENTITY.kiosk, store.epoch, item_id)
    assert opened_with(CENTRAL_PRIVATE_KEY, sealed, info) == SealedContent(f"SY1:{CANARY}", {"name": CANARY})
    for wrong in (
        seal_info("other", store.epoch, item_id),
        seal_info(IDENTITY.kiosk, item_id, item_id),
        seal_info(IDENTITY.kiosk, store.epoch, store.epoch),
        b"",
    ):
        with pytest.raises(InvalidTag):
            opened_with(CENTRAL_PRIVATE_KEY, sealed, wrong)


def test_the_latest_key_is_used_and_older_items_keep_the_older_one(store: Store) -> None:
    first = order(store)
    new_key = X25519PrivateKey.generate()
    public = base64.b64encode(new_key.public_key().public_bytes_raw()).decode()
    with store.write() as connection:
        connection.execute(
            update(tables.central_keys).where(tables.central_keys.c.purpose == "sealing").values(current=0)
        )
        connection.execute(
            insert(tables.central_keys).values(kid="0badcafe", purpose="sealing", public_key=public, added=9)
        )
    second = order(store, "SY1:SECOND")
    assert [sealed_of(store, one).kid for one in (first, second)] == [SEALING_KEY.kid, "0badcafe"]
    assert opened_with(new_key, sealed_of(store, second), seal_info(IDENTITY.kiosk, store.epoch, second)).code


def test_without_a_key_nothing_personal_is_recorded_and_plain_tickets_still_are(tmp_path: Path) -> None:
    keyless = Identity("k", "homs-main", 2)
    with open_store_in(tmp_path, keyless, stamp=stamp(), machine=MACHINE) as store:
        with pytest.raises(SealingImpossible):
            order(store)
        given = accept_ticket(store, TicketRequest("clearance", "B"), intention="i", stamp=stamp())
        assert given.number == "B2001"
        with store.read() as connection:
            assert [one.item.kind for one in waiting_items(connection)] == ["audit", "audit", "ticket"]


@pytest.mark.parametrize("public_key", ["", "AAAA", "not base64!", base64.b64encode(bytes(33)).decode()])
def test_a_key_that_is_none_is_refused(public_key: str) -> None:
    with pytest.raises(SealingImpossible):
        sealing_key("kid", public_key)


def test_sealing_twice_gives_different_bytes() -> None:
    key = sealing_key(SEALING_KEY.kid, SEALING_KEY.public_key)
    content = SealedContent(code="SY1:X")
    assert len({seal(content, key, kiosk="k", epoch="e", item_id="i").data for _ in range(5)}) == 5


def test_nothing_personal_is_in_any_file_of_the_store(tmp_path: Path) -> None:
    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        order(store)
        accept_ticket(
            store,
            TicketRequest("clearance", "B"),
            intention="i",
            stamp=stamp(),
            personal=SealedContent(person={"name": CANARY}),
        )
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert any(path.name.endswith("-wal") for path in files)
        needles = [CANARY.encode(), base64.b64encode(CANARY.encode())[:12], CANARY.encode("unicode_escape")[:18]]
        for path in files:
            content = path.read_bytes()
            assert not [needle for needle in needles if needle in content], path.name
