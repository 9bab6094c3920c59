"""An expired certificate of the hub is told; it stops no kiosk, and the alarm ends with a new one."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from central.keys.centre_ca import VALID, authority, certify
from common.protocol.feed_message import HubRecord
from offline_store.alarms import list_alarms
from offline_store.disk.database import Store
from offline_store.queue.certificate import CERTIFICATE_EXPIRED, note_age
from tests.kit.clock import HandClock

NOW = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def hub(store: Store) -> HubRecord:
    tls_key = ec.generate_private_key(ec.SECP256R1()).public_key()
    der = tls_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signed = certify(authority(store.data_dir / "keys", NOW), der, "hub-1", "10.0.0.5", NOW)
    record = base64.b64encode(signed.public_bytes(Encoding.DER)).decode()
    return HubRecord("hub-1", "https://10.0.0.5:8090", "A" * 43 + "=", None, False, record)


def told(store: Store) -> list[str]:
    return [alarm.code for alarm in list_alarms(store)]


def test_an_expired_certificate_is_an_alarm_until_there_is_a_new_one(store: Store, hub: HubRecord) -> None:
    clock = HandClock()
    clock.wall = NOW
    note_age(store, hub, clock.now())
    assert told(store) == []
    assert isinstance(hub.certificate, str)
    ends_at = x509.load_der_x509_certificate(base64.b64decode(hub.certificate)).not_valid_after_utc
    clock.wall = ends_at
    note_age(store, hub, clock.now())
    assert told(store) == []
    clock.wall = ends_at + timedelta(seconds=1)
    note_age(store, hub, clock.now())
    text = f"the certificate of hub-1 ended on {ends_at:%Y-%m-%d}: browsers refuse it, kiosks go on"
    assert [(one.code, one.detail) for one in list_alarms(store)] == [(CERTIFICATE_EXPIRED, text)]
    clock.wall = NOW
    note_age(store, hub, clock.now())
    assert told(store) == []


def test_a_wrong_clock_raises_no_alarm(store: Store, hub: HubRecord) -> None:
    clock = HandClock()
    clock.wall = NOW + 2 * VALID
    clock.trust = "unknown"
    note_age(store, hub, clock.now())
    assert told(store) == []
