"""All faces in one file, for those who judge them next: `python -m tests.screens.pictures.contact_sheet [FOLDER]`.

The last step of `make screenshots`: takes what the others drew under FOLDER, draws each paper beside it, and lays all
of it out, a few dozen to a page, in FOLDER/contact-sheet.pdf. Of the kiosk only the usual panel in usual letters: the
hundreds of other sizes show the same states, and stand beside it as files.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from devices.receipt_printer import profile
from kiosk.settings.sections import DRAFTS, LANGUAGES
from tests.devices.receipt_printer.preview import preview
from tests.kiosk.papers.test_documents import DOCUMENTS

FILE: Final = "contact-sheet.pdf"
DPI: Final = 150
PAGE_PX: Final = (2480, 1754)
"""A3 lying."""
MARGIN_PX: Final = 60
GAP_PX: Final = 20
CAPTION_PX: Final = 30
ROW_PX: Final = 480
_PAPER: Final = "epson-tm-t20iii"


@dataclass
class _Page:
    """A page that fills row by row."""

    image: Image.Image
    left: int = MARGIN_PX
    top: int = MARGIN_PX + 2 * CAPTION_PX

    def has_room(self, width: int) -> bool:
        """Move to the next row where this one is full; False where the page is."""
        if self.left > MARGIN_PX and self.left + width > PAGE_PX[0] - MARGIN_PX:
            self.left, self.top = MARGIN_PX, self.top + ROW_PX + CAPTION_PX + GAP_PX
        return self.top + ROW_PX + CAPTION_PX <= PAGE_PX[1] - MARGIN_PX


def draw_papers(folder: Path) -> None:
    """Draw each kind of paper in each language, 80 mm wide."""
    folder.mkdir(parents=True, exist_ok=True)
    layout = profile.layout(profile.load(_PAPER), 80)
    for language in LANGUAGES:
        for name, paper in DOCUMENTS.items():
            preview(paper(language), layout).save(folder / f"{name}-{language}.png")


def faces(folder: Path) -> Sequence[Path]:
    """Return the pictures to lay out, those of a folder together."""
    return sorted(path for path in folder.rglob("*.png") if _is_shown(path.relative_to(folder)))


def _is_shown(path: Path) -> bool:
    if path.parts[0] not in (*LANGUAGES, *DRAFTS):
        return True
    words = path.stem.split("-")
    return "easy" not in words and not {"landscape", "15in", "10in"} & {*words}


def pages(folder: Path) -> Iterator[Image.Image]:
    """Yield the sheet's pages; each begins with its folder's name."""
    font = ImageFont.load_default(18)
    for parent, pictures in groupby(faces(folder), key=lambda path: path.parent):
        page = _begun(parent.relative_to(folder), font)
        for path in pictures:
            with Image.open(path) as opened:
                small = opened.convert("RGB")
            small.thumbnail((PAGE_PX[0] - 2 * MARGIN_PX, ROW_PX))
            width = max(small.width, 120)
            if not page.has_room(width):
                yield page.image
                page = _begun(parent.relative_to(folder), font)
            page.image.paste(small, (page.left, page.top))
            name = _fitting(path.stem, width, font)
            ImageDraw.Draw(page.image).text((page.left, page.top + ROW_PX + 4), name, "black", font)
            page.left += width + GAP_PX
        yield page.image


def _begun(name: Path, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> _Page:
    image = Image.new("RGB", PAGE_PX, "#e6e6e6")  # white pages and papers have an edge on it
    ImageDraw.Draw(image).text((MARGIN_PX, MARGIN_PX), str(name), "black", font)
    return _Page(image)


def _fitting(name: str, width: int, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    while font.getlength(name) > width:
        name = name.removesuffix("…")[:-1] + "…"
    return name


def main() -> None:
    """Draw the papers, then lay out all that is there."""
    parser = argparse.ArgumentParser(description="Lay out all pictures in one file.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/screenshots"))
    folder: Path = parser.parse_args().folder
    draw_papers(folder / "papers")
    first, *others = pages(folder)
    first.save(folder / FILE, save_all=True, append_images=others, resolution=DPI)
    print(f"{len(faces(folder))} pictures on {1 + len(others)} pages: {folder / FILE}")


if __name__ == "__main__":
    main()
