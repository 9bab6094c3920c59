"""`kiosk-update`, `hub-update`, `central-update`: a new version beside the one in service, and back. Runs as root."""

import argparse
import os
import re
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from updater import debian, durable
from updater.errors import Refused
from updater.packages import VERSION, Repository
from updater.site import Site
from updater.update import Updater

# What packages.url says where they come by stick alone, and somebody wants it so. Written here too: the updater runs on
# the system's Python beside the versions, and imports nothing of the one that it may have to take back.
STICK: Final = "stick"


def main(name: str) -> int:
    """Update `name`: `kiosk`, `hub` or `central`; return the exit status: 0 done, 1 refused, 2 wrong usage."""
    words = _words(name)
    told = words.parse_args()
    if told.version and not VERSION.fullmatch(told.version):
        words.error(f"{told.version!r} is no version: such as 1.2.0")
    if os.geteuid() != 0:
        return _end(f"{name}-update is root's: sudo {name}-update …")
    os.umask(0o022)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):  # a lost connection too has it serve again
        signal.signal(number, _stopped)
    site = Site.of(name)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    updater = Updater(site, lambda line: print(line, file=sys.stderr, flush=True))
    try:
        with updater.alone():
            if told.settle:
                updater.settle()
            elif told.back:
                updater.back(now=now)
            elif told.nightly and durable.read(site.etc / "packages.url") == STICK:
                print("packages come by stick here: nothing to do at night")
            else:
                repository = Repository(site, _url(site, told.source), limit_kbit=told.limit_kbit)
                if told.nightly:
                    _night(site, updater, repository, now)
                elif told.debian:
                    _take_debian(site, repository)
                else:
                    updater.update(repository, told.version, older=told.older)
    except Refused as refused:
        return _end(str(refused))
    except OSError as error:
        return _end(f"{error.filename or 'the system'}: {error.strerror or error}")
    return 0


def _night(site: Site, updater: Updater, repository: Repository, now: str) -> None:
    """Take what central wants here, then what Debian has mended; one that can't be keeps no other away."""
    refused: Refused | None = None
    try:
        if site.name != "central":
            updater.nightly(repository, now=now)
    except Refused as error:
        refused = error
        print(refused, file=sys.stderr, flush=True)
    if not site.is_guest:  # else the kiosk's own night takes Debian's packages and restarts the machine
        _take_debian(site, repository)
        debian.restart_at_night(site, datetime.now().astimezone())
    if refused is not None:
        raise Refused("the version that central wants is not in service here: see above")


def _take_debian(site: Site, repository: Repository) -> None:
    taken = debian.take(site, repository)
    if taken:
        print(f"{len(taken)} of Debian's packages are newer now: {' '.join(taken)}")
    if debian.needs_restart(site):
        print("This machine still runs what was replaced, until it is restarted: systemctl reboot")


def _url(site: Site, source: Path | None) -> str:
    """Return where packages come from: the folder that was named, else what /etc/kiosk/packages.url says."""
    if source is not None:
        folder = source.resolve()
        if not (folder / "dists").is_dir():
            raise Refused(f"{source} is no repository of packages: it has no folder dists")
        return f"file:{re.sub(r'[^A-Za-z0-9./_-]', lambda one: f'%{ord(one[0]):02X}', str(folder))}"
    told = durable.read(site.etc / "packages.url")
    if not told or told == STICK:
        raise Refused(f"{site.etc / 'packages.url'} doesn't say where packages come from; or name a folder: --from DIR")
    return told


def _words(name: str) -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog=f"{name}-update", description=__doc__)
    words.add_argument("version", nargs="?", metavar="VERSION", help="the newest that is offered, if none is named")
    words.add_argument(
        "--from", dest="source", type=Path, metavar="DIR", help="a repository in a folder, as on a stick"
    )
    words.add_argument("--older", action="store_true", help="also a version older than the one in service")
    words.add_argument("--limit-kbit", type=int, default=0, metavar="N", help="download at most N kbit/s")
    one = words.add_mutually_exclusive_group()
    one.add_argument("--back", action="store_true", help="to the version before")
    one.add_argument("--debian", action="store_true", help="Debian's own packages, as far as newer ones are offered")
    nightly = "what central wants here, if it is time, and Debian's packages; restarts the machine after those"
    one.add_argument(
        "--nightly", action="store_true", help=nightly if name != "central" else "as --debian, and restarts"
    )
    one.add_argument("--settle", action="store_true", help="end what a power cut kept from ending (at each start)")
    return words


def _stopped(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Refused("stopped before it was done; what was under way is ended by: the same command with --settle")


def _end(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
