"""Sounds as one form of WAV: 22,050 samples a second, 16 bits, one channel; joined, and a chime made of two tones."""

import io
import math
import struct
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Final

RATE_HZ: Final = 22_050
MAX_CLIP_S: Final = 10
_WIDTH: Final = 2
_CHIME: Final = ((784.0, 0.0), (587.3, 0.28))  # G5, then D5: a falling fifth, heard over talk
_CHIME_S: Final = 1.0


class ClipUnusable(ValueError):
    """A clip that can't be joined with the others; the text names it and says what would be right."""


def read_clip(path: Path) -> bytes:
    """Return the samples of a clip. Raises ClipUnusable, FileNotFoundError."""
    try:
        with wave.open(str(path), "rb") as file:
            found = (file.getframerate(), file.getsampwidth(), file.getnchannels())
            if found != (RATE_HZ, _WIDTH, 1):
                raise ClipUnusable(f"{path.name}: found {found[0]} Hz, {8 * found[1]} bits, {found[2]} channels; right "
                                   f"would be {RATE_HZ} Hz, 16 bits, 1 channel")  # fmt: skip
            if file.getnframes() > MAX_CLIP_S * RATE_HZ:
                raise ClipUnusable(f"{path.name}: is longer than {MAX_CLIP_S} s")
            return file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ClipUnusable(f"{path.name}: is no WAV that can be read ({error})") from error


def joined(parts: Sequence[tuple[int, bytes]]) -> bytes:
    """Return one WAV of all parts, each after so many milliseconds of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_WIDTH)
        file.setframerate(RATE_HZ)
        for silence_ms, samples in parts:
            file.writeframes(bytes(_WIDTH * (RATE_HZ * silence_ms // 1000)))
            file.writeframes(samples)
    return out.getvalue()


def chime() -> bytes:
    """Return the samples of the chime that comes before every announcement."""
    samples = []
    for index in range(int(_CHIME_S * RATE_HZ)):
        at_s = index / RATE_HZ
        level = sum(
            math.sin(2 * math.pi * hertz * (at_s - begins))
            * math.exp(-5.0 * (at_s - begins))
            * min(1, (at_s - begins) * 200)
            for hertz, begins in _CHIME
            if at_s >= begins
        )
        samples.append(int(9_000 * level))
    return struct.pack(f"<{len(samples)}h", *samples)
