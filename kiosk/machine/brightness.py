"""How bright the panel's own backlight is (the kernel's backlight class); many panels have none that can be set."""

from pathlib import Path

CLASS = Path("/sys/class/backlight")


def can_be_set(folder: Path = CLASS) -> bool:
    """Return whether this machine has a backlight that this process may set."""
    return _backlight(folder) is not None


def set_brightness(percent: int, folder: Path = CLASS) -> bool:
    """Set the backlight; False where there is none to set. Raises OSError where the driver refuses."""
    backlight = _backlight(folder)
    if backlight is None:
        return False
    most = int((backlight / "max_brightness").read_text())
    (backlight / "brightness").write_text(str(max(1, most * percent // 100)))
    return True


def _backlight(folder: Path) -> Path | None:
    for path in sorted(folder.glob("*")):
        try:
            with (path / "brightness").open("r+"):
                return path
        except OSError:
            continue
    return None
