"""Icons of this kiosk, drawn here as vector shapes in one line style on a grid of 48 by 48.

They are drawn by Pillow at the size they are shown, as a mask to be tinted. An icon never stands without a word.
"""

from collections.abc import Callable

from PIL import Image

from screens.icons.documents import DOCUMENTS
from screens.icons.pen import Pen
from screens.icons.roll import ROLL
from screens.icons.services import SERVICES
from screens.icons.signs import SIGNS
from screens.icons.things import THINGS

DRAWINGS: dict[str, Callable[[Pen], None]] = {**SERVICES, **DOCUMENTS, **SIGNS, **THINGS, **ROLL}
"""Every icon by its name; those of services and their documents bear the code."""

MIRRORED = frozenset({"back", "next", "more"})
"""Icons that point along the reading direction and so turn round in a right-to-left language."""


def of_service(code: str) -> str:
    """Return the icon of a service or document: its own, or a plain sheet for one that has no drawing here."""
    return code if code in SERVICES or code in DOCUMENTS else "document"


def draw(name: str, size_px: int, mirrored: bool = False) -> Image.Image:
    """Return the icon as white ink on transparent ground, `size_px` square.

    `mirrored` turns it round: for those of `MIRRORED`, in a language that is read from the right. Raises KeyError for
    a name without a drawing.
    """
    pen = Pen(size_px)
    DRAWINGS[name](pen)
    image = pen.finish()
    if mirrored:
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return image
