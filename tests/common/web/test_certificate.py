"""Certificates of a centre: what their names say, how long these may be, and what a host's is good for."""

import ipaddress
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from common.web.certificate import begin, common_name, of_host


@pytest.mark.parametrize("text", ["hub of homs-main", "m" * 64])
def test_a_certificate_names_its_owner(text: str) -> None:
    assert [(part.oid, part.value) for part in common_name(text)] == [(NameOID.COMMON_NAME, text)]


def test_a_name_is_cut_to_what_a_certificate_may_hold() -> None:
    assert common_name("m" * 65) == common_name("m" * 64)


@pytest.mark.parametrize(
    ("host", "named"),
    [("hub.example", x509.DNSName("hub.example")), ("10.0.0.5", x509.IPAddress(ipaddress.ip_address("10.0.0.5")))],
)
def test_a_certificate_of_a_host_serves_tls_there_and_signs_no_other(host: str, named: x509.GeneralName) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime(2026, 11, 25, tzinfo=UTC)
    begun = begin(common_name("hub"), key.public_key(), common_name("centre"))
    made = of_host(begun, host).not_valid_before(now).not_valid_after(now).sign(key, hashes.SHA256())
    assert (made.subject, made.issuer, made.public_key()) == (
        common_name("hub"), common_name("centre"), key.public_key(),
    )  # fmt: skip
    assert [(one.value, one.critical) for one in made.extensions] == [
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.SubjectAlternativeName([named]), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
    ]
