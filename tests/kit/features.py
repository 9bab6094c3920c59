"""What features bring to tests of the whole: modules in their own folders of tests, which go with them."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from common.feature import installed


def of_features(name: str) -> list[ModuleType]:
    """Return the modules of this name that the tests of installed features have."""
    there = [f"tests.features.{one.name}.{name}" for one in installed()]
    return [import_module(one) for one in there if find_spec(one) is not None]


def said_by_features(**named: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what features have a kiosk say of a ticket, as kinds and bodies; it is named by `ticket` or `token`."""
    return [one.said_of(named) for one in of_features("said")]
