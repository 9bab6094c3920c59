"""What is said while a screen is used: its own guidance, and the button that the keys are on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kiosk.language import Language, parted
from kiosk.prompts.ui import Chime, Look, Notice, Prompt
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
        """Return whether anything would be heard."""
        return self._speech is not None and self._speech.is_available

    def screen(
        self,
        shown: Prompt[Any] | Notice | None,
        look: Look,
        choices: Sequence[str] = (),
        is_new: bool = True,
        is_first: bool = False,
    ) -> None:
        """Say what is on a screen and what can be touched there; a number is spelled.

        A clip can't hold other values than a number at its end: the voice says those texts. A new screen's chime is for
        everybody. `is_first` tells that the voice has only begun to speak, and says how to choose by it.
        """
        if shown is None or shown.name.startswith(_SILENT):
            return
        chime = shown.chime if is_new else None
        if not look.has_speech:
            if chime is not None:
                self._say(Utterance((), look.language, chime))
            return
        number = str(getattr(shown, "number", None) or "")
        language = self._languages[look.language]
        spaced = " ".join(parted(number, ",")).replace(" ,", ",")
        parts = []
        for text in shown.spoken:
            words = language.text(text.msgid, **{"number": spaced, **text.values})
            is_last = bool(number) and words.rstrip(_ENDS).endswith(spaced)
            has_value = bool(text.values) or (bool(number) and spaced in words and not is_last)
            parts.append(Part(_ended(words), "" if has_value else text.msgid, number if is_last else ""))
        if is_first:
            parts.insert(0, Part(language.text("speech.how"), "speech.how"))
        self._say(self._utterance([*parts, *self._choices(choices, look)], look, chime))

    def choices(self, typed: str, choices: Sequence[str], look: Look) -> None:
        """Say what stands there after a touch that the screen itself has answered: what was typed, or another page."""
        if look.has_speech:
            parts = [Part(f"{' '.join(typed)}.")] if typed else self._choices(choices, look)
            self._say(self._utterance(parts, look))

    def _choices(self, choices: Sequence[str], look: Look) -> list[Part]:
        if not choices:
            return []
        head = Part(self._languages[look.language].text("speech.choices"), "speech.choices")
        return [head, *(Part(_ended(words)) for words in choices)]

    def _utterance(self, parts: Sequence[Part], look: Look, chime: Chime | None = None) -> Utterance:
        return Utterance(tuple(parts), look.language, chime, look.volume, look.speed)

    def button(self, focused: TouchButton | None, look: Look) -> None:
        """Say the button that the keys are on."""
        if focused is not None and look.has_speech:
            self._say(self._utterance([Part(focused.spoken)], look))

    def sample(self, look: Look) -> None:
        """Say the start screen's guidance, for anyone who tests the loudspeaker; may be called from any thread."""
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


def _ended(words: str) -> str:
    return words if words[-1:] in _ENDS else f"{words}."
