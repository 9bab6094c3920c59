"""Whether a picture stands on a printed sheet, dot by dot, in its middle."""

from PIL import Image, ImageChops

from devices.receipt_printer.typeset.composition import _full_size
from devices.receipt_printer.typeset.typesetting import Picture

_ASIDE_DOTS = 12  # a picture may be moved within its bytes


def holds(sheet: Image.Image, picture: Picture) -> bool:
    """Return whether the sheet, black on white, shows this picture."""
    return row_of(sheet, picture) is not None


def row_of(sheet: Image.Image, picture: Picture) -> int | None:
    """Return the row of dots at which the sheet, black on white, shows this picture first; None where it does not."""
    paper, drawn = sheet.convert("L"), _full_size(picture).convert("L")
    middle = (paper.width - drawn.width) // 2
    for left in sorted(range(middle - _ASIDE_DOTS, middle + _ASIDE_DOTS + 1), key=lambda x: abs(x - middle)):
        for top in range(paper.height - drawn.height + 1):
            part = paper.crop((left, top, left + drawn.width, top + drawn.height))
            if ImageChops.difference(part, drawn).getbbox() is None:
                return top
    return None
