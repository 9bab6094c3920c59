"""Spoken guidance: clips where they are, else the voice, else silence; a new text stops the old one."""

import stat
from pathlib import Path

from screens.speech import Speech, Utterance

TICKET = Utterance("speech.ticket", "Your number is", "en", "A1")


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


def test_one_missing_clip_leaves_the_whole_text_to_the_voice(tmp_path: Path) -> None:
    _program(tmp_path, "espeak-ng", "exit 0")
    speech = Speech(tmp_path / "clips", volume=lambda: 50, tools=str(tmp_path))
    (command,) = speech.commands(TICKET)
    assert command[1:3] == ["-v", "en"]
    assert command[-1] == "Your number is A 1"


def test_a_text_is_really_said_by_the_worker(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    _program(tmp_path, "espeak-ng", f'/bin/echo "$@" >> {heard}')
    speech = Speech(None, tools=str(tmp_path))
    speech.say(TICKET)
    assert speech._thread is not None
    speech._queue.put(None)
    speech._thread.join(timeout=10)
    assert "Your number is A 1" in heard.read_text(encoding="utf-8")


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
