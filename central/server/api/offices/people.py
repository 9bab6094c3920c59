"""People and codes: forms over the acts of `offices.people`. What is shown once is never in an address."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, PathParameter
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.transactions import reading
from central.offices import people, staff
from central.offices.drawing import draw
from central.offices.operators import Operator
from central.publishing.messages import STAFF_KINDS
from central.server.api.offices.access import PREFIX, SAFE, language_of, operator_of, page
from central.server.api.offices.acts import Act, asks, perform
from central.server.api.offices.fleet import machine_shown, names_of
from central.server.api.server import Central, CentralDep
from common.web.request import HttpRequest, western

_MOST_BYTES = 4096
Form = Annotated["Told", Body(media_type=RequestEncodingType.URL_ENCODED)]


@dataclass(slots=True)
class Told:
    """What a form of the page sends."""

    kind: str = ""
    name: str = ""
    centre: str = ""
    role: str = ""
    code: str = ""
    sure: str = ""
    address: str = ""
    number: str = ""
    language: str = ""
    mark: str = ""
    kinds: str | list[str] = ""  # one that is ticked comes as it is, several as a list


@get(f"{PREFIX}/people", include_in_schema=False)
async def people_page(request: HttpRequest, central: CentralDep) -> Response[Any]:
    """Show who may enter, call and enrol."""
    return await _drawn(request, central, await operator_of(request, central))


@post(f"{PREFIX}/people/appoint", include_in_schema=False, status_code=200, request_max_body_size=_MOST_BYTES)
async def appoint(request: HttpRequest, data: Form, central: CentralDep) -> Response[Any]:
    """Give somebody a new PIN and show it this once."""
    act = partial(people.appoint, kind=data.kind, name=data.name, centre=data.centre, role=data.role)
    return await _done(request, central, act, name=data.name.strip()[:100], what=data.kind)


@post(f"{PREFIX}/people/withdraw", include_in_schema=False, status_code=200, request_max_body_size=_MOST_BYTES)
async def withdraw(request: HttpRequest, data: Form, central: CentralDep) -> Response[Any]:
    """Take somebody's PIN back."""
    act = partial(people.withdraw, kind=data.kind, name=data.name, centre=data.centre)
    return await _done(request, central, act)


@post(f"{PREFIX}/people/code", include_in_schema=False, status_code=200, request_max_body_size=_MOST_BYTES)
async def code(request: HttpRequest, data: Form, central: CentralDep) -> Response[Any]:
    """Make a code for a new machine and show it this once; or take an open one back."""

    async def act(connection: AsyncConnection, operator: Operator) -> str | None:
        if data.code:
            await people.withdraw_code(connection, operator, data.code)
            return None
        return await people.make_code(connection, operator, data.centre, data.role)

    return await _done(request, central, act, what="code")


@post(f"{PREFIX}/people/staff", include_in_schema=False, status_code=200, request_max_body_size=_MOST_BYTES)
async def tell_staff(request: HttpRequest, data: Form, central: CentralDep) -> Response[Any]:
    """Have somebody of the staff told of what needs somebody; or no more, where the form names an entry."""

    async def act(connection: AsyncConnection, operator: Operator) -> str | None:
        vault = central.ring.vault()
        if data.mark:
            await staff.withdraw(connection, vault, operator, data.centre, data.mark)
        else:
            kinds = data.kinds.split() if isinstance(data.kinds, str) else data.kinds
            record = staff.as_record(western(data.number), data.name, kinds, data.language)
            await staff.add(connection, vault, operator, data.centre, record)
        return None

    return await _done(request, central, act)


@post(f"{PREFIX}/people/address", include_in_schema=False, status_code=200, request_max_body_size=_MOST_BYTES)
async def confirm_address(request: HttpRequest, data: Form, central: CentralDep) -> Response[Any]:
    """Confirm the address that a hub asked for."""
    act = partial(people.confirm_address, code_id=data.code, address=data.address)
    return await _done(request, central, act)


@post(f"{PREFIX}/kiosks/{{kiosk:str}}/revoke", include_in_schema=False, status_code=303, request_max_body_size=1024)
async def revoke(
    request: HttpRequest,
    kiosk: Annotated[str, PathParameter(description="A machine's id")],
    data: Form,
    central: CentralDep,
) -> Redirect:
    """Revoke a machine, where the box says that it is meant."""
    operator = await asks(request, central)
    async with central.engine.begin() as connection:
        found = await machine_shown(connection, operator, kiosk)
        if data.sure == "1":
            await people.revoke(connection, operator, found.kiosk, found.centre)
    return Redirect(f"{PREFIX}/kiosks/{found.kiosk}", status_code=303, headers=SAFE)


async def _done(
    request: HttpRequest, central: Central, act: Act[str | None], name: str = "", what: str = ""
) -> Response[Any]:
    """Do an act and draw the page with what came of it."""
    done = await perform(request, central, act)
    if done.fault is not None:
        return await _drawn(request, central, done.operator, refused=True)
    return await _drawn(request, central, done.operator, secret=done.value, name=name, what=what)


async def _drawn(
    request: HttpRequest,
    central: Central,
    operator: Operator,
    *,
    secret: str | None = None,
    refused: bool = False,
    name: str = "",
    what: str = "",
) -> Response[Any]:
    language = language_of(request)
    async with reading(central.engine) as connection:
        found = await people.read(connection, operator)
        names = await names_of(connection, language)
        told = await staff.read(connection, central.ring.vault(), operator)
    mine = {code: title for code, title in names.items() if operator.may_see(code)}
    values = {"people": found, "names": names, "centres": mine, "roles": people.ROLES, "machines": people.MACHINES}
    values |= {"told": told, "staff_kinds": STAFF_KINDS}
    shown = {"secret": secret, "refused": refused, "person": name, "what": what}
    return page(draw("people", language, operator, **values, **shown), 422 if refused else 200)
