"""What goes to central by hand: a file of lines, each a batch that is signed by itself."""

import base64
from typing import Annotated, Final, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Meta, Struct

from common.protocol.envelope import MAX_BATCH_BYTES, Batch
from common.protocol.field import Base64, Count, KioskId

EXPORT_FORMAT: Final = "kiosk-export-1"


class ExportRefused(ValueError):
    """A line of an export that is damaged, of another format, or not signed by the kiosk it names."""


class ExportPart(Struct, frozen=True):
    """One line of an export: a batch as JSON in base64, signed by itself, so a torn file yields its whole lines."""

    format: Literal["kiosk-export-1"]
    kiosk: KioskId
    part: Count
    last: bool
    batch: Annotated[str, Meta(max_length=2 * MAX_BATCH_BYTES)]
    signature: Base64


def _export_text(kiosk: str, part: int, last: bool, batch: bytes) -> bytes:
    return f"{EXPORT_FORMAT}\n{kiosk}\n{part}\n{int(last)}\n".encode() + batch


def sign_export_part(kiosk: str, part: int, last: bool, batch: Batch, key: Ed25519PrivateKey) -> bytes:
    """Write one line of an export, its line feed included. Parts count from 0; the last one says so."""
    raw = msgspec.json.encode(batch)
    signature = base64.b64encode(key.sign(_export_text(kiosk, part, last, raw))).decode()
    line = ExportPart("kiosk-export-1", kiosk, part, last, base64.b64encode(raw).decode(), signature)
    return msgspec.json.encode(line) + b"\n"


def read_export_part(line: bytes) -> ExportPart:
    """Read one line of an export without trusting it: it names the kiosk whose key must verify it.

    Raises:
        ExportRefused: not a line of this format.
    """
    try:
        return msgspec.json.decode(line, type=ExportPart)
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        raise ExportRefused(f"not a line of {EXPORT_FORMAT}: {error}") from error


def open_export_part(part: ExportPart, key: Ed25519PublicKey) -> Batch:
    """Verify a line of an export and return its batch.

    Raises:
        ExportRefused: the signature is not that kiosk's, or the batch inside cannot be read.
    """
    try:
        raw = base64.b64decode(part.batch, validate=True)
        key.verify(base64.b64decode(part.signature), _export_text(part.kiosk, part.part, part.last, raw))
        return msgspec.json.decode(raw, type=Batch)
    except InvalidSignature as error:
        raise ExportRefused(f"part {part.part} is not signed by kiosk {part.kiosk}") from error
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        raise ExportRefused(f"part {part.part} cannot be read: {error}") from error
