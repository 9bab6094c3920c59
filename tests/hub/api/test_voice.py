"""GET /voice: each call has an announcement of its own, of its number and counter, and nothing else has one."""

import io
import wave
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.hub.api.conftest import Stage
from tests.hub.voice import address
from tests.hub.voice.recorded import clips_in, clips_of, record


@pytest.fixture(autouse=True)
def clips(stage: Stage, tmp_path: Path) -> Path:
    """Let the hub have a voice."""
    stage.serving.config = replace(stage.serving.config, hub=replace(stage.serving.config.hub, data_dir=str(tmp_path)))
    record(tmp_path / "clips")
    return tmp_path / "clips"


async def address_of(stage: Stage, seq: int) -> str:
    """Return where a call's announcement is, as a page would ask for it."""
    mark = (await stage.client.get("/v1/state")).json()["mark"]
    return address.address_of(mark, seq)


async def said(stage: Stage, seq: int) -> list[str]:
    """Name the clips of the announcement that is at a call's address."""
    found = await stage.client.get(await address_of(stage, seq))
    assert (found.status_code, found.headers["content-type"]) == (200, "audio/wav")
    with wave.open(io.BytesIO(found.content)) as file:
        return clips_in(memoryview(file.readframes(file.getnframes())).cast("h"))


async def test_each_call_is_said_with_its_own_number_and_counter(stage: Stage) -> None:
    calls = {}
    for counter in (1, 2):
        given = stage.hall.kiosks[0].give("A")
        stage.hall.press(counter, "open")
        calls[stage.hall.press(counter, "next")["call"]] = (given.number, counter)
    calls[stage.hall.press(1, "again")["call"]] = (calls[min(calls)][0], 1)
    assert len(calls) == 3
    for seq, call in calls.items():
        assert await said(stage, seq) == clips_of(*call)


async def test_without_its_clips_a_hub_still_sounds_the_chime(stage: Stage, clips: Path) -> None:
    stage.hall.kiosks[0].give("A")
    stage.hall.press(1, "open")
    seq = stage.hall.press(1, "next")["call"]
    (clips / "number.wav").unlink()
    assert await said(stage, seq) == []
    assert len((await stage.client.get(await address_of(stage, seq))).content) > 40_000


async def test_what_is_no_call_has_no_announcement(stage: Stage) -> None:
    stage.hall.kiosks[0].give("A")
    stage.hall.press(1, "open")
    seq = stage.hall.press(1, "next")["call"]
    for other in (seq - 1, seq + 1, 0, 10**17):  # the counter was opened; nothing happened since
        assert (await stage.client.get(await address_of(stage, other))).status_code == 404
    known = await address_of(stage, seq)
    folder = known.removesuffix(f"{seq}.wav")
    for name in (
        f"{folder}{seq}",
        f"{folder}{seq}.mp3",
        f"{folder}٤.wav",
        f"{folder}{seq}a.wav",
        f"{folder}{'9' * 40}.wav",
    ):
        assert (await stage.client.get(name)).status_code == 404, name
