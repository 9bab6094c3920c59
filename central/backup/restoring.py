"""A copy restored: into a scratch database, to see that it can be; or as central's own, after the worst day."""

import io
import secrets
import sqlite3
import tarfile
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection

from central.backup import copies, dump
from central.backup.copies import Manifest
from central.backup.errors import BackupError
from central.backup.key import BackupKey
from central.backup.sealing import unseal
from central.base.config import CentralConfig
from central.base.database import migration
from central.base.database.engine import opened_engine
from central.base.database.transactions import reading
from central.base.tables.enrolled import kiosks
from central.base.tables.received import inbox
from central.feed import epoch as feed_epoch
from central.keys import key_chain
from central.keys.private_file import write_private
from central.server import preparation

SETTINGS_BROUGHT: Final = "brought-back"


async def count(config: CentralConfig) -> dict[str, int]:
    """Count what a copy must hold at least."""
    async with opened_engine(config.database_url) as engine, reading(engine) as connection:
        return await _rows(connection)


async def check(config: CentralConfig, copy: Path, key: BackupKey, *, migrates: bool = False) -> dict[str, int]:
    """Restore a copy into a scratch database, count what is in it, and delete that again.

    Args:
        config: whose scratch database.
        copy: a copy in its folder.
        key: what opens it.
        migrates: bring the scratch database to this version's tables first.

    Raises:
        BackupError: the copy is not central's, is damaged, or can't be restored.
        SchemaTooNewError: it was made by a newer central.
    """
    manifest = copies.read(copy, key)
    _check_dialect(config, manifest)
    _files(copy, key)
    async with _scratch(config) as scratch:
        _restore(scratch, copy, key)
        if migrates:
            async with opened_engine(scratch.database_url) as engine:
                await migration.migrate(engine)
        found = await count(scratch)
    if lacking := [name for name, least in manifest.rows.items() if found.get(name, 0) < least]:
        raise BackupError(f"the copy {copy} lacks {', '.join(lacking)}: {found}, not {manifest.rows}")
    return found


async def bring_back(config: CentralConfig, copy: Path, key: BackupKey, *, really: bool) -> Manifest:
    """Make a copy the central of this machine: keys, database, migrations, and a new feed epoch.

    Args:
        config: where to.
        copy: a copy in its folder.
        key: what opens it.
        really: what is there may be replaced; without it both must be empty.

    Raises:
        BackupError: the copy can't be used, or something is there already.
    """
    manifest = copies.read(copy, key)
    _check_dialect(config, manifest)
    dump.check_tools(config)
    files = _files(copy, key)
    is_empty = await _is_empty(config)
    if not really and not (is_empty and not (config.keys_dir.exists() and any(config.keys_dir.iterdir()))):
        raise BackupError("there is a central here already: stop it, and say --really to put the copy in its place")
    for name, content in files.items():
        room, _, path = name.partition("/")
        target = (config.keys_dir if room == "keys" else config.data_dir / SETTINGS_BROUGHT) / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(target, content)
    if not is_empty:
        await _empty(config)
    _restore(config, copy, key)
    await preparation.migrate(config)
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await say_restored(connection)
    return manifest


async def say_restored(connection: AsyncConnection) -> str:
    """Tell the kiosks that this database was set back, and which keys of central's there are; return the feed epoch."""
    epoch = await feed_epoch.begin(connection, feed_epoch.BY_COMMAND)
    await key_chain.announce(connection)
    return epoch


def _restore(config: CentralConfig, copy: Path, key: BackupKey) -> None:
    with (copy / copies.DATABASE).open("rb") as source, dump.restored(config) as target:
        unseal(source, target, key.sealing)


def _files(copy: Path, key: BackupKey) -> dict[str, bytes]:
    """Return keys and settings by their names in the copy, which lead nowhere else. Raises BackupError."""
    opened = io.BytesIO()
    with (copy / copies.FILES).open("rb") as source:
        unseal(source, opened, key.sealing)
    opened.seek(0)
    found = dict[str, bytes]()
    with tarfile.open(fileobj=opened) as tar:
        for entry in tar:
            content = tar.extractfile(entry) if entry.isfile() else None
            room, *path = entry.name.split("/")
            leads_out = not path or any(part in ("", ".", "..") for part in path)  # keys//etc/x is /etc/x to a path
            if content is None or room not in ("keys", "settings") or leads_out:
                raise BackupError(f"the copy holds {entry.name[:80]!r}, which is neither a key nor a setting")
            found[entry.name] = content.read()
    return found


def _check_dialect(config: CentralConfig, manifest: Manifest) -> None:
    here = "postgresql" if config.is_postgres else "sqlite"
    if manifest.dialect != here:
        raise BackupError(f"the copy is of a {manifest.dialect} database, and --database names a {here} one")


@asynccontextmanager
async def _scratch(config: CentralConfig) -> AsyncIterator[CentralConfig]:
    """Yield an empty database beside central's own, for as long as it is looked at."""
    if not config.is_postgres:
        with tempfile.TemporaryDirectory(dir=config.data_dir, prefix="scratch-") as folder:
            yield replace(config, database_url=f"sqlite+aiosqlite:///{folder}/scratch.db")
        return
    name = f"central_scratch_{secrets.token_hex(4)}"
    async with opened_engine(config.database_url) as engine, engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")  # CREATE DATABASE knows no transaction
        try:
            await connection.execute(text(f"CREATE DATABASE {name}"))
        except ProgrammingError as error:
            todo = "runuser -u postgres -- psql -c 'ALTER ROLE central CREATEDB'"
            raise BackupError(f"central may make no scratch database to restore into: {todo}") from error
        try:
            url = make_url(config.database_url).set(database=name).render_as_string(hide_password=False)
            yield replace(config, database_url=url)
        finally:
            await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


async def _is_empty(config: CentralConfig) -> bool:
    if not config.is_postgres:
        return _is_file_empty(Path(dump.sqlite_path(config)))
    async with opened_engine(config.database_url) as engine, reading(engine) as connection:
        asked = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        return not await connection.scalar(text(asked))


def _is_file_empty(path: Path) -> bool:
    if not path.exists() or not path.stat().st_size:
        return True
    with closing(sqlite3.connect(path)) as connection:
        return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


async def _empty(config: CentralConfig) -> None:
    if not config.is_postgres:
        _remove_sides(dump.sqlite_path(config))
        return
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))


def _remove_sides(path: str) -> None:
    """Remove what stands beside the file that is replaced: it is the former one's."""
    for side in ("-wal", "-shm"):
        Path(path + side).unlink(missing_ok=True)


async def _rows(connection: AsyncConnection) -> dict[str, int]:
    counted = {"kiosks": kiosks, "items": inbox}
    return {
        name: int(await connection.scalar(select(func.count()).select_from(table)) or 0)
        for name, table in counted.items()
    }
