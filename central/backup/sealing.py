"""A stream sealed with one key, of any length, in bounded memory: ChaCha20-Poly1305 in chunks, in the way of age.

A key of its own for each stream comes from a random salt. A chunk's nonce is its number and whether it is the last, so
that none can be left out, doubled, moved or cut off unseen.
"""

import secrets
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from central.backup.errors import BackupError

_HEAD: Final = b"central-backup-1\n"
_SALT_BYTES: Final = 32
_CHUNK: Final = 1 << 20
_TAG_BYTES: Final = 16


def seal(source: BinaryIO, target: BinaryIO, key: bytes) -> None:
    """Write all of `source` into `target`, sealed with a key of 32 bytes."""
    salt = secrets.token_bytes(_SALT_BYTES)
    target.write(_HEAD + salt)
    cipher, number, chunk = _cipher(key, salt), 0, source.read(_CHUNK)
    while True:
        following = source.read(_CHUNK)
        target.write(cipher.encrypt(_nonce(number, is_last=not following), chunk, None))
        if not following:
            return
        number, chunk = number + 1, following


def unseal(source: BinaryIO, target: BinaryIO, key: bytes) -> None:
    """Write what was sealed into `target`; nothing of a chunk that was changed.

    Raises:
        BackupError: it was sealed with another key, or was changed or cut off.
    """
    if source.read(len(_HEAD)) != _HEAD:
        raise BackupError("a file of the copy is none that central sealed")
    cipher, number = _cipher(key, source.read(_SALT_BYTES)), 0
    chunk = source.read(_CHUNK + _TAG_BYTES)
    while True:
        following = source.read(_CHUNK + _TAG_BYTES)
        try:
            target.write(cipher.decrypt(_nonce(number, is_last=not following), chunk, None))
        except InvalidTag as error:
            raise BackupError("a file of the copy was changed or cut off, or was sealed with another key") from error
        if not following:
            return
        number, chunk = number + 1, following


def _cipher(key: bytes, salt: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(hashes.SHA256(), 32, salt, _HEAD).derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
