"""A feature is found where its folder is, room by room, and the core goes on without it where it is not."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import features
from common import feature
from common.feature import Feature, FeatureBody

OWN = """
from common.feature import Feature, FeatureBody

class Said(FeatureBody, frozen=True):
    word: str

FEATURE = Feature("shouts", {"shout": Said})
"""


@dataclass(frozen=True)
class RoomPart:
    said: str


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setattr(features, "__path__", [str(tmp_path)])
    feature.installed.cache_clear()
    yield tmp_path
    feature.installed.cache_clear()
    for name in [one for one in sys.modules if one.startswith("features.shouts")]:
        del sys.modules[name]


def test_where_no_folder_is_there_is_no_feature(folder: Path) -> None:
    assert feature.installed() == ()
    assert feature.brought("kiosk", RoomPart) == ()


def test_a_feature_brings_its_kinds_and_a_part_for_each_room_that_it_has(folder: Path) -> None:
    (folder / "shouts/hall/locale").mkdir(parents=True)
    (folder / "shouts/hall/__init__.py").touch()
    (folder / "shouts/__init__.py").write_text(OWN)
    (folder / "shouts/hall/part.py").write_text(f"from {__name__} import RoomPart\nBRINGS = (RoomPart('loud'), 7)")
    (folder / "no_feature.py").write_text("raise ImportError")
    (found,) = feature.installed()
    assert isinstance(found, Feature)
    assert (found.name, list(found.bodies)) == ("shouts", ["shout"])
    assert issubclass(found.bodies["shout"], FeatureBody)
    assert (feature.brought("hall", RoomPart), feature.brought("hall", int)) == ((RoomPart("loud"),), (7,))
    assert feature.brought("kiosk", RoomPart) == ()
    assert feature.locales("hall") == (folder / "shouts/hall/locale",)
    assert feature.locales("kiosk") == ()


@pytest.mark.parametrize("name", [one.name for one in feature.installed()])
def test_each_text_of_a_feature_is_in_both_languages_and_fills_in_the_same_values(name: str) -> None:
    folders = list(Path(feature.__file__).parents[1].glob(f"features/{name}/**/locale"))
    for folder in folders:
        arabic, english = (texts(folder / f"{code}.po", code) for code in ("ar", "en"))
        assert arabic.keys() == english.keys(), folder
        for key, text in arabic.items():
            assert text.strip(), key
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[key])), key


def texts(path: Path, code: str) -> dict[str, str]:
    with path.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale=code, abort_invalid=True) if one.id}
