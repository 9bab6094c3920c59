"""The key file: 32 random bytes that a machine has, and under which the database keeps central's private keys.

So a rotation on one machine reaches every other one through the database, and neither a replica's disk nor a backup
gives a key to anyone who lacks the file. It is put on each machine once, by hand, and into a safe.
"""

import base64
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from central.keys.private_file import write_private

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12  # RFC 8439; random is safe for the few keys that a central ever has
NAME: Final = "wrapping.key"


class KeyFileError(Exception):
    """The file is not there, is damaged, or is another central's; the text says what to do."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The key file in central's folder of keys: a line of 64 hex digits, to be copied as text."""

    folder: Path

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder / NAME

    def make(self) -> None:
        """Make it, durable when this returns, unless it is there."""
        if not self.path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(self.path, secrets.token_hex(KEY_BYTES).encode() + b"\n")

    def wrap(self, purpose: str, kid: str, private: bytes) -> str:
        """Seal a private key for the database. Raises KeyFileError."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher().encrypt(nonce, private, _bound(purpose, kid))).decode()

    def unwrap(self, purpose: str, kid: str, wrapped: str) -> bytes:
        """Open what `wrap` made for the same purpose and id. Raises KeyFileError."""
        sealed = base64.b64decode(wrapped)
        try:
            return self._cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(purpose, kid))
        except InvalidTag as error:
            raise KeyFileError(
                f"{self.path} is another central's: it does not open the {purpose} key {kid} of this database. "
                "Copy the file from a machine that serves it, or from the safe"
            ) from error

    def _cipher(self) -> ChaCha20Poly1305:
        return ChaCha20Poly1305(self.secret())

    def secret(self) -> bytes:
        """Read the 32 bytes. Raises KeyFileError."""
        try:
            text = self.path.read_text(encoding="ascii").strip()
        except FileNotFoundError as error:
            raise KeyFileError(
                f"{self.path} is missing: copy it from a machine that serves this database, or from the safe "
                "(owner central, mode 0600)"
            ) from error
        except UnicodeDecodeError as error:
            raise KeyFileError(f"{self.path} is damaged: expected 64 hex digits") from error
        try:
            key = bytes.fromhex(text)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise KeyFileError(f"{self.path} is damaged: found {len(text)} characters, expected 64 hex digits")
        return key


def _bound(purpose: str, kid: str) -> bytes:
    return f"central-key-1\n{purpose}\n{kid}".encode()
