"""A kiosk that is enrolled without a central server."""

import base64
import os
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from common.machine.records.record import keep
from common.protocol.central_keys import key_id
from common.protocol.feed_message import CentralKeyRecord
from kiosk.delivery.enrolment import Enrolment
from kiosk.records.names import ENROLMENT


def enrol_by_hand(data_dir: Path, centre: str = "homs-main") -> None:
    """Write identity and key as `kiosk enrol` does."""
    signing = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    sealing = X25519PrivateKey.generate().public_key().public_bytes_raw()
    enrolment = Enrolment(
        kiosk="0b3f6c1e-5d2a-4f7e-9d0c-0123456789ab",
        centre=centre,
        digit=2,
        central="http://127.0.0.1:9",
        sealing_key=_public(sealing),
        signing_keys=[_public(signing)],
        first_pin_hash="",
    )
    (data_dir / "keys").mkdir(parents=True)
    keep(data_dir / ENROLMENT, msgspec.to_builtins(enrolment), mode=0o600)
    _private(data_dir / "keys" / f"{enrolment.kiosk}.key", Ed25519PrivateKey.generate().private_bytes_raw())


def _public(raw: bytes) -> CentralKeyRecord:
    text = base64.b64encode(raw).decode()
    return CentralKeyRecord(key_id(raw), text)


def _private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(content)
