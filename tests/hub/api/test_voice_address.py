"""A call's announcement is asked for by the mark of the log: what a browser keeps of another log is never its sound."""

from tests.hub.api.conftest import Stage


async def call(stage: Stage) -> int:
    await stage.tell(stage.hall.kiosks[0].ticket())
    session = await stage.session(1)
    await stage.press(1, session, {"press": "open"})
    return int((await stage.press(1, session, {"press": "next"})).json()["call"])


async def test_a_call_is_heard_under_the_mark_that_every_view_has(stage: Stage) -> None:
    seq = await call(stage)
    mark = (await stage.client.get("/v1/state")).json()["mark"]
    heard = await stage.client.get(f"/voice/{mark}/{seq}.wav")
    assert (heard.status_code, heard.headers["content-type"], heard.content[:4]) == (200, "audio/wav", b"RIFF")
    assert "immutable" in heard.headers["cache-control"]
    for nothing in (f"{mark}/{seq + 1}.wav", f"{mark}/x.wav", f"{mark}/{seq}", f"{seq}.wav", f"0/{seq}.wav"):
        assert (await stage.client.get(f"/voice/{nothing}")).status_code == 404, nothing


async def test_another_life_has_another_mark_and_no_old_address_is_heard(stage: Stage) -> None:
    seq, hub = await call(stage), stage.hall.hub
    marks = [(await stage.client.get("/v1/state")).json()["mark"]]
    hub.life = "another"  # as at each start
    marks.append((await stage.client.get("/v1/state")).json()["mark"])
    assert [(await stage.client.get(f"/voice/{mark}/{seq}.wav")).status_code for mark in marks] == [404, 200]
