"""Whether what the install guide put in place is what this version brought, runs, and can be reached by the kiosk."""

import os
from collections.abc import Iterator
from typing import Final

from common.machine.doctor.finding import Finding, ok, problem, skipped, warning
from common.machine.doctor.tools import check_tools
from common.machine.doctor.updates import check_updates
from kiosk.doctor.machine import Machine

AUTHORITY: Final = "run/kiosk-display/authority"
_RELEASE_KEY: Final = "etc/kiosk/release.gpg"
_TRIALS: Final = "demo@localhost"
_BACKLIGHTS: Final = "sys/class/backlight"


def check_installed(machine: Machine, units: tuple[str, ...]) -> Iterator[Finding]:
    """Look at what runs, at the display's key, at the backlight, and at files that differ from this version's."""
    yield _check_running(machine, units)
    yield _check_display(machine)
    yield _check_brightness(machine)
    yield _check_versions(machine)
    yield _check_signing_key(machine)
    yield check_updates("kiosk", machine.systemctl, machine.text)
    yield from check_tools("kiosk", machine.root)


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
        todo = "apt install --reinstall homs-kiosk; systemctl daemon-reload; systemctl restart kiosk-display"
        return problem("display", f"this user may not read /{AUTHORITY}: the kiosk can't draw", todo)
    return ok("display", "its key can be read")


def _check_brightness(machine: Machine) -> Finding:
    lights = sorted((machine.root / _BACKLIGHTS).glob("*/brightness"))
    if not lights:
        return skipped("brightness", "this panel has no backlight that can be set")
    if not any(os.access(light, os.W_OK) for light in lights):
        todo = "apt install --reinstall homs-kiosk; udevadm trigger"
        return warning("brightness", "this user may not set the backlight", todo)
    return ok("brightness", "the backlight can be set")


def _check_versions(machine: Machine) -> Finding:
    altered = machine.altered()
    if altered is None:
        return skipped("versions", "installed without packages: nothing says what belongs to this version")
    if altered:
        todo = "apt install --reinstall homs-kiosk, then systemctl daemon-reload"
        return warning("versions", f"not as the package brought it: {', '.join(altered)}", todo)
    return ok("versions", "all files are as the packages brought them")


def _check_signing_key(machine: Machine) -> Finding:
    key = machine.text(_RELEASE_KEY)
    if not key:
        return skipped("signing key", f"/{_RELEASE_KEY} is not here: packages come another way")
    if _TRIALS in key:
        found = "packages are believed by a key made for a trial: its folder makes anybody root on this kiosk"
        return problem("signing key", found, f"sign with a key of your own, and put it into /{_RELEASE_KEY}")
    return ok("signing key", "packages are believed by a key of your own")
