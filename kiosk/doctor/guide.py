"""Whether the machine is set up as the packages and deploy/install.md do it; each line of both has its check here.

On a machine where the kiosk isn't installed as a service (a laptop, a test) these lines are skipped, not failed.
"""

import os
from collections.abc import Iterator

from common.machine.doctor.finding import Finding, ok, problem, skipped, warning
from kiosk.doctor.installed import check_installed
from kiosk.doctor.machine import Machine
from kiosk.machine.network.network_manager import NetworkRefused

_UNITS = (
    "kiosk-display.service",
    "kiosk.service",
    "kiosk-forward.service",
    "kiosk-poweroff.path",
    "kiosk-restart.path",
    "kiosk-sticks.path",
)
# What homs-kiosk depends on. What another package may do as well (a time server) is looked at by what it does.
_PACKAGES = (
    "libfribidi0",
    "libegl1",
    "libgl1",
    "libgl1-mesa-dri",
    "libmtdev1t64",
    "xserver-xorg-core",
    "xserver-xorg-input-libinput",
    "xauth",
    "feh",
    "espeak-ng",
)
_GROUPS = ("dialout", "video", "render", "audio")
_INTRUDERS = {
    "getty@tty1.service": "a login waits behind the kiosk's screen",
    "ModemManager.service": "ModemManager writes to printers and scanners",
    "brltty.service": "brltty takes the serial adapters for a braille display",
}
INSTALLED = "opt/kiosk/current"


def check_machine(machine: Machine | None = None) -> Iterator[Finding]:
    """Look at what the install guide sets up."""
    machine = machine or Machine()
    if not machine.exists(INSTALLED):
        yield skipped("machine", "the kiosk is not installed as a service here (/opt/kiosk/current is missing)")
        return
    yield from _check_services(machine)
    yield _check_groups(machine)
    yield _check_packages(machine)
    yield _check_files(machine)
    yield from check_installed(machine, _UNITS)
    yield _check_memory_on_disk(machine)
    yield _check_time_service(machine)
    yield _check_network(machine)


def _check_services(machine: Machine) -> Iterator[Finding]:
    off = [unit for unit in _UNITS if machine.systemctl("is-enabled", unit) != "enabled"]
    if off:
        yield problem("units", f"not enabled: {', '.join(off)}", f"systemctl enable --now {' '.join(off)}")
    else:
        yield ok("units", "all are enabled")
    for unit, why in _INTRUDERS.items():
        if machine.systemctl("is-enabled", unit) not in ("masked", "masked-runtime", "not-found", ""):
            yield warning("console", why, f"systemctl mask --now {unit}")


def _check_groups(machine: Machine) -> Finding:
    missing = sorted(set(_GROUPS) - machine.groups())
    if missing and os.geteuid() != 0:
        names = ",".join(missing)
        return warning("groups", f"this user is not in {names}", f"usermod -aG {names} kiosk, then restart the kiosk")
    return ok("groups", "serial ports, graphics card and loudspeaker may be opened")


def _check_packages(machine: Machine) -> Finding:
    missing = sorted(set(_PACKAGES) - machine.installed(_PACKAGES))
    if missing:
        return problem("packages", f"not installed: {', '.join(missing)}", f"apt install {' '.join(missing)}")
    return ok("packages", "what draws, speaks, shapes and takes touches is installed")


def _check_files(machine: Machine) -> Finding:
    wanted = {
        "usr/lib/udev/rules.d/70-kiosk.rules": "udev/70-kiosk.rules",
        "usr/lib/systemd/journald.conf.d/kiosk.conf": "journald/kiosk.conf",
        "usr/lib/systemd/coredump.conf.d/kiosk.conf": "coredump/kiosk.conf",
        "usr/lib/tmpfiles.d/homs-kiosk.conf": "tmpfiles/kiosk.conf",
        "etc/X11/xorg.conf.d/10-kiosk.conf": "xorg/10-kiosk.conf",
        "opt/kiosk/out-of-order.png": "the out-of-order picture",
    }
    missing = [f"/{path}" for path in wanted if not machine.exists(path)]
    if missing:
        return problem("files", f"missing: {', '.join(missing)}", "apt install --reinstall homs-kiosk")
    return ok("files", "udev rules, journal, core dumps, display and picture are in place")


def _check_memory_on_disk(machine: Machine) -> Finding:
    swaps = machine.text("proc/swaps").splitlines()[1:]
    on_disk = [line.split()[0] for line in swaps if line and "/zram" not in line.split()[0]]
    if on_disk:
        return warning(
            "memory",
            f"swap on disk ({', '.join(on_disk)}) may keep what citizens said",
            "swapoff -a; take it out of /etc/fstab",
        )
    return ok("memory", "no swap on disk")


def _check_time_service(machine: Machine) -> Finding:
    known = ("systemd-timesyncd.service", "chrony.service", "ntpsec.service")
    if any(machine.systemctl("is-active", unit) == "active" for unit in known):
        return ok("time service", "is running")
    return warning("time service", "none is running", "systemctl enable --now systemd-timesyncd.service")


def _check_network(machine: Machine) -> Finding:
    """See whether a manager can change the addresses at the screen; the rule's folder can't be read by the kiosk."""
    if not machine.network.is_running():
        return ok("network", "set elsewhere than NetworkManager: the technician's screen shows it only")
    if os.geteuid() == 0:
        return skipped("network", "whether the kiosk's user may change addresses shows only when asked as that user")
    try:
        missing = machine.network.missing_permissions()
    except NetworkRefused as refused:
        return warning("network", f"NetworkManager doesn't answer ({refused.why})", "systemctl restart NetworkManager")
    if missing:
        return warning(
            "network",
            f"this user may not change addresses ({', '.join(missing)})",
            "apt install --reinstall homs-kiosk",
        )
    return ok("network", "a manager can change the addresses at the screen")
