"""The kiosk's services: stopped, started, and waited for until the start screen is there."""

import time

from updater.site import SERVICES, Site


def stop(site: Site) -> None:
    """Stop screen and forwarder, in order."""
    site.run("systemctl", "stop", *SERVICES, timeout_s=120)


def start(site: Site) -> None:
    """Start them, with the units of the version in service."""
    site.run("systemctl", "daemon-reload", timeout_s=120)
    site.run("systemctl", "reset-failed", *SERVICES, timeout_s=60)
    site.run("systemctl", "start", "--no-block", *SERVICES, timeout_s=60)


def comes_up(site: Site) -> bool:
    """Wait for the start screen: the kiosk says that it is ready once it is drawn."""
    until = time.monotonic() + site.patience_s
    while True:
        if site.run("systemctl", "is-active", SERVICES[0], timeout_s=30).stdout.strip() == "active":
            return True
        if time.monotonic() > until:
            return False
        time.sleep(min(0.5, site.patience_s / 10))
