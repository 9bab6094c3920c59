"""One store of compiled statements for all engines of a process: a town opens one at each start of a program."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

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


@contextmanager
def compiled_once() -> Iterator[None]:
    """Have engines share what was compiled for one of them within the block.

    A statement is known by its dialect too; those of one class speak alike, so one stands for the other.
    """
    with (
        patch.object(Engine, "_compiled_cache", _SHARED, create=True),
        patch.object(SQLiteDialect, "__eq__", lambda one, other: type(one) is type(other)),
        patch.object(SQLiteDialect, "__hash__", lambda one: hash(type(one).__name__)),
    ):
        yield
