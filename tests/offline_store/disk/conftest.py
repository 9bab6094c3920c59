import pytest

from offline_store.disk import migration
from tests.kit import new_tables


@pytest.fixture(autouse=True)
def migrated_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here making a store is what is tried: as in service, by all migrations."""
    monkeypatch.setattr(migration, "upgrade", new_tables.migrate_store)
