"""Spoken guidance: recorded clips where a folder has them, else espeak-ng where it is installed, else silence.

A clip is `<folder>/<language>/<text id>.wav`; a number is spelled from `<folder>/<language>/spell.<character>.wav`.
What no clip can hold, or has none yet, is said by the voice in its place among the clips, so that nothing is left out.
Everything runs in one worker thread with its own processes, so that sound never costs the screen a frame; a new text
stops the old one.
"""

import logging
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from kiosk.prompts.ui import Chime
from screens.sound.chimes import write_chime
from screens.sound.loudness import FULL, ClipUnreadable, write_quieter

_log = logging.getLogger(__name__)
_PLAYERS = (("aplay", "-q"), ("paplay",), ("pw-play",))
_LONGEST_S = 60.0
_LOUDER, _FASTER = 12, 1.2
_WORDS_A_MINUTE = 130


@dataclass(frozen=True)
class Part:
    """One text: its words for the voice, the id of its clip where one can hold it, a number to spell after the clip."""

    words: str
    clip: str = ""
    spelled: str = ""


@dataclass(frozen=True)
class Utterance:
    """What to say, in order, and in which language; a chime before it, which needs no voice.

    `louder` and `faster` are steps from what is set: of 12 per cent of the loudest, and of a fifth of the speed.
    """

    parts: tuple[Part, ...]
    language: str
    chime: Chime | None = None
    louder: int = 0
    faster: int = 0

    @property
    def sentence(self) -> str:
        """Return the whole, as the voice alone would say it."""
        return " ".join(part.words for part in self.parts)


class Speech:
    """Says one text at a time. `is_available` tells whether anything would be heard.

    Args:
        clips: folder of recorded clips, or None.
        volume: returns 0 to 100 as it is set now, for clips and voice alike.
        tools: where programs are looked for, for tests; None = PATH.
    """

    def __init__(
        self, clips: Path | None = None, volume: Callable[[], int] = lambda: 70, tools: str | None = None
    ) -> None:
        self._clips, self._volume = clips, volume
        self._player = next(
            ([found, *more] for name, *more in _PLAYERS if (found := shutil.which(name, path=tools))), None
        )
        self._voice = shutil.which("espeak-ng", path=tools)
        self._queue: queue.SimpleQueue[tuple[Utterance, int] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._round = 0
        self._thread: threading.Thread | None = None
        self._quieter: tempfile.TemporaryDirectory[str] | None = None  # copies of clips at the volume in force
        self._unscaled: set[str] = set()

    @property
    def is_available(self) -> bool:
        """Return whether there is a voice, or clips and something to play them."""
        return self._voice is not None or (
            self._player is not None and self._clips is not None and self._clips.is_dir()
        )

    def say(self, utterance: Utterance) -> None:
        """Say this instead of whatever is being said; return at once."""
        if not self.is_available and (self._player is None or utterance.chime is None):
            return
        self.stop()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="speech", daemon=True)
            self._thread.start()
        self._queue.put((utterance, self._round))

    def stop(self) -> None:
        """Fall silent."""
        with self._lock:
            self._round += 1
            if self._process is not None:
                self._process.terminate()

    def close(self) -> None:
        """Fall silent and end the worker."""
        self.stop()
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(timeout=5)
            self._thread = None
        if self._quieter is not None:
            self._quieter.cleanup()
            self._quieter = None

    def commands(self, utterance: Utterance) -> list[list[str]]:
        """Return what is run, in order: for each part its clips where all are there, else the voice, else nothing."""
        volume = max(0, min(FULL, self._volume() + _LOUDER * utterance.louder)) if self._volume() else 0
        commands = self._chime(utterance.chime, volume)
        for has_clips, parts in groupby(utterance.parts, lambda part: bool(self._clips_of(part, utterance))):
            if has_clips and self._player:
                clips = [clip for part in parts for clip in self._clips_of(part, utterance)]
                commands += [[*self._player, str(self._at_volume(clip, volume))] for clip in clips]
            elif self._voice:
                speed = round(_WORDS_A_MINUTE * _FASTER**utterance.faster)
                options = ["-v", utterance.language, "-s", str(speed), "-a", str(volume * 2)]
                commands.append([self._voice, *options, "--", " ".join(part.words for part in parts)])
        return commands

    def _chime(self, chime: Chime | None, volume: int) -> list[list[str]]:
        """Return what plays a chime; one that can't be written is left out, for it never tells anything alone."""
        if chime is None or self._player is None:
            return []
        path = self._folder() / f"chime.{chime.value}.wav"
        try:
            if not path.is_file():
                write_chime(chime, path)
        except OSError as error:
            _log.warning("speech: no chime can be written: %s", str(error)[:120])
            return []
        return [[*self._player, str(self._at_volume(path, volume))]]

    def _folder(self) -> Path:
        if self._quieter is None:
            self._quieter = tempfile.TemporaryDirectory(prefix="kiosk-speech-")
        return Path(self._quieter.name)

    def _clips_of(self, part: Part, utterance: Utterance) -> list[Path]:
        """Return a text's clips; none where it is to be said at another speed, which the voice alone can."""
        is_recorded = self._clips is not None and self._player is not None and bool(part.clip)
        if self._clips is None or not is_recorded or (utterance.faster and self._voice):
            return []
        names = [part.clip, *(f"spell.{character}" for character in part.spelled)]
        paths = [self._clips / utterance.language / f"{name}.wav" for name in names]
        return paths if all(path.is_file() for path in paths) else []

    def _at_volume(self, clip: Path, percent: int) -> Path:
        """Return a copy of the clip that is this loud; one that can't be scaled is played as it is, and named."""
        if percent >= FULL:
            return clip
        try:
            copy = self._folder() / f"quieter.{clip.name}"
            write_quieter(clip, percent, copy)
        except (ClipUnreadable, OSError) as error:
            if clip.name not in self._unscaled:
                self._unscaled.add(clip.name)
                _log.warning("speech: a clip keeps its own loudness: %s", str(error)[:120])
            return clip
        return copy

    def _work(self) -> None:
        while (waiting := self._queue.get()) is not None:
            utterance, mine = waiting
            if mine != self._round:
                continue
            for command in self.commands(utterance):
                if not self._run(command, mine):
                    break

    def _run(self, command: list[str], mine: int) -> bool:
        """Run one program to its end; False when it was stopped or can't be run."""
        with self._lock:
            if mine != self._round:
                return False
            try:
                self._process = subprocess.Popen(  # noqa: S603 - programs found on PATH, arguments from the catalogue
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            except OSError as error:
                _log.warning("speech: %s can't be run: %s", command[0], error)
                return False
            process = self._process
        try:
            process.wait(_LONGEST_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with self._lock:
            self._process = None
            return mine == self._round
