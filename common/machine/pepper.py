"""A secret of this machine over the hashes of PINs: a disk without its machine then gives nobody a PIN to guess at.

`kiosk-pepper.service` and `hub-pepper.service` open it with the machine's TPM. Where there is none, hashes stay as
central sends them, and where that changes, central is asked for them again: a TPM that was changed or cleared locks
nobody out.
"""

import base64
import binascii
import contextlib
import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PEPPER: Final = Path("/run/kiosk-pepper/pepper")
HUBS: Final = Path("/run/hub-pepper/pepper")
"""The hub's own, on a machine of its own or beside a kiosk; each program may read only its user's."""
_LEAST_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_MARK: Final = "peppered"


@dataclass(frozen=True, slots=True, repr=False)
class Pepper:
    """The secret. `name` tells two of them apart and nothing else; it stands beside what was kept with it."""

    name: str
    _key: bytes

    @classmethod
    def of(cls, secret: bytes) -> Self:
        """Make one of at least 32 random bytes. Raises ValueError for fewer."""
        if len(secret) < _LEAST_BYTES:
            raise ValueError(f"a pepper has at least {_LEAST_BYTES} bytes, this one has {len(secret)}")
        name, key = (hashlib.sha256(use + secret).digest() for use in (b"kiosk-pepper-name:", b"kiosk-pepper-key:"))
        return cls(name[:4].hex(), key)

    def over(self, pin_hash: str) -> str:
        """Return the hash as it goes to disk."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + AESGCM(self._key).encrypt(nonce, pin_hash.encode(), None)
        return f"${_MARK}${self.name}${base64.b64encode(sealed).decode()}"

    def under(self, kept: str) -> str | None:
        """Return the hash again; None where it was kept with another pepper or has been changed."""
        try:
            sealed = base64.b64decode(kept.rpartition("$")[2], validate=True)
            return AESGCM(self._key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None).decode()
        except (InvalidTag, ValueError, binascii.Error):
            return None


def machine_pepper(file: Path | None = None) -> Pepper | None:
    """Return this machine's pepper, or None where it has none that can be opened."""
    for path in (PEPPER, HUBS) if file is None else (file,):
        with contextlib.suppress(OSError, ValueError):
            return Pepper.of(path.read_bytes())
    return None


def keep(pin_hash: str, pepper: Pepper | None) -> str:
    """Return a hash as it goes to disk on this machine; one that has been kept before stays as it was."""
    return pin_hash if pepper is None or is_kept(pin_hash) else pepper.over(pin_hash)


def is_kept(text: str) -> bool:
    """Whether it is what `keep` gave on a machine with a pepper."""
    return bool(_name_of(text))


def opened(kept: str, pepper: Pepper | None) -> str | None:
    """Return the hash of what `keep` gave; None where this machine can't open it now."""
    if not _name_of(kept):
        return kept
    return None if pepper is None else pepper.under(kept)


def is_current(kept: str, pepper: Pepper | None) -> bool:
    """Whether it was kept with the pepper of now, or without one where there is none."""
    return _name_of(kept) == ("" if pepper is None else pepper.name)


def _name_of(kept: str) -> str:
    words = kept.split("$")
    return words[2] if len(words) == 4 and words[1] == _MARK else ""
