"""What is said, clip by clip and pause by pause, and how clips are joined, to the sample."""

import io
import math
import struct
import wave
from collections.abc import Sequence
from pathlib import Path

import pytest

from common.machine.errors import CannotBeDone
from hub.voice.clips import MADE, Voice
from hub.voice.script import Clip, Spoken, announcement, clips, in_english
from hub.voice.sound import ClipUnusable, chime, joined, read_clip
from tests.hub.voice.recorded import LEVELS, record, write

HEAD = [Spoken("chime", 0), Spoken("number", 250)]


@pytest.mark.parametrize(
    ("number", "counter", "said"),
    [
        ("B2014", 20, [*HEAD, *map(Spoken, ("letter-B", "digit-2-middle", "digit-0-middle", "digit-1-middle")),
                       Spoken("digit-4-end"), Spoken("to-counter", 350), Spoken("counter-20")]),
        ("1000", 1, [*HEAD, *map(Spoken, ("digit-1-middle", "digit-0-middle", "digit-0-middle", "digit-0-end")),
                     Spoken("to-counter", 350), Spoken("counter-1")]),
        ("123456789", 21, [*HEAD, *(Spoken(f"digit-{n}-middle") for n in range(1, 9)), Spoken("digit-9-end"),
                           Spoken("to-counter", 350), Spoken("digit-2-middle"), Spoken("digit-1-end")]),
        ("9999", 99, [*HEAD, *[Spoken("digit-9-middle")] * 3, Spoken("digit-9-end"), Spoken("to-counter", 350),
                      Spoken("digit-9-middle"), Spoken("digit-9-end")]),
    ],
)  # fmt: skip
def test_an_announcement_is_its_clips_with_their_pauses(number: str, counter: int, said: list[Spoken]) -> None:
    assert announcement(number, counter) == said
    assert said[2].after_ms == 70
    english = in_english(said)
    assert english[0] == Spoken("en-number", 600)
    assert english[1:] == [Spoken(f"en-{one.name}", one.after_ms) for one in said[2:]]


@pytest.mark.parametrize(
    ("number", "counter"), [("100", 1), ("1234567890", 1), ("1000", 0), ("1000", 100), ("b2014", 1), ("B2014 ", 1)]
)
def test_what_is_no_call_is_refused(number: str, counter: int) -> None:
    with pytest.raises(ValueError, match=f"to counter {counter}: expected a number such as B2014 and a counter 1 to"):
        announcement(number, counter)


def test_a_speaker_records_these_clips() -> None:
    arabic, both = clips(), clips(english=True)
    assert both[: len(arabic)] == arabic
    names = ["number", "to-counter", *(f"letter-{one}" for one in "ABCDXY")]
    names += [f"digit-{digit}-{place}" for digit in range(10) for place in ("middle", "end")]
    names += [f"counter-{n}" for n in range(1, 21)]
    assert [one.name for one in arabic] == names
    assert [one.name for one in both[len(arabic) :]] == [f"en-{name}" for name in names]
    said = {one.name: one.text for one in both}
    assert (said["counter-1"], said["counter-20"]) == ("وَاحِد.", "عِشْرُون.")
    assert (said["digit-0-middle"], said["digit-9-end"]) == ("صِفْر،", "تِسْعَة.")
    assert (said["en-counter-1"], said["en-counter-20"], said["en-digit-7-middle"]) == ("one.", "twenty.", "seven,")
    assert said["to-counter"] == "إِلَى الْكُوَّة رَقْم"
    assert clips("الطاولة")[1].text == "إِلَى الطاولة رَقْم"
    assert {one.language for one in arabic} == {"ar"}
    assert Clip("en-number", "Number").language == "en"


def samples(wav: bytes) -> Sequence[int]:
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (22_050, 2, 1)
        frames = file.readframes(file.getnframes())
    return struct.unpack(f"<{len(frames) // 2}h", frames)


def test_clips_are_joined_after_so_many_milliseconds_of_silence() -> None:
    one, other = struct.pack("<2h", 5, -5), struct.pack("<1h", 7)
    assert samples(joined([(0, one), (1000, other), (1, one)])) == (5, -5, *[0] * 22_050, 7, *[0] * 22, 5, -5)
    assert samples(joined([])) == ()


def strength(values: Sequence[int], hertz: float) -> float:
    """How much of a tone there is."""
    angles = [2 * math.pi * hertz * index / 22_050 for index in range(len(values))]
    real = sum(value * math.cos(angle) for value, angle in zip(values, angles, strict=True))
    imaginary = sum(value * math.sin(angle) for value, angle in zip(values, angles, strict=True))
    return math.hypot(real, imaginary) / len(values)


def test_the_chime_is_a_falling_fifth_of_a_second() -> None:
    values = struct.unpack("<22050h", chime())
    assert values[0] == 0
    assert 6_000 < max(map(abs, values)) < 16_000
    first, second = values[: int(0.28 * 22_050)], values[int(0.28 * 22_050) :]
    for part, tone, other in ((first, 784.0, 587.3), (second, 587.3, 784.0)):
        assert strength(part, tone) > 2 * strength(part, other)
        assert strength(part, tone) > 3 * max(strength(part, tone - 40), strength(part, tone + 40))
    assert max(map(abs, second)) > 6_000
    assert max(map(abs, values[-500:])) < 500, "it has died away"


@pytest.mark.parametrize(("length_s", "is_usable"), [(10.0, True), (10.0001, False)])
def test_a_clip_is_ten_seconds_long_at_most(tmp_path: Path, length_s: float, is_usable: bool) -> None:
    write(tmp_path, "number", 500, seconds=length_s)
    if is_usable:
        assert len(read_clip(tmp_path / "number.wav")) == 2 * 220_500
        return
    with pytest.raises(ClipUnusable, match=r"number\.wav: is longer than 10 s"):
        read_clip(tmp_path / "number.wav")


def test_what_is_wrong_with_a_clip_is_told_with_what_would_be_right(tmp_path: Path) -> None:
    write(tmp_path, "number", 500, rate=8000, channels=2)
    said = "number.wav: found 8000 Hz, 16 bits, 2 channels; right would be 22050 Hz, 16 bits, 1 channel"
    with pytest.raises(ClipUnusable) as error:
        read_clip(tmp_path / "number.wav")
    assert str(error.value) == said
    assert Voice(tmp_path, "x").unusable() == [said]


def test_what_has_still_to_be_said_is_named(tmp_path: Path) -> None:
    record(tmp_path)
    whole = Voice(tmp_path, "الشباك")
    assert (whole.unconfirmed(), whole.missing()) == ([], [])
    (tmp_path / MADE).write_text("number\nto-counter\n")
    word = "the word for a counter: إِلَى الْكُوَّة رَقْم until voice.counter_word says"
    made = "2 clips are spoken by a machine until a person records them"
    assert Voice(tmp_path, None).unconfirmed() == [word, made]


def test_a_folder_that_cannot_be_written_and_a_machine_that_cannot_speak_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path / "clips")
    assert Voice(tmp_path / "clips", None).fill() == []
    assert not (tmp_path / "clips" / MADE).exists()
    (tmp_path / "file").touch()
    with pytest.raises(CannotBeDone, match="file: File exists"):
        Voice(tmp_path / "file", None).fill()
    (tmp_path / "clips/number.wav").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotBeDone, match="espeak-ng is not installed"):
        Voice(tmp_path / "clips", None).fill()
    program = tmp_path / "espeak-ng"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(CannotBeDone, match="espeak-ng did not speak number: "):
        Voice(tmp_path / "clips", None).fill()
    assert LEVELS
