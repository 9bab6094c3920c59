"""The simulator's paper, and the head over it: what is set, what stands on the roll, and what was cut off."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image, ImageChops

from devices.paper import Weight
from devices.receipt_printer.profile import Profile
from devices.receipt_printer.typeset import typesetting


@dataclass(frozen=True, slots=True)
class Sheet:
    """One cut paper. `texts` are its native characters, `codes` its native QR contents, in order."""

    image: Image.Image
    texts: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(slots=True)
class _Printed:
    """What stands on the roll since the last cut. `top` is how many rows of it have passed the head."""

    strips: list[tuple[int, Image.Image]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    top: int = 0


class Roll:
    """Paper under a head that is `width_dots` wide. What stands out is clipped, as the head does, and `overran` called.

    `advanced` is told how many rows of the sheet have passed the head, after each move.
    """

    def __init__(self, profile: Profile, advanced: Callable[[int], None], overran: Callable[[], None]) -> None:
        self.sheets: list[Sheet] = []
        self._profile = profile
        self._advanced = advanced
        self._overran = overran
        self._printed = _Printed()
        self.initialize()

    def initialize(self) -> None:
        """Set everything back to how it is after switching on."""
        self.size = (1, 1)
        self.width = self._profile.width_dots
        self.is_centred = False
        self.is_emphasized = False
        self.is_smooth = False
        self.margin = 0
        self._line: list[tuple[str, bool]] = []

    def write(self, letter: str) -> None:
        """Add a character to the line, which the next feed prints."""
        self._line.append((letter, self.is_emphasized))

    def feed(self, rows: int) -> None:
        """Print the line and go on until `rows` have passed since its top."""
        used = self._print_line()
        self._advance(max(0, rows - used))

    def picture(self, image: Image.Image) -> None:
        """Print a picture where margin, width and alignment put it."""
        width = min(self.width, self._profile.width_dots - self.margin)
        left = self.margin + ((width - image.width) // 2 if self.is_centred else 0)
        if left < 0 or image.width > width:
            self._overran()
        strip = Image.new("1", (self._profile.width_dots, image.height), 1)
        strip.paste(image, (left, 0))
        self._printed.strips.append((self._printed.top, strip))
        self._advance(image.height)

    def qr(self, content: str, module: int) -> None:
        """Print a QR code with modules of `module` dots."""
        self._printed.codes.append(content)
        small = typesetting.qr_picture(content, 1).image()
        self.picture(small.resize((small.width * module, small.height * module), Image.Resampling.NEAREST))

    def cut(self) -> None:
        """Print the line and cut; paper that nothing stands on is no sheet."""
        self._print_line()
        printed, self._printed = self._printed, _Printed()
        if printed.strips:
            height = max(top + strip.height for top, strip in printed.strips)
            canvas = Image.new("1", (self._profile.width_dots, height), 1)
            for top, strip in printed.strips:
                canvas.paste(strip, (0, top))
            self.sheets.append(Sheet(canvas, tuple(printed.texts), tuple(printed.codes)))

    def tear(self) -> None:
        """End a sheet where it is: what a cut power leaves in the slot is one too, though only a part."""
        self._line.clear()
        self.cut()

    def _advance(self, rows: int) -> None:
        self._printed.top += rows
        self._advanced(self._printed.top)

    def _print_line(self) -> int:
        """Print the line's characters, in cells of font A; return its height in rows."""
        if not self._line:
            return 0
        cell_x, cell_y = self._profile.font_a
        scale_x, scale_y = self.size
        cells = Image.new("1", (cell_x * len(self._line), cell_y), 1)
        for place, (letter, is_emphasized) in enumerate(self._line):
            cells.paste(_cell(letter, cell_x, cell_y, is_emphasized), (place * cell_x, 0))
        self._printed.texts.append("".join(letter for letter, _ in self._line))
        self._line.clear()
        size = (cells.width * scale_x, cell_y * scale_y)
        if self.is_smooth:
            image = cells.convert("L").resize(size, Image.Resampling.BICUBIC).convert("1", dither=Image.Dither.NONE)
        else:
            image = cells.resize(size, Image.Resampling.NEAREST)
        self.picture(image)
        return image.height


def _cell(letter: str, width: int, height: int, is_emphasized: bool) -> Image.Image:
    """Draw one character of font A on its base line, a little above the foot of its cell."""
    zero, glyph = (typesetting.line(each, height - 3, Weight.REGULAR, "ltr", width) for each in ("0", letter))
    cell = Image.new("1", (width, height), 1)
    top = height - 5 - (zero.above + zero.picture.rows) + glyph.above
    cell.paste(glyph.picture.image(), ((width - glyph.picture.width) // 2, top))
    if not is_emphasized:
        return cell
    # Each stroke is one dot wider.
    wider = Image.new("1", cell.size, 1)
    wider.paste(cell, (1, 0))
    return ImageChops.darker(cell.convert("L"), wider.convert("L")).convert("1")
