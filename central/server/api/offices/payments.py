"""The accountant's page of a day and the cashier's page: forms over the acts of `offices.payments`."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import reading
from central.insight.receipts.parts import amount_of
from central.offices import operations, payments
from central.offices.drawing import draw
from central.offices.operators import Operator
from central.offices.payments import SUMS, differing, reason_of
from central.offices.payments_file import report_of_day
from central.offices.people import NotAllowed
from central.payments.accounts.cash import CashRefused
from central.payments.accounts.day import Span
from central.payments.accounts.refunds import RefundRefused
from central.server.api.offices.access import PREFIX, SAFE, language_of, page, to_login, who
from central.server.api.offices.acts import asks, not_allowed
from central.server.api.server import Central, CentralDep
from central.server.office_files.process import JobFailed
from common.web.problem import Problem
from common.web.request import HttpRequest

_MOST_BYTES: Final = 1024
_KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Form = RequestEncodingType.URL_ENCODED
Day = Annotated[str, QueryParameter(description="YYYY-MM-DD")]


@dataclass(slots=True)
class RefundTold:
    """What the button beside a refund sends."""

    payment: str = ""
    day: str = ""


@dataclass(slots=True)
class CashTold:
    """What the button beside a bill sends."""

    payment: str = ""
    number: str = ""


@get(f"{PREFIX}/payments", include_in_schema=False)
async def day_page(request: HttpRequest, central: CentralDep, day: Day = "") -> Response[Any]:
    """Show a day: what came at payers, what became of it, and whether all books say the same."""
    operator = await who(request, central)
    return to_login() if operator is None else await _day(request, central, operator, day)


@post(f"{PREFIX}/payments/refund", include_in_schema=False, status_code=200, request_max_body_size=_MOST_BYTES)
async def refund(
    request: HttpRequest, data: Annotated[RefundTold, Body(media_type=Form)], central: CentralDep
) -> Response[Any]:
    """Propose a refund, or make what another operator has proposed."""
    operator = await asks(request, central)
    if not isinstance(operator, Operator):
        return operator
    try:
        made = await payments.give_back(central.engine, central.ring, central.payments, operator, data.payment[:64])
    except NotAllowed as error:
        raise not_allowed() from error
    except RefundRefused as error:
        return await _day(request, central, operator, data.day, fault=str(error))
    return await _day(request, central, operator, data.day, told=made.waits_for or "made")


@get(f"{PREFIX}/payments/file", include_in_schema=False)
async def day_file(
    request: HttpRequest,
    central: CentralDep,
    day: Day = "",
    form: Annotated[Literal["csv", "xlsx"], QueryParameter(description="csv or xlsx")] = "xlsx",
) -> Response[Any]:
    """Return a day as a file; no subscriber's number or name stands in it."""
    operator = await who(request, central)
    if operator is None:
        return to_login()
    language = language_of(request)
    span = _span(day)
    async with reading(central.engine) as connection:
        try:
            shown = await payments.read_day(connection, central.payments, operator, span, language)
        except NotAllowed as error:
            raise not_allowed() from error
        report = await report_of_day(connection, shown, span, language)
    try:
        written = await central.office_files.write_report(report, form)
    except JobFailed as error:
        raise Problem(503, "file-not-made", str(error), {"Retry-After": "60"}) from error
    async with central.engine.begin() as connection:
        await operations.note(connection, operator.name, "books-taken", {"day": str(span.day), "form": form})
    named = f'attachment; filename="payments-{span.day}.{form}"'
    return Response(written, media_type=_KINDS[form], headers=SAFE | {"Content-Disposition": named})


@get(f"{PREFIX}/cashier", include_in_schema=False)
async def cashier_page(
    request: HttpRequest,
    central: CentralDep,
    number: Annotated[str, QueryParameter(description="A bill number, or the payer's or biller's own")] = "",
) -> Response[Any]:
    """Show whether a bill is paid."""
    operator = await who(request, central)
    return to_login() if operator is None else await _cashier(request, central, operator, number)


@post(f"{PREFIX}/cashier", include_in_schema=False, status_code=200, request_max_body_size=_MOST_BYTES)
async def take_cash(
    request: HttpRequest, data: Annotated[CashTold, Body(media_type=Form)], central: CentralDep
) -> Response[Any]:
    """Take cash for a bill that was not paid by telephone."""
    operator = await asks(request, central)
    if not isinstance(operator, Operator):
        return operator
    try:
        async with central.engine.begin() as connection:
            await payments.take_cash(connection, operator, data.payment[:64])
    except NotAllowed as error:
        raise not_allowed() from error
    except CashRefused as error:
        return await _cashier(request, central, operator, data.number, fault=error.why)
    central.payments.wake.set()
    return await _cashier(request, central, operator, data.number, is_taken=True)


async def _day(
    request: HttpRequest, central: Central, operator: Operator, day: str, *, told: str = "", fault: str = ""
) -> Response[Any]:
    language, span = language_of(request), _span(day)

    async def shown(connection: AsyncConnection) -> payments.DayOfMoney:
        try:
            return await payments.read_day(connection, central.payments, operator, span, language)
        except NotAllowed as error:
            raise not_allowed() from error

    async with reading(central.engine) as connection:
        found = await shown(connection)
    drawn = draw(
        "payments",
        language,
        operator,
        day=str(span.day),
        shown=found,
        differing=differing(found.lines),
        sums=SUMS,
        told=told,
        fault=fault[:300],
        reason_of=reason_of,
        amount=lambda value, line: amount_of(value, line.currency or "", line.pound, language),
        now=clock.now(),
    )
    return page(drawn, 422 if fault else 200)


async def _cashier(
    request: HttpRequest, central: Central, operator: Operator, number: str, *, fault: str = "", is_taken: bool = False
) -> Response[Any]:
    language = language_of(request)
    async with reading(central.engine) as connection:
        try:
            found = await payments.look_up(connection, operator, number, language)
        except NotAllowed as error:
            raise not_allowed() from error
    values = {"number": number.strip()[:64], "found": found, "fault": fault, "is_taken": is_taken, "now": clock.now()}
    return page(draw("cashier", language, operator, **values), 422 if fault else 200)


def _span(day: str) -> Span:
    try:
        return Span.of(day or f"{clock.now().astimezone(clock.CENTRE_TIME):%F}")
    except ValueError as error:
        raise Problem(400, "no-such-day", str(error)) from error
