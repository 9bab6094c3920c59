"""Whether the hub's services run, and start with the machine."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from common.machine.doctor.finding import Finding, ok, problem, skipped
from common.machine.doctor.systemd import ask_systemctl
from common.machine.doctor.tools import check_tools
from common.machine.doctor.updates import check_updates

INSTALLED: Final = Path("/opt/hub/current")
UNITS: Final = ("hub.service", "hub-forward.service")


def check_services(
    systemctl: Callable[..., str] = ask_systemctl, installed: Path = INSTALLED, root: Path = Path("/")
) -> Iterator[Finding]:
    """Look at both services, and at what the nightly update needs: what is stopped, disabled or masked is named."""
    if not installed.exists():
        yield skipped("services", f"the hub is not installed as a service here ({installed} is missing)")
        return
    off = [unit for unit in UNITS if systemctl("is-enabled", unit) != "enabled"]
    down = [unit for unit in UNITS if systemctl("is-active", unit) != "active"]
    if off:
        todo = f"systemctl unmask {' '.join(off)}; systemctl enable --now {' '.join(off)}"
        yield problem("services", f"they don't start with the machine: {', '.join(off)}", todo)
    elif down:
        todo = f"systemctl start {' '.join(down)}; if that doesn't hold: journalctl -u {down[0]}"
        yield problem("services", f"not running: {', '.join(down)}", todo)
    else:
        yield ok("services", "both run, and start with the machine")
    yield check_updates("hub", systemctl, lambda path: _text(root / path))
    yield from check_tools("hub", root)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
