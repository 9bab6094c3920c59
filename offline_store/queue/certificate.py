"""Whether a hub's certificate is still good: kiosks know it by its hash, so an expired one works on, and is told."""

import base64
from typing import Final

from cryptography import x509

from common.machine.stamp import Stamp
from common.protocol.feed_message import HubRecord
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.disk.database import Store

CERTIFICATE_EXPIRED: Final = "hub-certificate-expired"


def note_age(store: Store, hub: HubRecord, stamp: Stamp) -> None:
    """Raise or end the alarm on a hub's certificate, by a clock that is trusted. Raises StoreError."""
    if not stamp.tells_time or not isinstance(hub.certificate, str):
        return
    ends_at = x509.load_der_x509_certificate(base64.b64decode(hub.certificate)).not_valid_after_utc
    with store.write() as connection:
        if ends_at < stamp.wall_time:
            text = f"the certificate of {hub.id} ended on {ends_at:%Y-%m-%d}: browsers refuse it, kiosks go on"
            raise_alarm(connection, CERTIFICATE_EXPIRED, text, stamp)
        else:
            clear_alarm(connection, CERTIFICATE_EXPIRED)
