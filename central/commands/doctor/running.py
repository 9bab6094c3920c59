"""Checks of what runs on this machine: central's processes, nginx, the timers, and the name that kiosks call it by."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

from central.base.config import CentralConfig
from common.machine.doctor.finding import Finding, ok, problem, skipped, warning
from common.machine.doctor.systemd import ask_systemctl

_INSTALLED: Final = "opt/central/current"
_STARTED: Final = "etc/systemd/system/multi-user.target.wants"
_TIMERS: Final = ("central-rollout.timer", "central-backup.timer", "central-retention.timer")


@dataclass(frozen=True)
class Machine:
    """What the checks look at; tests give another root and other answers."""

    root: Path = Path("/")
    systemctl: Callable[..., str] = ask_systemctl


def services(machine: Machine) -> Iterator[Finding]:
    """Whether central's processes, nginx and the timers run, and start with the machine."""
    if not (machine.root / _INSTALLED).exists():
        yield skipped("services", f"central is not installed as a service here (/{_INSTALLED} is missing)")
        return
    yield _processes(machine)
    state = machine.systemctl("is-active", "nginx.service")
    if state == "active":
        yield ok("nginx", "it runs")
    else:
        todo = "nginx -t; systemctl enable --now nginx; without it no kiosk reaches central"
        yield problem("nginx", "it does not run", todo)
    off = [one for one in _TIMERS if machine.systemctl("is-active", one) != "active"]
    if off:
        yield warning("timers", f"not on: {', '.join(off)}", f"systemctl enable --now {' '.join(off)}")
    else:
        yield ok("timers", "roll-outs go on by themselves; each night a copy is made, and what is over its time goes")


def _processes(machine: Machine) -> Finding:
    enabled = sorted(path.name for path in (machine.root / _STARTED).glob("central@*.service"))
    if not enabled:
        todo = "systemctl enable --now central@8081 central@8082"
        return problem("services", "no process of central starts with this machine", todo)
    down = [one for one in enabled if machine.systemctl("is-active", one) != "active"]
    if down:
        todo = f"systemctl start {' '.join(down)}; if that doesn't hold: journalctl -u {down[0]}"
        return problem("services", f"not running: {', '.join(down)}", todo)
    return ok("services", f"{', '.join(enabled)} run")


def public_url(config: CentralConfig, certificate: Path) -> Finding:
    """Whether the certificate is for the name that kiosks sign their requests for."""
    if config.public_url is None:
        return skipped("public url", "CENTRAL_PUBLIC_URL is not given here")
    host = urlsplit(config.public_url).hostname or ""
    try:
        names = _names(certificate)
    except (OSError, ValueError):
        return skipped("public url", f"{certificate} is not here to be compared")
    wildcard = f"*.{host.partition('.')[2]}"
    if host not in names and wildcard not in names:
        said = f"kiosks call central {host}, and the certificate is for {', '.join(sorted(names)) or 'no name'}"
        todo = "put CENTRAL_PUBLIC_URL right in central.env, or sign a certificate for that name"
        return problem("public url", said, todo)
    return ok("public url", f"the certificate is for {host}")


def _names(certificate: Path) -> set[str]:
    loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
    try:
        names = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    addresses = {str(one) for one in names.get_values_for_type(x509.IPAddress)}
    return set(names.get_values_for_type(x509.DNSName)) | addresses
