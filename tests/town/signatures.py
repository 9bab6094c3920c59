"""Signatures of messages, as the product makes them, at a tenth of their price: a fifth of a town's time went there.

What is signed is composed in the library's own words (`test_signatures.py` holds both equal). What was signed within
this town, and comes to be verified with nothing changed, is not reckoned again: method, target, body, signature, its
parameters and the key are all compared. Whatever differs in one of them goes to the product's own code.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from types import SimpleNamespace
from typing import Final, NamedTuple
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from common.protocol import message_signature as product

_PLAIN_URL: Final = re.compile(r"http://[0-9.]+:[0-9]+/[A-Za-z0-9/_.~?=&-]*")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:=+/ -]*")
_MOST: Final = 4096


class _Known(NamedTuple):
    """A message that was signed in this town."""

    said: str
    components: tuple[str, ...]
    values: tuple[str, ...]
    body: bytes
    public: bytes
    signed: product.Signed


class Signatures:
    """What was signed in one town; `now` is the time by which it is dated."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._real_sign, self._real_verify = product._sign, product._verify
        self._now = now
        self._signed: dict[str, _Known] = {}
        self._public: dict[Ed25519PrivateKey, bytes] = {}
        self.reckoned = 0

    def sign(
        self, message: SimpleNamespace, components: tuple[str, ...], body: bytes, key: Ed25519PrivateKey, keyid: str
    ) -> None:
        """Sign a message, as `message_signature._sign` does."""
        created = int(self._now().timestamp())
        digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
        values = _values(message, digest)
        if values is None or not _PLAIN.fullmatch(keyid) or message.headers:
            self._real_sign(message, components, body, key, keyid)
            return
        parameters = f'({" ".join(components)});created={created};keyid="{keyid}";alg="ed25519"'
        lines = [f"{name}: {value}" for name, value in zip(components, values, strict=True)]
        text = "\n".join([*lines, f'"@signature-params": {parameters}'])
        signature = f"{product.LABEL}=:{base64.b64encode(key.sign(text.encode())).decode()}:"
        said = f"{product.LABEL}={parameters}"
        message.headers |= {"Content-Digest": digest, "Signature-Input": said, "Signature": signature}
        if key not in self._public:
            self._public[key] = key.public_key().public_bytes_raw()
        if len(self._signed) >= _MOST:
            self._signed.pop(next(iter(self._signed)))
        by = product.Signed(keyid, created)
        self._signed[signature] = _Known(said, components, values, body, self._public[key], by)

    def verify(
        self, message: SimpleNamespace, components: tuple[str, ...], body: bytes | None, keys: product.Keys
    ) -> product.Signed:
        """Verify a message, as `message_signature._verify` does."""
        headers = message.headers
        known = self._signed.get(headers.get("signature") or headers.get("Signature") or "")
        if known is not None:
            key = keys if isinstance(keys, Ed25519PublicKey) else keys.get(known.signed.keyid)
            digest = headers.get("content-digest") or headers.get("Content-Digest") or ""
            is_the_same = (
                key is not None
                and (headers.get("signature-input") or headers.get("Signature-Input")) == known.said
                and components == known.components
                and body == known.body
                and _values(message, digest) == known.values
                and key.public_bytes_raw() == known.public
            )
            if is_the_same:
                return known.signed
        self.reckoned += 1
        return self._real_verify(message, components, body, keys)


class _Dated:
    """Stands where the product dates a signature."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self, _zone: tzinfo) -> datetime:
        """Return the town's time."""
        return self._now()


@contextmanager
def signed_quickly(now: Callable[[], datetime]) -> Iterator[Signatures]:
    """Have every message of this process signed and verified by one `Signatures` within the block."""
    signatures = Signatures(now)
    with (
        patch.object(product, "_sign", signatures.sign),
        patch.object(product, "_verify", signatures.verify),
        patch.object(product, "datetime", _Dated(now)),
    ):
        yield signatures


def _values(message: SimpleNamespace, digest: str) -> tuple[str, ...] | None:
    """Return what the components of a message are, by its kind; None where they are not as plain as a town's."""
    if not hasattr(message, "status_code"):
        return (message.method, message.url, digest) if _PLAIN_URL.fullmatch(message.url) else None
    asked = message.request
    given = asked.headers.get("content-digest") or asked.headers.get("Content-Digest")
    if given is None or not _PLAIN.fullmatch(given) or not _PLAIN_URL.fullmatch(asked.url):
        return None
    return (str(message.status_code), asked.method, asked.url, given, digest)
