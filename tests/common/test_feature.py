"""A feature is found where its folder is, room by room, and the core goes on without it where it is not."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

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
    assert feature.parts("kiosk", RoomPart) == ()


def test_a_feature_brings_its_kinds_and_a_part_for_each_room_that_it_has(folder: Path) -> None:
    (folder / "shouts").mkdir()
    (folder / "shouts/__init__.py").write_text(OWN)
    (folder / "shouts/hall.py").write_text(f"from {__name__} import RoomPart\nPART = RoomPart('loud')")
    (folder / "no_feature.py").write_text("raise ImportError")
    (found,) = feature.installed()
    assert isinstance(found, Feature)
    assert (found.name, list(found.bodies)) == ("shouts", ["shout"])
    assert issubclass(found.bodies["shout"], FeatureBody)
    assert feature.parts("hall", RoomPart) == (RoomPart("loud"),)
    assert feature.parts("kiosk", RoomPart) == ()
    with pytest.raises(TypeError, match=r"features\.shouts\.hall\.PART is no Path"):
        feature.parts("hall", Path)
