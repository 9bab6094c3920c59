"""Lines for journald: each with its priority before it (sd-daemon(3)), for `journalctl -p warning`."""

import logging
import os
from collections.abc import Callable, MutableMapping
from typing import Any, Final, TextIO

_LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40, "exception": 40, "critical": 50}


def is_journal(stream: TextIO | None) -> bool:
    """Return whether this stream goes to journald (`$JOURNAL_STREAM`, systemd.exec(5)); one that was closed is None."""
    if stream is None:
        return False
    try:
        there = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{there.st_dev}:{there.st_ino}"


def with_priority(level: int, line: str) -> str:
    """Return the line with the syslog priority of a level."""
    urgent = 2 if level >= logging.CRITICAL else 3
    priority = urgent if level >= logging.ERROR else 4 if level >= logging.WARNING else 6
    return f"<{priority}>{line}"


class ForJournal(logging.Formatter):
    """Writes what another formatter makes of a record, with its priority."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """Return the line with its syslog priority."""
        return with_priority(record.levelno, self._inner.format(record))


type Render = Callable[[Any, str, MutableMapping[str, Any]], str | bytes]


def renderer(render: Render, stream: TextIO) -> Render:
    """Return structlog's last processor for a stream: with priorities where journald reads it."""
    if not is_journal(stream):
        return render

    def rendered(logger: Any, method: str, line: MutableMapping[str, Any]) -> str:
        level = _LEVELS.get(str(line.get("level")), logging.INFO)
        return with_priority(level, str(render(logger, method, line)))

    return rendered


def configure_libraries(stream: TextIO) -> None:
    """Have libraries heard from warnings on, as plain lines: their own logs may hold statements and paths."""
    plain: logging.Formatter = logging.Formatter("%(levelname)s %(name)s %(message)s")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ForJournal(plain) if is_journal(stream) else plain)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
