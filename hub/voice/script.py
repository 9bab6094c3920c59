"""What a speaker has to say, clip by clip, and which clips make one announcement.

A number is read digit by digit: that is what the eye sees, and «ألف» is both the letter and a thousand. Each digit has
two takes, a level one for the middle and a falling one for the end, or every number sounds like a list. Arabic texts
are fully vowelled, for espeak-ng guesses wrong without marks; spoken in pause, as people say them.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

WHOLE_COUNTERS: Final = range(1, 21)
DIGITS: Final = ("صِفْر", "وَاحِد", "اِثْنَان", "ثَلَاثَة", "أَرْبَعَة", "خَمْسَة", "سِتَّة", "سَبْعَة", "ثَمَانِيَة", "تِسْعَة")
COUNTERS: Final = (
    *DIGITS[1:], "عَشَرَة", "أَحَدَ عَشَر", "اِثْنَا عَشَر", "ثَلَاثَةَ عَشَر", "أَرْبَعَةَ عَشَر", "خَمْسَةَ عَشَر", "سِتَّةَ عَشَر",
    "سَبْعَةَ عَشَر", "ثَمَانِيَةَ عَشَر", "تِسْعَةَ عَشَر", "عِشْرُون",
)  # fmt: skip
# How a letter is called is the city's to say; these are what the shipped groups are called until it has.
LETTERS: Final = {"A": "إِيه", "B": "بِي", "C": "سِي", "D": "دِي", "X": "إِكْس", "Y": "وَاي"}
#: The word that the settings have where the city has not chosen.
COUNTER_WORD: Final = "الكوة"
_VOWELLED: Final = {COUNTER_WORD: "الْكُوَّة", "الشباك": "الشُّبَّاك", "النافذة": "النَّافِذَة"}

BETWEEN_MS: Final = 70
BEFORE_COUNTER_MS: Final = 350
AFTER_CHIME_MS: Final = 250


ENGLISH_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ENGLISH_COUNTERS: Final = (
    *ENGLISH_DIGITS[1:], "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen", "twenty",
)  # fmt: skip
ENGLISH: Final = "en-"
"""Begins the names of English clips."""
AFTER_ARABIC_MS: Final = 600


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording: its file's name without `.wav`, and what is said."""

    name: str
    text: str

    @property
    def language(self) -> Literal["ar", "en"]:
        """In which language it is said."""
        return "en" if self.name.startswith(ENGLISH) else "ar"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One clip of an announcement and the silence before it."""

    name: str
    after_ms: int = BETWEEN_MS


def clips(counter_word: str = COUNTER_WORD, *, english: bool = False) -> list[Clip]:
    """Return all clips that a speaker records; the chime is a sound and not among them."""
    word = _VOWELLED.get(counter_word, counter_word)
    found = [Clip("number", "الرَّقْم"), Clip("to-counter", f"إِلَى {word} رَقْم")]
    found += [Clip(f"letter-{letter}", text) for letter, text in LETTERS.items()]
    for digit, text in enumerate(DIGITS):
        found += [Clip(f"digit-{digit}-middle", f"{text}،"), Clip(f"digit-{digit}-end", f"{text}.")]
    found += [Clip(f"counter-{n}", f"{COUNTERS[n - 1]}.") for n in WHOLE_COUNTERS]
    return found + (_english_clips() if english else [])


def _english_clips() -> list[Clip]:
    found = [Clip(f"{ENGLISH}number", "Number"), Clip(f"{ENGLISH}to-counter", "to counter")]
    found += [Clip(f"{ENGLISH}letter-{letter}", letter) for letter in LETTERS]
    for digit, text in enumerate(ENGLISH_DIGITS):
        found += [Clip(f"{ENGLISH}digit-{digit}-middle", f"{text},"), Clip(f"{ENGLISH}digit-{digit}-end", f"{text}.")]
    return found + [Clip(f"{ENGLISH}counter-{n}", f"{ENGLISH_COUNTERS[n - 1]}.") for n in WHOLE_COUNTERS]


def in_english(spoken: list[Spoken]) -> list[Spoken]:
    """Return the same announcement in English, to come after the Arabic one: without a chime of its own."""
    words = [Spoken(f"{ENGLISH}{one.name}", one.after_ms) for one in spoken if one.name != "chime"]
    return [Spoken(words[0].name, AFTER_ARABIC_MS), *words[1:]]


def announcement(number: str, counter: int) -> list[Spoken]:
    """Return what says a number's call to a counter, in order.

    Raises:
        ValueError: it is no number such as B2014, or no counter.
    """
    found = re.fullmatch(r"([A-Z]?)(\d{4,9})", number)
    if found is None or not 1 <= counter <= 99:
        raise ValueError(f"{number[:20]!r} to counter {counter}: expected a number such as B2014 and a counter 1 to 99")
    letter, digits = found.groups()
    said = [Spoken("chime", 0), Spoken("number", AFTER_CHIME_MS)]
    said += [Spoken(f"letter-{letter}")] if letter else []
    said += [Spoken(f"digit-{digit}-middle") for digit in digits[:-1]]
    said += [Spoken(f"digit-{digits[-1]}-end"), Spoken("to-counter", BEFORE_COUNTER_MS)]
    if counter in WHOLE_COUNTERS:
        return [*said, Spoken(f"counter-{counter}")]
    tens, ones = divmod(counter, 10)
    return [*said, Spoken(f"digit-{tens}-middle"), Spoken(f"digit-{ones}-end")]
