"""Whether what is outside the process answers: devices, clock, central, battery."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import httpx2

from common.machine.doctor.finding import Finding, ok, problem, skipped, warning
from common.machine.errors import StoreError
from common.machine.locks import PrinterLock
from common.machine.stamp import Clock
from devices.errors import DeviceError
from devices.protocols import DeviceState, PaperState
from devices.registry import KINDS, DeviceSettings, open_device
from devices.switches.headset import HeadsetJack
from kiosk.health import read_report
from kiosk.machine.power import PowerReading, PowerState, UpsWatch
from kiosk.peripherals.watch import settings_of
from kiosk.settings.sections import KioskConfig, PrinterSection, ReaderSection, UpsSection
from offline_store.delivery.connection.delivery_error import DeliveryError
from offline_store.delivery.connection.tls import CertificateDates, loopback_or_tls
from offline_store.delivery.connection.uplink import Uplink

_PAPER = {
    PaperState.OUT: "put a new roll in; the kiosk goes on by itself",
    PaperState.JAMMED: "open the cover and take the paper out",
    PaperState.LOW: "bring a roll today",
}
_DEVICE = {
    DeviceState.NO_DEVICE: "cable, power, the port in kiosk.toml (ls -l /dev/kiosk /dev/serial/by-id), and what else "
    "may hold it (getty, ModemManager)",
    DeviceState.OFFLINE: "power of the device, then baud rate and flow control in kiosk.toml and at the device",
    DeviceState.USER_ERROR: "close the cover",
}


def port_names(config: KioskConfig) -> dict[str, str]:
    """Return each configured device's port as the settings name it."""
    return {kind: section.port for kind, section in config.devices.fitted().items()}


def check_devices(config: KioskConfig) -> Iterator[Finding]:
    """Ask each configured device how it is, unless the running kiosk has them: then say what it reported last."""
    try:
        lock = PrinterLock(config.data_dir)
    except StoreError:
        yield from _reported(config.data_dir)
        return
    with lock:
        fitted, owners = config.devices.fitted(), dict[str, str]()
        for kind in KINDS:
            section = fitted.get(kind)
            if section is None:
                yield skipped(kind, "this kiosk has none")
            elif (owner := owners.setdefault(section.port, kind)) != kind:
                yield problem(kind, f"{section.port} is the port of the {owner} too", "correct its port in kiosk.toml")
            else:
                yield _one_device(kind, section, config.data_dir)


def check_service_key(config: KioskConfig) -> Finding:
    """See that the key switch's port is there; whether the key is wired to it shows only when somebody turns it."""
    key = config.service_key
    if key is None:
        return skipped("service key", "this kiosk has none; the gesture leads to the PIN")
    if not Path(key.port).exists():
        return problem("service key", f"{key.port} is not there", "service_key.port in kiosk.toml (ls -l /dev/ttyS*)")
    if not os.access(key.port, os.R_OK | os.W_OK):
        return problem("service key", f"{key.port} may not be opened", "usermod -aG dialout kiosk")
    return ok("service key", f"line {key.line} of {key.port}; turn it and see whether the PIN is asked for")


def check_headset(config: KioskConfig) -> Finding:
    """See that the jack named in the settings can be felt."""
    path = config.speech.headset
    if path is None:
        return skipped("headset", "speech.headset names no jack; the voice begins by key, fingers or button")
    try:
        jack = HeadsetJack(path)
        try:
            is_in = jack.is_turned()
        finally:
            jack.close()
    except DeviceError as error:
        return problem("headset", str(error), "speech.headset in kiosk.toml; usermod -aG input kiosk")
    return ok("headset", f"{path}: {'plugged in' if is_in else 'nothing plugged in'}")


def _one_device(kind: str, section: PrinterSection | ReaderSection, data_dir: Path) -> Finding:
    if not Path(section.port).exists():
        return problem(kind, f"{section.port} is not there", _DEVICE[DeviceState.NO_DEVICE])
    if not os.access(section.port, os.R_OK | os.W_OK):
        return problem(kind, f"{section.port} may not be opened", "usermod -aG dialout kiosk, then restart the kiosk")
    try:
        state, paper, detail = _look(kind, settings_of(section, data_dir))
    except KeyError:
        return problem(kind, f'no driver is called "{section.driver}"', "correct its driver in kiosk.toml")
    except DeviceError as error:
        return problem(kind, str(error), _DEVICE[DeviceState.NO_DEVICE])
    found = " ".join(word for word in (state.value, f"paper {paper.value}" if paper else "", detail) if word)
    if paper in (PaperState.OUT, PaperState.JAMMED):
        return problem(kind, found, _PAPER[paper])
    if state is not DeviceState.ONLINE or paper is PaperState.UNKNOWN:
        return problem(kind, found, _DEVICE.get(state, "the technician's screen says what to do"))
    return warning(kind, found, _PAPER[paper]) if paper is PaperState.LOW else ok(kind, found)


def _look(kind: str, settings: DeviceSettings) -> tuple[DeviceState, PaperState | None, str]:
    device = open_device(kind, settings)
    try:
        status = device.status()
        return status.device, getattr(status, "paper", None), status.detail
    finally:
        device.close()


def _reported(data_dir: Path) -> Iterator[Finding]:
    report = read_report(data_dir)
    if report is None:
        yield skipped("devices", "the running kiosk has them, and has not reported yet")
        return
    for name, state in report.devices.items():
        found = f"{state} (as the running kiosk reports)"
        yield ok(name, found) if state == DeviceState.ONLINE else problem(name, found, "the technician's screen")


def check_clock(clock: Clock) -> Finding:
    """See how far the time can be trusted."""
    stamp = clock.now()
    text = f"{stamp.wall_time:%Y-%m-%d %H:%M:%S} UTC, {stamp.trust}"
    if not stamp.tells_time:
        return problem("clock", text, "a time server (timedatectl), or central once: kiosk forward --once")
    if not stamp.is_sure:
        return warning("clock", text, "a time server of the centre, or central, makes it synced")
    return ok("clock", text)


def check_central(config: KioskConfig, uplink: Uplink) -> Iterator[Finding]:
    """Ask central for its signed time; a kiosk serves without it, so that silence is a warning."""
    try:
        moment = uplink.time()
    except DeliveryError as error:
        todo = "network of the centre; everything is kept meanwhile"
        if error.code in ("tls", "unverified"):
            todo = "central.url and central.ca_file; something in between may answer in its place"
        yield warning("central", f"{config.central.url}: {error}", todo)
        return
    yield ok("central", f"{config.central.url} answered, signed, {moment:%Y-%m-%d %H:%M:%S} UTC")
    yield from _check_demo_key(config)


def _check_demo_key(config: KioskConfig) -> Iterator[Finding]:
    """Central's readiness names the demo key of the citizen's app: anybody who has it can mint paid orders."""
    ca_file = Path(config.central.ca_file) if config.central.ca_file else None
    try:
        verify = loopback_or_tls(config.central.url, ca_file).context(CertificateDates.BY_SYSTEM_CLOCK, None)
        with httpx2.Client(verify=verify, timeout=5.0, trust_env=False) as client:
            answer = client.get(config.central.url.rstrip("/") + "/readyz")
    except (httpx2.HTTPError, ValueError):
        return
    if "demo" in answer.text[:4096]:
        yield warning("demo key", "central has published the demo key", "take it back: central's /readyz says how")


def check_power(config: KioskConfig) -> Finding:
    """Ask the battery, where one is set up."""
    if config.ups is None:
        return skipped("battery", "none is set up ([ups] in kiosk.toml)")

    reading = asyncio.run(_read_power(config.ups))
    charge = "" if reading.charge_percent is None else f", {reading.charge_percent} %"
    if reading.state is PowerState.UNKNOWN:
        return warning(
            "battery", f"{config.ups.name}@{config.ups.host} does not answer", "systemctl status nut-server nut-monitor"
        )
    if reading.state is PowerState.MAINS:
        return ok("battery", f"on mains{charge}")
    return warning("battery", f"{reading.state}{charge}", "mains of the centre")


async def _read_power(ups: UpsSection) -> PowerReading:
    watch = UpsWatch(ups)
    for _ in range(3):
        if (await watch.read()).state is not PowerState.UNKNOWN:
            break
    return watch.reading
