"""Articles after a visit: whether it was done, how it was, and thanks."""

from typing import Final

from features.feedback.kiosk.prompts import HowWasIt, Thanks, WasItDone
from screens.articles.story import Action, Article
from screens.citizen.ticket import done
from screens.look.frame import Frame

_ICONS: Final = {
    "yes": "check",
    "papers": "document",
    "down": "wrench",
    "elsewhere": "building",
    "other": "question",
}
_FACES: Final = {3: "how_was_it.good", 2: "how_was_it.fair", 1: "how_was_it.bad"}
"""The glad one first."""


def was_it_done(prompt: WasItDone, frame: Frame) -> Article:
    """Whether it was done, else why not."""
    answers = tuple(Action(one, frame.say(f"was_it_done.{one}"), one, icon) for one, icon in _ICONS.items())
    return Article("question", frame.say("was_it_done.title"), lines=(frame.words(prompt.names),), actions=answers)


def how_was_it(_prompt: HowWasIt, frame: Frame) -> Article:
    """Three faces."""
    faces = tuple(Action(f"face-{face}", frame.say(words), face, f"face-{face}") for face, words in _FACES.items())
    return Article("person", frame.say("how_was_it.title"), actions=faces)


def thanks(_prompt: Thanks, frame: Frame) -> Article:
    """What was said is kept, and of whom it is not known."""
    lines = (frame.say("thanks.nameless"),)
    return Article("check-circle", frame.say("thanks.title"), "good", lines, actions=(done(frame, "main"),))
