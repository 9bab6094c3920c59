"""What a test's own requests ask a database for: what a server does by itself meanwhile is not theirs."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


@contextmanager
def asked_for(table: str) -> Iterator[list[str]]:
    """Collect the statements that name a table, of every engine of this process, while the caller's task runs them."""
    found: list[str] = []
    own = asyncio.current_task()

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if table in statement and asyncio.current_task() is own:
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)
