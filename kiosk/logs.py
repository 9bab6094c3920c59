"""The kiosk's own log: one JSON object a line, on stderr and in a rotating file, with nothing personal in it.

Each line has an `action` (past tense, such as `ticket-accepted`), and where they apply the `visit` and the `device`.
`configure` is called once a process; every module then takes `structlog.get_logger()`.
"""

import json
import logging
import logging.handlers
import re
import sys
from collections.abc import Iterable, Iterator, MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

from common.machine.systemd import ForJournal, is_journal

_FILE_BYTES = 2_000_000
_FILE_COUNT = 10
_LONGEST_TEXT = 600  # characters of one value: what comes from outside is never logged unbounded
_LONGEST_TRACE = 6_000
# Second line of defence: nobody logs these on purpose, but an exception's text may hold what a reader sent.
# An id of ours (first branch) may end in twelve digits: it is matched so that it is kept.
_PERSONAL = re.compile(
    r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
    r"|SY1:[0-9A-Z $%*+\-./:]{8,}|(?<![0-9A-Fa-f.])[\d٠-٩]{11,19}(?![0-9A-Fa-f])|[%;]\d{12,19}[\^=]\S*"
)
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CLOCK_KEYS = {"boot_time_ns", "nanoseconds"}


def configure(component: str, folder: Path | None = None, *, stream: TextIO | None = None) -> None:
    """Set up logging for this process.

    Args:
        component: name of the process, such as `run` or `forward`; it names the file and stands in each line.
        folder: where `<component>.log` rotates (10 files of 2 MB); None for commands, which log to stderr only. One
            process a file: two that rotate the same file lose lines. As long as it can't be written, stderr is all.
        stream: where lines go besides; stderr unless given.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(stream or sys.stderr)]
    if folder is not None:
        path = folder / f"{component}.log"
        handlers.append(_LogFile(path, maxBytes=_FILE_BYTES, backupCount=_FILE_COUNT - 1, encoding="utf-8", delay=True))
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.EventRenamer("action"),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _named(component),
            structlog.processors.format_exc_info,
            mask_personal,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    if stream is None and is_journal(sys.stderr):
        handlers[0].setFormatter(ForJournal(formatter))
    root.setLevel(logging.INFO)
    for chatty in ("httpx2", "httpcore2", "aionut", "PIL", "asyncio", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


class _LogFile(logging.handlers.RotatingFileHandler):
    """The rotating file. A disk that takes nothing costs lines of it, never a traceback on the console for each.

    It is opened at the first line, and again at each one as long as that fails: a kiosk starts on a read-only disk.
    """

    def _open(self) -> Any:
        Path(self.baseFilename).parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """Let go of a line that the disk refuses: stderr has it. Anything else is a mistake of ours, and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)


def mask_personal(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask what looks like a national number, a card or an order code, and bound and clean every value.

    Raw bytes are never written: only their count.
    """
    for key, value in list(line.items()):
        if key not in _CLOCK_KEYS:
            line[key] = _clean(value, _LONGEST_TRACE if key == "exception" else _LONGEST_TEXT)
    return line


def _clean(value: Any, longest: int) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return "•••" if 10**10 <= abs(value) < 10**19 else value
    if isinstance(value, bytes | bytearray | memoryview):
        return f"{len(value)} bytes"
    if isinstance(value, dict):
        return {str(key)[:60]: _clean(part, longest) for key, part in list(value.items())[:30]}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(part, longest) for part in list(value)[:30]]
    text = _PERSONAL.sub(lambda found: found[1] or "•••", str(value)[: longest + 1])
    text = _UNSAFE.sub("\ufffd", text)
    return text if len(text) <= longest else text[:longest] + "…"


def _named(component: str) -> structlog.types.Processor:
    def add(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        line["component"] = component
        return line

    return add


def last_lines(folder: Path, count: int, *, contains: str = "", level: str | None = None) -> list[dict[str, Any]]:
    """Return the newest log lines of all components, newest first.

    Args:
        folder: the logs' folder.
        count: how many at most.
        contains: text that must stand in the line, without regard to case.
        level: only this level (`warning`, `error`...).
    """
    found = _lines(folder.glob("*.log"), contains.casefold(), level)
    return sorted(found, key=_time_of, reverse=True)[:count]


def day_of_lines(folder: Path, since: str) -> list[dict[str, Any]]:
    """Return the lines of all components that are not older than `since` (ISO 8601, UTC), of each newest two files."""
    paths = (path for name in ("*.log.1", "*.log") for path in folder.glob(name))
    return [line for line in _lines(paths, "", None) if _time_of(line) >= since]


def _lines(paths: Iterable[Path], contains: str, level: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in paths:
        try:
            found.extend(_matching(path, contains, level))
        except OSError as error:  # the others say what they can, and this one that it can't
            found.append({"action": "log-unreadable", "level": "error", "device": path.name, "reason": error.strerror})
    return found


def _time_of(line: dict[str, Any]) -> str:
    return str(line.get("time", ""))


def _matching(path: Path, contains: str, level: str | None) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for text in lines:
            if contains and contains not in text.casefold():
                continue
            try:
                line = json.loads(text)
            except ValueError:
                continue  # the last line of a power cut may be torn
            if isinstance(line, dict) and (level is None or line.get("level") == level):
                yield line
