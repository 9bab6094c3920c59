"""What citizens sealed and central opened, as it lies in the database: sealed again under the machine's key file.

So a replica's disk, a dump or a stolen backup holds no personal data that can be read without the file, which lies in
none of them. The text's own place is bound in: moved to another row it does not open.
"""

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from central.keys.key_file import KEY_BYTES, NONCE_BYTES, KeyFile

MARK: Final = "at-rest-1:"
_INFO: Final = b"homs-central personal data at rest 1"
_MARKING: Final = b"homs-central marks of personal data 1"


class NotOurText(Exception):
    """A text was sealed under another key file, for another row, or was changed."""


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """Seals and opens texts for one place in the database, such as `opened/KIOSK/ITEM`."""

    _cipher: ChaCha20Poly1305
    _marking: bytes

    @classmethod
    def of(cls, file: KeyFile) -> "Vault":
        """Derive its key from the machine's key file. Raises KeyFileError."""
        key, marking = (HKDF(SHA256(), KEY_BYTES, None, info).derive(file.secret()) for info in (_INFO, _MARKING))
        return cls(ChaCha20Poly1305(key), marking)

    def seal(self, place: str, text: str) -> str:
        """Return what goes into the database."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return MARK + base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())).decode()

    def mark(self, text: str) -> str:
        """Return what tells two texts apart and says nothing of either: 32 hex digits, the same for the same text."""
        return hmac.digest(self._marking, text.encode(), "sha256")[:16].hex()

    def open(self, place: str, kept: str) -> str:
        """Return the text. Raises NotOurText."""
        try:
            sealed = base64.b64decode(kept.removeprefix(MARK), validate=True)
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise NotOurText(f"{place} does not open with this machine's key file") from error


def place_of_item(kiosk: str, item: str) -> str:
    """Name the place of an item's opened content."""
    return f"opened/{kiosk}/{item}"


def place_of_order(order_id: str) -> str:
    """Name the place of an order's personal block."""
    return f"orders/{order_id}"


def place_of_contact(subject: str, about: str) -> str:
    """Name the place of a telephone number."""
    return f"message_contacts/{subject}/{about}"


def place_of_staff(centre: str) -> str:
    """Name the place of the numbers of a centre's staff."""
    return f"message_rules/{centre}"
