"""The services: stopped, started, and waited for until they serve."""

import time

from updater.site import Site

_LONGEST_MIGRATION_S = 3600.0


def stop(site: Site) -> None:
    """Stop them, in order."""
    site.run("systemctl", "stop", *site.services, timeout_s=120)


def start(site: Site) -> None:
    """Start them, with the units of the version in service."""
    site.run("systemctl", "daemon-reload", timeout_s=120)
    site.run("systemctl", "reset-failed", *site.services, timeout_s=60)
    site.run("systemctl", "start", "--no-block", *site.services, timeout_s=60)


def comes_up(site: Site) -> bool:
    """Wait until it serves.

    A kiosk's unit is active once its start screen is drawn, a hub's once counters can call; central's processes answer
    once the database has the tables of their version.
    """
    began = time.monotonic()
    while True:
        if _serves(site):
            return True
        waited = time.monotonic() - began
        if waited > site.patience_s and (waited > _LONGEST_MIGRATION_S or not _is_migrating(site)):
            return False
        time.sleep(min(0.5, site.patience_s / 10))


def _is_migrating(site: Site) -> bool:
    """Return whether central's tables are being changed this moment: that takes as long as they are large."""
    if site.name != "central":
        return False
    asked = ("systemctl", "show", "--property=SubState", "--value", "central-migrate.service")
    return site.run(*asked, timeout_s=30).stdout.strip() == "start"


def _serves(site: Site) -> bool:
    if site.name != "central":
        return site.run("systemctl", "is-active", site.services[0], timeout_s=30).stdout.strip() == "active"
    ports = [name.partition("@")[2].removesuffix(".service") for name in site.services if "@" in name]
    words = ("curl", "--silent", "--fail", "--max-time", "10", "--output", "/dev/null")
    return all(site.run(*words, f"http://127.0.0.1:{port}/readyz", timeout_s=30).returncode == 0 for port in ports)
