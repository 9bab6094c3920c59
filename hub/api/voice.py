"""GET /voice/{mark}/{seq}.wav and /voice/script: one announcement, joined, and what a speaker has to record."""

from pathlib import Path
from typing import Annotated, Any, Final

from litestar import MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import PathParameter
from sqlalchemy import select

from hub.api.server.server import ServingDep
from hub.log import tables
from hub.pages.serving import SAFE, page
from hub.settings import HubConfig
from hub.voice.clips import Voice
from hub.voice.script import COUNTER_WORD, Clip, clips

_FOREVER: Final = "private, max-age=3600, immutable"


def voice_of(config: HubConfig) -> Voice:
    """Return the voice that the settings name."""
    return Voice(Path(config.data_dir) / config.voice.clips, config.voice.counter_word, english=config.voice.english)


@get("/voice/{mark:str}/{name:str}", summary="Hear one call, as WAV")
async def announcement(
    mark: Annotated[str, PathParameter(description="The log's mark, as the views have it")],
    name: Annotated[str, PathParameter(description="The call's seq and .wav")],
    serving: ServingDep,
) -> Response[bytes]:
    """Return the announcement of a call of this log: what a browser keeps of another one is never said for it."""
    seq = name.removesuffix(".wav")
    if not (name.endswith(".wav") and seq.isascii() and seq.isdigit() and len(seq) < 19):
        raise NotFoundException("an announcement is named by its call's seq, such as 17.wav")

    def work() -> bytes | None:
        columns = tables.events.c
        query = select(columns.number, columns.counter).where(
            columns.seq == int(seq), columns.kind.in_(("called", "called-again"))
        )
        with serving.hub.read() as look:
            if mark != look.life:
                return None
            row = look.connection.execute(query).one_or_none()
        return None if row is None else voice_of(serving.config).say(row.number, row.counter)

    said = await serving.run(work)
    if said is None:
        raise NotFoundException("there is no such call")
    return Response(said, headers={"Content-Type": "audio/wav", "Cache-Control": _FOREVER} | SAFE)


def _recorded(config: HubConfig) -> list[Clip]:
    return clips(config.voice.counter_word or COUNTER_WORD, english=config.voice.english)


@get("/voice/script", media_type=MediaType.HTML, include_in_schema=False)
async def script(serving: ServingDep) -> Response[Any]:
    """Serve what a speaker has to record, clip by clip, to be printed."""
    word = serving.config.voice.counter_word
    return page("script", "ar", clips=_recorded(serving.config), word=word)
