"""Argon2id hashes of PINs and passwords (RFC 9106), of which a process has at most two under way.

One takes 64 MiB and four threads for a tenth of a second: a crowd that logs in at one instant would take more memory
than a service may have, and the process would be killed.
"""

import base64
import secrets
import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MOST_UNDER_WAY: Final = 2

_hasher: Final = PasswordHasher()
_places: Final = threading.BoundedSemaphore(MOST_UNDER_WAY)


def hash_secret(secret: str) -> str:
    """Return the argon2id hash of a PIN or password."""
    with _places:
        return _hasher.hash(secret)


def matches(hashed: str, secret: str) -> bool:
    """Return whether this is the secret of a hash; a hash that can't be read is nobody's."""
    with _places:
        try:
            return _hasher.verify(hashed, secret)
        except (VerificationError, InvalidHashError):
            return False


def hash_of_nobody() -> str:
    """Return a hash that no secret has, so that an unknown name takes as long as a wrong secret. It is not computed."""
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"
