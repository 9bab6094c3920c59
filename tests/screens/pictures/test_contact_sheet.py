"""The sheet of all faces leaves none out: neither where a row is full nor where a page is."""

from pathlib import Path

import pytest
from PIL import Image

from tests.screens.pictures.contact_sheet import PAGE_PX, faces, pages


@pytest.mark.proof
def test_every_picture_stands_on_a_page_whatever_its_size(tmp_path: Path) -> None:
    colours = set()
    for number in range(90):
        folder = tmp_path / ("hub", "papers", "ar")[number % 3]
        folder.mkdir(exist_ok=True)
        colours.add(colour := (255, number * 2, 40))
        size = [(1080, 1920), (5000, 300), (60, 40)][number // 3 % 3]
        Image.new("RGB", size, colour).save(folder / f"{number}-of-a-long-name-that-has-no-room.png")
    seen = set[object]()
    for page in pages(tmp_path):
        assert page.size == PAGE_PX
        seen |= colours & {colour for _, colour in page.getcolors(1 << 20) or []}
    assert seen == colours


def test_of_the_kiosk_the_usual_panel_alone_and_of_all_else_everything(tmp_path: Path) -> None:
    for name in ("ar/start.png", "ar/start-easy.png", "en/start-10in-landscape.png", "hub/ar/board-easy.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("1", (8, 8)).save(tmp_path / name)
    assert [path.relative_to(tmp_path).as_posix() for path in faces(tmp_path)] == [
        "ar/start.png",
        "hub/ar/board-easy.png",
    ]
