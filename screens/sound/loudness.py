"""Makes a recorded clip quieter: players differ in whether they can, so the samples themselves are scaled."""

import array
import struct
import sys
import wave
from pathlib import Path

FULL = 100
_LARGEST = 12_000_000  # bytes: a minute of two channels at 48 kHz, which is longer than anything is said
_CODES = {2: "h", 4: "i"}  # array's signed numbers by bytes a sample
_MIDDLE = 128  # one byte a sample is unsigned (RIFF/WAVE, PCM)


class ClipUnreadable(Exception):
    """No WAV file of whole-number samples of 1, 2 or 4 bytes."""


def write_quieter(clip: Path, percent: int, target: Path) -> None:
    """Write the clip of at most 12 MB at `percent` of its loudness, 0 to 100, linear in amplitude.

    Raises:
        ClipUnreadable: it can't be scaled.
        OSError: it can't be read or written.
    """
    if clip.stat().st_size > _LARGEST:
        raise ClipUnreadable(f"{clip.name}: larger than {_LARGEST // 1_000_000} MB")
    try:
        with wave.open(str(clip), "rb") as source:
            shape, frames = source.getparams(), source.readframes(source.getnframes())
        scaled = _scaled(frames, shape.sampwidth, percent)
        with wave.open(str(target), "wb") as copy:
            copy.setparams(shape)
            copy.writeframes(scaled)
    # Beside its own errors, wave lets those of its chunks and of struct through where a head makes no sense.
    except (wave.Error, EOFError, RuntimeError, struct.error) as error:
        raise ClipUnreadable(f"{clip.name}: {str(error) or type(error).__name__}") from error


def _scaled(frames: bytes, width: int, percent: int) -> bytes:
    if width == 1:
        return bytes((sample - _MIDDLE) * percent // FULL + _MIDDLE for sample in frames)
    if width not in _CODES:
        raise wave.Error(f"{8 * width} bits a sample")
    samples = array.array(_CODES[width], frames[: len(frames) // width * width])
    if sys.byteorder == "big":
        samples.byteswap()
    samples = array.array(_CODES[width], (sample * percent // FULL for sample in samples))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()
