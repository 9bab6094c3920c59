"""A town of one kiosk: central, simulated devices, an enrolled kiosk and its forwarder, each a process of its own."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2

from common.machine.clock import SystemClock
from demo.app.__main__ import TOKENS
from demo.centre import CENTRE, SEATS, Centre
from demo.devices import ups_server
from demo.devices.simulated_devices import SimulatedDevices
from demo.messages import Operator
from demo.payments.till import Till
from demo.processes import DemoFailed, Processes, command, free_port
from kiosk.delivery import enrolment
from kiosk.delivery.forwarding import open_forwarder
from kiosk.runtime.parts import open_store
from kiosk.settings.config import load
from kiosk.settings.sections import KioskConfig
from offline_store.delivery.delivery_status import request_try_now
from offline_store.identity import machine_hash
from offline_store.issuing.business_day import current_day

type Act = Callable[["Town"], None]
type Tables = dict[str, dict[str, Any]]


def do_nothing(_: "Town") -> None:
    """Leave the town as it is."""


class Town:
    """Everything around the kiosk's window, until the block is left.

    Args:
        folder: for settings, stores, papers and logs.
        processes: ends what is started here.
        faulty: `DEVICE.FAULT` that is to be possible at a simulated device, or None.
        window_px: width and height of the window, or None for those of the panel.
    """

    def __init__(
        self, folder: Path, processes: Processes, *, faulty: str | None = None, window_px: tuple[int, int] | None = None
    ) -> None:
        self.folder = folder
        self.processes = processes
        self._window_px = window_px
        self.devices = SimulatedDevices(folder, faulty)
        self.ups = ups_server.UpsServer()
        self.settings_file = folder / "kiosk.toml"
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.pin = ""
        self.codes: list[str] = []
        self.presses_each = 1  # how often the clerk's finger sends each press
        self._central = ["--data", str(folder / "central")]
        self._url = ""
        self.centre = Centre(folder, processes, self.central)
        self._operator = Operator(folder, processes)
        self.till = Till(folder, processes)

    def build(self, *, settings: Tables | None = None, publish: Act = do_nothing, prepare: Act = do_nothing) -> None:
        """Start everything in the order of need.

        Args:
            settings: what the kiosk's settings have otherwise than usual.
            publish: puts into the feed what the kiosk is to take in before it starts.
            prepare: changes the enrolled kiosk before it starts.

        Raises:
            DemoFailed: something did not come up.
        """
        self.devices.start(self.processes)
        self.start_central()
        self.settings_file.write_text(_toml(self._settings(settings or {})), encoding="utf-8")
        self.enrol()
        # The first code publishes the app's key, so it comes before the kiosk takes in the feed.
        self.codes = [self.order_code()]
        publish(self)
        self.centre.build(self._url)
        self._hear_the_feed()
        prepare(self)
        config = ["--config", str(self.settings_file)]
        self.processes.start_and_hear_ready("forward", [*command("kiosk"), "forward", *config])

    @property
    def config(self) -> KioskConfig:
        """The kiosk's settings."""
        return load(self.settings_file)

    def enrol(self) -> None:
        """Give the kiosk an identity, and remember the technician's first PIN."""
        code = json.loads(self.central("enrolment-code", "--centre", CENTRE))["code"]
        enrolled = enrolment.enrol(
            self.config.data_dir, url=self._url, code=code, centre=CENTRE, clock=SystemClock(), machine=machine_hash()
        )
        self.pin = enrolled.pin

    def start_central(self) -> None:
        """Start central, where it was before if it was stopped."""
        own = self._url or f"http://127.0.0.1:{free_port()}"  # where the wallet tells it of what is paid
        port = own.rsplit(":", 1)[1]
        words = [*command("central"), "serve", "--port", port, "--public-url", own, "--json", *self._central]
        words += ["--messages", str(self._operator.settings), "--payments", str(self.till.settings)]
        self._url = json.loads(self.processes.start_and_read_line("central", words))["url"]

    def order_code(self, *options: str, service: str = "state-employees") -> str:
        """Mint an order code as the app would; `options` as of `central order-code`."""
        return str(self.order(*options, service=service)["code"])

    def order(self, *options: str, service: str = "state-employees") -> dict[str, str]:
        """Mint an order: its code, and its id."""
        minted: dict[str, str] = json.loads(self.central("order-code", "--service", service, *options))
        return minted

    def publish(self, kind: str, message: dict[str, Any]) -> None:
        """Put a message into the feed."""
        self.central("publish", kind, "-", given=json.dumps(message))

    def tell_an_owner(self) -> str:
        """Let an order become ready; return the text that its owner gets. Raises DemoFailed."""
        return self._operator.tell_an_owner(self.central, self._url)

    def other_systems(self) -> dict[str, str]:
        """Give the app's makers and a warehouse their tokens; returns each call's address with its token."""
        names = {"app": "order-states", "warehouse": "visits"}
        return {f"{self._url}/v1/{may}": self._token(name, may) for name, may in names.items()}

    def start_app(self) -> str:
        """Start the stand-in for the citizens' app, let kiosks believe its key, and return its address."""
        tokens = {"order-states": self._token("offices", "order-states"), "claims": self._token("phone", "claims")}
        words = [sys.executable, "-m", "demo.app", "--central", self._url]
        said = json.loads(self.processes.start_and_read_line("app", words, env={TOKENS: json.dumps(tokens)}))
        self.publish("app-key", said["key"])
        self.publish("seats", {"centre": CENTRE, "rules": {}, "plan": SEATS})
        return str(said["url"])

    def _token(self, name: str, may: str) -> str:
        return str(json.loads(self.central("system", "give", name, "--may", may))["token"])

    def applied(self) -> set[str]:
        """Return the ids of the items that central has applied."""
        return {json.loads(line)["id"] for line in self.central("inbox").splitlines()}

    def visits_done(self) -> set[str]:
        """Return the numbers whose visits central knows to be done, on the day of the newest of them."""
        with open_store(self.config) as opened, opened.store.read() as connection:
            day = current_day(connection)
        if day is None:
            return set()
        visits = self.central("visits", "--centre", CENTRE, "--day", day.date).splitlines()
        return {visit["number"] for visit in map(json.loads, visits) if visit["end"] == "done"}

    def public_page(self) -> str:
        """Return central's page of this centre, as anybody loads it. Raises DemoFailed."""
        answer = httpx2.get(f"{self._url}/centres/{CENTRE}", timeout=10, trust_env=False)
        if answer.status_code != 200:
            raise DemoFailed(f"central's page of the centre: status {answer.status_code}")
        return answer.text

    def central(self, *words: str, given: str | None = None) -> str:
        """Run a command of central. Raises DemoFailed."""
        return self.processes.run([*command("central"), *words, *self._central], given=given)

    def kiosk(self, *words: str) -> str:
        """Run a command of the kiosk. Raises DemoFailed."""
        return self.processes.run([*command("kiosk"), *words, "--config", str(self.settings_file)])

    def try_now(self) -> None:
        """Have the forwarder deliver at once, as the technician's button does."""
        with open_store(self.config) as opened:
            request_try_now(opened.store)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ups.close()
        self.devices.__exit__(kind, error, trace)

    def _hear_the_feed(self) -> None:
        with (
            open_store(self.config) as opened,
            open_forwarder(self.config, opened.store, opened.clock) as forwarder,
        ):
            forwarder.run_once()

    def _settings(self, otherwise: Tables) -> Tables:
        ports = self.devices.ports
        tables: Tables = {
            "kiosk": {
                "centre": CENTRE,
                "data_dir": "kiosk",
                "order_page": "https://muamalati.example/{centre}/{service}",
            },
            "central": {"url": self._url},
            "screen": {"fullscreen": False},
            "devices.printer": {"port": ports["printer"], "flow_control": "none"},
            "devices.scanner": {"driver": "line-scanner", "port": ports["scanner"]},
            "devices.card_reader": {"driver": "magstripe", "port": ports["card-reader"]},
            "ups": {"name": ups_server.NAME, "port": self.ups.port},
        }
        if self._window_px is not None:
            tables["screen"] |= {"width_px": self._window_px[0], "height_px": self._window_px[1]}
        for table, changes in otherwise.items():
            tables[table] = tables.get(table, {}) | changes
        return tables


def _toml(tables: Tables) -> str:
    """Write tables of texts, numbers and truths as TOML, whose forms of these are JSON's."""
    written = [
        "\n".join([f"[{name}]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items())])
        for name, table in tables.items()
    ]
    return "\n".join(written) + "\n"
