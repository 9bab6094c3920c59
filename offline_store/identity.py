"""Who this kiosk is, as its store needs to know: ids, digit, central's keys, and the machine that it runs on."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

PRODUCT_UUID = Path("/sys/class/dmi/id/product_uuid")

ENROLMENT: Final = "enrolment.json"  # who this machine is to central, kept outside the database
KEYS: Final = "keys"  # a folder


@dataclass(frozen=True, slots=True)
class CentralKey:
    """One public key of central, raw 32 bytes in base64. `kid`: first 8 hex digits of the key's SHA-256."""

    kid: str
    purpose: Literal["sealing", "signing"]
    public_key: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What enrolment gave this kiosk. The keys are those known at enrolment; the feed brings later ones."""

    kiosk: str
    centre: str
    digit: int
    central_keys: tuple[CentralKey, ...] = ()


def machine_hash(product_uuid: Path = PRODUCT_UUID) -> str | None:
    """Return the mark of this machine: SHA-256 of its DMI product UUID (SMBIOS 7.2.1), None where none can be read."""
    try:
        text = product_uuid.read_text(encoding="ascii").strip().lower()
    except (OSError, UnicodeDecodeError):
        return None
    return hashlib.sha256(f"kiosk-machine-1\n{text}".encode()).hexdigest() if text else None
