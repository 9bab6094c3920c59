from pathlib import Path

import pytest

from central.base.config import driver_url, load_config
from common.machine.errors import ConfigError


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("postgresql://u:p@db/central", "postgresql+asyncpg://u:p@db/central"),
        ("postgres://db/central?sslmode=verify-full", "postgresql+asyncpg://db/central?ssl=verify-full"),
        ("sqlite:////srv/central.db", "sqlite+aiosqlite:////srv/central.db"),
    ],
)
def test_the_driver_is_ours_to_choose(written: str, used: str) -> None:
    assert driver_url(written) == used


@pytest.mark.parametrize(
    "database",
    [
        "mysql://u:secret@db/x", "central.db", "", "://", "postgresql://u:secret@[::1", "postgresql://u:secret@db:port/x",
        "sqlite:///", "sqlite:///:memory:",
    ],
)  # fmt: skip
def test_a_database_we_do_not_know_is_named_without_its_password(database: str) -> None:
    with pytest.raises(ConfigError, match="--database: found") as refused:
        driver_url(database)
    assert "secret" not in str(refused.value)


def test_without_a_database_it_is_sqlite_in_the_data_folder(tmp_path: Path) -> None:
    config = load_config(tmp_path / "data", None, public_url="https://central.example/kiosks/")
    assert config.database_url == f"sqlite+aiosqlite:///{tmp_path}/data/central.db"
    assert config.public_url == "https://central.example/kiosks"


@pytest.mark.parametrize("option", ["sslrootcert=/x", "command_timeout=5", "timeout=soon", "timeout=0"])
def test_an_option_that_the_driver_does_not_take_is_named(option: str) -> None:
    with pytest.raises(ConfigError, match="--database: found"):
        driver_url(f"postgresql://u:secret@db/central?{option}")
    assert driver_url("postgresql://db/central?timeout=5").endswith("?timeout=5")
