"""A hub is known over TLS by its key, whatever certificate it shows for it."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from msgspec.structs import replace

from common.protocol.feed_message import HubRecord
from offline_store.queue.hub_pin import has_pin, is_known_by, key_sha256

OWN, OTHER = (ec.derive_private_key(n, ec.SECP256R1()) for n in (7, 8))
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub")])
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


def certificate(key: ec.EllipticCurvePrivateKey, serial: int) -> bytes:
    made = x509.CertificateBuilder().subject_name(NAME).issuer_name(NAME).public_key(key.public_key())
    made = made.serial_number(serial).not_valid_before(BEGINS).not_valid_after(BEGINS + timedelta(days=1))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


FIRST, RENEWED, FOREIGN = certificate(OWN, 1), certificate(OWN, 2), certificate(OTHER, 3)
BY_HASH = HubRecord("hub-1", "https://10.0.0.5:1", "k", hashlib.sha256(FIRST).hexdigest())
BY_KEY = replace(BY_HASH, tls_key_sha256=key_sha256(FIRST))
BY_CERTIFICATE = replace(BY_HASH, certificate=base64.b64encode(FIRST).decode())


def known(hub: HubRecord) -> list[bool]:
    return [is_known_by(hub, one) for one in (FIRST, RENEWED, FOREIGN, b"no certificate", b"", None)]


def test_a_renewed_certificate_is_known_by_its_key_to_who_has_not_heard_of_it() -> None:
    assert known(BY_KEY) == [True, True, False, False, False, False]


def test_the_key_is_read_out_of_a_certificate_where_central_does_not_say_it() -> None:
    assert known(BY_CERTIFICATE) == [True, True, False, False, False, False]


def test_without_a_key_the_hash_decides() -> None:
    assert known(BY_HASH) == [True, False, False, False, False, False]
    by_hash = replace(BY_HASH, certificate_sha256=hashlib.sha256(b"no certificate").hexdigest())
    assert known(by_hash) == [False, False, False, True, False, False]


def test_the_key_that_central_names_is_the_one_that_counts() -> None:
    assert known(replace(BY_CERTIFICATE, tls_key_sha256=key_sha256(FOREIGN))) == [
        False,
        False,
        True,
        False,
        False,
        False,
    ]


def test_nothing_is_known_of_a_hub_without_any() -> None:
    assert not has_pin(HubRecord("hub-1", "http://127.0.0.1:1", "k"))
    assert all(has_pin(one) for one in (BY_HASH, BY_KEY, BY_CERTIFICATE))
