"""The hub's TLS certificate: made with its key on this machine; central tells kiosks its SHA-256, and they pin it."""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.errors import HubError
from hub.settings import HubConfig
from offline_store.disk.durable_file import PRIVATE, replace_file

_VALID: Final = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where certificate and key lie, and the SHA-256 of the certificate as DER."""

    certificate: Path
    key: Path
    sha256: str


def own_certificate(config: HubConfig) -> Certificate:
    """Give this hub's certificate, making one for its address where there is none. Raises HubError."""
    folder = config.data_dir / "keys"
    certificate, key = folder / "tls.pem", folder / "tls.key.pem"
    try:
        if not certificate.exists() or not key.exists():
            _make(config, certificate, key)
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
    except (OSError, ValueError) as error:
        raise HubError(f"{certificate} cannot be used: {error}") from error
    return Certificate(certificate, key, hashlib.sha256(found.public_bytes(Encoding.DER)).hexdigest())


def _make(config: HubConfig, certificate: Path, key: Path) -> None:
    host = urlsplit(config.address).hostname or ""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"hub of {config.hub.centre}"[:64])])
    now = datetime.now(UTC)
    # From 1970 on: the clock here may be wrong, and it is the hash that is pinned.
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(1970, 1, 2, tzinfo=UTC))
        .not_valid_after(max(now, datetime(2026, 1, 1, tzinfo=UTC)) + _VALID)
        .add_extension(x509.SubjectAlternativeName([_general_name(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    replace_file(key, pem, mode=PRIVATE)
    replace_file(certificate, made.public_bytes(Encoding.PEM), mode=0o644)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
