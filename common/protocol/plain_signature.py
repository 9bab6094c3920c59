"""Signatures of messages as both ends of ours write them, composed directly: the text that RFC 9421 has signed.

The library composes the text of any message there can be, twice when it signs, and takes eight times as long as the
signature itself. A message that is not written exactly so is left to it: None says that.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LABEL: Final = "sig1"
# What needs no thought on escapes, blanks or letters: everything else is the library's to judge.
_METHOD: Final = re.compile(r"[A-Z]{1,20}")
_URL: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/(?:[A-Za-z0-9/._~?&=,:+-]|%[0-9A-F]{2})*")
_DIGEST: Final = re.compile(r"sha-256=:[A-Za-z0-9+/]{43}=:")
_KEYID: Final = re.compile(r"[!#-\[\]-~]{1,100}")
_CREATED: Final = r"0|[1-9][0-9]{0,11}"
_SIGNATURE: Final = re.compile(rf"{LABEL}=:([A-Za-z0-9+/]{{86}}==):")

#: What is covered, each as it is named and what stands for it.
Covered = Sequence[tuple[str, str]]


def digest_of(body: bytes) -> str:
    """The Content-Digest of a body."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def of_request(method: str, url: str, digest: str) -> Covered | None:
    """What is covered of a request; None where it is not written as ours are."""
    if not (_METHOD.fullmatch(method) and _URL.fullmatch(url) and _DIGEST.fullmatch(digest)):
        return None
    return ('"@method"', method), ('"@target-uri"', url), ('"content-digest"', digest)


def of_response(status: int, digest: str, request: Covered | None) -> Covered | None:
    """What is covered of an answer to `request`; None where that is not written as ours are."""
    if request is None or not _DIGEST.fullmatch(digest):
        return None
    asked = [(f"{name};req", value) for name, value in request]
    return ('"@status"', str(status)), *asked, ('"content-digest"', digest)


def sign(
    covered: Covered | None, digest: str, key: Ed25519PrivateKey, keyid: str, created: int
) -> dict[str, str] | None:
    """The headers that say so; `created` in seconds since 1970."""
    if covered is None or created < 0 or not _KEYID.fullmatch(keyid):
        return None
    parameters = f'({" ".join(name for name, _ in covered)});created={created};keyid="{keyid}";alg="ed25519"'
    signature = base64.b64encode(key.sign(_text(covered, parameters))).decode()
    return {
        "Content-Digest": digest,
        "Signature-Input": f"{LABEL}={parameters}",
        "Signature": f"{LABEL}=:{signature}:",
    }


def verified(
    covered: Covered | None, headers: Mapping[str, str], keys: Mapping[str, Ed25519PublicKey] | Ed25519PublicKey
) -> tuple[str, int] | None:
    """Who signed and when, by its own clock, where the signature is written as ours are and fits; else None."""
    if covered is None:
        return None
    said = _input_of(tuple(name for name, _ in covered)).fullmatch(headers.get("signature-input", ""))
    signature = _SIGNATURE.fullmatch(headers.get("signature", ""))
    if said is None or signature is None:
        return None
    key = keys if isinstance(keys, Ed25519PublicKey) else keys.get(said[3])
    if key is None:
        return None
    try:
        key.verify(base64.b64decode(signature[1]), _text(covered, said[1]))
    except InvalidSignature:
        return None
    return said[3], int(said[2])


@cache
def _input_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """How the signature over these names describes itself; there are two: of a request and of an answer."""
    covered = re.escape(" ".join(names))
    return re.compile(rf'{LABEL}=(\({covered}\);created=({_CREATED});keyid="({_KEYID.pattern})";alg="ed25519")')


def _text(covered: Covered, parameters: str) -> bytes:
    lines = [f"{name}: {value}" for name, value in covered]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("ascii")
