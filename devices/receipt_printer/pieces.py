"""What a paper is made of once its millimetres are dots: pictures, native characters and codes, blank rows."""

from dataclasses import dataclass

from devices.receipt_printer.typesetting import Picture


@dataclass(frozen=True, slots=True)
class Ink:
    """A picture on the paper."""

    picture: Picture


@dataclass(frozen=True, slots=True)
class Native:
    """Characters of the printer's own font A, enlarged by whole factors.

    `above` and `below` are blank rows of the cells that stand for blank paper asked for beside them.
    """

    text: str
    scale_x: int
    scale_y: int
    is_bold: bool = False
    above: int = 0
    below: int = 0


@dataclass(frozen=True, slots=True)
class NativeQr:
    """A QR code that the printer draws, with modules of `module` dots."""

    data: str
    module: int


@dataclass(frozen=True, slots=True)
class Feed:
    """Blank rows of dots."""

    dots: int


type Piece = Ink | Native | NativeQr | Feed
