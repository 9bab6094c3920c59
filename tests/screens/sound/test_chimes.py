"""What each chime sounds like, measured from its samples."""

import array
import math
import wave
from itertools import pairwise
from pathlib import Path

import pytest

from kiosk.prompts.ui import Chime
from screens.sound.chimes import write_chime

RATE = 22_050
LOUDEST = 19_660  # three fifths of what 16 bits hold


def _samples(folder: Path, chime: Chime) -> list[int]:
    write_chime(chime, folder / "chime.wav")
    with wave.open(str(folder / "chime.wav"), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return list(array.array("h", file.readframes(file.getnframes())))


def _hertz(part: list[int]) -> float:
    """Return how often the sound swings in a second, by where it rises through nothing."""
    rises = [at - before / (now - before) for at, (before, now) in enumerate(pairwise(part))
             if before < 0 <= now]  # fmt: skip
    return (len(rises) - 1) * RATE / (rises[-1] - rises[0]) if len(rises) > 1 else 0.0


@pytest.mark.parametrize(
    ("chime", "tones"),
    [
        (Chime.NUMBER, [(659.3, 3528), (880.0, 7497)]),
        (Chime.WARNING, [(587.3, 3969), (0.0, 1764), (587.3, 6615)]),
        (Chime.SCAN, [(1046.5, 2646)]),
        (Chime.REFUSED, [(440.0, 3528), (311.1, 7497)]),
    ],
)
def test_each_chime_is_its_tones_without_a_click(tmp_path: Path, chime: Chime, tones: list[tuple[float, int]]) -> None:
    samples = _samples(tmp_path, chime)
    assert len(samples) == sum(count for _, count in tones)
    at = 0
    for hertz, count in tones:
        part, at = samples[at : at + count], at + count
        assert _hertz(part) == pytest.approx(hertz, abs=0.5)
        if not hertz:
            assert set(part) == {0}
            continue
        assert LOUDEST * 0.99 < max(part) <= LOUDEST
        for n in (*range(1, 440, 40), *range(442, count - 442, 300), *range(count - 440, count, 40)):
            share = min(1.0, n / 441, (count - n) / 441)  # it swells and fades within a fiftieth of a second
            assert part[n] == pytest.approx(LOUDEST * share * math.sin(2 * math.pi * hertz * n / RATE), abs=1.5)
