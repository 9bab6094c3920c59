"""Spoken guidance: clips where they are, else the voice, else silence; a new text stops the old one."""

import contextlib
import stat
import struct
import threading
import wave
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.prompts.ui import Chime
from screens.sound.loudness import ClipUnreadable, write_quieter
from screens.sound.speech import Part, Speech, Utterance

NUMBER = Part("Your number is A 1.", "speech.ticket", "A1")
TICKET = Utterance((NUMBER,), "en")


def _program(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)


def test_without_clips_and_voice_nothing_is_said(tmp_path: Path) -> None:
    speech = Speech(None, tools=str(tmp_path))
    assert not speech.is_available
    speech.say(TICKET)
    assert speech.commands(TICKET) == []


def test_clips_come_first_and_the_number_is_spelled(tmp_path: Path) -> None:
    _program(tmp_path, "aplay", "exit 0")
    _program(tmp_path, "espeak-ng", "exit 0")
    clips = tmp_path / "clips"
    (clips / "en").mkdir(parents=True)
    for name in ("speech.ticket", "spell.A", "spell.1"):
        (clips / "en" / f"{name}.wav").write_bytes(b"RIFF")
    speech = Speech(clips, tools=str(tmp_path))
    played = [Path(command[-1]).name for command in speech.commands(TICKET)]
    assert played == ["speech.ticket.wav", "spell.A.wav", "spell.1.wav"]
    speech.close()


def test_what_no_clip_holds_is_said_by_the_voice_in_its_place(tmp_path: Path) -> None:
    _program(tmp_path, "aplay", "exit 0")
    _program(tmp_path, "espeak-ng", "exit 0")
    (tmp_path / "clips" / "en").mkdir(parents=True)
    for name in ("closed.title", "closed.valid", "speech.ticket", "spell.A"):
        (tmp_path / "clips" / "en" / f"{name}.wav").write_bytes(b"RIFF")
    closed, valid = Part("Closed.", "closed.title"), Part("Numbers stay valid.", "closed.valid")
    opens = (Part("Open on Thursday."), Part("At 8."))
    speech = Speech(tmp_path / "clips", tools=str(tmp_path))
    said = [Path(command[-1]).name for command in speech.commands(Utterance((closed, *opens, valid), "en"))]
    assert said == ["closed.title.wav", "Open on Thursday. At 8.", "closed.valid.wav"]
    (command,) = speech.commands(TICKET)  # the clip of the digit 1 is missing
    assert command[1:3] == ["-v", "en"]
    assert command[-1] == "Your number is A 1."
    speech.close()


def test_a_text_is_really_said_by_the_worker(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    _program(tmp_path, "espeak-ng", f'/bin/echo "$@" >> {heard}')
    speech = Speech(None, tools=str(tmp_path))
    speech.say(TICKET)
    assert speech._thread is not None
    speech._queue.put(None)
    speech._thread.join(timeout=10)
    assert "Your number is A 1." in heard.read_text(encoding="utf-8")


def test_what_was_still_to_be_said_when_a_visit_ended_or_another_text_came_is_not_said(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    _program(tmp_path, "espeak-ng", f'/bin/echo "$@" >> {heard}')
    speech = Speech(None, tools=str(tmp_path))
    speech._thread = threading.Thread(target=speech._work)  # it comes to nothing before all of it has happened
    speech.say(TICKET)
    speech.stop()
    speech.say(Utterance((Part("Choose.", "speech.more"),), "en"))
    speech.say(Utterance((Part("Welcome.", "speech.start"),), "en"))
    speech._queue.put(None)
    speech._thread.start()
    speech._thread.join(timeout=10)
    assert [line.split("-- ")[1] for line in heard.read_text(encoding="utf-8").splitlines()] == ["Welcome."]


def test_stopping_ends_a_long_text_at_once(tmp_path: Path) -> None:
    started = tmp_path / "started"
    _program(tmp_path, "espeak-ng", f"/bin/touch {started}; exec /bin/sleep 30")
    speech = Speech(None, tools=str(tmp_path))
    speech.say(TICKET)
    while not started.exists():
        assert speech._thread is not None
        speech._thread.join(timeout=0.02)
    speech.close()
    assert speech._thread is None


def _clip(path: Path, width: int, samples: bytes) -> None:
    with wave.open(str(path), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(width)
        clip.setframerate(22050)
        clip.writeframes(samples)


@pytest.mark.parametrize(
    ("width", "samples", "half"),
    [
        (1, bytes([0, 128, 255]), bytes([64, 128, 191])),
        (2, struct.pack("<4h", -32768, -2, 0, 32767), struct.pack("<4h", -16384, -1, 0, 16383)),
        (4, struct.pack("<2i", -(2**31), 2**31 - 1), struct.pack("<2i", -(2**30), 2**30 - 1)),
    ],
)
def test_a_clip_is_as_loud_as_is_set(tmp_path: Path, width: int, samples: bytes, half: bytes) -> None:
    _clip(tmp_path / "a.wav", width, samples)
    write_quieter(tmp_path / "a.wav", 50, tmp_path / "b.wav")
    with wave.open(str(tmp_path / "b.wav"), "rb") as copy:
        assert (copy.readframes(10), copy.getframerate(), copy.getsampwidth()) == (half, 22050, width)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x03\x00" + bytes(14)])
def test_what_is_no_clip_of_whole_numbers_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(ClipUnreadable):
        write_quieter(tmp_path / "a.wav", 50, tmp_path / "b.wav")


def test_a_clip_that_a_disk_damaged_or_that_is_far_too_long_does_not_silence_the_kiosk(tmp_path: Path) -> None:
    """Whatever else came out of here would end the one thread that speaks."""
    clip = tmp_path / "a.wav"
    _clip(clip, 2, bytes(range(200)))
    whole = clip.read_bytes()
    for place in range(44 * 8):
        torn = bytearray(whole)
        torn[place // 8] ^= 1 << place % 8
        clip.write_bytes(torn)
        with contextlib.suppress(ClipUnreadable):
            write_quieter(clip, 50, tmp_path / "b.wav")
    with clip.open("wb") as large:
        large.truncate(50_000_000)
    with pytest.raises(ClipUnreadable, match="larger than 12 MB"):
        write_quieter(clip, 50, tmp_path / "b.wav")


def test_the_volume_in_force_when_it_is_said_counts_for_clips(tmp_path: Path) -> None:
    _program(tmp_path, "aplay", "exit 0")
    clips, volume = tmp_path / "clips", [40]
    (clips / "en").mkdir(parents=True)
    for name in ("speech.ticket", "spell.A", "spell.1"):
        _clip(clips / "en" / f"{name}.wav", 2, struct.pack("<h", 1000))
    speech = Speech(clips, volume=lambda: volume[0], tools=str(tmp_path))

    def loudest() -> set[int]:
        found = set()
        for command in speech.commands(TICKET):
            with wave.open(command[-1], "rb") as clip:
                found.add(struct.unpack("<h", clip.readframes(1))[0])
        return found

    assert loudest() == {400}
    volume[0] = 0
    assert loudest() == {0}
    volume[0] = 100
    assert loudest() == {1000}
    speech.close()
    assert list(clips.rglob("*.wav")) != []


@pytest.mark.parametrize("chime", Chime)
def test_a_chime_needs_a_player_and_no_voice(tmp_path: Path, chime: Chime) -> None:
    _program(tmp_path, "aplay", "exit 0")
    speech = Speech(None, tools=str(tmp_path), volume=lambda: 50)
    assert not speech.is_available
    (command,) = speech.commands(Utterance((), "ar", chime))
    with wave.open(command[-1], "rb") as clip:
        samples = struct.unpack(f"<{clip.getnframes()}h", clip.readframes(clip.getnframes()))
        assert 0.1 < clip.getnframes() / clip.getframerate() < 1
    assert 0.25 * 32767 < max(samples) < 0.35 * 32767  # half as loud as it is made
    assert abs(samples[0]) < 50
    assert abs(samples[-1]) < 400  # no click at either end
    speech.close()


def test_louder_and_faster_change_voice_and_clips(tmp_path: Path) -> None:
    _program(tmp_path, "espeak-ng", "exit 0")
    speech = Speech(None, tools=str(tmp_path), volume=lambda: 60)
    (usual,) = speech.commands(TICKET)
    (changed,) = speech.commands(replace(TICKET, louder=2, faster=-1))
    assert usual[3:7] == ["-s", "130", "-a", "120"]
    assert changed[3:7] == ["-s", "108", "-a", "168"]
    silent = Speech(None, tools=str(tmp_path), volume=lambda: 0)
    assert silent.commands(replace(TICKET, louder=3))[0][5:7] == ["-a", "0"]  # set to silence, it stays silent


def test_at_another_speed_the_voice_says_what_clips_hold(tmp_path: Path) -> None:
    for program in ("aplay", "espeak-ng"):
        _program(tmp_path, program, "exit 0")
    (tmp_path / "clips" / "en").mkdir(parents=True)
    for name in ("speech.ticket", "spell.A", "spell.1"):
        (tmp_path / "clips" / "en" / f"{name}.wav").write_bytes(b"RIFF")
    speech = Speech(tmp_path / "clips", tools=str(tmp_path), volume=lambda: 100)
    assert len(speech.commands(TICKET)) == 3
    assert len(speech.commands(replace(TICKET, faster=1))) == 1
