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
from devices.receipt_printer.paper import Banner, Number, Op, Paper, Qr, Rule, Space, Text
from devices.receipt_printer.profile import Layout, Profile
from devices.receipt_printer.typesetting import Picture

# Below this, printing a picture costs about as much as naming a stored one.
_WORTH_STORING = 48


@dataclass(frozen=True, slots=True)
class Ink:
    """A picture on the paper."""

    picture: Picture


@dataclass(frozen=True, slots=True)
class Native:
    """Characters of the printer's own font A, enlarged by whole factors."""

    text: str
    scale_x: int
    scale_y: int


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
    out = bytearray(_begin(layout))
    if profile.automatic_status:
        out += commands.AUTOMATIC_STATUS_ON
    keeps = profile.nv_graphics or profile.ram_graphics
    wanted: list[Graphic] = []
    rows = 0
    size = (1, 1)
    for fixed, ops in _runs(paper.ops):
        pieces = list(_pieces(ops, layout))
        if fixed and keeps:
            before, graphic, after = _gather(pieces)
            if len(graphic.picture.data) >= _WORTH_STORING:
                key = stored.get(graphic.digest)
                if key is None:
                    wanted.append(graphic)
                else:
                    named = commands.print_graphic(key.key, lasting=key.lasting)
                    out += commands.feed(before) + named + commands.feed(after)
                    rows += before + graphic.picture.rows + after
                    continue
        written, used, size = _write(pieces, profile, size)
        out += written
        rows += used
    out += _end(profile)
    return Job(bytes(out), rows + profile.dots(profile.tear_off_mm), tuple(wanted))


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
                image = piece.picture.image()
                if piece.picture.doubled:
                    image = image.resize((image.width * 2, image.height * 2), Image.Resampling.NEAREST)
                sheet.append((top, image))
                top += image.height
    canvas = Image.new("1", (layout.width_dots, top), 1)
    for at, image in sheet:
        canvas.paste(image, ((layout.width_dots - image.width) // 2, at))
    return canvas


def _without_natives(profile: Profile) -> Profile:
    import msgspec

    return msgspec.structs.replace(profile, native_text=False, native_qr=False)


def _begin(layout: Layout) -> bytes:
    profile = layout.profile
    smooth = commands.SMOOTH if profile.smoothing else b""
    units = commands.motion_units(profile.dpi)
    return commands.INITIALIZE + units + commands.area(layout.width_dots) + commands.CENTRE + smooth


def _end(profile: Profile) -> bytes:
    match profile.cutter:
        case "partial":
            return commands.PARTIAL_CUT
        case "full":
            return commands.FULL_CUT
        case "none":
            return commands.feed(profile.dots(profile.tear_off_mm))


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
                module = max(2, profile.dots(op.module_mm))
                if profile.native_qr:
                    yield NativeQr(op.data, min(16, module))
                else:
                    yield Ink(typesetting.qr_picture(op.data, module))
            case Text():
                yield from _text(op, layout)


def _number(op: Number, layout: Layout) -> Iterator[Piece]:
    profile = layout.profile
    if profile.native_text and op.text.isascii():
        scale_y = min(profile.max_scale, math.ceil(profile.dots(op.height_mm) / profile.digit_rows))
        scale_x = min(scale_y, layout.width_dots // (profile.font_a[0] * len(op.text)))
        if scale_x >= 1:
            yield Native(op.text, scale_x, scale_y)
            return
    yield Ink(typesetting.digits(op.text, profile.dots(op.height_mm), layout.width_dots))


def _text(op: Text, layout: Layout) -> Iterator[Piece]:
    profile = layout.profile
    size = profile.dots(op.size_mm)
    cell_x, cell_y = profile.font_a
    if profile.native_text and not op.fixed and op.text.isascii() and op.text.isprintable():
        scale = max(1, min(profile.max_scale, round(size / cell_y)))
        if len(op.text) * cell_x * scale <= layout.width_dots:
            yield Native(op.text, scale, scale)
            yield Feed(size // 3)
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
            inks.append((top, piece.picture.image()))
            top += piece.picture.rows
    if not inks:
        return top, Graphic(Picture(8, 1, b"\0")), 0
    before = inks[0][0]
    end = max(at + image.height for at, image in inks)
    width = max(image.width for _, image in inks)
    canvas = Image.new("1", (width, end - before), 1)
    for at, image in inks:
        canvas.paste(image, ((width - image.width) // 2, at - before))
    # GS ( L wants a width in dots and pads rows to whole bytes; white is 0 on the wire.
    picture = Picture(width, canvas.height, ImageChops.invert(canvas.convert("L")).convert("1").tobytes())
    return before, Graphic(raster.safe_graphic(picture)), top - end


def _write(pieces: list[Piece], profile: Profile, size: tuple[int, int]) -> tuple[bytes, int, tuple[int, int]]:
    """Return the bytes of some pieces, the rows that they take, and the character size left set in the printer."""
    out = bytearray()
    rows = pending = 0
    line = b""

    def flush() -> None:
        nonlocal pending, line, rows
        out.extend(line + commands.feed(pending))
        rows += pending
        pending, line = 0, b""

    for piece in pieces:
        if isinstance(piece, Feed):
            pending += piece.dots
            continue
        flush()
        match piece:
            case Ink():
                out += raster.encoded(piece.picture, profile.raster_rows)
                rows += piece.picture.paper_rows
            case NativeQr():
                out += commands.qr(piece.data, piece.module)
                rows += piece.module * typesetting.qr_picture(piece.data, 1).rows
            case Native():
                if (piece.scale_x, piece.scale_y) != size:
                    size = (piece.scale_x, piece.scale_y)
                    out += commands.character_size(*size)
                # The line is printed by the feed that follows it, which counts from the line's top.
                line, pending = piece.text.encode("ascii"), profile.font_a[1] * piece.scale_y
    flush()
    return bytes(out), rows, size
