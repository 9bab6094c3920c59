"""HTTP messages signed by RFC 9421 with Ed25519: what is covered, how both ends sign and verify.

Works on plain values, so that httpx2 and Litestar both can use it. `created` is recorded, never judged: clocks here are
wrong, and replay is harmless. The signed text is composed by the library alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver, InvalidSignature
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException

LABEL: Final = "sig1"
REQUEST_COMPONENTS: Final = ('"@method"', '"@target-uri"', '"content-digest"')
RESPONSE_COMPONENTS: Final = (
    '"@status"',
    '"@method";req',
    '"@target-uri";req',
    '"content-digest";req',
    '"content-digest"',
)


class SignatureRefused(Exception):
    """A message that is not signed as docs/protocol.md asks; the text says what is wrong, with nothing of the body."""


type Keys = Mapping[str, Ed25519PublicKey] | Ed25519PublicKey  # by keyid; or the only one that may have signed


@dataclass(frozen=True, slots=True)
class Signed:
    """What a verified signature says of itself. `created` in seconds since 1970 by the signer's own clock."""

    keyid: str
    created: int | None


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its clock: a kiosk may believe it is 1970."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Judge no time."""


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self.key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:  # noqa: ARG002 - the interface's
        return self.key


class _KnownKeys(HTTPSignatureKeyResolver):
    def __init__(self, keys: Keys) -> None:
        self.keys = keys

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        if isinstance(self.keys, Ed25519PublicKey):
            return self.keys
        if key_id not in self.keys:
            raise InvalidSignature("the key that signed is not known")
        return self.keys[key_id]


def _sign(
    message: SimpleNamespace, components: tuple[str, ...], body: bytes, key: Ed25519PrivateKey, keyid: str
) -> None:
    signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_OneKey(key))
    signer.sign(
        message, key_id=keyid, label=LABEL, created=datetime.now(UTC), covered_component_ids=components, body=body
    )


def _verify(message: SimpleNamespace, components: tuple[str, ...], body: bytes | None, keys: Keys) -> Signed:
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=_KnownKeys(keys))
    try:
        results = verifier.verify(message, max_age=None, body=body)
    except (HTTPMessageSignaturesException, ValueError) as error:
        # The library says nothing where the signature is simply not that of this message and key.
        raise SignatureRefused(str(error)[:200] or "the signature does not fit the message") from error
    result = results[0]
    covered = set(result.covered_components) - {'"@signature-params"'}
    if covered != set(components):
        raise SignatureRefused(f"the signature must cover exactly {' '.join(components)}")
    created = result.parameters.get("created")
    return Signed(str(result.parameters["keyid"]), created if isinstance(created, int) else None)


def sign_request(method: str, url: str, body: bytes, *, key: Ed25519PrivateKey, keyid: str) -> dict[str, str]:
    """Return the headers to add to a request: Content-Digest (of an empty body too), Signature-Input, Signature."""
    message = SimpleNamespace(method=method, url=url, headers={})
    _sign(message, REQUEST_COMPONENTS, body, key, keyid)
    return dict(message.headers)


def verify_request(method: str, url: str, headers: Mapping[str, str], body: bytes | None, *, keys: Keys) -> Signed:
    """Verify a request against the public keys that may sign it, by keyid; against one key, whatever it is called.

    Without a body (None) the digest stands for it: of evidence whose body was not kept.

    Raises:
        SignatureRefused: no signature, another coverage, unknown key, altered target or body.
    """
    return _verify(SimpleNamespace(method=method, url=url, headers=headers), REQUEST_COMPONENTS, body, keys)


def sign_response(
    status: int,
    body: bytes,
    *,
    method: str,
    url: str,
    request_headers: Mapping[str, str],
    key: Ed25519PrivateKey,
    keyid: str,
) -> dict[str, str]:
    """Return the headers to add to an answer. Of `request_headers` the Content-Digest is bound into it.

    Raises:
        SignatureRefused: the request has no Content-Digest to bind.
    """
    request = SimpleNamespace(method=method, url=url, headers=request_headers)
    message = SimpleNamespace(status_code=status, headers={}, request=request)
    try:
        _sign(message, RESPONSE_COMPONENTS, body, key, keyid)
    except (HTTPMessageSignaturesException, ValueError) as error:
        raise SignatureRefused(str(error)) from error
    return dict(message.headers)


def verify_response(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    method: str,
    url: str,
    request_headers: Mapping[str, str],
    keys: Mapping[str, Ed25519PublicKey],
) -> Signed:
    """Verify an answer to the request that was sent, against central's signing keys by kid.

    Raises:
        SignatureRefused: no signature, another coverage, unknown key, or an answer to another request.
    """
    request = SimpleNamespace(method=method, url=url, headers=request_headers)
    message = SimpleNamespace(status_code=status, headers=headers, request=request)
    return _verify(message, RESPONSE_COMPONENTS, body, keys)
