"""Whether a version that central wants would come to a machine by itself: what lacks is silent until then."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from common.machine.doctor.finding import Finding, ok, problem, warning

Lack = Literal["timer", "source", "key", "went-back", "stick"]
STICK: Final = "stick"
"""What packages.url says where versions come by stick alone, and somebody wants it so."""
WENT_BACK: Final = "went-back"
_REFUSED: Final = "var/lib/{}-update/went-back"
"""What the updater wrote down when the machine did not come up with Debian's packages of a night."""
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
    is_by_stick = text(source).strip() == STICK
    if not is_by_stick and (systemctl("is-enabled", timer) != "enabled" or systemctl("is-active", timer) != "active"):
        return warning("updates", f"{timer} is off: no version comes", f"systemctl enable --now {timer}")
    if not text(source).strip():
        todo = f"echo https://CENTRAL/packages >/{source}; where it shall be so: echo {STICK} >/{source}"
        return warning("updates", f"/{source} says nothing: versions come by stick only", todo)
    if not text(key):
        todo = f"put the packages' public key into /{key}, as step 1 of the installation does"
        return problem("updates", f"/{key} is missing: no package is taken", todo)
    if back := text(_REFUSED.format(name)).split():
        told = f"it did not come up with {back[0]} and others of a night, and went back to what was before"
        return warning(
            "updates", told, "nothing here: they are taken again once there are newer ones; see journalctl -b -1"
        )
    if is_by_stick:
        return ok("updates", f"they come by stick, as /{source} says: {name}-update --from FOLDER")
    return ok("updates", "they come at night, signed")


def lacks(name: str, root: Path = Path("/")) -> Lack | None:
    """Return what the nightly update of `kiosk` or `hub` lacks, by files alone, as a service in its sandbox sees them.

    `stick`: they come by stick alone, as somebody has said. None also where the program is not installed as a service.
    """
    if not (root / "opt" / name / "current").exists():
        return None
    is_by_stick = _says_stick(root / "etc" / name / "packages.url")
    if not is_by_stick and not _starts(f"{name}-nightly.timer", root):
        return "timer"
    if not _is_filled(root / "etc" / name / "packages.url"):
        return "source"
    if not _is_filled(root / "etc" / name / "release.gpg"):
        return "key"
    if _is_filled(root / _REFUSED.format(name)):
        return WENT_BACK
    return "stick" if is_by_stick else None


def _starts(timer: str, root: Path) -> bool:
    is_masked = (root / "etc/systemd/system" / timer).resolve() == _MASKED
    return not is_masked and (root / _ENABLED / timer).is_symlink()


def _says_stick(path: Path) -> bool:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip() == STICK
    except OSError:
        return False


def _is_filled(path: Path) -> bool:
    try:
        return path.stat().st_size > 1
    except OSError:
        return False
