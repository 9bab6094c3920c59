"""The key of the copies: what opens them, and what signs them. A copy of it lies in the city's safe."""

import base64
import secrets
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from central.backup.errors import BackupError
from central.keys.private_file import write_private

NAME: Final = "backup.key"


class BackupKey(Struct, frozen=True, omit_defaults=True):
    """Base64 of 32 bytes each: what seals and opens, what verifies a copy, and on central alone what signs it."""

    seal: str
    verify: str
    sign: str | None = None

    @property
    def sealing(self) -> bytes:
        """The key that seals and opens."""
        return base64.b64decode(self.seal)

    def signature(self, content: bytes) -> bytes:
        """Sign. Raises BackupError with a key of the safe, which signs nothing."""
        if self.sign is None:
            raise BackupError("this key opens and verifies copies; central's own signs them")
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(self.sign)).sign(content)

    def check(self, content: bytes, signature: bytes) -> None:
        """Raise BackupError where `content` was not signed by this key's other half."""
        try:
            Ed25519PublicKey.from_public_bytes(base64.b64decode(self.verify)).verify(signature, content)
        except InvalidSignature as error:
            raise BackupError("this copy was not made by this central: nothing of it is unpacked") from error


def read_or_make(keys_dir: Path) -> BackupKey:
    """Return central's own key, made where there is none yet. Raises BackupError."""
    path = keys_dir / NAME
    if path.exists():
        return read(path)
    signing = Ed25519PrivateKey.generate()
    sign, verify = signing.private_bytes_raw(), signing.public_key().public_bytes_raw()
    made = BackupKey(*(base64.b64encode(one).decode() for one in (secrets.token_bytes(32), verify, sign)))
    keys_dir.mkdir(exist_ok=True, mode=0o700)
    write_private(path, msgspec.json.encode(made))
    return made


def read(path: Path) -> BackupKey:
    """Read a key from central's folder or from the safe. Raises BackupError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=BackupKey)
    except OSError as error:
        raise BackupError(f"the key of the copies can't be read: {path}: {error.strerror}; give --key FILE") from error
    except msgspec.MsgspecError as error:
        raise BackupError(f"{path} is no key of copies: `central backup key` writes one for the safe") from error


def for_the_safe(key: BackupKey) -> bytes:
    """Return what the safe gets: enough to open and verify every copy, and nothing that could sign one."""
    return msgspec.json.encode(BackupKey(key.seal, key.verify))
