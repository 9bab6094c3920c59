"""A paper to bytes: the fewest that the printer's capabilities allow.

Fixed lines that stand together become one picture that the printer may keep; Western digits and a QR code go native;
what is left goes as pictures cropped to ink, and blank rows as feeds.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from PIL import Image, ImageChops

from devices.paper import Emblem, Op, Paper, Rule, Space, Text
from devices.receipt_printer.profile import Layout
from devices.receipt_printer.typeset import raster, typesetting
from devices.receipt_printer.typeset.job_writer import JobWriter
from devices.receipt_printer.typeset.pieces import Feed, Ink, Piece, pieces_of
from devices.receipt_printer.typeset.typesetting import Picture

# Below this, printing a picture costs about as much as naming a stored one.
_WORTH_STORING = 48
# Above this, filling up a picture that a crash left half sent takes too long (see `capabilities`).
LARGEST_GRAPHIC = 24_000


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
    writer = JobWriter(layout)
    keeps = profile.nv_graphics or profile.ram_graphics
    wanted: list[Graphic] = []
    for fixed, ops in _runs(paper.ops):
        pieces = list(pieces_of(ops, layout))
        if fixed and keeps:
            before, graphic, after = _gather(pieces)
            key = stored.get(graphic.digest)
            if key is not None:
                writer.stored(before, graphic.picture, key.key, after, lasting=key.lasting)
                continue
            if _WORTH_STORING <= len(graphic.picture.data) <= LARGEST_GRAPHIC:
                wanted.append(graphic)
        writer.pieces(pieces)
    if any(isinstance(op, Text) and op.private for op in paper.ops):
        typesetting.forget()
        raster.bands.cache_clear()
    return Job(writer.end(), writer.rows, tuple(wanted))


def graphics(papers: Iterable[Paper], layout: Layout) -> tuple[Graphic, ...]:
    """Return every graphic that these papers would have the printer keep, each once."""
    found: dict[str, Graphic] = {}
    for paper in papers:
        for graphic in compose(paper, layout, {}).wanted:
            found.setdefault(graphic.digest, graphic)
    return tuple(found.values())


def _full_size(picture: Picture) -> Image.Image:
    image = picture.image()
    return image.resize((image.width * 2, image.height * 2), Image.Resampling.NEAREST) if picture.doubled else image


def _is_fixed(op: Op) -> bool:
    return isinstance(op, Emblem) or (isinstance(op, Text) and op.fixed)


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
