"""The fleet, a machine with its history, and the word that somebody is working on it."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, PathParameter, QueryParameter
from litestar.response import Redirect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.enrolled import centres
from central.insight.public.texts import Language
from central.kiosks import diagnosis, history
from central.kiosks.rollout import rollout
from central.kiosks.state import Need
from central.offices import fleet as fleets
from central.offices.drawing import draw
from central.offices.operators import Operator
from central.offices.upkeep import needs
from central.server.api.offices.access import PREFIX, SAFE, language_of, operator_of, page
from central.server.api.offices.acts import asks
from central.server.api.server import CentralDep
from common.web.problem import Problem
from common.web.request import HttpRequest


@dataclass(slots=True)
class Mute:
    """What the button sends: 1 begins, 0 ends."""

    on: str


@get(f"{PREFIX}/fleet", include_in_schema=False)
async def fleet(
    request: HttpRequest,
    central: CentralDep,
    centre: Annotated[str, QueryParameter(description="A centre's code")] = "",
    need: Annotated[str, QueryParameter(description="A state's name")] = "",
    number: Annotated[str, QueryParameter(name="page", description="From 1 on")] = "1",
) -> Response[Any]:
    """Show who needs somebody first."""
    operator = await operator_of(request, central)
    language = language_of(request)
    wanted = Need[need] if need in Need.__members__ else None
    async with reading(central.engine) as connection:
        found = await fleets.read_fleet(
            connection, operator, centre=centre[:60] or None, need=wanted, page=_page(number)
        )
        names = await names_of(connection, language)
        version = await rollout.described(connection) if operator.centres is None else None
        stuck = await needs.stuck(connection) if operator.centres is None else []
    return page(
        draw(
            "fleet",
            language,
            operator,
            fleet=found,
            names=names,
            now=clock.now(),
            needs=list(Need),
            centre=centre[:60],
            need=wanted,
            version=version,
            stuck=[one.row(language) for one in stuck],
        )
    )


@get(f"{PREFIX}/kiosks/{{kiosk:str}}", include_in_schema=False)
async def machine(
    request: HttpRequest, kiosk: Annotated[str, PathParameter(description="A machine's id")], central: CentralDep
) -> Response[Any]:
    """Show one machine and what changed about it."""
    operator = await operator_of(request, central)
    language = language_of(request)
    async with reading(central.engine) as connection:
        found = await machine_shown(connection, operator, kiosk)
        changes = await history.changes(connection, kiosk)
        log = await diagnosis.read(connection, kiosk)
        names = await names_of(connection, language)
    return page(draw("kiosk", language, operator, machine=found, changes=changes, log=log, names=names))


@post(f"{PREFIX}/kiosks/{{kiosk:str}}/mute", include_in_schema=False, status_code=303, request_max_body_size=1024)
async def mute(
    request: HttpRequest,
    kiosk: Annotated[str, PathParameter(description="A machine's id")],
    data: Annotated[Mute, Body(media_type=RequestEncodingType.URL_ENCODED)],
    central: CentralDep,
) -> Redirect:
    """Say that somebody is working on a machine, or no longer."""
    operator = await asks(request, central)
    if not operator.may_act:
        raise Problem(403, "readers-only-read", "this name may look and change nothing; ask an administrator")
    async with central.engine.begin() as connection:
        found = await machine_shown(connection, operator, kiosk)
        await fleets.mute(connection, operator, found, is_on=data.on == "1")
    return Redirect(f"{PREFIX}/kiosks/{found.kiosk}", status_code=303, headers=SAFE)


async def machine_shown(connection: AsyncConnection, operator: Operator, kiosk: str) -> fleets.Machine:
    """Return a machine that an operator may see. Raises Problem 404."""
    found = await fleets.find_machine(connection, operator, kiosk)
    if found is None:
        raise Problem(404, "not-found", "there is no such machine, or it is not yours to see")
    return found


async def names_of(connection: AsyncConnection, language: Language) -> dict[str, str]:
    """Return each centre's name in this language, by its code."""
    name = centres.c.name_ar if language == "ar" else centres.c.name_en
    rows = await connection.execute(select(centres.c.code, name.label("name")).order_by(centres.c.code))
    return {row.code: row.name or row.code for row in rows}


async def centre_shown(
    connection: AsyncConnection, language: Language, operator: Operator, centre: str
) -> tuple[dict[str, str], str]:
    """Return the centres that an operator may choose among, and the chosen one: empty for all, where all are theirs."""
    names = await names_of(connection, language)
    mine = {code: name for code, name in names.items() if operator.may_see(code)}
    if centre not in mine and (centre or operator.centres is not None):
        centre = next(iter(mine), "")
    return mine, centre


def _page(number: str) -> int:
    return int(number) if number.isdecimal() and len(number) < 6 else 1
