"""The authority for centres: it signs the TLS certificates of hubs, so that an office PC trusts all by one file."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
    load_pem_private_key,
)

from central.base.permitted_hosts import permits, subtrees
from central.keys.private_file import write_private
from common.web import certificate

FILE: Final = "centre-ca.pem"
"""Private key and certificate, in the folder of central's keys."""
CA_VALID: Final = timedelta(days=5 * 365)
VALID: Final = timedelta(days=90)
# A hub's clock may be behind; nothing is gained by a certificate that is refused for a day.
BACKDATED: Final = timedelta(days=1)


class AuthorityUnusable(ValueError):
    """The authority's file cannot be read; the text says what to do."""


class Authority(NamedTuple):
    """What signs."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The public file that office PCs and boards get."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def may_sign(self, host: str) -> bool:
        """Return whether its name constraints permit a host: what it signed for another one nobody would believe."""
        constraints = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        return permits(constraints.permitted_subtrees or (), host)


def authority(folder: Path, now: datetime, zone: str | None = None) -> Authority:
    """Return the authority of a key folder, made when it is asked for first; hold the enrolment lock meanwhile.

    Args:
        folder: of central's keys.
        now: the time.
        zone: where it is made, the domain that hubs' names may stand under.

    Raises:
        AuthorityUnusable: its file is damaged or cannot be read.
        OSError: it cannot be written.
    """
    path = folder / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return _write(path, ec.generate_private_key(ec.SECP256R1()), now, zone)
    except OSError as error:
        raise AuthorityUnusable(f"{path}: {error.strerror}; restore it from the backup") from error
    try:
        key, known = load_pem_private_key(data, None), x509.load_pem_x509_certificate(data)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AuthorityUnusable(f"{path} is damaged; restore it from the backup") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != known.public_key():
        raise AuthorityUnusable(f"{path} holds a key and a certificate that do not belong together")
    return Authority(key, known)


def is_tls_key(text: str) -> bool:
    """Whether this is a public key (base64 of DER) that a hub's certificate may be made for: P-256."""
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        return False
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"


def certify(by: Authority, tls_key: bytes, hub: str, host: str, now: datetime) -> x509.Certificate:
    """Sign a hub's TLS key (DER of the public key) for the host that its address names."""
    key = load_der_public_key(tls_key)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError(f"the TLS key of {hub} is no key of an elliptic curve")
    return (
        certificate.of_host(certificate.begin(certificate.common_name(hub), key, by.certificate.subject), host)
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + VALID)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False)
        .sign(by.key, hashes.SHA256())
    )


def renew(folder: Path, now: datetime, zone: str | None) -> Authority:
    """Return the authority with a new certificate for its key: what it signed before stays good under both.

    Raises:
        AuthorityUnusable: its file is damaged or cannot be read.
        OSError: it cannot be written.
    """
    return _write(folder / FILE, authority(folder, now, zone).key, now, zone)


def _write(path: Path, key: ec.EllipticCurvePrivateKey, now: datetime, zone: str | None) -> Authority:
    name = certificate.common_name("Citizen-service centres")
    signed = (
        certificate.begin(name, key.public_key(), name)
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + CA_VALID)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_SIGNS_ONLY, critical=True)
        .add_extension(x509.NameConstraints(subtrees(zone), None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(path, pem + signed.public_bytes(Encoding.PEM))
    return Authority(key, signed)


_SIGNS_ONLY: Final = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
    key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
)  # fmt: skip


def ends_at(certificate_der: bytes) -> datetime:
    """Return until when a certificate is good, in UTC. Raises ValueError for what is none."""
    return x509.load_der_x509_certificate(certificate_der).not_valid_after_utc.astimezone(UTC)
