"""Keys between a machine's folder and the database: what is fetched, what is only looked at, and one authority."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.keys import central_keys
from central.keys import centre_ca, sharing
from central.keys.key_file import NAME, KeyFile, KeyFileError
from central.keys.keys import KeyRing, kid_of

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ZONE = "centres.homs.example"


@pytest.fixture
async def connection(config: CentralConfig) -> AsyncIterator[AsyncConnection]:
    engine = open_engine(config.database_url)
    async with engine.begin() as opened:
        yield opened
    await engine.dispose()


@pytest.fixture
def other(config: CentralConfig, tmp_path: Path) -> KeyRing:
    """Another machine that has been given the key file and nothing else."""
    folder = tmp_path / "other" / "keys"
    folder.mkdir(parents=True)
    shutil.copy(config.keys_dir / NAME, folder / NAME)
    return KeyRing(folder)


def files(ring: KeyRing) -> set[str]:
    return {path.name for path in ring.folder.iterdir()}


async def test_keys_are_looked_at_without_a_word_in_the_folder_and_fetched_where_one_is_missing(
    connection: AsyncConnection, config: CentralConfig, other: KeyRing
) -> None:
    await sharing.authority(connection, config.keys_dir, NOW)  # it is no key that is fetched
    rows = (await connection.execute(select(central_keys).where(central_keys.c.purpose != "centre-ca"))).all()
    names = {f"{row.kid}.{row.purpose}" for row in rows}
    await sharing.check(connection, other)
    assert files(other) == {NAME}
    await sharing.fetch_missing(connection, other)
    assert files(other) == {NAME} | names
    own = KeyRing(config.keys_dir)
    assert [other.private_bytes(row.purpose, row.kid) for row in rows] == [
        own.private_bytes(row.purpose, row.kid) for row in rows
    ]
    (other.folder / NAME).write_text("00" * 32, encoding="ascii")
    await sharing.fetch_missing(connection, other)  # all are there: nothing is opened
    (other.folder / f"{rows[0].kid}.{rows[0].purpose}").unlink()
    for read in (sharing.check, sharing.fetch, sharing.fetch_missing):
        with pytest.raises(KeyFileError, match="is another central's: it does not open the"):
            await read(connection, KeyRing(other.folder))


async def test_a_key_file_is_made_for_an_empty_database_alone(connection: AsyncConnection, tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "new")
    await sharing.begin(connection, ring)
    assert not ring.folder.exists(), "keys in the database were wrapped by another file"
    await connection.execute(update(central_keys).values(purpose="centre-ca"))
    await sharing.begin(connection, ring)
    assert files(ring) == {NAME}


async def test_a_folders_key_is_wrapped_for_its_purpose_and_id(
    connection: AsyncConnection, config: CentralConfig
) -> None:
    ring = KeyRing(config.keys_dir)
    for row in await connection.execute(select(central_keys)):
        wrapped = sharing.wrapped(ring, row.purpose, row.kid)
        assert KeyFile(config.keys_dir).unwrap(row.purpose, row.kid, wrapped) == ring.private_bytes(
            row.purpose, row.kid
        )


async def test_the_authority_is_made_once_and_a_renewed_one_takes_its_place_on_every_machine(
    connection: AsyncConnection, config: CentralConfig, other: KeyRing
) -> None:
    async def kept() -> list[tuple[str, str]]:
        query = select(central_keys.c.kid, central_keys.c.public_key).where(central_keys.c.purpose == "centre-ca")
        return [(row.kid, row.public_key) for row in await connection.execute(query)]

    made = await sharing.authority(connection, config.keys_dir, NOW, ZONE)
    assert made.may_sign(f"hub.{ZONE}")
    assert await kept() == [(kid_of(made.pem.encode()), made.pem)]
    for _ in range(2):
        assert (await sharing.authority(connection, other.folder, NOW)).pem == made.pem
        assert (other.folder / centre_ca.FILE).read_bytes() == (config.keys_dir / centre_ca.FILE).read_bytes()
        (other.folder / centre_ca.FILE).write_bytes(b"of before")  # what is in the database holds
    later = NOW + timedelta(days=700)
    renewed = await sharing.renew_authority(connection, other.folder, later, None)
    assert renewed.certificate.not_valid_after_utc == later + centre_ca.CA_VALID
    assert (renewed.key.public_key(), renewed.may_sign(f"hub.{ZONE}")) == (made.key.public_key(), False)
    assert await kept() == [(kid_of(renewed.pem.encode()), renewed.pem)]
    assert (await sharing.authority(connection, config.keys_dir, NOW)).pem == renewed.pem
