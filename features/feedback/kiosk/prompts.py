"""Prompts after a visit, for who has shown its ticket: whether it was done, how it was, and thanks."""

from dataclasses import dataclass
from typing import ClassVar

from features.feedback.wire import Face, Served
from kiosk.prompts.choosing import Done
from kiosk.prompts.ui import Prompt, Text, Words


@dataclass(frozen=True, slots=True)
class WasItDone(Prompt[Served]):
    """Whether it was done, else why not. `names`: of the ticket's service."""

    name: ClassVar[str] = "was_it_done"
    names: Words


@dataclass(frozen=True, slots=True)
class HowWasIt(Prompt[Face]):
    """How the visit was, as one of three faces."""

    name: ClassVar[str] = "how_was_it"


@dataclass(frozen=True, slots=True)
class Thanks(Prompt[Done]):
    """What was said is kept."""

    name: ClassVar[str] = "thanks"
    has_back: ClassVar[bool] = False

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What the screen says."""
        return (Text("thanks.title"), Text("thanks.nameless"))
