"""Makes a recorded clip quieter: players differ in whether they can, so the samples themselves are scaled."""

import array
import sys
import wave
from pathlib import Path

FULL = 100
_CODES = {2: "h", 4: "i"}  # array's signed numbers by bytes a sample
_MIDDLE = 128  # one byte a sample is unsigned (RIFF/WAVE, PCM)


class ClipUnreadable(Exception):
    """No WAV file of whole-number samples of 1, 2 or 4 bytes."""


def write_quieter(clip: Path, percent: int, target: Path) -> None:
    """Write the clip at `percent` of its loudness, 0 to 100, linear in amplitude.

    Raises:
        ClipUnreadable: it can't be scaled.
        OSError: it can't be read or written.
    """
    try:
        with wave.open(str(clip), "rb") as source:
            shape, width = source.getparams(), source.getsampwidth()
            frames = source.readframes(source.getnframes())
    except (wave.Error, EOFError) as error:
        raise ClipUnreadable(f"{clip.name}: {str(error) or type(error).__name__}") from error
    if width == 1:
        scaled = bytes((sample - _MIDDLE) * percent // FULL + _MIDDLE for sample in frames)
    elif width in _CODES:
        samples = array.array(_CODES[width], frames[: len(frames) // width * width])
        if sys.byteorder == "big":
            samples.byteswap()
        samples = array.array(_CODES[width], [sample * percent // FULL for sample in samples])
        if sys.byteorder == "big":
            samples.byteswap()
        scaled = samples.tobytes()
    else:
        raise ClipUnreadable(f"{clip.name}: {8 * width} bits a sample")
    with wave.open(str(target), "wb") as copy:
        copy.setparams(shape)
        copy.writeframes(scaled)
