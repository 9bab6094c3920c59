"""Damage that is met while programs run: every one of them lets go, and one opening salvages."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from common.machine.errors import StoreDamaged, StoreUnavailable
from offline_store import opening
from offline_store.disk import tables
from offline_store.disk.database import DATABASE
from offline_store.salvage import rebuild
from tests.offline_store.salvage.conftest import opened, take
from tests.offline_store.salvage.test_salvage import NOISE, PAGE, overwrite, zero_head


def test_damage_met_while_running_closes_the_store_for_every_process_until_it_is_opened_anew(used: Path) -> None:
    with opened(used) as store, opened(used) as other:
        store.condemn("a page did not read")
        for one in (store, other):
            with pytest.raises(StoreDamaged):
                take(one, "new")
    with opened(used) as store:
        assert take(store, "new")[0] == "B21000"


def test_a_page_that_breaks_while_running_is_noticed_by_sqlite_and_marked(used: Path) -> None:
    with opened(used) as store:
        with store.read() as connection:
            root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_schema WHERE name = 'counters'").scalar_one()
        store.engine.dispose()
        overwrite(used / DATABASE, (root - 1) * PAGE, NOISE)
        with pytest.raises(StoreDamaged):
            take(store, "new")
        assert (used / "store.damaged").exists()
    with opened(used) as store:
        assert take(store, "newer") == ("B21000", False)


def test_opening_waits_for_no_salvage_while_another_process_holds_the_store(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offline_store.opening.LOCK_TIMEOUT_S", 0.05)
    with opened(used) as store:
        store.condemn("test")
        with pytest.raises(StoreUnavailable, match="another process"):
            opened(used)
    with opened(used) as store, store.read() as connection:
        assert connection.execute(select(func.count()).select_from(tables.epochs)).scalar_one() == 2


def test_whoever_finds_damage_makes_the_others_let_go(used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offline_store.opening.LOCK_TIMEOUT_S", 0.05)
    with opened(used) as other:
        other.engine.dispose()
        zero_head(used / DATABASE)
        with pytest.raises(StoreUnavailable, match="another process"):
            opened(used)
        with pytest.raises(StoreDamaged), other.read():
            pass
    with opened(used) as store:
        assert take(store, "new")[0] == "B21000"


def test_one_opening_salvages_once_though_the_new_store_does_not_read_either(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "find_damage", lambda *_: "the disk is broken")
    with pytest.raises(StoreDamaged, match="has to look at the disk"):
        opened(used)
    assert [folder.name for folder in (used / rebuild.ASIDE).iterdir()] == ["0001"]
