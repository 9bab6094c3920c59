"""The certificate that central signs is taken up by a hub that serves, without a restart, and by nobody else's hub."""

import base64
import contextlib
import hashlib
import socket
import sqlite3
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec.structs import replace
from structlog.testing import capture_logs

from central.keys.centre_ca import authority, certify
from common.machine.errors import PlainError
from common.protocol.feed_message import HubRecord
from hub.delivery.certificate import own_certificate, take_signed
from hub.settings import CentralSection, HubConfig, HubSection, load
from tests.hub.commands.processes import HubPlace, central, enrolled_hub

NOW = datetime(2027, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.timeout(120)


def shown(place: HubPlace, trusted: ssl.SSLContext) -> bytes:
    host, port = place.url.removeprefix("https://").split(":")
    with (
        socket.create_connection((host, int(port)), timeout=5) as line,
        trusted.wrap_socket(line, server_hostname=host) as secured,
    ):
        certificate = secured.getpeercert(binary_form=True)
    assert certificate is not None
    return certificate


@pytest.mark.proof
def test_a_serving_hub_shows_its_renewed_certificate_to_the_next_who_connects(tmp_path: Path) -> None:
    with central(tmp_path) as there:
        there.pin("رنا")
        place = enrolled_hub(tmp_path / "hub", there, "https")
        trusted = ssl.create_default_context(cadata=there.command("centre-ca"))
        with place.serving():
            first = shown(place, trusted)
            with contextlib.closing(sqlite3.connect(there.data / "central.db", autocommit=True)) as database:
                database.execute("UPDATE kiosks SET certificate = NULL")
            place.command("forward", "--once")
            until = time.monotonic() + 20
            while shown(place, trusted) == first:
                assert time.monotonic() < until
                time.sleep(0.2)
        assert any("signed by central" in line["found"] for line in findings(place, "certificate"))


@pytest.mark.parametrize("host", ["hub.homs.example", "10.0.0.5", "[fd00::5]"])
def test_a_hub_has_a_certificate_for_its_name_or_address(tmp_path: Path, host: str) -> None:
    (tmp_path / "keys").mkdir()
    hub = HubSection(centre="homs-main", data_dir=str(tmp_path), address=f"https://{host}:8090")
    config = HubConfig(hub=hub, central=CentralSection(url="http://127.0.0.1:1"))
    made = x509.load_pem_x509_certificate(own_certificate(config).certificate.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(one.value) for one in names] == [host.strip("[]")]


def test_a_certificate_that_is_lost_is_made_again_for_the_same_key(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    hub = HubSection(centre="homs-main", data_dir=str(tmp_path), address="https://10.0.0.5:8090")
    config = HubConfig(hub=hub, central=CentralSection(url="http://127.0.0.1:1"))
    first = own_certificate(config)
    first.certificate.unlink()
    again = own_certificate(config)
    assert again.sha256 != first.sha256
    assert again.public_key == first.public_key, "kiosks and other hubs know the hub by it"


def findings(place: HubPlace, check: str) -> list[dict[str, str]]:
    return [line for line in place.lines("doctor", "--json") if line["check"] == check]


def test_a_certificate_for_another_key_is_left(tmp_path: Path) -> None:
    configs = []
    for name in ("one", "other"):
        file = tmp_path / f"{name}.toml"
        file.write_text(
            f'[hub]\ncentre = "homs-main"\ndata_dir = "{name}"\nlisten = "10.0.0.5:8090"\n'
            'address = "https://10.0.0.5:8090"\n[central]\nurl = "http://127.0.0.1:1"\n'
        )
        (tmp_path / name / "keys").mkdir(parents=True)
        configs.append(load(file))
    one, other = configs
    foreign = ssl.PEM_cert_to_DER_cert(own_certificate(other).certificate.read_text())
    before = own_certificate(one)
    said = HubRecord("hub-1", one.address, "A" * 43 + "=", None, False, base64.b64encode(foreign).decode())
    assert take_signed(one, said) is False
    assert own_certificate(one) == before


@pytest.fixture
def config(tmp_path: Path) -> HubConfig:
    (tmp_path / "keys").mkdir()
    hub = HubSection(centre="homs-main", data_dir=str(tmp_path), address="https://10.0.0.5:8090")
    return HubConfig(hub=hub, central=CentralSection(url="http://127.0.0.1:1"))


def signed_for(config: HubConfig, folder: Path) -> HubRecord:
    """What central says of a hub for whose key its authority has signed."""
    der = base64.b64decode(own_certificate(config).public_key)
    signed = certify(authority(folder, NOW), der, "hub-1", "10.0.0.5", NOW).public_bytes(Encoding.DER)
    return HubRecord("hub-1", config.address, "A" * 43 + "=", None, False, base64.b64encode(signed).decode())


def test_a_hubs_own_certificate_is_made_once_for_ten_years(config: HubConfig) -> None:
    made = own_certificate(config)
    assert own_certificate(config) == made
    found = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    der = found.public_bytes(Encoding.DER)
    assert made.sha256 == hashlib.sha256(der).hexdigest()
    assert base64.b64decode(made.public_key) == found.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    assert (made.is_signed, found.not_valid_before_utc) == (False, datetime(1970, 1, 2, tzinfo=UTC))
    assert made.ends_at == found.not_valid_after_utc
    years = made.ends_at - max(datetime.now(UTC), datetime(2026, 1, 1, tzinfo=UTC))
    assert timedelta(days=3649) < years <= timedelta(days=3650)
    assert [one.stat().st_mode & 0o777 for one in (made.certificate, made.key)] == [0o644, 0o600]
    made.key.unlink()
    assert own_certificate(config).sha256 != made.sha256, "without its key it is of no use"


def test_what_central_signed_takes_the_place_of_the_one_in_use_once(config: HubConfig, tmp_path: Path) -> None:
    said = signed_for(config, tmp_path / "ca")
    before = own_certificate(config)
    plain = HubConfig(hub=replace(config.hub, address="http://10.0.0.5:8090"), central=config.central)
    assert [take_signed(one, word) for one, word in ((plain, said), (config, None))] == [False, False]
    assert take_signed(config, HubRecord("hub-1", config.address, "A" * 43 + "=")) is False
    with capture_logs() as logs:
        assert take_signed(config, said) is True
        assert take_signed(config, said) is False
    after = own_certificate(config)
    assert after.is_signed
    assert (after.public_key, after.key) == (before.public_key, before.key)
    assert after.certificate.stat().st_mode & 0o777 == 0o644
    until = f"{after.ends_at:%Y-%m-%d}"
    assert logs == [{"event": "certificate-taken", "log_level": "info", "until": until}]


@pytest.mark.parametrize("certificate", ["!", "AAAA"])
def test_what_is_no_certificate_is_said(config: HubConfig, certificate: str) -> None:
    said = HubRecord("hub-1", config.address, "A" * 43 + "=", None, False, certificate)
    with pytest.raises(PlainError, match=r"the certificate that central signed cannot be put into .*/tls\.pem: "):
        take_signed(config, said)
    own_certificate(config).certificate.write_text("no certificate")
    with pytest.raises(PlainError, match=r"tls\.pem cannot be used: "):
        own_certificate(config)
