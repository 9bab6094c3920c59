"""What is compiled, and by which statements tables are made, once for all stores of a process: a town makes many."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from unittest.mock import patch

from alembic import command
from alembic.config import Config
from alembic.util import pyfiles
from sqlalchemy import Connection, Engine, event
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
_UPGRADE: Final = command.upgrade
_TABLES: Final[dict[tuple[str, ...], list[tuple[str, Any]]]] = {}


def _loaded_once(name: str, path: str | os.PathLike[str]) -> ModuleType:
    """Load a step of a migration, whose module says only what it does; what is done at its import is done each time."""
    at = os.fspath(path)
    if Path(at).parent.name != "versions":
        return _LOAD(name, path)
    if at not in _STEPS:
        _STEPS[at] = _LOAD(name, path)
    return _STEPS[at]


def _made_by_what_was_said(config: Config, revision: str) -> None:
    """Make a store's tables by the statements that made them first, where the same ones stood before.

    Central's are made each time: its database begins with an epoch that is drawn.
    """
    connection: Connection = config.attributes["connection"]
    if connection.dialect.driver != "pysqlite":
        _UPGRADE(config, revision)
        return
    stood = connection.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid").scalars()
    key = (str(config.get_main_option("script_location")), revision, *stood)
    if key in _TABLES:
        for statement, values in _TABLES[key]:
            connection.exec_driver_sql(statement, values)
        return
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        said.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    try:
        _UPGRADE(config, revision)
    finally:
        event.remove(connection, "before_cursor_execute", note)
    _TABLES[key] = said


@contextmanager
def compiled_once() -> Iterator[None]:
    """Have engines share what was compiled for one of them, and migrations what was read of them, within the block.

    A statement is known by its dialect too; those of one class speak alike, so one stands for the other.
    """
    with (
        patch.object(Engine, "_compiled_cache", _SHARED, create=True),
        patch.object(SQLiteDialect, "__eq__", lambda one, other: type(one) is type(other)),
        patch.object(pyfiles, "load_module_py", _loaded_once),
        patch.object(command, "upgrade", _made_by_what_was_said),
        patch.object(SQLiteDialect, "__hash__", lambda one: hash(type(one).__name__)),
    ):
        yield
