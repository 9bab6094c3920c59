"""Kiosk and central as they are, for tests of both: `central serve` as a process, and an enrolled kiosk's data."""

import json
import socket
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from central.commands.cli import app
from common.protocol.envelope import SealedContent
from kiosk.delivery.enrolment import Enrolled, enrol, load
from kiosk.delivery.forwarding import open_forwarder
from kiosk.settings.sections import CentralSection, KioskConfig, KioskSection
from offline_store.delivery.outbox import list_items
from offline_store.disk.database import Store
from offline_store.identity import Identity
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.clock import HandClock

PROGRAM = [sys.executable, "-c", "from central.commands.cli import main; main()"]


class RealCentral:
    """`central serve` as a process on loopback, over SQLite or the database given, and its other commands."""

    def __init__(self, folder: Path, database: str | None = None) -> None:
        self.data = ["--data", str(folder), *(["--database", database] if database else [])]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.run("migrate")
        self.start()

    def start(self) -> None:
        """Serve, at the same address each time."""
        self.server = subprocess.Popen(
            [*PROGRAM, "serve", "--port", str(self.port), "--json", *self.data],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self.server.stdout is not None
        self.url = json.loads(self.server.stdout.readline())["url"]

    def run(self, *words: str, given: Any = None) -> list[dict[str, Any]]:
        """Run one of central's commands in this process, over the same database: a process each costs seconds."""
        words = (*words, *self.data, "--json")
        done = CliRunner().invoke(app, words, input=None if given is None else json.dumps(given))
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    def close(self) -> None:
        self.server.terminate()
        self.server.wait(timeout=20)
        if self.server.stdout is not None:
            self.server.stdout.close()


class EnrolledKiosk:
    def __init__(self, folder: Path, central: RealCentral) -> None:
        self.folder, self.clock = folder, HandClock()
        self.said = self.enrol(central)
        self.config = KioskConfig(
            kiosk=KioskSection(centre="homs-main", data_dir=str(folder)), central=CentralSection(url=central.url)
        )
        self.store = self.open(load(folder).identity)

    def enrol(self, central: RealCentral) -> Enrolled:
        """Enrol with a new code; on a folder that was enrolled, enrol again."""
        code = central.run("enrolment-code", "--centre", "homs-main")[0]["code"]
        return enrol(self.folder, url=central.url, code=code, centre="homs-main", clock=self.clock)

    def open(self, identity: Identity) -> Store:
        """Open the store as that kiosk's."""
        return open_store_in(self.folder, identity, stamp=self.clock.now())

    def forward(self) -> int:
        with open_forwarder(self.config, self.store, self.clock) as forwarder:
            return forwarder.run_once()

    def ticket(self) -> str:
        person = SealedContent(person={"name": "سمر"})
        return accept_ticket(
            self.store,
            TicketRequest("water-bill", "C"),
            intention=str(uuid.uuid4()),
            stamp=self.clock.now(),
            personal=person,
        ).id

    def states(self) -> dict[str, tuple[str, str | None]]:
        return {row.id: (row.state, row.reason) for row in list_items(self.store, include_acknowledged=True)}
