"""A paper, described by what is on it: free of any printer's dots and bytes.

Sizes are millimetres. `Text.fixed` says that the same words come on many papers, so that the printer may keep them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Weight(StrEnum):
    """How heavy letters are; each is a font file of the family."""

    REGULAR = "Regular"
    MEDIUM = "Medium"
    BOLD = "Bold"


type Direction = Literal["rtl", "ltr"]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, wrapped to the paper's width and centred.

    `size_mm` is the font's body height (em); `direction` is that of its language, whatever letters it begins with.
    `private`: nothing of it stays in this machine's memory once the job is made.
    """

    text: str
    size_mm: float
    weight: Weight = Weight.REGULAR
    direction: Direction = "rtl"
    fixed: bool = False
    private: bool = False


type Sign = Literal["circle", "square", "triangle", "diamond", "hexagon", "cross"]


@dataclass(frozen=True, slots=True)
class Number:
    """The number that a person waits for: Western digits and capital letters, at least `height_mm` high in ink.

    `sign` is that of its group, for anyone who reads no letters.
    """

    text: str
    height_mm: float = 12.0
    sign: Sign | None = None


@dataclass(frozen=True, slots=True)
class Emblem:
    """A square PNG, opaque where there is ink, which many papers bear alike: left out where it would take too long."""

    png: bytes
    height_mm: float


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code of ASCII `data`, error correction M, with modules of about `module_mm`."""

    data: str
    module_mm: float = 0.6


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across the paper, to part what is above from what is below."""

    thickness_mm: float = 0.25


@dataclass(frozen=True, slots=True)
class Banner:
    """Words in white on a black bar: what must not be overlooked, such as the mark of a copy."""

    text: str
    size_mm: float = 4.5
    direction: Direction = "rtl"


@dataclass(frozen=True, slots=True)
class Space:
    """Blank paper."""

    height_mm: float


type Op = Text | Number | Emblem | Qr | Rule | Banner | Space


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet, from top to bottom; it is cut at the end. `kind` names it in logs, such as `ticket`."""

    kind: str
    ops: tuple[Op, ...]
