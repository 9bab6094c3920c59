"""What central wants here, by the kiosk's own word, and how it went. All that is believed of it is a version's name."""

import json
from pathlib import Path

from updater import durable
from updater.errors import Refused
from updater.packages import VERSION
from updater.site import Site

_LONGEST = 300


def version_by_central(site: Site) -> tuple[str | None, bool]:
    """Return the version that central wants, and whether it is time for it. Raises Refused: the program doesn't say."""
    done = site.run_as_user(
        site.program(site.root / "current"), "wanted-version", "--config", str(site.config), timeout_s=120
    )
    try:
        told = json.loads(done.stdout)
        version, due = told["version"], told["due"]
    except (ValueError, TypeError, KeyError) as error:
        raise Refused(f"{site.name} doesn't say which version is wanted: {done.stderr.strip()[-_LONGEST:]}") from error
    if not isinstance(version, str) or not VERSION.fullmatch(version):
        return None, False
    return version, due is True


def is_on_battery(site: Site) -> bool:
    """Return whether a UPS reports that the mains are away; without a UPS they are there."""
    if not any((Path(folder) / "upsc").exists() for folder in site.path.split(":")):
        return False
    names = site.run("upsc", "-l", "localhost", timeout_s=30).stdout.split()
    return any("OB" in site.run("upsc", name, "ups.status", timeout_s=30).stdout.split() for name in names[:4])


def has_failed(site: Site, version: str) -> bool:
    """Return whether this version was tried here and found wanting."""
    try:
        told = json.loads(durable.read(_result(site)) or "{}")
    except ValueError:
        return False
    if not isinstance(told, dict):
        return False
    return bool(told.get("version") == version and told.get("outcome") == "failed")


def note(site: Site, version: str, outcome: str, now: str, why: str) -> None:
    """Write down how it went, for the kiosk's health report."""
    row = {"version": version, "outcome": outcome, "at": now, "why": why[-_LONGEST:]}
    durable.write(_result(site), json.dumps(row, ensure_ascii=False))


def _result(site: Site) -> Path:
    return site.state / "result.json"
