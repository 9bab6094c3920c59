"""Announcements: read digit by digit, in order, whole or only the chime; spoken by a machine until recorded."""

import io
import shutil
import wave
from pathlib import Path

import pytest

from hub.voice.clips import MADE, Voice
from hub.voice.script import announcement, clips
from hub.voice.sound import RATE_HZ, ClipUnusable, chime, joined, read_clip
from tests.hub.voice.recorded import LEVELS, clips_in, record, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    record(tmp_path / "clips")
    return tmp_path / "clips"


def heard(wav: bytes) -> list[str]:
    """Name the clips in the order in which they are heard."""
    with wave.open(io.BytesIO(wav)) as file:
        return clips_in(memoryview(file.readframes(file.getnframes())).cast("h"))


def test_a_number_is_read_digit_by_digit_with_a_falling_end(folder: Path) -> None:
    assert heard(Voice(folder, None).say("A1001", 3)) == [
        "number", "letter-A", "digit-1-middle", "digit-0-middle", "digit-0-middle", "digit-1-end", "to-counter",
        "counter-3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "counter", "end"),
    [
        ("2014", 20, ["digit-2-middle", "digit-0-middle", "digit-1-middle", "digit-4-end", "to-counter", "counter-20"]),
        ("B01234", 47, ["digit-4-end", "to-counter", "digit-4-middle", "digit-7-end"]),
    ],
)
def test_long_numbers_and_high_counters_are_read_too(folder: Path, number: str, counter: int, end: list[str]) -> None:
    assert heard(Voice(folder, None).say(number, counter))[-len(end) :] == end


NO_CALLS = [("", 1), ("A1", 1), ("AB100", 1), ("A1001; rm", 1), ("A1001", 0), ("A1001", 100)]


@pytest.mark.parametrize(("number", "counter"), NO_CALLS)
def test_what_is_no_number_or_counter_is_refused(number: str, counter: int) -> None:
    with pytest.raises(ValueError, match="expected a number"):
        announcement(number, counter)


def test_where_one_clip_is_missing_only_the_chime_is_heard(folder: Path) -> None:
    (folder / "digit-0-middle.wav").unlink()
    voice = Voice(folder, None)
    assert voice.say("A1001", 3) == joined([(0, chime())])
    assert [clip.name for clip in voice.missing()] == ["digit-0-middle"]
    assert heard(voice.say("A1112", 3)) != []


@pytest.mark.parametrize("damage", ["empty", "noise", "stereo", "rate", "long"])
def test_a_clip_that_cannot_be_joined_is_named_and_costs_the_board_only_the_voice(folder: Path, damage: str) -> None:
    path = folder / "number.wav"
    match damage:
        case "empty":
            path.write_bytes(b"")
        case "noise":
            path.write_bytes(b"RIFF" + bytes(range(256)))
        case "stereo":
            write(folder, "number", 500, channels=2)
        case "rate":
            write(folder, "number", 500, rate=8000)
        case _:
            write(folder, "number", 500, seconds=11)
    with pytest.raises(ClipUnusable, match="number"):
        read_clip(path)
    voice = Voice(folder, None)
    assert len(voice.unusable()) == 1
    assert voice.say("A1001", 3) == joined([(0, chime())])


def test_the_citys_word_is_said_and_until_it_has_one_that_is_named(tmp_path: Path) -> None:
    assert any("voice.counter_word" in one for one in Voice(tmp_path, None).unconfirmed())
    assert Voice(tmp_path, "الشباك").unconfirmed() == []
    assert any("الشُّبَّاك" in clip.text for clip in clips("الشباك"))


def test_a_machine_speaks_what_is_missing_and_says_which_clips_are_its_own(tmp_path: Path) -> None:
    assert shutil.which("espeak-ng"), "installed by the set-up"
    voice = Voice(tmp_path / "clips", None)
    recorded = "number"
    write(tmp_path / "clips", recorded, 700)
    before = (tmp_path / "clips" / "number.wav").read_bytes()
    made = voice.fill()
    assert voice.missing() == []
    assert voice.unusable() == []
    assert recorded not in made
    assert (tmp_path / "clips" / "number.wav").read_bytes() == before, "what a person recorded stays"
    assert set((tmp_path / "clips" / MADE).read_text().split()) == set(made)
    with wave.open(io.BytesIO(voice.say("B2014", 3))) as file:
        assert 4 < file.getnframes() / RATE_HZ < 15


def test_english_comes_after_the_arabic_where_a_setting_says_so(folder: Path) -> None:
    arabic = heard(Voice(folder, None).say("B2014", 21))
    for clip in clips(english=True):
        if clip.language == "en":
            write(folder, clip.name, LEVELS[clip.name])
    both = heard(Voice(folder, None, english=True).say("B2014", 21))
    assert both == [*arabic, *(f"en-{name}" for name in arabic)]
    assert heard(Voice(folder, None).say("B2014", 21)) == arabic, "unless it is wanted"
    (folder / "en-number.wav").unlink()
    assert heard(Voice(folder, None, english=True).say("B2014", 21)) == arabic, "half of it would only be noise"
    assert [clip.name for clip in Voice(folder, None, english=True).missing()] == ["en-number"]
