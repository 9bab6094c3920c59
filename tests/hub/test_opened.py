"""An open hub for one command: whose it is, in which role it begins, and how every command of a hub begins and ends."""

import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.errors import ConfigError, NotEnrolled
from common.protocol.feed_message import CentralKeyRecord
from hub.commands import cli
from hub.delivery.enrolment import Enrolment
from hub.engine.act import FOLLOWING, LEADING
from hub.logs import configure_logs
from hub.opened import opened
from offline_store.delivery import enrolment as shared
from tests.kit.logs import restored_logging


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "hub.toml"
    words = f'[hub]\ncentre = "homs-main"\ndata_dir = "{tmp_path / "var"}"\n[central]\nurl = "http://127.0.0.1:1"\n'
    file.write_text(words)
    return file


def enrol(folder: Path, *, centre: str = "homs-main", term: int = 1) -> None:
    own = Enrolment(
        hub="hub-1", centre=centre, central="http://127.0.0.1:1", term=term, sealing_key=CentralKeyRecord("a", "AAAA"),
        signing_keys=[],
    )  # fmt: skip
    shared.make_folder(folder)
    shared.write_down(folder, "hub-1", own, Ed25519PrivateKey.generate())


@pytest.mark.parametrize(("term", "role"), [(0, FOLLOWING), (1, LEADING), (7, LEADING)])
def test_a_new_hub_leads_where_central_gave_it_a_term(config: Path, tmp_path: Path, term: int, role: str) -> None:
    with pytest.raises(NotEnrolled), opened(config):
        pass
    enrol(tmp_path / "var", term=term)
    with opened(config) as parts, parts.hub.read() as look:
        assert (look.hub_id, look.term, look.role, parts.hub.serves) == ("hub-1", term, role, False)
        assert parts.config.hub.centre == "homs-main"
        assert parts.clock.trusted == parts.hub.store.trusted_time
    enrol(tmp_path / "copy", term=term)
    with opened(config, data_dir=tmp_path / "copy", serves=True) as parts:
        assert (parts.hub.serves, parts.hub.store.data_dir) == (True, tmp_path / "copy")


def test_a_hub_of_another_centre_is_not_opened(config: Path, tmp_path: Path) -> None:
    enrol(tmp_path / "var", centre="homs-new")
    with pytest.raises(ConfigError) as wrong, opened(config):
        pass
    assert str(wrong.value) == ('hub.centre is "homs-main"; right would be "homs-new", for which this hub is enrolled')


@pytest.fixture
def _restored() -> Iterator[None]:
    with restored_logging():
        yield


@pytest.mark.usefixtures("_restored")
def test_a_line_of_the_log_says_what_when_and_who_and_info_is_the_lowest(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    libraries: list[object] = []
    monkeypatch.setattr("hub.logs.systemd.configure_libraries", libraries.append)
    configure_logs("hub")
    log = structlog.get_logger()
    log.debug("unheard")
    log.info("شباك", term=2)
    assert "شباك" in stream.getvalue(), "as a person reads it"
    said: dict[str, Any] = json.loads(stream.getvalue())
    assert said.pop("time").endswith("Z")
    assert said == {"action": "شباك", "term": 2, "component": "hub", "level": "info"}
    assert libraries == [stream]


def test_a_command_logs_as_the_hub_and_lets_nobody_else_read_what_it_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, Any]] = []
    monkeypatch.setattr(cli, "configure_logs", lambda name: done.append(("logs", name)))
    monkeypatch.setattr(os, "umask", lambda mask: done.append(("umask", mask)))
    monkeypatch.setattr("common.machine.console.run_to_the_end", lambda command: done.append(("run", command)))
    cli.main()
    assert done == [("logs", "hub"), ("umask", 0o077), ("run", cli._run)]
