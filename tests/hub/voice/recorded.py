"""A folder of clips, each at a level of its own, so that a sound tells which clips it has, and in which order."""

import wave
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from hub.voice.script import announcement, clips
from hub.voice.sound import RATE_HZ

LEVELS: Final = {clip.name: 1000 + 100 * index for index, clip in enumerate(clips(english=True))}
_NAMES: Final = {level: name for name, level in LEVELS.items()}
# Of the chime, whose levels change from sample to sample, none stands as long as this.
_SAMPLES_OF_A_CLIP: Final = 60


def record(folder: Path, *, seconds: float = 0.1) -> None:
    """Fill a folder with every Arabic clip."""
    for clip in clips():
        write(folder, clip.name, LEVELS[clip.name], seconds=seconds)


def write(folder: Path, name: str, level: int, *, rate: int = RATE_HZ, channels: int = 1, seconds: float = 0.1) -> None:
    """Write one clip."""
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / f"{name}.wav"), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(level.to_bytes(2, "little", signed=True) * int(rate * seconds) * channels)


def clips_in(samples: Iterable[int]) -> list[str]:
    """Name the clips in the order in which they are heard."""
    return clips_at((level, sum(1 for _ in same)) for level, same in groupby(samples))


def clips_at(stretches: Iterable[Sequence[int]]) -> list[str]:
    """Name the clips of a sound's stretches: a level, and for how many samples it stands."""
    return [_NAMES[level] for level, length in stretches if level in _NAMES and length >= _SAMPLES_OF_A_CLIP]


def clips_of(number: str, counter: int) -> list[str]:
    """Name the clips that call a number to a counter; the chime is a sound, and none of them."""
    return [one.name for one in announcement(number, counter) if one.name != "chime"]
