"""Whether rules are kept is judged by what was deleted: neither by a timer, nor by the rules alone."""

from datetime import timedelta
from pathlib import Path

import pytest

from central.base import clock
from central.base.database.transactions import reading
from central.offices.retention import keeping, rules
from central.offices.retention.kinds import Retained, kinds
from central.offices.upkeep import needs
from central.offices.upkeep.todo import Todo
from tests.central.conftest import Stage

DAYS = 400


async def of_retention(stage: Stage) -> list[Todo]:
    async with reading(stage.engine) as connection:
        found = await needs.what_needs_somebody(connection, stage.config, Path("/no/certificate.pem"))
    return [one for one in found if one.kind.startswith("retention")]


def named(found: Todo) -> list[str]:
    return [kind for _, kind in found.said]


async def set_all(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        for kind in kinds():
            await rules.set_days(connection, kind, DAYS, "Rana")


async def keep(stage: Stage, *, but: str = "", really: bool = True) -> None:
    for kind in kinds():
        if kind != but:
            await keeping.keep(stage.engine, kind, DAYS, really=really, operator="console")


def later(monkeypatch: pytest.MonkeyPatch, **passed: float) -> None:
    moment = clock.now() + timedelta(**passed)
    monkeypatch.setattr(clock, "now", lambda: moment)


async def test_what_no_night_deleted_is_named_with_when_it_was_kept_last(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch)
    await set_all(stage)
    last = clock.as_text(clock.now())
    later(monkeypatch, hours=36)
    assert await of_retention(stage) == []
    later(monkeypatch, seconds=1)
    (found,) = await of_retention(stage)
    assert (found.kind, found.since, named(found)) == ("retention-late", last, list(kinds()))
    await keep(stage, but="claims")
    (found,) = await of_retention(stage)
    assert (found.since, named(found)) == (last, ["claims"])
    await keep(stage, really=False)
    assert len(await of_retention(stage)) == 1, "it was counted, and nothing was deleted"
    await keep(stage)
    assert await of_retention(stage) == []


async def test_a_night_that_broke_off_has_kept_nothing_of_what_it_began(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_all(stage)
    later(monkeypatch, hours=37)

    def broken(*_: object) -> object:
        raise OSError("the database went")

    known = {**kinds(), "claims": Retained("claims", 60, broken, {})}  # type: ignore[arg-type]
    monkeypatch.setattr(keeping, "kinds", lambda: known)
    with pytest.raises(OSError, match="went"):
        await keep(stage)
    (found,) = await of_retention(stage)
    assert named(found)[0] == "claims"
    assert "personal" not in named(found), "what came before it was kept"


async def test_a_rule_that_was_taken_back_is_late_no_more(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await set_all(stage)
    later(monkeypatch, hours=37)
    async with stage.engine.begin() as connection:
        for kind in kinds():
            await rules.set_days(connection, kind, None, "Rana")
    assert [one.kind for one in await of_retention(stage)] == ["retention"]
