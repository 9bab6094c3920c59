"""The panel's size and how it stands, from what the panel says of itself (EDID, VESA E-EDID 1.4)."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_HEADER: Final = b"\x00\xff\xff\xff\xff\xff\xff\x00"
_DRM: Final = Path("/sys/class/drm")


@dataclass(frozen=True)
class Panel:
    """A panel: its diagonal in inches, and its pixels as it stands."""

    diagonal_in: float
    width_px: int
    height_px: int

    @property
    def orientation(self) -> str:
        """How it stands: `portrait` or `landscape`."""
        return "portrait" if self.height_px > self.width_px else "landscape"


def find_panel(folder: Path = _DRM) -> Panel | None:
    """Return the first panel that is connected and says how large it is."""
    for place in sorted(folder.glob("*/edid")):
        try:
            found = read_edid(place.read_bytes())
        except OSError:
            continue
        if found is not None:
            return found
    return None


def read_edid(data: bytes) -> Panel | None:
    """Understand an EDID block: the first detailed timing is the panel's own; its size there is in millimetres."""
    if len(data) < 128 or not data.startswith(_HEADER) or sum(data[:128]) % 256:
        return None
    timing = data[54:72]
    if timing[:2] == b"\x00\x00":
        return None
    width_px = timing[2] | (timing[4] & 0xF0) << 4
    height_px = timing[5] | (timing[7] & 0xF0) << 4
    width_mm = timing[12] | (timing[14] & 0xF0) << 4
    height_mm = timing[13] | (timing[14] & 0x0F) << 8
    if not (width_mm and height_mm):
        width_mm, height_mm = data[21] * 10, data[22] * 10
    diagonal = math.hypot(width_mm, height_mm) / 25.4
    return Panel(round(diagonal, 1), width_px, height_px) if 5 <= diagonal <= 100 and width_px and height_px else None
