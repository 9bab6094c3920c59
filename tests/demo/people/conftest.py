"""A person of the demo before a window that is written down."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from demo.people import citizen as played
from demo.people import window
from demo.people.citizen import Citizen, Seen
from tests.demo.people.made_up import MadeUpWindow


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "GLANCE_S", 0)
    for name in ("HELD_S", "PATIENCE_S"):
        monkeypatch.setattr(played, name, 0.0)


class Scene:
    """A citizen, and what was said of him."""

    def __init__(self, folder: Path, shown: SimpleNamespace, **leads: Any) -> None:
        self.window = MadeUpWindow(shown)
        self.window.lead({name.replace("__", ":"): next_ for name, next_ in leads.items()})
        self.told: list[str] = []
        self.citizen = Citizen(self.window, folder, self.told.append)

    @property
    def seen(self) -> Seen:
        return self.citizen.seen

    @property
    def looked(self) -> list[str]:
        return [path.stem for path in self.seen.pictures]


type Make = Callable[..., Scene]


@pytest.fixture
def scene(tmp_path: Path) -> Make:
    return lambda shown, **leads: Scene(tmp_path, shown, **leads)
