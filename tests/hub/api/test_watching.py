"""What the hub says of itself is for its own machine and for managers; the hall learns that it lives."""

from collections.abc import AsyncIterator
from typing import Any, cast

import httpx2
import pytest

from tests.hub.api.conftest import MANAGER_PIN, URL, Stage

PATHS = ("/metrics", "/schema/openapi.json")


@pytest.fixture
async def hall_client(stage: Stage) -> AsyncIterator[httpx2.AsyncClient]:
    """A machine in the hall's network."""
    app = cast("Any", stage.client._transport).app
    transport = httpx2.ASGITransport(app, client=("10.0.0.77", 40_000))
    async with httpx2.AsyncClient(transport=transport, base_url=URL) as client:
        yield client


async def test_this_machine_sees_all(stage: Stage) -> None:
    for path in PATHS:
        assert (await stage.client.get(path)).status_code == 200, path
    assert {"warnings", "alarms"} < set((await stage.client.get("/readyz")).json())


async def test_the_hall_learns_that_it_lives_and_a_clerk_no_more(stage: Stage, hall_client: httpx2.AsyncClient) -> None:
    for headers in ({}, await stage.session(1)):
        for path in PATHS:
            answer = await hall_client.get(path, headers=headers)
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/watchers-only"), path
        ready = await hall_client.get("/readyz", headers=headers)
        assert (ready.status_code, set(ready.json())) == (200, {"status", "leading", "term"})
    assert (await hall_client.get("/healthz")).status_code == 200


async def test_a_manager_sees_all_from_anywhere(stage: Stage, hall_client: httpx2.AsyncClient) -> None:
    session = await stage.session(None, MANAGER_PIN)
    for path in PATHS:
        assert (await hall_client.get(path, headers=session)).status_code == 200, path
    assert "warnings" in (await hall_client.get("/readyz", headers=session)).json()
