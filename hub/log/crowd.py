"""Presses that come at once, made in one transaction: they share one sync of the disk, and each is undone alone."""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from common.machine.errors import StoreDamaged, StoreError
from offline_store.disk.database import Store
from offline_store.disk.sql import run

MOST_TOGETHER: Final = 32


class Crowd[A]:
    """Pieces of work, each done with an act `A` of its own."""

    def __init__(self, turn: threading.Lock, store: Store, begin: Callable[[Connection], A]) -> None:
        """Take whose turn it is to write, where to, and how an act begins within a transaction."""
        self._turn = turn
        self._store = store
        self._begin = begin
        self._asked: deque[tuple[Callable[[A], Any], Future[Any]]] = deque()

    def do[T](self, work: Callable[[A], T]) -> T:
        """Do a piece of work; on disk when this returns. Raises what it raises, and StoreError."""
        result: Future[T] = Future()
        self._asked.append((work, result))
        with self._turn:
            while not result.done():  # of a crowd, the first take their turn first
                self._do_what_was_asked()
        return result.result()

    def _do_what_was_asked(self) -> None:
        asked = [self._asked.popleft() for _ in range(min(len(self._asked), MOST_TOGETHER))]
        ended: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self._store.write() as connection:
                for work, result in asked:
                    ended.append((result, *self._in_savepoint(connection, work)))
        except BaseException as error:
            for _, result in asked:
                result.set_exception(error)
            if not isinstance(error, StoreError):
                raise
            return
        for result, value, failure in ended:
            if failure is None:
                result.set_result(value)
            else:
                result.set_exception(failure)

    def _in_savepoint(self, connection: Connection, work: Callable[[A], Any]) -> tuple[Any, Exception | None]:
        run(connection, "SAVEPOINT piece")
        try:
            value = work(self._begin(connection))
        except (sqlite3.Error, DBAPIError, StoreDamaged):
            raise  # the transaction as a whole is lost
        except Exception as error:  # noqa: BLE001 - it is the asker's, who gets it
            run(connection, "ROLLBACK TO piece")
            run(connection, "RELEASE piece")
            return None, error
        run(connection, "RELEASE piece")
        return value, None
