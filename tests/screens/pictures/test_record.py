"""The record of pictures: equal pixels are equal, one other pixel is named, another renderer is not compared."""

from pathlib import Path

from PIL import Image

from tests.screens.pictures import record
from tests.screens.pictures.draw_all import PANELS
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import STRIP, start


def test_a_screen_drawn_twice_is_the_same_picture(gallery: Gallery) -> None:
    first, again = (record.fingerprint(gallery.draw(start(), PANELS["10in-landscape"], "ar", STRIP)) for _ in range(2))
    assert first == again
    assert first != record.fingerprint(gallery.draw(start(), PANELS["10in-landscape"], "en", STRIP))


def test_one_other_pixel_is_another_picture() -> None:
    picture = Image.new("RGB", (8, 8), "white")
    before = record.fingerprint(picture)
    picture.putpixel((3, 3), (255, 255, 254))
    assert record.fingerprint(picture) != before
    assert record.fingerprint(Image.new("RGB", (4, 16), "white")) != before


def test_pictures_are_compared_only_where_the_same_things_drew_them(tmp_path: Path, gallery: Gallery) -> None:
    assert gallery.window
    kept = record.Record(record.made_here(), {"ar/start.png": "aa", "en/start.png": "bb"})
    kept.write(tmp_path / "record.txt")
    read = record.read(tmp_path / "record.txt")
    assert read == kept
    drawn = record.Record(read.made_by, {"ar/start.png": "aa", "en/start.png": "cc", "ar/new.png": "dd"})
    assert read.changed(drawn) == ["en/start.png"]
    assert read.with_drawn(drawn).hashes == drawn.hashes
    assert read.changed(record.Record("another renderer", {"ar/start.png": "cc"})) is None
