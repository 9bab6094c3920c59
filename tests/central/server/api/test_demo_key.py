"""While a demonstration's key is believed, central says so, with the command that takes it back."""

import json

from central.commands import demo_app
from tests.central.conftest import Stage


async def warnings(stage: Stage) -> list[str]:
    found: list[str] = (await stage.client.get("/readyz")).json()["warnings"]
    return found


async def test_a_published_demo_key_is_named_until_it_is_taken_back(stage: Stage) -> None:
    assert await warnings(stage) == []
    async with stage.engine.begin() as connection:
        await demo_app.mint(connection, stage.ring, demo_app.Wanted("clearance", "homs-main"))
    (said,) = await warnings(stage)
    (path,) = stage.ring.folder.glob("*.demo-app")
    path.unlink()  # without its file too kiosks believe it
    assert await warnings(stage) == [said]
    command = said[said.index("{") : said.index("}") + 1]
    assert "central publish app-key-revoked" in said
    await stage.publish("app-key-revoked", json.loads(command))
    assert await warnings(stage) == []
