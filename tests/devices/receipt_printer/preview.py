"""A paper all in pictures: what the printed one is held against."""

import msgspec
from PIL import Image

from devices.paper import Paper
from devices.receipt_printer.profile import Layout
from devices.receipt_printer.typeset.composition import _full_size, _runs
from devices.receipt_printer.typeset.pieces import Feed, Ink, pieces_of


def preview(paper: Paper, layout: Layout) -> Image.Image:
    """Return the paper as the typesetting sees it, all in pictures: what a printer without any fonts would print."""
    bare = Layout(msgspec.structs.replace(layout.profile, native_text=False, native_qr=False), layout.width_dots)
    sheet: list[tuple[int, Image.Image]] = []
    top = 0
    for _, ops in _runs(paper.ops):
        for piece in pieces_of(ops, bare):
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
