"""What a paper is made of once its millimetres are dots: pictures, native characters and codes, blank rows."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from devices.paper import Banner, Emblem, Number, Op, Qr, Rule, Sign, Space, Text, Weight
from devices.receipt_printer.profile import Layout, Profile
from devices.receipt_printer.typeset import typesetting
from devices.receipt_printer.typeset.typesetting import Picture

# A printer's own letters are of one width: good for small print. Larger words are set in our font, larger digits are
# cells of twice the size; one that is only higher, or only wider, is never asked for.
_SMALL_MM: Final = 3.2
_LARGE_MM: Final = 5.0
_NATIVE_GAP_MM: Final = 0.6
_EMBLEM_GAP_MM: Final = 1.0
_SIGN_MM, _SIGN_GAP_MM = 5.0, 1.5  # of a group, above a number that the printer draws itself
_SIGN_BESIDE_DOTS: Final = 480  # narrower paper has no room for it beside a number of full width
# The one sign beyond ASCII in a number: on code page 437, which every ESC/POS printer begins with (ESC t 0).
_MIDDLE_DOT: Final = "·"
# The white that a reader needs around a QR code, in modules (ISO/IEC 18004, 9.1).
_QUIET: Final = 4


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


def pieces_of(ops: Iterable[Op], layout: Layout) -> Iterator[Piece]:
    """Set ops for a paper's width, with what the printer can do by itself left to it."""
    profile, width = layout.profile, layout.width_dots
    for op in ops:
        match op:
            case Space():
                yield Feed(profile.dots(op.height_mm))
            case Rule():
                yield Ink(typesetting.rule(width, profile.dots(op.thickness_mm)))
            case Banner():
                yield Ink(typesetting.banner(op.text, profile.dots(op.size_mm), op.direction, width))
            case Number():
                yield from _number(op, layout)
            case Emblem():
                if layout.is_fast or profile.nv_graphics or profile.ram_graphics:
                    yield Ink(typesetting.stencil(op.png, profile.dots(op.height_mm)))
                    yield Feed(profile.dots(_EMBLEM_GAP_MM))
            case Qr():
                # With its quiet zone of four modules on each side it fits the paper, however much it holds.
                fits = width // (typesetting.qr_side(op.data) + 2 * _QUIET)
                module = max(2, min(16, profile.dots(op.module_mm), fits))
                if not profile.native_qr:
                    module = module // 2 * 2  # it can be sent at half its size, in a quarter of the bytes
                yield Feed(_QUIET * module)
                yield NativeQr(op.data, module) if profile.native_qr else Ink(typesetting.qr_picture(op.data, module))
                yield Feed(_QUIET * module)
            case Text():
                yield from _text(op, layout)


def _number(op: Number, layout: Layout) -> Iterator[Piece]:
    profile, rows = layout.profile, layout.profile.dots(op.height_mm)
    if layout.is_fast:
        # Stored numerals cannot stand beside each other: each takes a line of its own (GS ( L fn 69 and 85). Page mode
        # could place them, but no printer of another make or emulator judges that here.
        is_wide = layout.width_dots >= _SIGN_BESIDE_DOTS
        if op.sign is not None and not is_wide:
            yield from _sign_above(op.sign, profile)
        yield Ink(typesetting.digits(op.text, rows, layout.width_dots, op.sign if is_wide else None))
        return
    if profile.native_text and op.text.replace(_MIDDLE_DOT, "").isascii():
        scale_y = math.ceil(rows / profile.digit_rows)
        scale_x = min(scale_y, layout.width_dots // (profile.font_a[0] * len(op.text)))
        if scale_x >= 1 and scale_y <= profile.max_scale:
            if op.sign is not None:
                yield from _sign_above(op.sign, profile)
            blank = (profile.font_a[1] - profile.digit_rows) * scale_y // 2
            yield Native(op.text, scale_x, scale_y, is_bold=True, above=blank, below=blank)
            return
    yield Ink(typesetting.digits(op.text, rows, layout.width_dots, op.sign))


def _sign_above(name: Sign, profile: Profile) -> Iterator[Piece]:
    yield Ink(typesetting.sign(name, profile.dots(_SIGN_MM)))
    yield Feed(profile.dots(_SIGN_GAP_MM))


def _text(op: Text, layout: Layout) -> Iterator[Piece]:
    profile = layout.profile
    size = profile.dots(op.size_mm)
    keeps = op.fixed and (profile.nv_graphics or profile.ram_graphics)
    if profile.native_text and not keeps and _is_native(op):
        scale = min(profile.max_scale, 2 if op.size_mm >= _LARGE_MM else 1)
        if len(op.text) * profile.font_a[0] * scale <= layout.width_dots:
            yield Feed(profile.dots(_NATIVE_GAP_MM))
            yield Native(op.text, scale, scale, is_bold=op.weight is not Weight.REGULAR)
            return
    for line in typesetting.paragraph(op.text, size, op.weight, op.direction, layout.width_dots):
        yield Feed(line.above)
        yield Ink(line.picture)
        yield Feed(line.below)


def _is_native(op: Text) -> bool:
    """Return whether a printer's own letters do: digits of any size, such as a date, and small print."""
    has_letters = any(letter.isalpha() for letter in op.text)
    return op.text.isascii() and op.text.isprintable() and (op.size_mm <= _SMALL_MM or not has_letters)
