"""A paper to bytes: the fewest that the printer's capabilities allow.

Fixed lines that stand together become one picture that the printer may keep; Western digits and a QR code go native;
what is left goes as pictures cropped to ink, and blank rows as feeds.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from PIL import Image, ImageChops

from devices.receipt_printer import commands, raster, typesetting
from devices.receipt_printer.paper import Banner, Number, Op, Paper, Qr, Rule, Space, Text, Weight
from devices.receipt_printer.pieces import Feed, Ink, Native, NativeQr, Piece
from devices.receipt_printer.profile import Layout, Profile
from devices.receipt_printer.typesetting import Picture

# Below this, printing a picture costs about as much as naming a stored one.
_WORTH_STORING = 48
# Native text of this size or less keeps its single height.
_SMALL_MM = 3.2
_NATIVE_GAP_MM = 0.6


@dataclass(frozen=True, slots=True)
class Graphic:
    """A picture that the printer may keep, known by its content."""

    picture: Picture

    @property
    def digest(self) -> str:
        """Hex SHA-256 of size and dots: another text is another graphic."""
        head = f"{self.picture.width}x{self.picture.rows}:".encode("ascii")
        return hashlib.sha256(head + self.picture.data).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredKey:
    """Where a printer keeps a graphic: two characters, in flash (`lasting`) or in RAM."""

    key: bytes
    lasting: bool


@dataclass(frozen=True, slots=True)
class Job:
    """The bytes of one sheet, cut included; `wanted` graphics would make the next one shorter."""

    data: bytes
    rows: int
    wanted: tuple[Graphic, ...] = field(default=())


def compose(paper: Paper, layout: Layout, stored: Mapping[str, StoredKey]) -> Job:
    """Return the job for a paper. `stored` maps the digests of what the printer keeps to its keys."""
    profile = layout.profile
    writer = _Writer(layout)
    keeps = profile.nv_graphics or profile.ram_graphics
    wanted: list[Graphic] = []
    for fixed, ops in _runs(paper.ops):
        pieces = list(_pieces(ops, layout))
        if fixed and keeps:
            before, graphic, after = _gather(pieces)
            key = stored.get(graphic.digest)
            if key is not None:
                writer.stored(before, graphic, key, after)
                continue
            if len(graphic.picture.data) >= _WORTH_STORING:
                wanted.append(graphic)
        writer.pieces(pieces)
    return Job(writer.end(), writer.rows, tuple(wanted))


def graphics(papers: Iterable[Paper], layout: Layout) -> tuple[Graphic, ...]:
    """Return every graphic that these papers would have the printer keep, each once."""
    found: dict[str, Graphic] = {}
    for paper in papers:
        for graphic in compose(paper, layout, {}).wanted:
            found.setdefault(graphic.digest, graphic)
    return tuple(found.values())


def preview(paper: Paper, layout: Layout) -> Image.Image:
    """Return the paper as the typesetting sees it, all in pictures: what a printer without any fonts would print."""
    bare = Layout(_without_natives(layout.profile), layout.width_dots)
    sheet: list[tuple[int, Image.Image]] = []
    top = 0
    for _, ops in _runs(paper.ops):
        for piece in _pieces(ops, bare):
            if isinstance(piece, Feed):
                top += piece.dots
            elif isinstance(piece, Ink):
                image = _full_size(piece.picture)
                sheet.append((top, image))
                top += image.height
    canvas = Image.new("1", (layout.width_dots, top), 1)
    for at, image in sheet:
        canvas.paste(image, ((layout.width_dots - image.width) // 2, at))
    return canvas


def _full_size(picture: Picture) -> Image.Image:
    image = picture.image()
    return image.resize((image.width * 2, image.height * 2), Image.Resampling.NEAREST) if picture.doubled else image


def _without_natives(profile: Profile) -> Profile:
    import msgspec

    return msgspec.structs.replace(profile, native_text=False, native_qr=False)


def _is_fixed(op: Op) -> bool:
    return isinstance(op, Text) and op.fixed


def _runs(ops: tuple[Op, ...]) -> Iterator[tuple[bool, list[Op]]]:
    """Part the ops into runs of fixed texts, with what lies between them, and runs of the rest."""
    at = 0
    while at < len(ops):
        end = at + 1
        if _is_fixed(ops[at]):
            reach = end
            while reach < len(ops) and (_is_fixed(ops[reach]) or isinstance(ops[reach], Space | Rule)):
                reach += 1
                if _is_fixed(ops[reach - 1]):
                    end = reach
            yield True, list(ops[at:end])
        else:
            while end < len(ops) and not _is_fixed(ops[end]):
                end += 1
            yield False, list(ops[at:end])
        at = end


def _pieces(ops: list[Op], layout: Layout) -> Iterator[Piece]:
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
            case Qr():
                # With its quiet zone of four modules on each side it fits the paper, however much it holds.
                fits = width // (typesetting.qr_picture(op.data, 1).rows + 8)
                module = max(2, min(16, profile.dots(op.module_mm), fits))
                # An even module can be sent at half its size, in a quarter of the bytes.
                even = module // 2 * 2
                yield NativeQr(op.data, module) if profile.native_qr else Ink(typesetting.qr_picture(op.data, even))
            case Text():
                yield from _text(op, layout)


def _number(op: Number, layout: Layout) -> Iterator[Piece]:
    profile = layout.profile
    if profile.native_text and op.text.isascii():
        scale_y = min(profile.max_scale, math.ceil(profile.dots(op.height_mm) / profile.digit_rows))
        scale_x = min(scale_y, layout.width_dots // (profile.font_a[0] * len(op.text)))
        if scale_x >= 1:
            blank = (profile.font_a[1] - profile.digit_rows) * scale_y // 2
            yield Native(op.text, scale_x, scale_y, is_bold=True, above=blank, below=blank)
            return
    yield Ink(typesetting.digits(op.text, profile.dots(op.height_mm), layout.width_dots))


def _text(op: Text, layout: Layout) -> Iterator[Piece]:
    profile = layout.profile
    size = profile.dots(op.size_mm)
    cell_x, cell_y = profile.font_a
    keeps = op.fixed and (profile.nv_graphics or profile.ram_graphics)
    if profile.native_text and not keeps and op.text.isascii() and op.text.isprintable():
        scale_x = max(1, min(profile.max_scale, round(size / cell_y)))
        # A cell is 3 mm high and its letters 2: what is to be read easily is printed twice as high.
        scale_y = 2 if scale_x == 1 and op.size_mm > _SMALL_MM else scale_x
        if len(op.text) * cell_x * scale_x <= layout.width_dots:
            yield Feed(profile.dots(_NATIVE_GAP_MM))
            yield Native(op.text, scale_x, scale_y, is_bold=op.weight is not Weight.REGULAR)
            return
    for line in typesetting.paragraph(op.text, size, op.weight, op.direction, layout.width_dots):
        yield Feed(line.above)
        yield Ink(line.picture)
        yield Feed(line.below)


def _gather(pieces: list[Piece]) -> tuple[int, Graphic, int]:
    """Return the blank rows before, one picture of all the ink, and the blank rows after."""
    inks: list[tuple[int, Image.Image]] = []
    top = 0
    for piece in pieces:
        if isinstance(piece, Feed):
            top += piece.dots
        elif isinstance(piece, Ink):
            inks.append((top, _full_size(piece.picture)))
            top += piece.picture.paper_rows
    if not inks:
        return top, Graphic(Picture(8, 1, b"\0")), 0
    before = inks[0][0]
    end = max(at + image.height for at, image in inks)
    # Whole bytes, as GS ( L keeps them; and an even width puts each line where it stands when printed on its own.
    width = (max(image.width for _, image in inks) + 7) // 8 * 8
    canvas = Image.new("1", (width, end - before), 1)
    for at, image in inks:
        canvas.paste(image, ((width - image.width) // 2, at - before))
    picture = Picture(width, canvas.height, ImageChops.invert(canvas.convert("L")).convert("1").tobytes())
    return before, Graphic(raster.safe_graphic(picture)), top - end


class _Writer:
    """Puts pieces one below the other, centred, and remembers what it has set in the printer."""

    def __init__(self, layout: Layout) -> None:
        self.rows = 0
        self._layout = layout
        self._profile = layout.profile
        self._size = (1, 1)
        self._margin = 0
        self._line = b""  # printed by the feed that follows it, which counts from the line's top
        self._blank = 0
        self._slack = 0  # blank rows at the foot of the last cells, which count for the paper asked for below them
        self._out = bytearray(commands.INITIALIZE + commands.motion_units(self._profile.dpi))
        self._out += commands.area(layout.width_dots)
        if not self._profile.margins:
            self._out += commands.CENTRE
        if self._profile.smoothing:
            self._out += commands.SMOOTH
        if self._profile.automatic_status:
            self._out += commands.AUTOMATIC_STATUS_ON

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
                    side = piece.module * typesetting.qr_picture(piece.data, 1).rows
                    self._place(side)
                    self._out += commands.qr(piece.data, piece.module)
                    self.rows += side

    def stored(self, before: int, graphic: Graphic, key: StoredKey, after: int) -> None:
        """Write a picture that the printer keeps."""
        self._blank += before
        self._flush()
        self._place(graphic.picture.width)
        self._out += commands.print_graphic(key.key, lasting=key.lasting)
        self.rows += graphic.picture.rows
        self._blank += after

    def end(self) -> bytes:
        """Cut, or feed to where the paper is torn off, and return the whole job."""
        self._flush()
        tear_off = self._profile.dots(self._profile.tear_off_mm)
        self.rows += tear_off
        match self._profile.cutter:
            case "partial":
                self._out += commands.PARTIAL_CUT
            case "full":
                self._out += commands.FULL_CUT
            case "none":
                self._out += commands.feed(tear_off)
        return bytes(self._out)

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
        text = piece.text.encode("ascii")
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
