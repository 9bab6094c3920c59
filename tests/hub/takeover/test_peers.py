"""Another hub's word is believed by its signature and its certificate; whatever else comes is silence."""

import base64
import hashlib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.feed_message import HubRecord
from common.protocol.message_signature import sign_response, verify_request
from hub.takeover import peers
from hub.takeover.peers import Peer, PeerSilent, Statement
from tests.offline_store.certificates import Authority

OWN_KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PEER_KEY = Ed25519PrivateKey.from_private_bytes(b"h" * 32)
PUBLIC = base64.b64encode(PEER_KEY.public_key().public_bytes_raw()).decode()
PIN = hashlib.sha256(b"certificate").hexdigest()
SAID = Statement("hub-2", 3, leading=True, address="http://127.0.0.1:1", seq=9)


class Asked:
    """A peer over a wire that is a function."""

    def __init__(self, body: bytes, *, key: Ed25519PrivateKey = PEER_KEY, status: int = 200, **more: Any) -> None:
        self.body, self.key, self.status, self.more = body, key, status, more
        self.urls: list[str] = []
        self.record = HubRecord("hub-2", "http://127.0.0.1:1/", PUBLIC, more.get("pin"))
        self.peer = Peer(self.record, "hub-1", OWN_KEY)
        self.peer._client = self.client = httpx2.Client(transport=httpx2.MockTransport(self._answer))

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        url = str(request.url)
        verify_request("GET", url, request.headers, b"", keys={"hub-1": OWN_KEY.public_key()})
        self.urls.append(url)
        if self.more.get("away"):
            raise httpx2.ConnectError("away")
        headers = sign_response(
            self.status, self.body, method="GET", url=url, request_headers=dict(request.headers), key=self.key,
            keyid="hub-2",
        )  # fmt: skip
        shown = self.more.get("shown")
        tls = SimpleNamespace(getpeercert=lambda binary: shown if binary else None)
        wire = SimpleNamespace(get_extra_info={"ssl_object": tls}.get)
        extensions = {"network_stream": wire} if "shown" in self.more else {}
        return httpx2.Response(self.status, stream=httpx2.ByteStream(self.body), headers=headers, extensions=extensions)


def statement(**changed: Any) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(SAID, **changed))


def test_a_hub_says_what_it_serves_and_gives_its_log_after_a_number() -> None:
    asked = Asked(statement())
    assert asked.peer.statement() == SAID
    with pytest.raises(PeerSilent):
        asked.peer.pull(7)  # that is no page of a log
    assert asked.urls == ["http://127.0.0.1:1/v1/hub", "http://127.0.0.1:1/v1/events?after=7"]


@pytest.mark.parametrize(
    "asked",
    [
        Asked(statement(), key=OWN_KEY),
        Asked(b"{}"),
        Asked(statement(), away=True),
        Asked(statement(), pin=PIN),
        Asked(statement(), pin=PIN, shown=b"another"),
        Asked(statement(), pin=PIN, shown=None),
    ],
)
def test_what_is_not_its_own_word_is_silence_and_the_connection_is_dropped(asked: Asked) -> None:
    with pytest.raises(PeerSilent, match=r"^hub hub-2 at http://127\.0\.0\.1:1/: "):
        asked.peer.statement()
    assert asked.client.is_closed
    assert asked.peer._client is None


def test_the_certificate_that_central_named_is_believed() -> None:
    assert Asked(statement(), pin=PIN, shown=b"certificate").peer.statement() == SAID


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        url = f"https://{self.headers['host']}{self.path}"
        signed = sign_response(
            200, statement(), method="GET", url=url, request_headers=dict(self.headers), key=PEER_KEY, keyid="hub-2"
        )
        self.send_response(200)
        for name, value in {**signed, "Content-Length": str(len(statement()))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(statement())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(context: ssl.SSLContext) -> Iterator[str]:
    """A hub on a socket of its own over TLS, once; its address."""
    server = HTTPServer(("127.0.0.1", 0), _Answers)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    answering = threading.Thread(target=server.handle_request, daemon=True)
    answering.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        answering.join(10)
        server.server_close()


@pytest.mark.parametrize("is_its_own", [True, False])
def test_over_a_wire_the_certificate_that_is_shown_counts_and_no_name_or_date(tmp_path: Path, is_its_own: bool) -> None:
    context = Authority(tmp_path).server(datetime(2020, 1, 1, tzinfo=UTC), host="another.example")
    (file,) = tmp_path.glob("*-another.example-*.pem")
    pem = file.read_text()
    shown = ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERTIFICATE") :])
    pin = hashlib.sha256(shown).hexdigest() if is_its_own else PIN
    with served(context) as address:
        peer = Peer(HubRecord("hub-2", address, PUBLIC, pin), "hub-1", OWN_KEY)
        if is_its_own:
            assert peer.statement() == SAID
        else:
            with pytest.raises(PeerSilent, match="is not the one that central knows"):
                peer.statement()
        peer.close()


def test_another_hub_at_its_address_is_named() -> None:
    with pytest.raises(PeerSilent, match="is another hub than hub-2"):
        Asked(statement(hub="hub-3")).peer.statement()


@pytest.mark.parametrize(("most", "is_taken"), [(len(statement()), True), (len(statement()) - 1, False)])
def test_an_answer_is_bounded(monkeypatch: pytest.MonkeyPatch, most: int, is_taken: bool) -> None:
    monkeypatch.setattr(peers, "MAX_ANSWER_BYTES", most)
    asked = Asked(statement())
    if is_taken:
        assert asked.peer.statement() == SAID
        return
    with pytest.raises(PeerSilent, match="larger than any of a hub's"):
        asked.peer.statement()


def test_a_connection_is_made_once_and_again_after_it_was_dropped() -> None:
    peer = Peer(HubRecord("hub-2", "http://127.0.0.1:1", PUBLIC), "hub-1", OWN_KEY)
    peer.close()
    first = peer._connected()
    assert (peer._connected() is first, first.timeout) == (True, httpx2.Timeout(2.0))
    assert first.headers["Accept-Encoding"] == "identity"
    peer.close()
    assert first.is_closed
    assert peer._connected() is not first
    peer.close()
