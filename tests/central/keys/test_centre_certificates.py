"""What the authority for centres writes into certificates, which keys it signs, and a file of it that is no good."""

import base64
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from central.keys.centre_ca import FILE, AuthorityUnusable, authority, certify, ends_at, is_tls_key, renew
from common.web.certificate import common_name

ZONE = "centres.homs.example"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
CURVE = ec.generate_private_key(ec.SECP256R1())


def der(key: "ec.EllipticCurvePublicKey | rsa.RSAPublicKey") -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def extensions(certificate: x509.Certificate) -> dict[type, tuple[x509.ExtensionType, bool]]:
    return {type(one.value): (one.value, one.critical) for one in certificate.extensions}


@pytest.mark.parametrize(
    ("host", "named"),
    [("10.0.0.5", x509.IPAddress(ip_address("10.0.0.5"))), (f"hub.{ZONE}", x509.DNSName(f"hub.{ZONE}"))],
)
def test_a_hubs_certificate_says_for_which_host_and_until_when_and_signs_no_other(
    tmp_path: Path, host: str, named: x509.GeneralName
) -> None:
    by = authority(tmp_path, NOW, ZONE)
    signed = certify(by, der(CURVE.public_key()), "hub-1", host, NOW)
    assert (signed.subject, signed.issuer) == (common_name("hub-1"), common_name("Citizen-service centres"))
    assert (signed.not_valid_before_utc, signed.not_valid_after_utc) == (
        NOW - timedelta(days=1), NOW + timedelta(days=90),
    )  # fmt: skip
    assert extensions(signed) == {
        type(value): (value, is_critical)
        for value, is_critical in (
            (x509.SubjectKeyIdentifier.from_public_key(CURVE.public_key()), False),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (x509.SubjectAlternativeName([named]), False),
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), False),
        )
    }
    signed.verify_directly_issued_by(by.certificate)
    assert isinstance(signed.signature_hash_algorithm, hashes.SHA256)
    assert ends_at(signed.public_bytes(Encoding.DER)) == NOW + timedelta(days=90)


def test_the_authority_signs_certificates_alone_and_none_below_a_hubs(tmp_path: Path) -> None:
    made = authority(tmp_path / "new" / "keys", NOW, ZONE).certificate
    assert (made.subject, made.issuer) == (common_name("Citizen-service centres"),) * 2
    assert (made.not_valid_before_utc, made.not_valid_after_utc) == (
        NOW - timedelta(days=1), NOW + timedelta(days=5 * 365),
    )  # fmt: skip
    said = extensions(made)
    assert said[x509.BasicConstraints] == (x509.BasicConstraints(ca=True, path_length=0), True)
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    assert said[x509.KeyUsage] == (usage, True)
    assert said[x509.NameConstraints][1]
    folder = tmp_path / "new" / "keys"
    assert [path.stat().st_mode & 0o777 for path in (folder, folder / FILE)] == [0o700, 0o600]


def test_the_first_that_is_made_stays_whatever_time_or_zone_it_is_asked_with(tmp_path: Path) -> None:
    made = authority(tmp_path, NOW, ZONE)
    again = authority(tmp_path, NOW + timedelta(days=9))
    assert (again.pem, again.key.private_numbers()) == (made.pem, made.key.private_numbers())
    assert again.pem == made.certificate.public_bytes(Encoding.PEM).decode()


def test_only_a_key_of_the_curve_that_office_pcs_know_is_signed(tmp_path: Path) -> None:
    other_curve = ec.generate_private_key(ec.SECP384R1()).public_key()
    no_curve = rsa.generate_private_key(65537, 1024).public_key()
    texts = {
        base64.b64encode(der(CURVE.public_key())).decode(): True,
        base64.b64encode(der(other_curve)).decode(): False,
        base64.b64encode(der(no_curve)).decode(): False,
        base64.b64encode(b"no key").decode(): False,
        "": False,
        "é": False,
        base64.b64encode(der(CURVE.public_key())).decode() + "\n": False,
    }
    assert {text: is_tls_key(text) for text in texts} == texts
    with pytest.raises(TypeError, match=r"^the TLS key of hub-1 is no key of an elliptic curve$"):
        certify(authority(tmp_path, NOW), der(no_curve), "hub-1", "10.0.0.5", NOW)


def test_a_file_that_is_damaged_or_of_two_authorities_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / FILE
    made = authority(tmp_path, NOW)
    whole = path.read_bytes()

    def pem(key: "ec.EllipticCurvePrivateKey | Ed25519PrivateKey") -> bytes:
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    certificate = made.pem.encode()
    for content, why in (
        (b"", "is damaged; restore it from the backup"),
        (whole[:100], "is damaged; restore it from the backup"),
        (pem(made.key), "is damaged; restore it from the backup"),
        (pem(CURVE) + certificate, "holds a key and a certificate that do not belong together"),
        (pem(Ed25519PrivateKey.generate()) + certificate, "holds a key and a certificate that do not belong together"),
    ):
        path.write_bytes(content)
        for use in (authority, renew):
            with pytest.raises(AuthorityUnusable) as unusable:
                use(tmp_path, NOW, ZONE)
            assert str(unusable.value) == f"{path} {why}"
        assert path.read_bytes() == content
    path.unlink()
    path.mkdir()
    with pytest.raises(AuthorityUnusable) as unusable:
        authority(tmp_path, NOW)
    assert str(unusable.value) == f"{path}: Is a directory; restore it from the backup"
