"""Signing keys of central's by the feed: each by a trusted one's word, taken back for good by a newer one."""

import base64

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import insert

from common.protocol.central_keys import endorsement, key_id, retirement_text
from common.protocol.envelope import SealedContent, seal_info
from common.protocol.feed_message import CentralKeyRecord, CentralKeys, EndorsedKey
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.feed_keys import signing_keys
from offline_store.issuing.sealing import SUITE, current_sealing_key, seal
from tests.kit.fake_central import public_text
from tests.kit.store import CENTRAL_PRIVATE_KEY
from tests.offline_store.feed.test_feed import message, rows, take


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
