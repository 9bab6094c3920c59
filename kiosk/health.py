"""How the kiosk is, as one latest value: for central with the next batch, for Prometheus on loopback, for the export.

The kiosk's process writes it to `data_dir/health.json` on change and hourly; the forwarder sends what lies there. It is
beside the chain, not in it, and holds nothing personal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from common.machine.durable_file import replace_file
from common.machine.stamp import UNTRUSTED, told_time

FILE = "health.json"
HOUR_S = 3600
LOW_DISK_BYTES = 1_000_000_000
"""Less free than this and somebody has to see to it: the doctor warns, and central names it."""
_PAPER_STATES = ("Unknown", "Full", "Low", "Out", "Jammed")


class Outbox(msgspec.Struct, frozen=True):
    """What waits for central. `oldest_s`: age of the oldest waiting item, None where the clock doesn't say."""

    waiting: int = 0
    dead: int = 0
    oldest_s: int | None = None
    last_success_at: int | None = None
    last_error: str | None = None


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The kiosk now. Device and paper states are XFS4IoT's words; times are seconds since 1970."""

    version: str
    kiosk: str = ""
    centre: str = ""
    at: int = 0
    devices: dict[str, str] = {}
    paper: str | None = None
    paper_left_m: int | None = None
    outbox: Outbox = Outbox()
    clock: str = UNTRUSTED
    disk_free_bytes: int | None = None
    power: str = "none"
    charge_percent: int | None = None
    out_of_service: str | None = None
    alarms: list[str] = []
    tallies: dict[str, int] = {}
    prints: dict[str, int] = {}
    tests: dict[str, str] = {}
    tested_at: dict[str, int] = {}
    software: dict[str, str] = {}
    update: dict[str, str] = {}
    left_out: dict[str, str] = {}
    """What central published and this kiosk can't use, `service CODE` or `setting NAME`, and why."""

    def differs(self, other: Health | None) -> bool:
        """Return whether this is news: what only counts on (backlog, totals, free bytes while enough) is not."""
        return other is None or _news(self) != _news(other)


def _news(health: Health) -> Health:
    free = health.disk_free_bytes
    is_low = int(free is not None and free < LOW_DISK_BYTES)
    quiet = {"at": 0, "outbox": Outbox(dead=health.outbox.dead), "tallies": {}, "prints": {}}
    return msgspec.structs.replace(health, **quiet, disk_free_bytes=is_low, paper_left_m=None)


class HealthReport:
    """Writes the newest health where the forwarder finds it: on change, else hourly."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE
        self._last: Health | None = None
        self._last_boottime_s = 0.0

    def offer(self, health: Health, boottime_s: float) -> bool:
        """Write it if it is news or an hour old; say whether it was written.

        Raises:
            OSError: the disk refuses; the next offer tries again.
        """
        if not health.differs(self._last) and boottime_s - self._last_boottime_s < HOUR_S:
            return False
        replace_file(self._path, msgspec.json.encode(health))
        self._last, self._last_boottime_s = health, boottime_s
        return True


def read_report(data_dir: Path) -> Health | None:
    """Return the newest health of this kiosk, or None where there is none yet or it can't be read."""
    try:
        return msgspec.json.decode((data_dir / FILE).read_bytes(), type=Health)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


class MetricsServer:
    """`/metrics` on 127.0.0.1, in a thread of its own, until closed."""

    def __init__(self, port: int, source: Callable[[], Health]) -> None:
        """Begin to serve.

        Args:
            port: TCP port; 0 takes a free one.
            source: gives the newest health at once; it is called in the serving thread.

        Raises:
            OSError: the port is taken.
        """
        registry = CollectorRegistry()
        registry.register(_HealthCollector(source))
        self._server, self._thread = start_http_server(port, "127.0.0.1", registry)
        self.port = self._server.server_port

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


class _HealthCollector(Collector):
    def __init__(self, source: Callable[[], Health]) -> None:
        self._source = source

    def collect(self) -> Iterable[Metric]:
        return metrics_of(self._source())


def metrics_of(health: Health) -> list[Metric]:
    """Put the health into Prometheus' words. What is unknown is left out, never zero."""

    def gauge(name: str, text: str, value: float | None) -> Metric:
        family = GaugeMetricFamily(name, text)
        if value is not None:
            family.add_metric([], value)
        return family

    def labelled[F: (GaugeMetricFamily, CounterMetricFamily)](family: F, values: dict[str, float]) -> F:
        for label, value in values.items():
            family.add_metric([label], value)
        return family

    build = GaugeMetricFamily("kiosk_build_info", "Version, kiosk and centre.", labels=["version", "kiosk", "centre"])
    build.add_metric([health.version, health.kiosk, health.centre], 1)
    device_up = GaugeMetricFamily("kiosk_device_up", "1: the device is online.", labels=["device"])
    paper = GaugeMetricFamily("kiosk_paper_state", "1 at the paper's state (XFS4IoT).", labels=["state"])
    tally = CounterMetricFamily("kiosk_tally", "What was counted since the kiosk was set up.", labels=["name"])
    prints = CounterMetricFamily("kiosk_prints", "Print jobs by how they ended.", labels=["state"])
    alarm = GaugeMetricFamily("kiosk_alarm", "1: a technician has to see this.", labels=["code"])
    papers = {} if health.paper is None else {state: float(state == health.paper) for state in _PAPER_STATES}
    return [
        build,
        labelled(device_up, {name: float(state == "Online") for name, state in health.devices.items()}),
        labelled(paper, papers),
        gauge("kiosk_paper_left_metres", "Paper left on the roll, counted from what was printed.", health.paper_left_m),
        gauge("kiosk_outbox_waiting", "Items that wait for central.", health.outbox.waiting),
        gauge("kiosk_outbox_dead", "Items that central refused.", health.outbox.dead),
        gauge("kiosk_outbox_oldest_seconds", "Age of the oldest waiting item.", health.outbox.oldest_s),
        gauge("kiosk_last_delivery_timestamp_seconds", "Last verified answer.", health.outbox.last_success_at),
        gauge("kiosk_clock_trusted", "1: the clock is synced or restored.", float(told_time(health.clock))),
        gauge("kiosk_disk_free_bytes", "Free space where the store lies.", health.disk_free_bytes),
        gauge("kiosk_power_on_battery", "1: on battery.", float(health.power in ("battery", "low"))),
        gauge("kiosk_power_charge_percent", "Charge of the battery.", health.charge_percent),
        gauge("kiosk_out_of_service", "1: serves nobody.", float(health.out_of_service is not None)),
        labelled(tally, {name: float(total) for name, total in health.tallies.items()}),
        labelled(prints, {state: float(count) for state, count in health.prints.items()}),
        labelled(alarm, dict.fromkeys(health.alarms, 1.0)),
    ]
