"""Versions as packages: what the signed repository offers, what is installed, and installing one beside the others.

apt and dpkg do the work: only what the key in release.gpg signed is ever looked at, a download goes on where it broke
off, and a changed byte is refused. The package of units and tools (`homs-kiosk`) is satisfied by any version, and
follows the one that serves: a version that was refused, or taken back, leaves nothing in charge.
"""

import re
import shutil
from pathlib import Path
from typing import Final

from updater import durable
from updater.errors import Refused
from updater.site import Site

VERSION: Final = re.compile(r"[0-9][0-9A-Za-z.+~]{0,60}")
_NEEDED: Final = re.compile(r"[1-9]")
_URL: Final = re.compile(r"(https://|file:/)[A-Za-z0-9./_:%~-]{1,300}")
RESERVE: Final = 200_000_000


class Repository:
    """A signed repository of our packages."""

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
        # From a folder apt would install without a copy: tools have to be kept, and a stick is taken away.
        place = url.replace("file:", "copy:", 1)
        sources.write_text(f"deb [signed-by={site.key}] {place} stable main\n", encoding="utf-8")
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
        lines = "".join(f'{name} "{value}";\n' for name, value in settings.items())
        _settings(site).write_text(lines, encoding="utf-8")
        self.words: Final = ("-c", str(_settings(site)))
        """What has apt look at this repository alone."""

    def refresh(self) -> None:
        """Read what the repository offers, if its list is signed with our key."""
        done = self._site.run("apt-get", *self.words, "update")
        if done.returncode:
            why = [line for line in (done.stderr + done.stdout).splitlines() if line.startswith(("E:", "Err:", "W:"))]
            raise Refused(
                "\n".join(["the packages are not taken: their list can't be had, or isn't signed.", *why[:6]])
            )
        self._check_signatures()

    def _check_signatures(self) -> None:
        """Refuse a list that fewer keys of the keyring have signed than `release.signatures` asks for.

        apt itself is content with one, so where more are asked for a list without its signatures in it is none.
        """
        told = durable.read(self._site.signatures)
        if told in (None, "1"):
            return
        if not _NEEDED.fullmatch(told or ""):
            raise Refused(f"{self._site.signatures} says {told!r}: how many keys must sign, 1 to 9, is meant")
        lists = self._folder / "lists"
        signed = [one for one in lists.iterdir() if one.name.endswith("_InRelease")]
        read = self._folder / "signed"
        for one in signed or [lists / "InRelease"]:
            read.unlink(missing_ok=True)
            words = ("--keyring", str(self._site.key), "--signatures", str(told), "--cleartext", "--output", str(read))
            done = self._site.run("sqv", *words, str(one))
            read.unlink(missing_ok=True)
            if done.returncode:
                shutil.rmtree(lists)  # else apt would believe it
                (lists / "partial").mkdir(parents=True)
                by = len(set(done.stdout.split()))
                raise Refused(f"the packages are not taken: {told} keys must sign their list, and {by} of ours did")

    def offered(self) -> list[str]:
        """Return the versions that can be had, oldest first."""
        base = self._site.base
        done = self._site.run("apt-cache", *self.words, "pkgnames", f"{base}-")
        names = (name.removeprefix(f"{base}-") for name in done.stdout.split())
        found = [name for name in names if VERSION.fullmatch(name) and self._sizes(name)]
        return sorted(found, key=lambda one: _Ordered(self._site, one))

    def offers(self, package: str, version: str) -> bool:
        """Return whether a package of any kind can be had in a version."""
        said = self._site.run("apt-cache", *self.words, "show", "--no-all-versions", f"{package}={version}").stdout
        return "\nFilename: " in said

    def room_needed(self, version: str) -> int:
        """Return the bytes that a version takes while it is fetched and unpacked."""
        return sum(self._sizes(version)) + RESERVE

    def install(self, version: str) -> None:
        """Put a version beside the others, and keep the tools that belong to it for when it serves."""
        base = self._site.base
        self._install(version, f"{base}-{version}={version}")
        if not _tools(self._site, version).exists():
            self._install(version, "--download-only", "--reinstall", "--allow-downgrades", f"{base}={version}")
            self._keep_tools(version)
        if (serving := tools_in_charge(self._site)) and not _tools(self._site, serving).exists():
            # For the way back; a repository that has them no more leaves the newer tools in charge then.
            words = ("--download-only", "--reinstall", "install", f"{base}={serving}")
            self._site.run("apt-get", *self.words, "--yes", "--no-install-recommends", *words)
            self._keep_tools(serving)

    def tidy(self) -> None:
        """Remove what was fetched and is installed."""
        self._site.run("apt-get", *self.words, "clean")

    def _install(self, version: str, *words: str) -> None:
        done = self._site.run("apt-get", *self.words, "--yes", "--no-install-recommends", "install", *words)
        if done.returncode:
            why = (done.stderr or done.stdout).strip().splitlines()[-12:]
            raise Refused("\n".join([f"version {version} can't be installed:", *why]))

    def _keep_tools(self, version: str) -> None:
        kept = _tools(self._site, version)
        kept.parent.mkdir(exist_ok=True)
        for fetched in (self._folder / "archives").glob(f"{self._site.base}_{version}_*.deb"):
            shutil.copyfile(fetched, kept.with_suffix(".new"))
            kept.with_suffix(".new").replace(kept)

    def _sizes(self, version: str) -> list[int]:
        """Return how large the package is, and what it unpacks to; nothing where this repository hasn't got it."""
        wanted = f"{self._site.base}-{version}={version}"
        done = self._site.run("apt-cache", *self.words, "show", "--no-all-versions", wanted)
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
    """Let dpkg end what a power cut kept it from ending. Raises Refused: the packages of this machine need a person."""
    done = site.run("dpkg", "--configure", "-a", "--force-confold")
    if done.returncode or site.run("apt-get", "check").returncode:
        done = site.run("apt-get", "--yes", "--no-install-recommends", "--no-download", "--fix-broken", "install")
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [""])[-1]
        raise Refused(f"the packages of this machine are not in order: {why}\nsee: apt-get check; dpkg --audit")


def installed(site: Site) -> list[str]:
    """Return the versions whose packages are on this machine, whole or not."""
    done = site.run("dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\\n", f"{site.base}-[0-9]*")
    lines = [line.split() for line in done.stdout.splitlines()]
    return [
        name.removeprefix(f"{site.base}-") for name, state in lines if state not in ("not-installed", "config-files")
    ]


def tools_in_charge(site: Site) -> str:
    """Return of which version the units and tools are; empty where they are not installed."""
    return site.run("dpkg-query", "-W", "-f=${Version}", site.base).stdout.strip()


def put_in_charge(site: Site, version: str) -> str:
    """Let units and tools be those of the version that serves; return why they are not, or nothing.

    Tools that were never kept here stay as they are: newer ones serve an older version too.
    """
    kept = _tools(site, version)
    if tools_in_charge(site) == version or not kept.exists():
        return ""
    # What the tools need was fetched with the version. With --no-download apt would find no file by its path.
    words = ("-c", str(_settings(site)), "--yes", "--allow-downgrades", "--no-install-recommends")
    done = site.run("apt-get", *words, "install", str(kept))
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["no reason was said"])[-1]


def remove(site: Site, version: str) -> None:
    """Take a version off this machine, with the tools that were kept for it."""
    site.run("dpkg", "--purge", f"{site.base}-{version}")
    _tools(site, version).unlink(missing_ok=True)


def check_room(places: list[Path], needed: int) -> None:
    """Refuse early what would fail for want of room."""
    for place in places:
        free = shutil.disk_usage(place).free
        if free < needed:
            told = f"{needed / 1e6:.0f} MB are needed and {free / 1e6:.0f} MB are free"
            raise Refused(f"no room on {place}: {told}; journalctl --vacuum-size=100M, or remove what is not ours")


def _settings(site: Site) -> Path:
    """Return the file of apt's settings that name our repository, as it was asked last."""
    return site.state / "apt/apt.conf"


def _tools(site: Site, version: str) -> Path:
    """Return where the package of a version's units and tools is kept."""
    return site.state / "tools" / f"{version}.deb"
