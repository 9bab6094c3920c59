"""PUT /v1/boards/updates: a board that counts is heard, anybody else in the hall is not."""

from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from msgspec.structs import replace

from hub.engine.managing import name_board
from hub.place.boards import lacking
from tests.hub.api.conftest import URL, Stage

BOARD = "10.0.0.30"


@pytest.fixture(autouse=True)
def folder(stage: Stage, tmp_path: Path) -> None:
    given = stage.serving.config
    stage.serving.config = replace(given, hub=replace(given.hub, data_dir=str(tmp_path)))


async def tell(stage: Stage, address: str, **said: Any) -> int:
    app = cast("Any", stage.client._transport).app
    transport = httpx2.ASGITransport(app, client=(address, 40_000))
    async with httpx2.AsyncClient(transport=transport, base_url=URL) as client:
        return (await client.put("/v1/boards/updates", json=said)).status_code


def told(stage: Stage) -> dict[str, Any]:
    return dict(lacking(stage.serving.config.data_dir, stage.hall.clock.now()))


async def test_a_named_board_and_one_on_this_machine_are_heard(stage: Stage) -> None:
    assert await tell(stage, BOARD, lacks="timer") == 403
    assert told(stage) == {}, "a stranger says nothing of the hall's boards"
    with stage.serving.hub.act() as act:
        name_board(act, BOARD, counts=True)
    assert await tell(stage, BOARD, lacks="timer") == 204
    assert await tell(stage, "127.0.0.1", lacks="source") == 204
    assert told(stage) == {BOARD: "timer", "127.0.0.1": "source"}
    assert await tell(stage, BOARD, lacks=None) == 204
    assert told(stage) == {"127.0.0.1": "source"}


@pytest.mark.parametrize("said", [{}, {"lacks": "reboot"}, {"lacks": 1}, {"lacks": None, "more": 1}])
async def test_what_no_board_says_is_refused(stage: Stage, said: dict[str, Any]) -> None:
    assert await tell(stage, "127.0.0.1", **said) == 400
    assert told(stage) == {}
