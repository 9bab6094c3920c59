"""The example of nginx before central: what it logs, who is let in; read and run."""

import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest

from central.publishing.spreadsheet import MAX_BYTES
from tests.kit.nginx import NGINX, SITE, served_site

TOKEN = "0123456789abcdef" * 2
CENTRES = "~ ^(/v1)?/centres"


def location(path: str) -> str:
    """What stands in a location's braces."""
    found = re.search(rf"location {re.escape(path)} \{{(.*?)\n    \}}", SITE, re.DOTALL)
    assert found, path
    return found[1]


def logged(uri: str) -> str:
    """What the map makes of a request's address."""
    (pattern, instead) = re.findall(r'map \$request_uri \$logged_uri \{\s+"~(.*?)" "(.*?)";', SITE)[0]
    return instead if re.search(pattern, uri) else uri


def test_a_tickets_address_is_in_no_log() -> None:
    assert logged(f"/t/{TOKEN}?lang=en") == "/t/"
    assert logged("/t/-/ticket.css") == "/t/-/ticket.css"
    assert logged("/v1/time?nonce=a") == "/v1/time?nonce=a"
    assert '"$request_method $logged_uri ' in SITE
    assert not re.search(r"\$(request|request_uri|http_referer)\b", SITE.split("log_format central")[1].split(";")[0])
    assert "access_log /var/log/nginx/central.log central;" in SITE
    assert re.search(r"error_log \S+ crit;", location("/t/"))


def test_the_centres_pages_are_for_everybody_kept_as_long_as_central_says_and_not_without_limit() -> None:
    found = location(CENTRES)
    assert "proxy_pass http://central;" in found
    assert not re.search(r"^\s+(allow|deny) ", found, re.MULTILINE)
    assert "limit_req zone=pages" in found
    assert "proxy_cache centres;" in found
    assert not re.search(r"proxy_cache_(valid|use_stale)|proxy_ignore_headers", SITE), "only central knows how long"


def test_the_offices_pages_are_for_private_networks() -> None:
    rules = re.findall(r"^\s+(allow|deny) (\S+);", location("/offices"), re.MULTILINE)
    assert rules[-1] == ("deny", "all")
    assert {"10.0.0.0/8", "192.168.0.0/16"} < {network for verb, network in rules if verb == "allow"}


def test_a_spreadsheet_as_large_as_the_offices_take_passes() -> None:
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", location("/offices"))
    assert int(megabytes) * 1_000_000 > MAX_BYTES + 10_000


_HOLDING = """
import socket, subprocess, sys
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
subprocess.run(["/usr/sbin/nft", "--file", sys.argv[1]], check=True)
server = socket.create_server(("0.0.0.0", 443), backlog=1000)
other = socket.create_server(("0.0.0.0", 444), backlog=1000)
held = []
def reached(source, port):
    for number in range(260):
        one = socket.socket()
        one.settimeout(20)
        one.bind((source, 0))
        held.append(one)
        try:
            one.connect(("127.0.0.1", port))
        except ConnectionRefusedError:
            return number
    return 260
print(reached("127.0.0.1", 443), reached("127.0.0.2", 443), reached("127.0.0.3", 443), reached("127.0.0.1", 444))
"""


def test_one_address_holds_two_hundred_connections_and_a_named_gateway_more(tmp_path: Path) -> None:
    rules = (NGINX / "central.nft").read_text(encoding="utf-8")
    named = rules.replace("flags interval\n", "flags interval\n\t\telements = { 127.0.0.3 }\n", 1)
    (tmp_path / "central.nft").write_text(named, encoding="utf-8")
    alone = ["unshare", "--map-root-user", "--net", sys.executable, "-c", _HOLDING, str(tmp_path / "central.nft")]
    done = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["200", "200", "260", "260"], done.stderr


def test_a_head_that_does_not_end_is_waited_for_ten_seconds_and_there_is_room_for_others() -> None:
    assert "client_header_timeout 10s;" in SITE
    set_up = (NGINX.parent / "central-setup").read_text(encoding="utf-8")
    (room,), (files,) = (
        re.findall(rf"{name} (\d+);", set_up) for name in ("worker_connections", "worker_rlimit_nofile")
    )
    assert int(files) >= 2 * int(room) >= 2 * 16_384
    assert "central.nft" in set_up


def ask_for_a_ticket(port: int) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    until = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as plain, context.wrap_socket(plain) as line:
                line.sendall(f"GET /t/{TOKEN} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                assert b"502" in line.recv(100), "no central is behind it here"
            break
        except ConnectionRefusedError:
            assert time.monotonic() < until


def test_nginx_itself_writes_down_no_tickets_address(tmp_path: Path) -> None:
    with served_site(tmp_path) as port:
        ask_for_a_ticket(port)
    written = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert '"GET /t/ HTTP/1.1" 502' in written
    assert TOKEN not in written


@contextmanager
def central_that_counts() -> Iterator[tuple[int, list[str]]]:
    """Give the port of what answers by the address, in copies that live ten seconds, and what was asked."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("X-Accel-Expires", "10")
            self.send_header("Cache-Control", "public, max-age=10, stale-while-revalidate=1")
            said = self.path.encode()
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_of_the_centres_pages_one_copy_is_for_everybody_and_of_nothing_else(tmp_path: Path) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        central_that_counts() as (central, asked),
        served_site(tmp_path, [central]) as port,
        httpx2.Client(base_url=f"https://127.0.0.1:{port}", verify=context) as client,
    ):
        for path in ("/centres", "/centres?lang=ar", "/centres?lang=%00", "/centres?a=1", "/centres?lang=en"):
            client.get(path)
        assert asked == ["/centres?lang=ar", "/centres?lang=en"], "another parameter fetches no copy of its own"
        kept = ["/v1/centres", "/v1/centres/homs-main/usual", "/centres.atom"]
        others = [f"/t/{TOKEN}", "/v1/time?a=1"]
        for path in (*kept, *others) * 2:
            client.get(path)
        assert [asked.count(f"{one}?lang=ar") for one in kept] == [1, 1, 1]
        assert [asked.count(one) for one in others] == [2, 2], "its owner's, or signed"
        statuses = Counter(client.get("/centres").status_code for _ in range(300))
        assert statuses[429] > 0, "no address asks without limit"


WRITTEN_OTHERWISE = (
    "lang=%65n", "%6cang=en", "lang=ar&lang=en", "lang=en&lang=ar", "LANG=en", "lang=EN", "lang=en%00", "lang[]=en",
    "lang=en;lang=ar", "a=1&lang=en", "lang=%65n&lang=ar", "lang=", "",
)  # fmt: skip


@pytest.mark.parametrize("path", ["/centres", "/centres/homs-main", "/centres.atom", "/v1/centres"])
def test_a_language_that_is_asked_for_otherwise_puts_no_other_copy_in_its_place(tmp_path: Path, path: str) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    languages = {f"{path}?lang={one}" for one in ("ar", "en")}
    with (
        central_that_counts() as (central, asked),
        served_site(tmp_path, [central]) as port,
        httpx2.Client(base_url=f"https://127.0.0.1:{port}", verify=context) as client,
    ):
        for written in WRITTEN_OTHERWISE:
            assert client.get(f"{path}?{written}").text in languages, written
        assert set(asked) == languages, "central hears what the copy is kept under"
        assert client.get(path).text == client.get(f"{path}?lang=ar").text == f"{path}?lang=ar"
        assert client.get(f"{path}?lang=en").text == f"{path}?lang=en"


def test_an_address_that_breaks_a_line_breaks_none_before_central(tmp_path: Path) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with central_that_counts() as (central, asked), served_site(tmp_path, [central]) as port:
        line = f"https://127.0.0.1:{port}/centres/a%0d%0aX-Other:%20b%3fc%20d?lang=en"
        with httpx2.Client(verify=context) as client:
            assert client.get(line).status_code == 200
    assert asked == ["/centres/a%0D%0AX-Other:%20b%3Fc%20d?lang=en"]
