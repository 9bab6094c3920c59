"""What is said while a screen is used: its own guidance, and the button that the keys are on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kiosk.language import Language, parted
from kiosk.prompts import Look, Notice, Prompt
from screens.sound.speech import Part, Speech, Utterance

if TYPE_CHECKING:
    from screens.widgets.button import TouchButton

_ENDS = ".؟?!…"
_SILENT = "maintenance"  # a PIN's screen and all behind it: what is typed there is nobody else's affair


class Guidance:
    """Speaks where the look asks for it. `speech` None: never.

    Args:
        speech: says one text at a time.
        languages: by code, what a look may name.
    """

    def __init__(self, speech: Speech | None, languages: Mapping[str, Language]) -> None:
        self._speech = speech
        self._languages = languages

    @property
    def is_available(self) -> bool:
        """Tell whether anything would be heard."""
        return self._speech is not None and self._speech.is_available

    def screen(self, shown: Prompt[Any] | Notice | None, look: Look) -> None:
        """Say what is on a screen; a number is spelled. A clip can't hold other values: the voice says those texts."""
        if shown is None or not look.has_speech or shown.name.startswith(_SILENT):
            return
        number = str(getattr(shown, "number", None) or "")
        language = self._languages[look.language]
        spaced = " ".join(parted(number, ",")).replace(" ,", ",")
        parts, said = [], shown.spoken
        for text in said:
            words = language.text(text.msgid, **{"number": spaced, **text.values})
            spelled = number if text is said[-1] else ""
            clip = "" if text.values else text.msgid
            parts.append(Part(words if words[-1] in _ENDS else f"{words}.", clip, spelled))
        self._say(Utterance(tuple(parts), look.language))

    def button(self, focused: TouchButton | None, look: Look) -> None:
        """Say the button that the keys are on."""
        if focused is not None and look.has_speech:
            self._say(Utterance((Part(focused.spoken),), look.language))

    def sample(self, look: Look) -> None:
        """Say the start screen's guidance, for whoever tests the loudspeaker; may be called from any thread."""
        words = self._languages[look.language].text("speech.start")
        self._say(Utterance((Part(words, "speech.start"),), look.language))

    def stop(self) -> None:
        """Fall silent."""
        if self._speech is not None:
            self._speech.stop()

    def close(self) -> None:
        """Fall silent for good."""
        if self._speech is not None:
            self._speech.close()

    def _say(self, utterance: Utterance) -> None:
        if self._speech is not None:
            self._speech.say(utterance)
