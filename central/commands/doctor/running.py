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
from common.machine.doctor.tools import check_tools

_INSTALLED: Final = "opt/central/current"
_STARTED: Final = "etc/systemd/system/multi-user.target.wants"
_TIMERS: Final = ("central-rollout.timer", "central-backup.timer", "central-retention.timer")
_NIGHTS: Final = ("central-backup.service", "central-retention.service")
_PACKAGES: Final = "srv/kiosk-packages"
_RELEASE_KEY: Final = "etc/central/release.gpg"
_COPIES: Final = "var/backups/central"


@dataclass(frozen=True)
class Machine:
    """What the checks look at; tests give another root and other answers."""

    root: Path = Path("/")
    systemctl: Callable[..., str] = ask_systemctl

    @property
    def has_service(self) -> bool:
        """Whether central is installed as a service here."""
        return (self.root / _INSTALLED).exists()


def services(machine: Machine) -> Iterator[Finding]:
    """Whether central's processes, nginx, timers and firewall run, and the folders that they need are there."""
    if not machine.has_service:
        yield skipped("services", f"central is not installed as a service here (/{_INSTALLED} is missing)")
        return
    state = machine.systemctl("is-active", "nginx.service")
    if not state:  # it says `inactive` of what it does not know: nobody was asked
        yield skipped("services", "systemd does not answer this user: apt install dbus")
        return
    yield _processes(machine)
    if state == "active":
        yield ok("nginx", "it runs")
    else:
        todo = "nginx -t; systemctl enable --now nginx; without it no kiosk reaches central"
        yield problem("nginx", "it does not run", todo)
    timers = [*_TIMERS, *(one.replace("@", "-watch@").replace(".service", ".timer") for one in _enabled(machine))]
    off = [one for one in timers if machine.systemctl("is-active", one) != "active"]
    if off:
        yield warning("timers", f"not on: {', '.join(off)}", f"systemctl enable --now {' '.join(off)}")
    else:
        yield ok("timers", "roll-outs go on by themselves; each night a copy is made, and what is over its time goes")
    yield _nights(machine)
    if machine.systemctl("is-active", "nftables.service") == "active":
        yield ok("firewall", "it is on")
    else:
        yield warning("firewall", "nftables is off: it keeps nobody out", "systemctl enable --now nftables")
    yield _packages(machine)
    yield _copies(machine)
    yield from check_tools("central", machine.root)


def _nights(machine: Machine) -> Finding:
    failed = [one for one in _NIGHTS if machine.systemctl("is-failed", one) == "failed"]
    if failed:
        todo = f"journalctl -u {failed[0]} says why; then systemctl start {' '.join(failed)}"
        return problem("nights", f"failed when it ran last: {', '.join(failed)}", todo)
    return ok("nights", "what runs by night did not fail when it ran last")


def _packages(machine: Machine) -> Finding:
    """Whether kiosks and hubs find versions here, and this machine believes those of its own."""
    if not (machine.root / _PACKAGES / "dists").is_dir():
        todo = f"copy the repository of packages to /{_PACKAGES}, as install.md says"
        return warning("packages", f"/{_PACKAGES} has no repository: no kiosk or hub gets a version from here", todo)
    if not _is_filled(machine.root / _RELEASE_KEY):
        todo = f"put the packages' public key into /{_RELEASE_KEY}, mode 0644"
        return warning("packages", f"/{_RELEASE_KEY} is missing: no update of central is taken", todo)
    return ok("packages", "kiosks, hubs and this machine find signed versions")


def _copies(machine: Machine) -> Finding:
    if not (machine.root / _COPIES).is_dir():
        todo = f"install -d -m 0700 -o central -g central /{_COPIES}; then systemctl start central-backup"
        return problem("copies", f"/{_COPIES} is gone, and what lay there: no copy can be made", todo)
    return ok("copies", f"/{_COPIES} is there")


def _is_filled(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _enabled(machine: Machine) -> list[str]:
    return sorted(path.name for path in (machine.root / _STARTED).glob("central@*.service"))


def _processes(machine: Machine) -> Finding:
    enabled = _enabled(machine)
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
