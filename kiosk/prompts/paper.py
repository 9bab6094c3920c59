"""What became of a paper, as far as a screen may say it, and whether it can be had now."""

from dataclasses import dataclass
from typing import Literal

Slot = Literal["below", "left", "right"]
"""Where a paper comes out, as seen from the screen."""


@dataclass(frozen=True, slots=True)
class CameOut:
    """It lies in the slot."""

    slot: Slot = "below"


@dataclass(frozen=True, slots=True)
class MayBeOut:
    """The data went out and nobody confirmed it. `can_print`: a copy can be had, where one does no harm."""

    can_print: bool = False


@dataclass(frozen=True, slots=True)
class NotOut:
    """It should have come out, and did not. `can_print`: the printer is back."""

    can_print: bool = False


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Nobody has asked for it yet. `can_print`: it can be had."""

    can_print: bool = False


Tried = CameOut | MayBeOut | NotOut
