"""Pieces to one job's bytes: what is set in the printer is remembered, and blank rows are fed as late as can be."""

from collections.abc import Iterable

from devices.receipt_printer import commands
from devices.receipt_printer.profile import Layout, Profile
from devices.receipt_printer.typeset import raster, typesetting
from devices.receipt_printer.typeset.pieces import Feed, Ink, Native, NativeQr, Piece
from devices.receipt_printer.typeset.typesetting import Picture


def parting(profile: Profile) -> bytes:
    """Cut, or feed to where the paper is torn off."""
    match profile.cutter:
        case "partial":
            return commands.PARTIAL_CUT
        case "full":
            return commands.FULL_CUT
        case "none":
            return commands.feed(profile.dots(profile.tear_off_mm))


class JobWriter:
    """Puts pieces one below the other, centred. `rows` counts the rows of dots that the paper has so far."""

    def __init__(self, layout: Layout) -> None:
        self.rows = 0
        self._layout = layout
        self._profile = layout.profile
        self._size = (1, 1)
        self._margin = 0
        self._line = b""  # printed by the feed that follows it, which counts from the line's top
        self._blank = 0
        self._slack = 0  # blank rows at the foot of the last cells, which count for the paper asked for below them
        self._out = bytearray(self._initialized() + commands.motion_units(self._profile.dpi))
        self._out += commands.area(layout.width_dots)
        if not self._profile.margins:
            self._out += commands.CENTRE
        if self._profile.smoothing:
            self._out += commands.SMOOTH

    def pieces(self, pieces: Iterable[Piece]) -> None:
        """Write pieces that the printer does not keep."""
        for piece in pieces:
            match piece:
                case Feed():
                    absorbed = min(self._slack, piece.dots)
                    self._slack -= absorbed
                    self._blank += piece.dots - absorbed
                case Ink():
                    self._ink(piece.picture)
                case Native():
                    self._native(piece)
                case NativeQr():
                    self._flush()
                    side = piece.module * typesetting.qr_side(piece.data)
                    self._place(side)
                    self._out += commands.qr(piece.data, piece.module)
                    self.rows += side

    def stored(self, before: int, picture: Picture, key: bytes, after: int, *, lasting: bool) -> None:
        """Write a picture that the printer keeps under a key, with blank rows before and after it."""
        self._blank += before
        self._flush()
        self._place(picture.width)
        self._out += commands.print_graphic(key, lasting=lasting)
        self.rows += picture.rows
        self._blank += after

    def end(self) -> bytes:
        """Cut, or feed to where the paper is torn off; set the printer back for the next job; return the job."""
        self._flush()
        self.rows += self._profile.dots(self._profile.tear_off_mm)
        self._out += parting(self._profile)
        return bytes(self._out) + self._initialized()

    def _initialized(self) -> bytes:
        """ESC @ puts everything back, and ends the automatic status too."""
        return commands.INITIALIZE + commands.AUTOMATIC_STATUS_ON * self._profile.automatic_status

    def _ink(self, picture: Picture) -> None:
        self._flush()
        most = self._profile.raster_rows
        if self._profile.margins:
            width = picture.width * (2 if picture.doubled else 1)
            left = max(0, (self._layout.width_dots - width) // 2)
            data, self._margin = raster.placed(picture, most, left, self._margin, self._layout.width_dots)
            self._out += data
        else:
            self._out += raster.centred(picture, most)
        self.rows += picture.paper_rows

    def _native(self, piece: Native) -> None:
        if not self._line:
            self._blank = max(0, self._blank - piece.above)
        self._flush()
        self._place(len(piece.text) * self._profile.font_a[0] * piece.scale_x)
        if (piece.scale_x, piece.scale_y) != self._size:
            self._size = (piece.scale_x, piece.scale_y)
            self._out += commands.character_size(*self._size)
        if not piece.text.isascii():
            self._out += commands.PAGE_437
        text = piece.text.encode("cp437")
        if piece.is_bold:
            text = commands.emphasized(on=True) + text + commands.emphasized(on=False)
        self._line = text
        self._slack = piece.below
        self._blank = self._profile.font_a[1] * piece.scale_y

    def _place(self, width: int) -> None:
        left = max(0, (self._layout.width_dots - width) // 2)
        if self._profile.margins and left != self._margin:
            self._out += commands.margin(left)
            self._margin = left

    def _flush(self) -> None:
        self._out += self._line + commands.feed(self._blank)
        self.rows += self._blank
        self._line, self._blank, self._slack = b"", 0, 0
