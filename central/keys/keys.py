"""Central's private keys: files under the data folder that only its owner may read, named by key id and purpose.

The database has them too, wrapped (`sharing`): that is how a machine gets what another one made. Old keys stay: a
sealing key opens what kiosks sealed before they heard of the next one, a signing key answers them until then. Which
keys exist, and in which order they came, stands in the table `central_keys`.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from central.keys.at_rest import Vault
from central.keys.key_file import KeyFile
from central.keys.private_file import write_private

IssuerPurpose = Literal["claims", "receipts"]
Purpose = Literal["signing", "sealing", "demo-app"] | IssuerPurpose
PRIVATE_BYTES: Final = 32  # of Ed25519 and of X25519
SEAL_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class KeyMissingError(Exception):
    """A key cannot be had from the data folder: it is another central's folder, or the file was lost or damaged."""

    def __init__(self, purpose: str, kid: str, folder: Path, fault: str | None = None) -> None:
        place = f"central's {purpose} key {kid} is not in {folder}: use the data folder of this database"
        super().__init__(f"{folder / f'{kid}.{purpose}'}: {fault}; restore it from the backup" if fault else place)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The private keys in `folder`, read when first asked for, so that a rotation needs no restart."""

    folder: Path
    _signing: dict[str, Ed25519PrivateKey] = field(default_factory=dict)
    _sealing: dict[str, X25519PrivateKey] = field(default_factory=dict)
    _vaults: list[Vault] = field(default_factory=list)

    def make(self, purpose: Purpose) -> tuple[str, bytes]:
        """Make a key and write it, durable before anything names it; returns its kid and 32 public bytes."""
        key = X25519PrivateKey.generate() if purpose == "sealing" else Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw()
        kid = kid_of(public)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(self._path(purpose, kid), key.private_bytes_raw())
        return kid, public

    def signing(self, kid: str, purpose: Literal["signing"] | IssuerPurpose = "signing") -> Ed25519PrivateKey:
        """The key `kid` that signs answers, claims or receipts. Raises KeyMissingError."""
        if kid not in self._signing:
            self._signing[kid] = self._genuine(purpose, kid, Ed25519PrivateKey.from_private_bytes)
        return self._signing[kid]

    def sealing(self, kid: str) -> X25519PrivateKey:
        """The sealing key `kid`, as the kiosk named it. Raises KeyMissingError, also for what is no kid at all."""
        if kid not in self._sealing:
            self._sealing[kid] = self._genuine("sealing", kid, X25519PrivateKey.from_private_bytes)
        return self._sealing[kid]

    def vault(self) -> Vault:
        """What seals and opens personal data at rest. Raises KeyFileError."""
        if not self._vaults:
            self._vaults.append(Vault.of(KeyFile(self.folder)))
        return self._vaults[0]

    def has(self, purpose: Purpose, kid: str) -> bool:
        """Whether the key is here, damaged or not."""
        return kid in self._signing or kid in self._sealing or self._path(purpose, kid).exists()

    def private_bytes(self, purpose: Purpose, kid: str) -> bytes:
        """The private key itself, for the database. Raises KeyMissingError."""
        if purpose == "sealing":
            return self.sealing(kid).private_bytes_raw()
        return self.signing(kid, purpose if purpose in ("claims", "receipts") else "signing").private_bytes_raw()

    def keep(self, purpose: Purpose, kid: str, private: bytes) -> None:
        """Write a key that another machine made, where it is not here yet or is damaged."""
        try:
            if self.private_bytes(purpose, kid) == private:
                return
        except KeyMissingError:
            pass
        write_private(self._path(purpose, kid), private)

    def demo_app(self) -> tuple[str, Ed25519PrivateKey, bool]:
        """The demo key of the citizen's app, made on first use: kid, key, and whether it is new."""
        existing = sorted(self.folder.glob("*.demo-app"))
        if existing:
            kid = existing[0].stem
            return kid, self._genuine("demo-app", kid, Ed25519PrivateKey.from_private_bytes), False
        kid, _ = self.make("demo-app")
        return kid, self._genuine("demo-app", kid, Ed25519PrivateKey.from_private_bytes), True

    def _path(self, purpose: Purpose, kid: str) -> Path:
        return self.folder / f"{kid}.{purpose}"

    def _genuine[Key: (Ed25519PrivateKey, X25519PrivateKey)](
        self, purpose: Purpose, kid: str, load: Callable[[bytes], Key]
    ) -> Key:
        # The kid may come from an item, so it must not become a path of its own.
        if len(kid) != 8 or any(digit not in "0123456789abcdef" for digit in kid):
            raise KeyMissingError(purpose, kid[:16], self.folder)
        try:
            data = self._path(purpose, kid).read_bytes()
        except FileNotFoundError as error:
            raise KeyMissingError(purpose, kid, self.folder) from error
        except OSError as error:
            raise KeyMissingError(purpose, kid, self.folder, error.strerror) from error
        key = load(data) if len(data) == PRIVATE_BYTES else None
        if key is None or kid_of(key.public_key().public_bytes_raw()) != kid:
            raise KeyMissingError(purpose, kid, self.folder, "the file is damaged")
        return key


def kid_of(public_key: bytes) -> str:
    """The text that names one of central's keys: the first 8 hex digits of the SHA-256 of its public bytes."""
    return hashlib.sha256(public_key).hexdigest()[:8]


def base64_text(data: bytes) -> str:
    """Base64 as the wire has it: standard alphabet, padded."""
    return base64.b64encode(data).decode("ascii")


def is_public_key(text: str) -> bool:
    """Whether `text` is base64 of 32 bytes, written the one way that base64 is written."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(raw) == 32 and base64.b64encode(raw).decode() == text
