"""Short sounds beside what is shown: a number, a warning, a code that was read, one that was none.

They are made here, as 16-bit samples of few sine tones, so that no file has to come with a kiosk.
"""

import array
import math
import sys
import wave
from pathlib import Path

from kiosk.prompts.ui import Chime

_RATE = 22_050
_TONES: dict[Chime, tuple[tuple[float, float], ...]] = {
    Chime.NUMBER: ((659.3, 0.16), (880.0, 0.34)),  # rising: done
    Chime.WARNING: ((587.3, 0.18), (0.0, 0.08), (587.3, 0.3)),
    Chime.SCAN: ((1046.5, 0.12),),
    Chime.REFUSED: ((440.0, 0.16), (311.1, 0.34)),  # falling: not this
}
"""Hertz and seconds of each tone; 0 Hz is silence. All lie where hearing that fades with age is kept longest."""
_FADE_S = 0.02
_LOUDEST = 0.6


def write_chime(chime: Chime, path: Path) -> None:
    """Write a chime as a WAV file. Raises OSError."""
    samples = array.array("h")
    for hertz, seconds in _TONES[chime]:
        samples.extend(_tone(hertz, seconds))
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.tobytes())


def _tone(hertz: float, seconds: float) -> list[int]:
    count = round(seconds * _RATE)
    fade = _FADE_S * _RATE
    return [
        round(32_767 * _LOUDEST * min(1.0, n / fade, (count - n) / fade) * math.sin(2 * math.pi * hertz * n / _RATE))
        for n in range(count)
    ]
