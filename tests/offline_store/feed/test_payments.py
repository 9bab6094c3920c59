"""What the feed says of payments and of keys, as it is kept: a newer word in the place of all, bad ones nowhere."""

import base64
from typing import Any

import pytest

from common.protocol.claim_feed import ClaimKeyRecord
from common.protocol.codes.issued import IssuerKey
from common.protocol.payments.setup import ReceiptKeyRecord
from offline_store.disk.database import Store
from offline_store.feed.claims import claim_keys, take_claim_key
from offline_store.feed.feed_taking import BadMessage, Taking
from offline_store.feed.payments import payments_setup, receipt_keys, take_receipt_key, take_setup
from tests.kit.payments import BANK, KEY, KID, POWER, WALLET, WATER, setup_of
from tests.kit.store import stamp

RAW = KEY.public_key().public_bytes_raw()


def told(store: Store, take: Any, body: Any) -> None:
    with store.write() as connection:
        take(Taking(connection, 7, "homs-main", stamp()), body)


def known(store: Store, read: Any) -> Any:
    with store.read() as connection:
        return read(connection)


def test_what_can_be_paid_is_the_newest_word_and_names_each_once(store: Store) -> None:
    assert known(store, payments_setup) is None
    first, second = setup_of((WATER, POWER), (WALLET, BANK), orders=True), setup_of((WATER,), ())
    for setup in (first, second):
        told(store, take_setup, setup)
        assert known(store, payments_setup) == setup
    for wrong in (setup_of((WATER, POWER, WATER)), setup_of((WATER,), (BANK, BANK))):
        with pytest.raises(BadMessage, match="a payer or biller is named twice"):
            told(store, take_setup, wrong)
    assert known(store, payments_setup) == second


@pytest.mark.parametrize(
    ("kind", "issuer", "take", "read"),
    [
        (ReceiptKeyRecord, "receipts", take_receipt_key, receipt_keys),
        (ClaimKeyRecord, "claims", take_claim_key, claim_keys),
    ],
)
def test_a_key_is_kept_by_its_own_id_and_what_becomes_of_it_takes_its_place(
    store: Store, kind: Any, issuer: str, take: Any, read: Any
) -> None:
    public = base64.b64encode(RAW).decode()
    assert known(store, read) == {}
    told(store, take, kind(KID, public))
    assert known(store, read) == {bytes.fromhex(KID): IssuerKey(bytes.fromhex(KID), RAW, None, False, issuer)}
    told(store, take, kind(KID, public, signs_until=9, retired=True, issuer="sandbox"))
    assert known(store, read) == {bytes.fromhex(KID): IssuerKey(bytes.fromhex(KID), RAW, 9, True, "sandbox")}
    before = known(store, read)
    for wrong in (kind("00000000", public), kind(KID, base64.b64encode(RAW + b"x").decode()), kind(KID, "no base64!")):
        with pytest.raises(BadMessage):
            told(store, take, wrong)
    assert known(store, read) == before
