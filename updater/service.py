"""The services: stopped, started, and waited for until they serve."""

import time

from updater.site import Site


def stop(site: Site) -> None:
    """Stop them, in order."""
    site.run("systemctl", "stop", *site.services, timeout_s=120)


def start(site: Site) -> None:
    """Start them, with the units of the version in service."""
    site.run("systemctl", "daemon-reload", timeout_s=120)
    site.run("systemctl", "reset-failed", *site.services, timeout_s=60)
    site.run("systemctl", "start", "--no-block", *site.services, timeout_s=60)


def comes_up(site: Site) -> bool:
    """Wait until it serves: a kiosk says so once its start screen is drawn, a hub once counters can call."""
    until = time.monotonic() + site.patience_s
    while True:
        if site.run("systemctl", "is-active", site.services[0], timeout_s=30).stdout.strip() == "active":
            return True
        if time.monotonic() > until:
            return False
        time.sleep(min(0.5, site.patience_s / 10))
