"""PUT /v1/services/{code}: a service stands still, or works again."""

from typing import Annotated, Literal

from litestar import Response, put
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct

from common.protocol.field import TimeOfDay
from common.web.request import HttpRequest
from hub.api.commits import Committed, committed, signed_commit
from hub.api.cookies import own_token
from hub.api.server.server import ServingDep
from hub.engine.act import Act
from hub.engine.centre import Interruption
from hub.engine.refusal import Refused
from hub.services.interrupting import Standing, interrupt, works_again
from hub.sessions import sessions


class ServiceWish(Struct, frozen=True, forbid_unknown_fields=True):
    """That a service stands still, for a reason, perhaps until a time of today; or that it works."""

    state: Literal["interrupted", "working"]
    reason: Annotated[str, Meta(max_length=64)] | None = None
    until: TimeOfDay | None = None


@put("/v1/services/{code:str}", request_max_body_size=4096, summary="Say that a service stands still, or works again")
async def set_service(
    request: HttpRequest,
    code: Annotated[str, PathParameter(description="The service's code")],
    data: JSONBody[ServiceWish],
    serving: ServingDep,
) -> Response[Standing]:
    """Note what a clerk whose counter serves it says, or a manager; said again it changes nothing."""
    token = own_token(request, serving)

    def work() -> Committed:
        with serving.hub.act() as act:
            session = sessions.find(act, token)
            act.clerk = session.clerk
            return committed(act, _said(act, code, data, session))

    said = await serving.run(work)
    serving.changes.note()
    return signed_commit(serving, said)


def _said(act: Act, code: str, wish: ServiceWish, session: sessions.Session) -> Standing:
    groups = None if session.role == "manager" else _groups_of(act, session.counter)
    if wish.state == "working":
        return works_again(act, code, session.clerk, groups)
    if wish.reason is None:
        raise Refused(422, "unknown-reason", "reason: why the service stands still is missing")
    return interrupt(act, code, Interruption(wish.reason, session.clerk, until=wish.until), groups)


def _groups_of(act: Act, counter: int | None) -> frozenset[str]:
    record = act.centre.counters.get(counter or 0)
    return frozenset() if record is None else frozenset(record.groups)
