"""Words to black dots: shaped by raqm (HarfBuzz, FriBiDi), thresholded, cropped to ink.

Printers neither join nor order Arabic letters, so each Arabic line is a picture. Without FriBiDi, Pillow would silently
draw unjoined letters from left to right; `check_shaping` refuses that.
"""

import io
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import fontpkg_ibm_plex_sans_arabic as plex
from PIL import Image, ImageChops, ImageDraw, ImageFont, features

from devices.paper import Direction, Sign, Weight
from devices.receipt_printer.typeset.wrapping import wrap

if TYPE_CHECKING:
    from qrcode.image.pil import PilImage
    from qrcode.main import QRCode

# Grey below this is black: letters of even weight and no holes (dithering would leave both).
_BLACK_BELOW = 140
_LANGUAGE = {"rtl": "ar", "ltr": "en"}
_OVERSAMPLE = 4
_SIGNS: dict[Sign, tuple[tuple[float, float], ...]] = {
    "square": ((0, 0), (1, 0), (1, 1), (0, 1)),
    "triangle": ((0.5, 0), (1, 1), (0, 1)),
    "diamond": ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
    "hexagon": ((0.25, 0), (0.75, 0), (1, 0.5), (0.75, 1), (0.25, 1), (0, 0.5)),
    "cross": (
        (0.33, 0), (0.67, 0), (0.67, 0.33), (1, 0.33), (1, 0.67), (0.67, 0.67),
        (0.67, 1), (0.33, 1), (0.33, 0.67), (0, 0.67), (0, 0.33), (0.33, 0.33),
    ),
}  # fmt: skip
"""The corners of the signs of groups, in a square of side 1."""


class ShapingError(Exception):
    """This machine cannot join or order Arabic letters, so that nothing may be printed."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A one-bit picture, ink only. `width` is in dots; `data` has `rows` rows of whole bytes, black is 1.

    `doubled` pictures are printed with each dot as 2 x 2.
    """

    width: int
    rows: int
    data: bytes
    doubled: bool = False

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return (self.width + 7) // 8

    @property
    def paper_rows(self) -> int:
        """Rows of dots that it takes on the paper."""
        return self.rows * (2 if self.doubled else 1)

    def image(self) -> Image.Image:
        """Return it as a Pillow picture in mode `1`, ink black."""
        return Image.frombytes("1", (self.row_bytes * 8, self.rows), self.data, "raw", "1;I").crop(
            (0, 0, self.width, self.rows)
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of letters: its ink, and how far the ink lies below the line's top and above its bottom, in dots."""

    picture: Picture
    above: int
    below: int


def picture_of(image: Image.Image) -> Picture:
    """Return the ink of a grey picture in mode `L` as it stands, without cropping."""
    black = image.point([255 if grey < _BLACK_BELOW else 0 for grey in range(256)], mode="1")
    return Picture(image.width, image.height, black.tobytes())


def check_shaping() -> None:
    """Refuse to print where letters would come out unjoined or out of order.

    Raises:
        ShapingError: raqm or FriBiDi is missing, or joining changes nothing; the text says what to install.
    """
    if not (features.check("raqm") and features.check("fribidi")):
        raise ShapingError("Pillow finds no raqm or FriBiDi; install the system package libfribidi0")
    text = "بطاقة"
    joined = _font(Weight.REGULAR, 40).getlength(text, direction="rtl", language="ar")
    apart = sum(_font(Weight.REGULAR, 40).getlength(letter, direction="rtl", language="ar") for letter in text)
    if abs(joined - apart) < 1:
        raise ShapingError("Arabic letters are not joined on this machine; install the system package libfribidi0")


def paragraph(text: str, size: int, weight: Weight, direction: Direction, width: int) -> tuple[Line, ...]:
    """Return a text's lines, none wider than `width` dots. `size` is the font's em in dots."""
    lines = wrap(text, width, lambda words: _length(words, size, weight, direction))
    return tuple(line(words, size, weight, direction, width) for words in lines)


@lru_cache(maxsize=512)
def line(text: str, size: int, weight: Weight, direction: Direction, width: int) -> Line:
    """Draw one line. Ink that would stand out beyond `width`, as a swash may by a dot, is squeezed into it."""
    font = _font(weight, size)
    ascent, descent = font.getmetrics()
    margin = size
    span = int(font.getlength(text, direction=direction, language=_LANGUAGE[direction])) + 2 * margin
    image = Image.new("L", (span, ascent + descent + 2 * margin), 255)
    ImageDraw.Draw(image).text(
        (margin, margin), text, fill=0, font=font, direction=direction, language=_LANGUAGE[direction]
    )
    box = _ink(image)
    if box is None:
        return Line(Picture(8, 1, b"\0"), ascent, descent)
    _, top, _, bottom = box
    ink = image.crop(box)
    if ink.width > width:
        ink = ink.resize((width, ink.height), Image.Resampling.LANCZOS)
    # Some letters reach beyond the font's own ascent and descent; the paper does not go back.
    return Line(picture_of(ink), max(0, top - margin), max(0, margin + ascent + descent - bottom))


@lru_cache(maxsize=64)
def digits(text: str, height: int, width: int, sign_name: Sign | None = None) -> Picture:
    """Draw a number whose ink is at least `height` dots high; too wide a number is narrowed, never lowered.

    It is drawn at half its size and doubled by the printer: a quarter of the bytes, and steps of 0.25 mm at a height of
    12 mm, which nobody sees at arm's length. The sign of its group stands before it.
    """
    half = (height + 1) // 2
    size = half
    while True:
        box = _font(Weight.BOLD, size).getbbox("0", direction="ltr", language="en")
        if box[3] - box[1] > half:  # one more than asked: thresholding may take the outermost row
            break
        size += 1
    ink = line(text, size, Weight.BOLD, "ltr", 1 << 14).picture
    if sign_name is not None:
        ink = _beside(sign(sign_name, half * 2 // 3), ink, half // 3)
    if ink.width > width // 2:
        ink = picture_of(ink.image().convert("L").resize((width // 2, ink.rows), Image.Resampling.LANCZOS))
    return Picture(ink.width, ink.rows, ink.data, doubled=True)


def _beside(one: Picture, other: Picture, gap: int) -> Picture:
    """Return two pictures side by side, the lower one in the middle of the higher."""
    canvas = Image.new("L", (one.width + gap + other.width, max(one.rows, other.rows)), 255)
    canvas.paste(one.image().convert("L"), (0, (canvas.height - one.rows) // 2))
    canvas.paste(other.image().convert("L"), (one.width + gap, (canvas.height - other.rows) // 2))
    return picture_of(canvas)


@lru_cache(maxsize=16)
def sign(name: Sign, side: int) -> Picture:
    """Draw the sign of a group, filled, as high as wide."""
    big = side * _OVERSAMPLE
    image = Image.new("L", (big, big), 255)
    draw = ImageDraw.Draw(image)
    if name == "circle":
        draw.ellipse((0, 0, big - 1, big - 1), fill=0)
    else:
        draw.polygon([(x * (big - 1), y * (big - 1)) for x, y in _SIGNS[name]], fill=0)
    return picture_of(image.resize((side, side), Image.Resampling.BOX))


@lru_cache(maxsize=4)
def stencil(png: bytes, side: int) -> Picture:
    """Return a PNG this high, black where it is opaque.

    Raises:
        OSError: it can't be drawn; the caller has checked before printing it.
    """
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        alpha = image.convert("RGBA").getchannel("A")
    width = max(1, round(alpha.width * side / alpha.height))
    return picture_of(ImageChops.invert(alpha.resize((width, side), Image.Resampling.LANCZOS)))


def forget() -> None:
    """Forget every line that was drawn or measured: one of them was about a person."""
    line.cache_clear()
    _length.cache_clear()
    banner.cache_clear()


@lru_cache(maxsize=64)
def banner(text: str, size: int, direction: Direction, width: int) -> Picture:
    """Draw words in white on a black bar, as wide as they need and no wider than `width`."""
    pad = size // 2
    lines = paragraph(text, size, Weight.BOLD, direction, width - 2 * pad)
    height = sum(each.picture.rows for each in lines) + pad * (len(lines) - 1) // 2 + pad
    bar = Image.new("1", (min(width, max(each.picture.width for each in lines) + 2 * pad), height), 0)
    top = pad // 2
    for each in lines:
        ink = each.picture.image()
        bar.paste(ImageChops.invert(ink.convert("L")).convert("1"), ((bar.width - ink.width) // 2, top))
        top += ink.height + pad // 2
    return picture_of(bar.convert("L"))


def rule(width: int, rows: int) -> Picture:
    """Draw a line across the paper, at half its size where it is thick enough."""
    if rows % 2 == 0 and width % 16 == 0:
        return Picture(width // 2, rows // 2, b"\xff" * (width // 16) * (rows // 2), doubled=True)
    return Picture(width, rows, b"\xff" * ((width + 7) // 8) * rows)


def _qr_code(data: str) -> "QRCode[PilImage]":
    import qrcode

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(data.encode("ascii"), optimize=0)
    return code


@lru_cache(maxsize=32)
def qr_side(data: str) -> int:
    """Return the modules along a side of a QR code. Drawing it takes milliseconds more, to choose a mask."""
    version: int = _qr_code(data).best_fit()
    return 17 + 4 * version  # ISO/IEC 18004, 7.1


@lru_cache(maxsize=32)
def qr_picture(data: str, module: int) -> Picture:
    """Draw a QR code, error correction M, without its quiet zone: the paper around it is white.

    An even module is drawn at half its size and doubled by the printer: a quarter of the bytes.
    """
    doubled = module % 2 == 0
    code = _qr_code(data)
    code.make(fit=True)
    modules: list[list[bool]] = code.get_matrix()
    side = len(modules)
    small = Image.new("1", (side, side), 1)
    small.putdata([not black for row in modules for black in row])
    scale = module // 2 if doubled else module
    drawn = small.resize((side * scale, side * scale), Image.Resampling.NEAREST)
    picture = picture_of(drawn.convert("L"))
    return Picture(picture.width, picture.rows, picture.data, doubled)


def missing_characters(text: str) -> set[str]:
    """Return what the font has no glyph for, and would print as an empty box."""
    return {letter for letter in text if not _has_glyph(letter)}


@lru_cache(maxsize=1024)
def _has_glyph(letter: str) -> bool:
    # Cf: direction marks, which draw nothing. A missing glyph is drawn as the box that a non-character gets.
    # It is asked of the shaper that draws: it composes letters (ş) that have no glyph of their own.
    if letter.isspace() or unicodedata.category(letter) == "Cf":
        return True
    font = ImageFont.truetype(_font_path(Weight.REGULAR), 32, layout_engine=ImageFont.Layout.RAQM)
    return bytes(font.getmask(letter)) != bytes(font.getmask("\U0010ffff"))


def _font_path(weight: Weight) -> Path:
    return Path(plex.ROOT) / "files" / f"IBMPlexSansArabic-{weight.value}.ttf"


@lru_cache(maxsize=64)
def _font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_font_path(weight), size, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=4096)
def _length(text: str, size: int, weight: Weight, direction: Direction) -> float:
    return _font(weight, size).getlength(text, direction=direction, language=_LANGUAGE[direction])


def _ink(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Return the box around what will be black."""
    return image.point([255 if grey < _BLACK_BELOW else 0 for grey in range(256)]).getbbox()
