"""`hub promote` asks the hub that serves on this machine, and nobody else hears the PIN."""

import json
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from common.machine.errors import CannotBeDone
from hub.delivery.certificate import Certificate, own_certificate
from hub.log import tables
from hub.settings import CentralSection, HubConfig, HubSection
from tests.hub.api.conftest import CLERK_PIN, MANAGER_PIN
from tests.hub.commands.in_process import run
from tests.hub.commands.processes import free_port
from tests.hub.hall import CENTRE, HUB_ID
from tests.hub.pages.site import Site, running
from tests.hub.test_opened import enrol


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path / "hub") as site:
        yield site


def follows(site: Site, *, holds_all: bool = True) -> None:
    with site.hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role="following", holds_all=int(holds_all)))


def settings(folder: Path, url: str) -> str:
    scheme, _, listen = url.partition("://")
    address = url if scheme == "http" else "https://hub.example:8090"
    enrol(folder)
    path = folder / "hub.toml"
    path.write_text(
        f'[hub]\ncentre = "{CENTRE}"\nlisten = "{listen}"\naddress = "{address}"\n'
        f'data_dir = "{folder}"\n[central]\nurl = "http://127.0.0.1:1"\n'
    )
    return str(path)


def test_the_hub_that_serves_leads_by_a_managers_pin_and_its_pages_hear_at_once(site: Site, tmp_path: Path) -> None:
    follows(site)
    config = settings(tmp_path / "etc", site.url)
    before = site.serving.changes.count
    with pytest.raises(CannotBeDone, match="only a manager"):
        run("promote", "--pin", CLERK_PIN, "--config", config)
    said = run("promote", "--pin", MANAGER_PIN, "--config", config)
    assert said.splitlines()[-1] == "this hub leads now, under term 2"  # above it is the log of the one that serves
    assert site.serving.changes.count > before
    with pytest.raises(CannotBeDone, match="this hub leads already, under term 2"):
        run("promote", "--pin", MANAGER_PIN, "--config", config)


def test_a_hub_that_may_lack_something_says_what_it_holds_and_leads_with_this(site: Site, tmp_path: Path) -> None:
    follows(site, holds_all=False)
    config = settings(tmp_path / "etc", site.url)
    until = site.hall.clock.now().text
    with pytest.raises(CannotBeDone, match=rf"holds what {HUB_ID} wrote until {until}, .* --with-this lets it lead"):
        run("promote", "--pin", MANAGER_PIN, "--config", config)
    said = run("promote", "--pin", MANAGER_PIN, "--with-this", "--json", "--config", config)
    assert json.loads(said.splitlines()[-1]) == {"hub": HUB_ID, "term": 2}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_where_no_hub_serves_nothing_leads_and_it_says_what_to_look_at(tmp_path: Path, scheme: str) -> None:
    config = settings(tmp_path / "etc", f"{scheme}://127.0.0.1:{free_port()}")
    with pytest.raises(CannotBeDone, match=r"no hub answers at .* hub\.service .*journalctl -u hub"):
        run("promote", "--pin", MANAGER_PIN, "--config", config)


LED = b'{"hub":"hub-0001","term":2}'


@contextmanager
def answering(certificate: Certificate) -> Iterator[tuple[str, list[bytes]]]:
    """Answer one caller over TLS; give the address, and what he said."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    heard: list[bytes] = []

    def answer(listener: socket.socket) -> None:
        called, _ = listener.accept()
        with called, suppress(ssl.SSLError), context.wrap_socket(called, server_side=True) as safe:
            asked = safe.makefile("rb")
            head = b"".join(iter(asked.readline, b"\r\n"))
            asked.read(int(head.lower().split(b"content-length:")[1].split()[0]))  # what is left unread resets the line
            heard.append(head)
            safe.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(LED), LED))

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        listener.settimeout(30)
        done = pool.submit(answer, listener)
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", heard
        done.result(30)


def certificate_in(folder: Path) -> Certificate:
    enrol(folder)
    section = HubSection(centre=CENTRE, address="https://hub.example:8090", data_dir=str(folder))
    return own_certificate(HubConfig(hub=section, central=CentralSection(url="http://127.0.0.1:1")))


def test_who_took_the_hubs_port_with_another_certificate_hears_no_pin(tmp_path: Path) -> None:
    with answering(certificate_in(tmp_path / "theirs")) as (url, heard):
        config = settings(tmp_path / "etc", url)
        with pytest.raises(CannotBeDone, match="no hub answers"):
            run("promote", "--pin", MANAGER_PIN, "--config", config)
    assert heard == []


def test_a_hub_whose_certificate_has_expired_is_promoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.delivery.certificate._VALID", timedelta(days=-400))
    with answering(certificate_in(tmp_path / "etc")) as (url, heard):
        assert run("promote", "--pin", MANAGER_PIN, "--config", settings(tmp_path / "etc", url)).endswith("term 2\n")
    assert heard[0].startswith(b"POST /v1/promotion ")
