"""The folder of clips: what is in it, what is missing, and what a machine has spoken in place of a person."""

import subprocess
import tempfile
from pathlib import Path
from typing import Final

from common.machine.errors import CannotBeDone
from hub.voice.script import COUNTER_WORD, Clip, Spoken, announcement, clips, in_english
from hub.voice.sound import ClipUnusable, chime, joined, read_clip

#: Names the clips that espeak-ng has spoken: they stand in until a person has recorded them.
MADE: Final = "made-by-machine.txt"
_ESPEAK: Final = ("espeak-ng", "-s", "130")
_SPEAK_WITHIN_S: Final = 20


class Voice:
    """Announcements from one folder of clips.

    Args:
        folder: the clips, a WAV each.
        counter_word: the city's word for a counter, None where it has not chosen.
        english: whether each call is said in English too, after the Arabic.
    """

    def __init__(self, folder: Path, counter_word: str | None, *, english: bool = False) -> None:
        self._folder = folder
        self._word = counter_word
        self._english = english
        self._clips = clips(counter_word or COUNTER_WORD, english=english)

    def say(self, number: str, counter: int) -> bytes:
        """Return one announcement as WAV; where a clip of it is missing, the chime alone: half a number misleads.

        Raises:
            ValueError: it is no number or no counter.
        """
        wanted = announcement(number, counter)
        try:
            said = [(one.after_ms, self._samples(one)) for one in wanted]
        except (OSError, ClipUnusable):
            return joined([(0, chime())])
        return joined(said + self._also_in_english(wanted))

    def _also_in_english(self, wanted: list[Spoken]) -> list[tuple[int, bytes]]:
        """Return the English part; none where it is not wanted, or a clip of it is missing: the Arabic stands alone."""
        if not self._english:
            return []
        try:
            return [(one.after_ms, self._samples(one)) for one in in_english(wanted)]
        except (OSError, ClipUnusable):
            return []

    def missing(self) -> list[Clip]:
        """Return the clips that are not there."""
        return [clip for clip in self._clips if not (self._folder / f"{clip.name}.wav").is_file()]

    def unusable(self) -> list[str]:
        """Return what is wrong with clips that are there, a sentence each."""
        found = []
        for clip in self._clips:
            try:
                read_clip(self._folder / f"{clip.name}.wav")
            except FileNotFoundError:
                continue
            except (OSError, ClipUnusable) as error:
                found.append(str(error))
        return found

    def unconfirmed(self) -> list[str]:
        """Return what the city or a speaker has still to say, a sentence each."""
        found = (
            []
            if self._word is not None
            else [f"the word for a counter: {clips()[1].text} until voice.counter_word says"]
        )
        made = self._made()
        if made:
            found.append(f"{len(made)} clips are spoken by a machine until a person records them")
        return found

    def fill(self) -> list[str]:
        """Have espeak-ng speak what is missing; return the names of the clips that were made.

        Raises:
            CannotBeDone: espeak-ng is not there, or the folder can't be written.
        """
        made = []
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for clip in self.missing():
                self._speak(clip)
                made.append(clip.name)
            if made:
                (self._folder / MADE).write_text("\n".join(sorted(self._made() | set(made))) + "\n", encoding="utf-8")
        except OSError as error:
            raise CannotBeDone(f"{error.filename or self._folder}: {error.strerror}") from error
        return made

    def _made(self) -> set[str]:
        try:
            return set((self._folder / MADE).read_text(encoding="utf-8").split())
        except OSError:
            return set()

    def _samples(self, one: Spoken) -> bytes:
        return chime() if one.name == "chime" else read_clip(self._folder / f"{one.name}.wav")

    def _speak(self, clip: Clip) -> None:
        with tempfile.TemporaryDirectory(dir=self._folder) as place:
            fresh = Path(place) / "clip.wav"
            try:
                command = [
                    *_ESPEAK,
                    "-v",
                    clip.language,
                    "-w",
                    str(fresh),
                    "--",
                    clip.text,
                ]  # our own words, one argument
                subprocess.run(command, check=True, capture_output=True, timeout=_SPEAK_WITHIN_S)  # noqa: S603
                read_clip(fresh)
            except FileNotFoundError as error:
                raise CannotBeDone(
                    "espeak-ng is not installed: `apt-get install espeak-ng`, or record the clips"
                ) from error
            except (subprocess.SubprocessError, ClipUnusable) as error:
                raise CannotBeDone(f"espeak-ng did not speak {clip.name}: {error}") from error
            fresh.replace(self._folder / f"{clip.name}.wav")
