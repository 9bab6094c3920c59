"""Debian's own packages, newer in the signed repository than on this machine: taken at night, then a restart.

Only what the signed list names is looked at; our own packages are never touched here. The machine is restarted after
any of them, and at night alone: so nothing old stays in memory, and nobody waits. What they replace is kept until the
machine has come up with them; those with which it does not are not taken again.
"""

import re
from datetime import datetime
from pathlib import Path
from typing import Final

from updater import before, durable, packages, wanted
from updater.errors import Refused
from updater.packages import Repository
from updater.site import Site

_NIGHT: Final = range(1, 5)
"""The hours in which a machine may be restarted by itself."""
_NEVER_OURS: Final = "Package: homs-*\nPin: release o=Homs kiosks\nPin-Priority: -1\n"


def take(site: Site, repository: Repository) -> list[str]:
    """Upgrade what Debian has mended since; return the names of the packages.

    Raises:
        Refused: no mains, no room, or apt can't.
    """
    if wanted.is_on_battery(site):
        raise Refused("the mains are away: another night")
    if before.is_pending(site):
        return []  # the last ones have not shown yet that the machine comes up with them
    packages.mend(site)
    repository.refresh()
    pins = site.state / "apt/preferences"
    pins.write_text("\n".join([_NEVER_OURS, *map(_never, before.refused(site, repository.offers))]), encoding="utf-8")
    pinned = ("-o", f"Dir::Etc::Preferences={pins}", "--yes")
    _apt(site, repository, *pinned, "--purge", "autoremove")  # kernels before the last ones: those have come up
    upgrade = (*pinned, "--with-new-pkgs", "--no-install-recommends")
    said = _apt(site, repository, *upgrade, "--simulate", "upgrade")
    newer = re.findall(r"^Inst (\S+) \[", said, re.MULTILINE)
    if not newer:
        return []
    before.keep(site, dict(re.findall(r"^Inst (\S+) (?:\[\S+\] )?\((\S+) ", said, re.MULTILINE)))
    durable.write(_restart(site), " ".join(newer))  # first: a power cut in between forgets none
    try:
        _apt(site, repository, *upgrade, "upgrade")
    finally:
        repository.tidy()
    return newer


def needs_restart(site: Site) -> bool:
    """Return whether the machine still runs what was replaced: packages came since it was started."""
    mark = _restart(site)
    try:
        came = mark.stat().st_mtime
    except FileNotFoundError:
        return False
    if came < _started(site):
        durable.remove(mark)
        return False
    return True


def restart_at_night(site: Site, now: datetime) -> bool:
    """Restart the machine if it needs that and it is night; return whether it does so now."""
    if not needs_restart(site) or now.hour not in _NIGHT or wanted.is_on_battery(site):
        return False
    if site.run("systemctl", "reboot").returncode:
        raise Refused("the machine can't be restarted: systemctl reboot")
    return True


def _apt(site: Site, repository: Repository, *words: str) -> str:
    done = site.run("apt-get", *repository.words, *words, timeout_s=4 * 3600)
    if done.returncode:
        why = (done.stderr or done.stdout).strip().splitlines()[-6:]
        raise Refused("\n".join(["Debian's packages can't be taken:", *why]))
    return done.stdout


def _never(refused: tuple[str, str]) -> str:
    return f"Package: {refused[0]}\nPin: version {refused[1]}\nPin-Priority: -1\n"


def _restart(site: Site) -> Path:
    return site.state / "restart"


def _started(site: Site) -> float:
    """Return when this machine was started, in seconds since 1970."""
    for line in site.proc_stat.read_text(encoding="ascii").splitlines():
        if line.startswith("btime "):
            return float(line.split()[1])
    raise Refused(f"{site.proc_stat} doesn't say when this machine was started")
