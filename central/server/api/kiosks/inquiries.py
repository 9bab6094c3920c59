"""POST and GET /v1/kiosks/{kiosk}/inquiries: what somebody at a kiosk or desk asks and waits for."""

from typing import Annotated, Any

import structlog
from litestar import Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter, QueryParameter

from central.inquiries import asking
from central.inquiries.answerers import Asker
from central.inquiries.polls import TooManyPolls
from central.server.api.server import Central, CentralDep
from central.server.api.signing import kiosk_of, revoked, signed
from common.protocol.inquiry import MAX_INQUIRY_BYTES, Inquiry, InquiryAnswer
from common.web.problem import Problem, answers
from common.web.request import HttpRequest

_PENDING = {202: ResponseSpec(InquiryAnswer, generate_examples=False, description="It is asked for again")}

log = structlog.get_logger()


@post(
    "/v1/kiosks/{kiosk:str}/inquiries",
    status_code=200,
    request_max_body_size=MAX_INQUIRY_BYTES,
    responses=_PENDING | answers(400, 401, 403, 409, 413, 429, 503),
    summary="Ask what somebody waits for",
    operation_id="ask",
    tags=["kiosks"],
)
async def ask(
    request: HttpRequest,
    data: JSONBody[Inquiry],
    kiosk: Annotated[str, PathParameter(description="The id of the kiosk or hub")],
    central: CentralDep,
) -> Response[InquiryAnswer]:
    """Answer a question, or undo what was done under its id. One id has one answer."""
    row = await kiosk_of(request, central, kiosk)
    if row.revoked_at is not None:
        return await revoked(request, central, row.signing_kid)  # type: ignore[no-any-return]
    asker = Asker(row.id, row.centre, row.role)
    try:
        async with central.engine.begin() as connection:
            answer = await asking.ask(connection, central.ring, central.answerers, asker, data)
    except asking.Conflict as error:
        raise Problem(409, "inquiry-conflict", "this id has asked something else") from error
    except asking.TooMany as error:
        raise Problem(429, "too-many", "too many questions; wait a minute", {"Retry-After": "60"}) from error
    if answer.state == "pending":
        central.payments.wake.set()  # what is asked of others begins only now, when it is written down
    log.info("inquiry", kiosk=row.id, kind=data.kind, state=answer.state)
    return await _said(request, central, answer, row.signing_kid)


@get(
    "/v1/kiosks/{kiosk:str}/inquiries/{inquiry:uuid}",
    responses=_PENDING | answers(401, 403, 404, 429, 503),
    summary="Wait for an answer",
    operation_id="awaitAnswer",
    tags=["kiosks"],
)
async def wait(
    request: HttpRequest,
    kiosk: Annotated[str, PathParameter(description="The id of the kiosk or hub")],
    inquiry: Annotated[Any, PathParameter(description="The id of the question")],
    central: CentralDep,
    after: Annotated[int, QueryParameter(description="The revision that is known", ge=0, le=2**63 - 1)] = 0,
) -> Response[InquiryAnswer]:
    """Answer once there is news above a revision, at the latest after 25 s."""
    row = await kiosk_of(request, central, kiosk)
    if row.revoked_at is not None:
        return await revoked(request, central, row.signing_kid)  # type: ignore[no-any-return]
    try:
        found = await central.polls.wait(row.id, str(inquiry), after)
    except TooManyPolls as error:
        raise Problem(429, "too-many", "too many wait for an answer", {"Retry-After": "5"}) from error
    if found is None:
        raise Problem(404, "inquiry-unknown", "ask it again with its id")
    return await _said(request, central, asking.answer_of(central.ring, found), row.signing_kid)


async def _said(request: HttpRequest, central: Central, answer: InquiryAnswer, kid: str) -> Response[InquiryAnswer]:
    status = 202 if answer.state == "pending" else 200
    return await signed(request, central, answer, kid, status)  # type: ignore[no-any-return]
