"""What the store's tests share: an identity, stamps of any time and trust, a store in a folder."""

import base64
import hashlib
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from common.machine.stamp import Stamp, Trust
from offline_store.identity import CentralKey, Identity
from tests.kit.clock import BOOT, NOON

CENTRAL_PRIVATE_KEY = X25519PrivateKey.from_private_bytes(hashlib.sha256(b"central's key of the tests").digest())
_PUBLIC = CENTRAL_PRIVATE_KEY.public_key().public_bytes_raw()
SEALING_KEY = CentralKey(hashlib.sha256(_PUBLIC).hexdigest()[:8], "sealing", base64.b64encode(_PUBLIC).decode())
IDENTITY = Identity("kiosk-0001", "homs-main", 2, (SEALING_KEY,))
MACHINE = "a" * 64


def stamp(
    moment: datetime = NOON, *, trust: Trust = "synced", boot_time_s: float = 100.0, boot_id: str = BOOT
) -> Stamp:
    """Return a stamp; by default a good clock at noon."""
    return Stamp(moment, int(boot_time_s * 1e9), boot_id, trust)


def later(**delta: float) -> datetime:
    """Return noon plus a timedelta."""
    return NOON + timedelta(**delta)
