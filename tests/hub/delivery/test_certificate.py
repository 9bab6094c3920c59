"""The certificate that central signs is taken up by a hub that serves, without a restart, and by nobody else's hub."""

import base64
import contextlib
import socket
import sqlite3
import ssl
import time
from pathlib import Path

import pytest
from cryptography import x509

from common.protocol.feed_message import HubRecord
from hub.delivery.certificate import own_certificate, take_signed
from hub.settings import CentralSection, HubConfig, HubSection, load
from tests.hub.commands.processes import HubPlace, central, enrolled_hub

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
