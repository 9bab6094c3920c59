"""The doctor asks central where kiosks do: by a real server with TLS, and the whole line of each state."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from central.base.config import CentralConfig, load_config
from central.commands.doctor.answering import address

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
WELL = b'{"status":"ok"}'


def make(path: Path, days: int) -> None:
    """Write a certificate that ends so many days from now, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "central")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(NOW - timedelta(days=400))
        .not_valid_after(NOW + timedelta(days=days)).sign(key, hashes.SHA256())
    )  # fmt: skip
    path.write_bytes(made.public_bytes(Encoding.PEM))
    path.with_suffix(".key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@contextmanager
def served(certificate: Path | None, status: int = 200, body: bytes = WELL) -> Iterator[str]:
    """Serve one answer to whatever is asked, as nginx would; yield the address."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 500)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    scheme = "http"
    if certificate is not None:
        context, scheme = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), "https"
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def config(tmp_path: Path) -> CentralConfig:
    return load_config(tmp_path / "central", None)


def line(config: CentralConfig, url: str | None, certificate: Path) -> str:
    said = address(replace(config, public_url=url), certificate, NOW).line
    return said if url is None else said.replace(url, "URL").replace(str(certificate.parent), "TLS")


@pytest.mark.parametrize(("left", "verdict"), [(20, "PROBLEM "), (60, "WARNING ")])
def test_a_renewed_certificate_that_nginx_has_not_read_is_named_with_the_end_of_the_one_that_is_served(
    config: CentralConfig, tmp_path: Path, left: int, verdict: str
) -> None:
    old, new = tmp_path / "old.pem", tmp_path / "fullchain.pem"
    make(old, left)
    make(new, 400)
    with served(old) as url:
        assert line(config, url, new) == (
            f"{verdict} address: not the one of TLS/fullchain.pem is served, but one that ends on "
            f"{NOW + timedelta(days=left):%Y-%m-%d}: then kiosks are cut off -> nginx -t && systemctl reload nginx"
        )
        same = (
            f"OK       address: URL answers as central, with a certificate until {NOW + timedelta(days=left):%Y-%m-%d}"
        )
        assert line(config, url, old) == same
        assert line(config, url, tmp_path / "none.pem") == same, "that it is missing is said elsewhere"


@pytest.mark.parametrize(("status", "body"), [(404, WELL), (200, b"<h1>Welcome to nginx!</h1>")])
def test_another_site_at_the_name_is_named(config: CentralConfig, tmp_path: Path, status: int, body: bytes) -> None:
    with served(None, status, body) as url:
        assert line(config, url, tmp_path / "none.pem") == (
            f"PROBLEM  address: URL answers with status {status}, and not as central"
            " -> server_name and listen in nginx as nginx/central.conf has them; systemctl reload nginx"
        )


def test_where_nobody_listens_no_kiosk_reaches_central(config: CentralConfig, tmp_path: Path) -> None:
    with served(None) as url:
        assert line(config, url, tmp_path / "none.pem") == "OK       address: URL answers as central"
    assert line(config, url, tmp_path / "none.pem").startswith(
        "PROBLEM  address: URL does not answer (ConnectionRefusedError): no kiosk reaches central -> nginx -t;"
    )
    assert line(config, None, tmp_path).startswith("SKIPPED  address")


@pytest.mark.parametrize(("refuses", "verdict"), [(0, "ok"), (15, "ok"), (16, "problem")])
def test_a_central_that_starts_is_given_half_a_minute(
    config: CentralConfig, tmp_path: Path, refuses: int, verdict: str
) -> None:
    answers = iter([(None, 502, b"")] * refuses + [(None, 200, WELL)])
    slept: list[float] = []
    here = replace(config, public_url="https://central.example")
    found = address(here, tmp_path / "none.pem", NOW, lambda _: next(answers), slept.append)
    assert (found.verdict, sum(slept)) == (verdict, 2 * min(refuses, 15))
