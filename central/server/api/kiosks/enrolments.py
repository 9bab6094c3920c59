"""POST /v1/enrolments: a one-time code against a place in a centre."""

from litestar import Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from central.insight.visits import projection
from central.keys.keys import is_public_key
from central.kiosks import enrolment
from central.kiosks.enrolment import EnrolmentRefused, TooManyWrongCodes
from central.kiosks.hub.hubs import NoAddress
from central.server.api.server import CentralDep
from central.server.api.signing import caller, signed
from common.protocol.envelope import EnrolmentAnswer, EnrolmentPending, EnrolmentRequest
from common.web.problem import Problem, answers
from common.web.request import HttpRequest
from common.web.signing import verify

# A code that is used or a key that is revoked cannot be helped by trying again; a wrong code can be typed again.
CONFLICTS = ("code-used", "key-revoked", "key-used", "wrong-role", "no-digit-left")
_PENDING = ResponseSpec(EnrolmentPending, generate_examples=False, description="An administrator confirms the address")


@post(
    "/v1/enrolments",
    status_code=200,
    request_max_body_size=16 * 1024,
    responses={202: _PENDING} | answers(400, 401, 409, 413, 422, 429, 503),
    summary="Enrol a kiosk",
    operation_id="enrol",
    tags=["kiosks"],
)
async def enrol(
    request: HttpRequest, data: JSONBody[EnrolmentRequest], central: CentralDep
) -> Response[EnrolmentAnswer]:
    """Enrol the key that signed this request. The same code and key get the same answer again.

    A hub outside the city's own networks is answered 202 until an administrator has confirmed its address.
    """
    if not is_public_key(data.public_key):
        raise Problem(400, "bad-request", "public_key: expected base64 of the 32 bytes of an Ed25519 key")
    await verify(request, central.config.public_url, data.public_key)
    await projection.catch_up(central.engine)  # so that the numbers of today are known, whose digits nobody gets
    try:
        address = caller(request, central.config.public_url)
        answer = await enrolment.enrol(central.engine, data, address, central.config.hub_zone)
    except TooManyWrongCodes as error:
        raise Problem(
            429, "too-many-wrong-codes", "too many wrong codes; wait a minute", {"Retry-After": "60"}
        ) from error
    except NoAddress as error:
        raise Problem(422, "no-address", str(error)) from error
    except EnrolmentRefused as error:
        raise Problem(409 if error.code in CONFLICTS else 422, error.code, str(error)) from error
    status = 202 if isinstance(answer, EnrolmentPending) else 200
    return await signed(request, central, answer, answer.signing_keys[0].kid, status)  # type: ignore[no-any-return]
