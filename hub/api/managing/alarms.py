"""POST /v1/alarms/{digits}/taken: a manager sees to an alarm, and nobody is told of it any more."""

from typing import Annotated

from litestar import Response, post
from litestar.params import PathParameter
from msgspec import Struct

from common.web.request import HttpRequest
from hub.api.managing.wishes import managed
from hub.api.server.server import ServingDep
from hub.engine.act import Act
from hub.engine.refusal import Refused
from hub.messages.alarms import take


class AlarmTaken(Struct, frozen=True):
    """Who sees to an alarm, by the clerk's id."""

    digits: str
    taken_by: str


@post("/v1/alarms/{digits:str}/taken", status_code=200, summary="Say that somebody sees to an alarm")
async def take_alarm(
    request: HttpRequest,
    digits: Annotated[str, PathParameter(description="The alarm's two digits")],
    serving: ServingDep,
) -> Response[AlarmTaken]:
    """Note who sees to what staff was told of."""

    def work(act: Act) -> AlarmTaken:
        by = act.clerk or ""
        if not take(act.connection, digits, by, act.stamp.wall_time):
            raise Refused(404, "no-such-alarm", "no alarm with these digits stands")
        return AlarmTaken(digits, by)

    return await managed(request, serving, work)
