"""Versions as packages: what the signed repository offers, what is installed, and installing one beside the others.

apt and dpkg do the work: only what the key in /etc/kiosk/release.gpg signed is ever looked at, a download goes on where
it broke off, and a changed byte is refused.
"""

import re
import shutil
from pathlib import Path
from typing import Final

from updater.errors import Refused
from updater.site import Site

BASE: Final = "homs-kiosk"
VERSION: Final = re.compile(r"[0-9][0-9A-Za-z.+~]{0,60}")
_URL: Final = re.compile(r"(https://|file:/)[A-Za-z0-9./_:%~-]{1,300}")
_RESERVE: Final = 200_000_000


class Repository:
    """A signed repository of the kiosk's packages."""

    def __init__(self, site: Site, url: str, *, limit_kbit: int = 0) -> None:
        """Take the repository at `url` (https:// or file:/), downloading at most `limit_kbit` kbit/s (0: no limit)."""
        if not _URL.fullmatch(url):
            raise Refused(f"{url[:80]!r} is no place of packages: https://… or a folder is meant")
        if not site.key.is_file():
            raise Refused(f"{site.key} is missing: it is the key that packages must be signed with")
        self._site = site
        self._folder = site.state / "apt"
        for name in ("lists/partial", "archives/partial"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        sources = self._folder / "sources.list"
        sources.write_text(f"deb [signed-by={site.key}] {url} stable main\n", encoding="utf-8")
        settings = {
            "Dir::Etc::SourceList": sources,
            "Dir::Etc::SourceParts": "-",
            "Dir::State::Lists": self._folder / "lists",
            "Dir::Cache::Archives": self._folder / "archives",
            "Dir::Cache::pkgcache": "",
            "Dir::Cache::srcpkgcache": "",
            "APT::Update::Error-Mode": "any",
            "Acquire::Retries": 5,
            # Who holds a stick knows how old it is; behind a web server somebody may keep an old list for us.
            "Acquire::Check-Date": "true",
            "Acquire::Check-Valid-Until": "false" if url.startswith("file:") else "true",
            "Dpkg::Options::": "--force-confold",
        }
        if url.startswith("file:"):
            settings["APT::Sandbox::User"] = "root"  # a stick is readable for few
        if limit_kbit:
            settings["Acquire::https::Dl-Limit"] = max(1, limit_kbit // 8)
        ca_file = site.etc / "central-ca.pem"
        if ca_file.is_file():
            settings["Acquire::https::CAInfo"] = ca_file
        self._words = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]

    def refresh(self) -> None:
        """Read what the repository offers, if its list is signed with our key."""
        done = self._site.run("apt-get", *self._words, "update")
        if done.returncode:
            why = [line for line in (done.stderr + done.stdout).splitlines() if line.startswith(("E:", "Err:", "W:"))]
            raise Refused(
                "\n".join(["the packages are not taken: their list can't be had, or isn't signed.", *why[:6]])
            )

    def offered(self) -> list[str]:
        """Return the versions that can be had, oldest first."""
        done = self._site.run("apt-cache", *self._words, "pkgnames", f"{BASE}-")
        names = (name.removeprefix(f"{BASE}-") for name in done.stdout.split())
        found = [name for name in names if VERSION.fullmatch(name) and self._sizes(name)]
        return sorted(found, key=lambda one: _Ordered(self._site, one))

    def room_needed(self, version: str) -> int:
        """Return the bytes that a version takes while it is fetched and unpacked."""
        return sum(self._sizes(version)) + _RESERVE

    def install(self, version: str, *, with_base: bool) -> None:
        """Put a version beside the others; with the tools around it, where they are not older than those here."""
        wanted = [f"{BASE}-{version}={version}"] + ([f"{BASE}={version}"] if with_base else [])
        done = self._site.run("apt-get", *self._words, "--yes", "--no-install-recommends", "install", *wanted)
        if done.returncode:
            why = (done.stderr or done.stdout).strip().splitlines()[-12:]
            raise Refused("\n".join([f"version {version} can't be installed:", *why]))
        self._site.run("apt-get", *self._words, "clean")

    def _sizes(self, version: str) -> list[int]:
        """Return how large the package is, and what it unpacks to; nothing where this repository hasn't got it."""
        done = self._site.run("apt-cache", *self._words, "show", "--no-all-versions", f"{BASE}-{version}={version}")
        if "\nFilename: " not in done.stdout:
            return []
        fields = dict(re.findall(r"^(Size|Installed-Size): (\d+)$", done.stdout, re.MULTILINE))
        return [int(fields["Size"]), int(fields["Installed-Size"]) * 1024]


class _Ordered:
    """A version, compared as dpkg compares them."""

    def __init__(self, site: Site, version: str) -> None:
        self._site, self.version = site, version

    def __lt__(self, other: "_Ordered") -> bool:
        return is_older(self._site, self.version, other.version)


def is_older(site: Site, version: str, other: str) -> bool:
    """Return whether a version is older than another."""
    return site.run("dpkg", "--compare-versions", version, "lt", other).returncode == 0


def mend(site: Site) -> None:
    """Let dpkg end what a power cut kept it from ending."""
    done = site.run("dpkg", "--configure", "-a", "--force-confold")
    if done.returncode:
        done = site.run("apt-get", "--yes", "--no-install-recommends", "--no-download", "--fix-broken", "install")
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [""])[-1]
        raise Refused(f"the packages of this machine are not in order: {why}\nsee: dpkg --audit")


def installed(site: Site) -> list[str]:
    """Return the versions whose packages are on this machine, whole or not."""
    done = site.run("dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\\n", f"{BASE}-[0-9]*")
    lines = [line.split() for line in done.stdout.splitlines()]
    return [name.removeprefix(f"{BASE}-") for name, state in lines if state not in ("not-installed", "config-files")]


def remove(site: Site, version: str) -> None:
    """Take a version off this machine."""
    site.run("dpkg", "--purge", "--force-depends", f"{BASE}-{version}")


def check_room(places: list[Path], needed: int) -> None:
    """Refuse early what would fail for want of room."""
    for place in places:
        free = shutil.disk_usage(place).free
        if free < needed:
            told = f"{needed / 1e6:.0f} MB are needed and {free / 1e6:.0f} MB are free"
            raise Refused(
                f"no room on {place}: {told}; journalctl --vacuum-size=100M, or remove what is not the kiosk's"
            )
