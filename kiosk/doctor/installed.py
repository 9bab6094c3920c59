"""Whether what the install guide put in place is what this version brought, runs, and can be reached by the kiosk."""

import os
from collections.abc import Iterator
from typing import Final

from kiosk.doctor.hardening import HARDENING
from kiosk.doctor.machine import Machine
from offline_store.finding import Finding, ok, problem, skipped, warning

AUTHORITY: Final = "run/kiosk-display/authority"
_BACKLIGHTS: Final = "sys/class/backlight"
_STAY_AS_BROUGHT: Final = {  # the udev rules and the display's file are each site's own
    "systemd/kiosk*": "etc/systemd/system",
    "journald/*": "etc/systemd/journald.conf.d",
    "coredump/*": "etc/systemd/coredump.conf.d",
    "tmpfiles/*": "etc/tmpfiles.d",
    "kiosk": "usr/local/sbin",
    "kiosk-update": "usr/local/sbin",
    "draw-out-of-order": "usr/local/sbin",
    **HARDENING,
}


def check_installed(machine: Machine, units: tuple[str, ...]) -> Iterator[Finding]:
    """Look at what runs, at the display's key, at the backlight, and at files that a former version left."""
    yield _check_running(machine, units)
    yield _check_display(machine)
    yield _check_brightness(machine)
    yield _check_versions(machine)


def _check_running(machine: Machine, units: tuple[str, ...]) -> Finding:
    down = [unit for unit in units if machine.systemctl("is-active", unit) != "active"]
    if down:
        todo = f"systemctl start {' '.join(down)}; if that doesn't hold: journalctl -u {down[0]}"
        return warning("running", f"not running now: {', '.join(down)}", todo)
    return ok("running", "all services run")


def _check_display(machine: Machine) -> Finding:
    key = machine.root / AUTHORITY
    if not machine.exists(AUTHORITY):
        return warning("display", f"/{AUTHORITY} is missing: no display runs", "systemctl start kiosk-display")
    if not os.access(key, os.R_OK):
        todo = "copy systemd/kiosk-display.service from deploy/ again, then systemctl restart kiosk-display"
        return problem("display", f"this user may not read /{AUTHORITY}: the kiosk can't draw", todo)
    return ok("display", "its key can be read")


def _check_brightness(machine: Machine) -> Finding:
    lights = sorted((machine.root / _BACKLIGHTS).glob("*/brightness"))
    if not lights:
        return skipped("brightness", "this panel has no backlight that can be set")
    if not any(os.access(light, os.W_OK) for light in lights):
        todo = "copy udev/70-kiosk.rules from deploy/, then udevadm control --reload; udevadm trigger"
        return warning("brightness", "this user may not set the backlight", todo)
    return ok("brightness", "the backlight can be set")


def _check_versions(machine: Machine) -> Finding:
    stale: list[str] = []
    for pattern, folder in _STAY_AS_BROUGHT.items():
        for source in sorted(machine.brought.glob(pattern)):
            target = f"{folder}/{source.name}"
            if machine.text(target) != source.read_text(encoding="utf-8", errors="replace"):
                stale.append(f"/{target}")
    if not machine.brought.is_dir():
        return skipped("versions", f"{machine.brought} is missing: installed without kiosk-update")
    if stale:
        todo = f"install them from {machine.brought} as deploy/install.md says (step 3), then systemctl daemon-reload"
        return warning("versions", f"not this version's: {', '.join(stale)}", todo)
    return ok("versions", "units and settings of the system are this version's")
