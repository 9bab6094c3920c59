"""Whether a version that central wants would come to a machine by itself: what lacks is silent until then."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from common.machine.doctor.finding import Finding, ok, problem, warning

Lack = Literal["timer", "source", "key"]
_ENABLED: Final = "etc/systemd/system/timers.target.wants"
_MASKED: Final = Path("/dev/null")


def check_updates(name: str, systemctl: Callable[..., str], text: Callable[[str], str]) -> Finding:
    """Look at what the nightly update of `kiosk` or `hub` needs.

    Args:
        name: which of both.
        systemctl: what systemd says.
        text: returns a file's text by its path without the root, empty where it can't be read.
    """
    timer, source, key = f"{name}-nightly.timer", f"etc/{name}/packages.url", f"etc/{name}/release.gpg"
    if systemctl("is-enabled", timer) != "enabled" or systemctl("is-active", timer) != "active":
        return warning("updates", f"{timer} is off: no version comes", f"systemctl enable --now {timer}")
    if not text(source).strip():
        todo = f"echo https://CENTRAL/packages >/{source}; a stick needs none"
        return warning("updates", f"/{source} says nothing: versions come by stick only", todo)
    if not text(key):
        todo = f"put the packages' public key into /{key}, as step 1 of the installation does"
        return problem("updates", f"/{key} is missing: no package is taken", todo)
    return ok("updates", "they come at night, signed")


def lacks(name: str, root: Path = Path("/")) -> Lack | None:
    """Return what the nightly update of `kiosk` or `hub` lacks, by files alone, as a service in its sandbox sees them.

    None also where the program is not installed as a service.
    """
    if not (root / "opt" / name / "current").exists():
        return None
    timer = f"{name}-nightly.timer"
    is_masked = (root / "etc/systemd/system" / timer).resolve() == _MASKED
    if is_masked or not (root / _ENABLED / timer).is_symlink():
        return "timer"
    if not _is_filled(root / "etc" / name / "packages.url"):
        return "source"
    return None if _is_filled(root / "etc" / name / "release.gpg") else "key"


def _is_filled(path: Path) -> bool:
    try:
        return path.stat().st_size > 1
    except OSError:
        return False
