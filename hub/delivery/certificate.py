"""The hub's TLS certificate: first one of its own making, then what central's authority for centres signed for its key.

It comes by the feed, and again in time, for the same key, by which kiosks know the hub: what has expired works on for
them, with an alarm.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from common.machine.durable_file import PRIVATE, replace_file
from common.machine.errors import PlainError
from common.protocol.feed_message import HubRecord
from common.web.certificate import begin, common_name, of_host
from hub.settings import HubConfig

_VALID: Final = timedelta(days=3650)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where certificate and key lie, the SHA-256 of the certificate as DER, when it ends, and whose word it is.

    `public_key` is base64 of DER; `is_signed`: by central's authority, so that browsers can trust it.
    """

    certificate: Path
    key: Path
    sha256: str
    public_key: str
    ends_at: datetime
    is_signed: bool


def own_certificate(config: HubConfig) -> Certificate:
    """Return this hub's certificate, making one for its address where there is none. Raises PlainError."""
    certificate, key = _paths(config)
    try:
        if not certificate.exists() or not key.exists():
            _make(config, certificate, key)
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
    except (OSError, ValueError) as error:
        raise PlainError(f"{certificate} cannot be used: {error}") from error
    return Certificate(
        certificate,
        key,
        hashlib.sha256(found.public_bytes(Encoding.DER)).hexdigest(),
        base64.b64encode(_public(found)).decode(),
        found.not_valid_after_utc.astimezone(UTC),
        found.issuer != found.subject,
    )


def take_signed(config: HubConfig, said: HubRecord | None) -> bool:
    """Put central's newest certificate for this hub in the place of the one in use; whether there was a newer one.

    Raises PlainError: the files cannot be read or written.
    """
    if not config.is_secure or said is None or not isinstance(said.certificate, str):
        return False
    own = own_certificate(config)
    try:
        signed = x509.load_der_x509_certificate(base64.b64decode(said.certificate, validate=True))
        if hashlib.sha256(signed.public_bytes(Encoding.DER)).hexdigest() == own.sha256:
            return False
        private = load_pem_private_key(own.key.read_bytes(), None)
        is_ours = _public(signed) == private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if is_ours:
            replace_file(own.certificate, signed.public_bytes(Encoding.PEM), mode=0o644)
    except (OSError, ValueError) as error:
        raise PlainError(
            f"the certificate that central signed cannot be put into {own.certificate}: {error}"
        ) from error
    if is_ours:
        _log.info("certificate-taken", until=f"{signed.not_valid_after_utc:%Y-%m-%d}")
    return is_ours


def _paths(config: HubConfig) -> tuple[Path, Path]:
    folder = config.data_dir / "keys"
    return folder / "tls.pem", folder / "tls.key.pem"


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _kept(key: Path) -> ec.EllipticCurvePrivateKey | None:
    """Return the key that lies there, which outlives its certificates; None where there is none. Raises ValueError."""
    found = load_pem_private_key(key.read_bytes(), None) if key.exists() else None
    return found if isinstance(found, ec.EllipticCurvePrivateKey) else None


def _make(config: HubConfig, certificate: Path, key: Path) -> None:
    host = urlsplit(config.address).hostname or ""
    private = _kept(key) or ec.generate_private_key(ec.SECP256R1())
    name = common_name(f"hub of {config.hub.centre}")
    now = datetime.now(UTC)
    # From 1970 on: the clock here may be wrong, and it is the key that is pinned.
    made = (
        of_host(begin(name, private.public_key(), name), host)
        .not_valid_before(datetime(1970, 1, 2, tzinfo=UTC))
        .not_valid_after(max(now, datetime(2026, 1, 1, tzinfo=UTC)) + _VALID)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    replace_file(key, pem, mode=PRIVATE)
    replace_file(certificate, made.public_bytes(Encoding.PEM), mode=0o644)
