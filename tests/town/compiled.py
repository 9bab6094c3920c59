"""What is compiled, and which steps of a migration are read, once for all stores of a process: a town makes many."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from unittest.mock import patch

from alembic.util import pyfiles
from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.util import LRUCache


class _Shared:
    """Stands where each engine has a store of its own."""

    def __init__(self) -> None:
        self._compiled: LRUCache[Any, Any] = LRUCache(4000)

    def __get__(self, _engine: object, _kind: object = None) -> LRUCache[Any, Any]:
        return self._compiled

    def __set__(self, _engine: object, _own: object) -> None:
        """Need none."""


_SHARED: Final = _Shared()
_LOAD: Final = pyfiles.load_module_py
_STEPS: Final[dict[str, ModuleType]] = {}


def _loaded_once(name: str, path: str | os.PathLike[str]) -> ModuleType:
    """Load a step of a migration, whose module says only what it does; what is done at its import is done each time."""
    at = os.fspath(path)
    if Path(at).parent.name != "versions":
        return _LOAD(name, path)
    if at not in _STEPS:
        _STEPS[at] = _LOAD(name, path)
    return _STEPS[at]


@contextmanager
def compiled_once() -> Iterator[None]:
    """Have engines share what was compiled for one of them, and migrations what was read of them, within the block.

    A statement is known by its dialect too; those of one class speak alike, so one stands for the other.
    """
    with (
        patch.object(Engine, "_compiled_cache", _SHARED, create=True),
        patch.object(SQLiteDialect, "__eq__", lambda one, other: type(one) is type(other)),
        patch.object(pyfiles, "load_module_py", _loaded_once),
        patch.object(SQLiteDialect, "__hash__", lambda one: hash(type(one).__name__)),
    ):
        yield
