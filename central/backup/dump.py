"""The database as a stream and back, by its own tools: SQLite's backup, PostgreSQL's pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

from sqlalchemy.engine import URL, make_url

from central.backup.errors import BackupError
from central.base.config import CentralConfig

_LIBPQ: Final = {"ssl": "sslmode", "timeout": "connect_timeout"}
"""asyncpg's names of a URL's options that libpq calls otherwise."""


@contextmanager
def dumped(config: CentralConfig) -> Iterator[BinaryIO]:
    """Read a dump of the database as it stands at one moment, while it is written on.

    Raises:
        BackupError: the tool is missing or fails; also at the end, where what was read is then not whole.
    """
    if config.is_postgres:
        with _tool("pg_dump", config, "--format=custom", stdout=subprocess.PIPE) as process:
            yield cast("BinaryIO", process.stdout)
        return
    with tempfile.NamedTemporaryFile(dir=config.data_dir, prefix="backup-") as file:
        with closing(sqlite3.connect(sqlite_path(config))) as source, closing(sqlite3.connect(file.name)) as target:
            source.backup(target)
        yield cast("BinaryIO", file)


def check_tools(config: CentralConfig) -> None:
    """Raise BackupError where what restores a copy is not installed: before anything is taken away for it."""
    if config.is_postgres and shutil.which("pg_restore") is None:
        raise BackupError("pg_restore is missing: apt install postgresql-client")


@contextmanager
def restored(config: CentralConfig) -> Iterator[BinaryIO]:
    """Take a dump and make an empty database of it.

    Raises:
        BackupError: the tool is missing or fails; nothing of the dump then stands.
    """
    if config.is_postgres:
        words = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        with _tool("pg_restore", config, *words, stdin=subprocess.PIPE) as process:
            yield cast("BinaryIO", process.stdin)
        return
    path = Path(sqlite_path(config))
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix="backup-", delete=False) as file:
        try:
            yield cast("BinaryIO", file)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def sqlite_path(config: CentralConfig) -> str:
    """Return the file of a SQLite database."""
    return str(make_url(config.database_url).database)


@contextmanager
def _tool(name: str, config: CentralConfig, *words: str, **pipes: int) -> Iterator[subprocess.Popen[bytes]]:
    program = shutil.which(name)
    if program is None:
        raise BackupError(f"{name} is missing on this machine: apt install postgresql-client")
    url = make_url(config.database_url)
    options = {_LIBPQ.get(key, key): value for key, value in url.query.items()}
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, options)
    surroundings = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})  # not where `ps` shows it
    command = [program, f"--dbname={plain.render_as_string()}", "--no-password", *words]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=surroundings, stderr=said, **pipes)  # type: ignore[call-overload]  # noqa: S603 - no shell, and words of our own
        try:
            yield process
            if process.stdin is not None:
                process.stdin.close()
            status = process.wait()
        except BrokenPipeError:
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None and not pipe.closed:
                    _shut(pipe)
        if status:
            said.seek(0)
            lines = said.read(4000).decode(errors="replace").strip().splitlines() or ["no reason given"]
            raise BackupError(f"{name}: {lines[0][:300]}")


def _shut(pipe: BinaryIO) -> None:
    try:
        pipe.close()
    except BrokenPipeError:  # it ended before it had read all
        return
