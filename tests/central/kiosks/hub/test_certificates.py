"""Hubs' certificates: one authority signs them, renews them in time, and kiosks know the old one meanwhile."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from central.base import clock
from central.keys.centre_ca import FILE, VALID
from central.kiosks.hub.certificates import RENEWED_BEFORE, authority_pem
from common.protocol.envelope import EnrolmentAnswer
from common.protocol.feed_message import HubRecord, Hubs
from offline_store.queue.hub_pin import hashes_of, is_known_by, key_sha256
from tests.central.conftest import URL, Stage
from tests.kit.sender import Sender

SELF_SIGNED = "ab" * 32


def public(key: Any) -> str:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def place(tls_key: str) -> dict[str, str]:
    at = {"role": "hub", "address": "https://10.0.0.5:8090"}
    return at | {"certificate_sha256": SELF_SIGNED, "tls_key": tls_key}


async def hub_of(stage: Stage, tls_key: str) -> Sender:
    sender = Sender("", URL)
    answer = await stage.try_enrol(sender, await stage.code("homs-main", "hub"), **place(tls_key))
    assert answer.status_code == 200, answer.text
    sender.learn(msgspec.json.decode(answer.content, type=EnrolmentAnswer))
    return sender


async def record_of(stage: Stage, reader: Sender, hub: str) -> HubRecord:
    page = await stage.feed(reader)
    body = [message.body for message in page.messages if message.kind == "hubs"][-1]
    return next(one for one in msgspec.json.decode(body, type=Hubs).hubs if one.id == hub)


def opened(record: HubRecord) -> x509.Certificate:
    assert isinstance(record.certificate, str)
    return x509.load_der_x509_certificate(base64.b64decode(record.certificate))


def hash_of(record: HubRecord) -> str:
    return hashlib.sha256(opened(record).public_bytes(Encoding.DER)).hexdigest()


async def test_a_hub_that_reads_the_feed_gets_a_certificate_of_the_authority(stage: Stage) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    kiosk, hub = await stage.enrolled(), await hub_of(stage, public(key))
    before = await record_of(stage, kiosk, hub.kiosk)
    assert hashes_of(before) == {SELF_SIGNED}
    mine = await record_of(stage, hub, hub.kiosk)
    certificate = opened(mine)
    async with stage.engine.begin() as connection:
        authority = x509.load_pem_x509_certificate((await authority_pem(connection, stage.config)).encode())
    certificate.verify_directly_issued_by(authority)
    assert certificate.public_key() == key.public_key()
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.5"]
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    told = await record_of(stage, kiosk, hub.kiosk)
    assert hashes_of(told) == {SELF_SIGNED, hash_of(mine)}
    assert await record_of(stage, hub, hub.kiosk) == mine, "nothing is signed twice"


async def test_it_is_renewed_in_time_and_the_one_in_use_stays_known(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = await hub_of(stage, public(ec.generate_private_key(ec.SECP256R1())))
    first = await record_of(stage, hub, hub.kiosk)
    now = clock.now()
    due = now + VALID - RENEWED_BEFORE
    monkeypatch.setattr(clock, "now", lambda: due - timedelta(hours=1))
    assert await record_of(stage, hub, hub.kiosk) == first
    monkeypatch.setattr(clock, "now", lambda: due + timedelta(hours=1))
    second = await record_of(stage, hub, hub.kiosk)
    assert opened(second).not_valid_after_utc > opened(first).not_valid_after_utc
    assert hashes_of(second) == {hash_of(first), hash_of(second)}
    renewed = opened(second).public_bytes(Encoding.DER)
    assert is_known_by(first, renewed), "who has not heard of it yet knows the hub still"
    assert first.tls_key_sha256 == second.tls_key_sha256 == key_sha256(renewed)


async def test_hubs_of_a_centre_are_numbered_as_they_were_enrolled(stage: Stage) -> None:
    first, second = [await hub_of(stage, public(ec.generate_private_key(ec.SECP256R1()))) for _ in range(2)]
    for hub, n in ((first, 1), (second, 2)):
        assert (await record_of(stage, first, hub.kiosk)).n == n
        assert (await record_of(stage, second, hub.kiosk)).n == n


async def test_a_hub_that_moves_gets_one_for_its_new_address(stage: Stage) -> None:
    tls_key = public(ec.generate_private_key(ec.SECP256R1()))
    hub = await hub_of(stage, tls_key)
    first = await record_of(stage, hub, hub.kiosk)
    moved = place(tls_key) | {"address": "https://10.0.0.6:8090", "certificate_sha256": hash_of(first)}
    assert (await stage.try_enrol(hub, await stage.code("homs-main", "hub"), **moved)).status_code == 200
    second = await record_of(stage, hub, hub.kiosk)
    names = opened(second).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.6"]
    assert hashes_of(second) == {hash_of(first), hash_of(second)}


@pytest.mark.parametrize("made", [lambda: "A" * 88, lambda: public(ec.generate_private_key(ec.SECP384R1()))])
async def test_what_is_no_tls_key_is_refused_by_name(stage: Stage, made: Any) -> None:
    refused = await stage.try_enrol(Sender("", URL), await stage.code("homs-main", "hub"), **place(made()))
    assert refused.status_code == 422
    assert "tls_key" in refused.json()["detail"]


async def test_a_damaged_authority_costs_a_hub_its_certificate_and_not_its_feed(stage: Stage) -> None:
    hub = await hub_of(stage, public(ec.generate_private_key(ec.SECP256R1())))
    (stage.config.keys_dir / FILE).write_text("gone")
    assert hashes_of(await record_of(stage, hub, hub.kiosk)) == {SELF_SIGNED}
    async with stage.engine.begin() as connection:
        with pytest.raises(ValueError, match="restore it from the backup"):
            await authority_pem(connection, stage.config)
