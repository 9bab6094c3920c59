"""By what a hub is known over TLS: its key, which outlives each certificate; by a certificate's hash without one.

A hub shows a renewed certificate as soon as it has heard of it: who was off then, or has no line to central, knows it
still.
"""

import base64
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import UNSET

from common.protocol.feed_message import HubRecord


def key_sha256(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate's public key, as DER (SubjectPublicKeyInfo, RFC 5280). Raises ValueError."""
    public = x509.load_der_x509_certificate(certificate).public_key()
    return sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def is_known_by(hub: HubRecord, shown: bytes | None) -> bool:
    """Return whether a certificate (DER) that was shown is of the hub that central named, whatever its dates say."""
    if not shown:
        return False
    key = _key_of(hub)
    if key is None:
        return sha256(shown).hexdigest() in hashes_of(hub)
    try:
        return key_sha256(shown) == key
    except ValueError:
        return False


def has_pin(hub: HubRecord) -> bool:
    """Return whether anything is known by which a hub is told from another over TLS."""
    return hub.tls_key_sha256 is not UNSET or bool(hashes_of(hub))


def hashes_of(hub: HubRecord) -> frozenset[str]:
    """Return the SHA-256 of each certificate that central has named for a hub."""
    signed = b"" if hub.certificate is UNSET else base64.b64decode(hub.certificate)
    hashes = {sha256(signed).hexdigest()} if signed else set()
    return frozenset(hashes | ({hub.certificate_sha256} if hub.certificate_sha256 else set()))


def _key_of(hub: HubRecord) -> str | None:
    """Return the hash of a hub's TLS key: as central says it, else out of the certificate that it signed for it."""
    if hub.tls_key_sha256 is not UNSET:
        return hub.tls_key_sha256
    if hub.certificate is UNSET:
        return None
    try:
        return key_sha256(base64.b64decode(hub.certificate))
    except ValueError:
        return None
