"""Kiosk and central as they are, over HTTP: what one says the other takes, once."""

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from central.commands.cli import app
from kiosk.delivery.enrolment import enrol, load, signing_key
from kiosk.delivery.forwarding import open_forwarder
from kiosk.settings.config import CentralSection, KioskConfig, KioskSection
from offline_store.chain.audit import record
from offline_store.delivery.export import export_backlog
from offline_store.delivery.outbox import list_items
from offline_store.delivery.uplink import DeliveryRejected
from offline_store.feed.feed_keys import signing_keys
from offline_store.issuing.intake import accept_ticket
from offline_store.issuing.sealing import current_sealing_key
from offline_store.opening import open_store_in
from offline_store.wire.envelope import SealedContent
from tests.fake_clock import FakeClock

PROGRAM = [sys.executable, "-c", "from central.commands.cli import main; main()"]


class RealCentral:
    """`central serve` as a process on loopback, over SQLite, and its other commands."""

    def __init__(self, folder: Path) -> None:
        self.data = ["--data", str(folder)]
        self.server = subprocess.Popen(
            [*PROGRAM, "serve", "--port", "0", "--json", *self.data], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self.server.stdout is not None
        self.url = json.loads(self.server.stdout.readline())["url"]

    def run(self, *words: str, given: Any = None) -> list[dict[str, Any]]:
        """Run one of central's commands in this process, over the same database: a process each costs seconds."""
        words = (*words, *self.data, *([] if words[0] == "inbox" else ["--json"]))
        done = CliRunner().invoke(app, words, input=None if given is None else json.dumps(given))
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    def close(self) -> None:
        self.server.terminate()
        self.server.wait(timeout=20)
        if self.server.stdout is not None:
            self.server.stdout.close()


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCentral]:
    running = RealCentral(tmp_path_factory.mktemp("central"))
    yield running
    running.close()


class Kiosk:
    def __init__(self, folder: Path, central: RealCentral) -> None:
        self.folder, self.clock = folder, FakeClock()
        code = central.run("enrolment-code", "--centre", "homs-main")[0]["code"]
        self.said = enrol(folder, url=central.url, code=code, centre="homs-main", clock=self.clock)
        self.config = KioskConfig(
            kiosk=KioskSection(centre="homs-main", data_dir=str(folder)), central=CentralSection(url=central.url)
        )
        self.store = open_store_in(folder, load(folder).identity, stamp=self.clock.now())

    def forward(self) -> int:
        with open_forwarder(self.config, self.store, self.clock) as forwarder:
            return forwarder.run_once()

    def ticket(self) -> str:
        person = SealedContent(person={"name": "سمر"})
        return accept_ticket(
            self.store, intention=str(uuid.uuid4()), service="water-bill", prefix="C", stamp=self.clock.now(),
            personal=person,
        ).id  # fmt: skip

    def states(self) -> dict[str, tuple[str, str | None]]:
        return {row.id: (row.state, row.reason) for row in list_items(self.store, include_acknowledged=True)}


@pytest.fixture
def kiosk(tmp_path: Path, central: RealCentral) -> Iterator[Kiosk]:
    enrolled = Kiosk(tmp_path / "kiosk", central)
    yield enrolled
    enrolled.store.close()
    central.run("revoke", enrolled.said.kiosk)  # nine digits a centre and day are soon used up


def test_a_day_s_items_are_applied_once_each(kiosk: Kiosk, central: RealCentral) -> None:
    tickets = {kiosk.ticket() for _ in range(130)}
    assert kiosk.forward() == len(kiosk.states())
    applied = [row["id"] for row in central.run("inbox") if row["kiosk"] == kiosk.said.kiosk]
    assert len(applied) == len(set(applied))
    assert tickets < set(applied) == set(kiosk.states())
    assert kiosk.forward() == 0


def test_what_went_by_stick_is_a_duplicate_by_network(kiosk: Kiosk, central: RealCentral, tmp_path: Path) -> None:
    ticket = kiosk.ticket()
    path, count = export_backlog(kiosk.store, tmp_path, lambda name: signing_key(kiosk.folder, name), kiosk.clock.now())
    central.run("import", str(path))
    assert len([row for row in central.run("inbox") if row["kiosk"] == kiosk.said.kiosk]) == count
    assert kiosk.states()[ticket] == ("waiting", None)
    kiosk.forward()
    assert kiosk.states()[ticket] == ("acknowledged", "duplicate")


def test_central_s_keys_may_change_while_the_kiosk_is_away(kiosk: Kiosk, central: RealCentral) -> None:
    before = set(signing_keys(kiosk.store))
    old_item = kiosk.ticket()
    for _ in range(2):
        central.run("publish", "central-keys", "-", given={"rotate": ["signing", "sealing"]})
    kiosk.forward()
    assert len(set(signing_keys(kiosk.store)) - before) == 2
    with kiosk.store.read() as connection:
        sealing = current_sealing_key(connection).kid
    assert sealing != load(kiosk.folder).sealing_key.kid
    new_item = kiosk.ticket()
    kiosk.forward()
    assert {kiosk.states()[one][0] for one in (old_item, new_item)} == {"acknowledged"}
    assert not [row for row in central.run("findings") if row.get("kiosk") == kiosk.said.kiosk]


def test_a_kiosk_whose_store_was_lost_verifies_central_also_after_its_key_changed(
    kiosk: Kiosk, central: RealCentral
) -> None:
    central.run("publish", "central-keys", "-", given={"rotate": ["signing"]})
    for _ in range(2):  # by the second one central knows that the new key is known
        kiosk.forward()
    kiosk.store.close()
    for file in kiosk.folder.glob("store.db*"):
        file.unlink()
    kiosk.store = open_store_in(kiosk.folder, load(kiosk.folder).identity, stamp=kiosk.clock.now())
    assert kiosk.forward() == len(kiosk.states()) > 0
    assert {state for state, _ in kiosk.states().values()} == {"acknowledged"}


def test_a_revoked_kiosk_s_late_backlog_is_taken_into_quarantine(kiosk: Kiosk, central: RealCentral) -> None:
    kiosk.forward()
    late = record(kiosk.store, "late", kiosk.clock.now())
    central.run("revoke", kiosk.said.kiosk)
    with pytest.raises(DeliveryRejected):  # it gets no feed any more, and says so
        kiosk.forward()
    assert kiosk.states()[late] == ("acknowledged", "quarantined: kiosk-revoked")
