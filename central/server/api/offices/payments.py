"""The accountant's page of a day and the cashier's page: forms over the acts of `offices.payments`."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter

from central.base import clock
from central.base.database.transactions import reading
from central.insight.receipts.parts import amount_of
from central.offices import operations, payments
from central.offices.drawing import draw
from central.offices.operators import Operator
from central.offices.payments import SUMS, differing, reason_of
from central.offices.payments_file import report_of_day
from central.payments.accounts.cash import CashRefused
from central.payments.accounts.day import Span
from central.payments.accounts.refunds import RefundRefused
from central.server.api.offices import typed
from central.server.api.offices.access import PREFIX, download, language_of, operator_of, page
from central.server.api.offices.acts import asks
from central.server.api.offices.fleet import names_of
from central.server.api.server import Central, CentralDep
from common.web.problem import Problem
from common.web.request import HttpRequest, western

_MOST_BYTES: Final = 1024
Form = RequestEncodingType.URL_ENCODED
Day = Annotated[str, QueryParameter(description="YYYY-MM-DD")]


@dataclass(slots=True)
class RefundTold:
    """What the button beside a refund sends."""

    payment: str = ""
    day: str = ""


@dataclass(slots=True)
class CashTold:
    """What the button beside a bill sends. `instead_of`: the try that the page named, which gives way."""

    payment: str = ""
    number: str = ""
    instead_of: str = ""


@get(f"{PREFIX}/payments", include_in_schema=False)
async def day_page(request: HttpRequest, central: CentralDep, day: Day = "") -> Response[Any]:
    """Show a day: what came at payers, what became of it, and whether all books say the same."""
    return await _day(request, central, await operator_of(request, central), day)


@post(f"{PREFIX}/payments/refund", include_in_schema=False, status_code=200, request_max_body_size=_MOST_BYTES)
async def refund(
    request: HttpRequest, data: Annotated[RefundTold, Body(media_type=Form)], central: CentralDep
) -> Response[Any]:
    """Propose a refund, or make what another operator has proposed."""
    operator = await asks(request, central)
    try:
        made = await payments.give_back(central.engine, central.ring, central.payments, operator, data.payment[:64])
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
    operator = await operator_of(request, central)
    language = language_of(request)
    span = _span(day)
    async with reading(central.engine) as connection:
        shown = await payments.read_day(connection, central.payments, operator, span, language)
        report = await report_of_day(connection, shown, span, language)
    written = await central.office_files.write_report(report, form)
    async with central.engine.begin() as connection:
        await operations.note(connection, operator.name, "books-taken", {"day": str(span.day), "form": form})
    return download(written, f"payments-{span.day}.{form}")


@get(f"{PREFIX}/cashier", include_in_schema=False)
async def cashier_page(
    request: HttpRequest,
    central: CentralDep,
    number: Annotated[str, QueryParameter(description="A bill number, or the payer's or biller's own")] = "",
) -> Response[Any]:
    """Show whether a bill is paid."""
    return await _cashier(request, central, await operator_of(request, central), number)


@post(f"{PREFIX}/cashier", include_in_schema=False, status_code=200, request_max_body_size=_MOST_BYTES)
async def take_cash(
    request: HttpRequest, data: Annotated[CashTold, Body(media_type=Form)], central: CentralDep
) -> Response[Any]:
    """Take cash for a bill that was not paid by telephone; one that might still be gives way, once it was named."""
    operator = await asks(request, central)
    try:
        async with central.engine.begin() as connection:
            instead_of = data.instead_of[:64] or None
            await payments.take_cash(connection, central.ring, operator, data.payment[:64], instead_of)
    except CashRefused as error:
        return await _cashier(request, central, operator, data.number, fault=error.why)
    central.payments.wake.set()
    return await _cashier(request, central, operator, data.number, is_taken=True)


async def _day(
    request: HttpRequest, central: Central, operator: Operator, day: str, *, told: str = "", fault: str = ""
) -> Response[Any]:
    language = language_of(request)
    of = typed.asked(typed.day, day, f"{clock.now().astimezone(clock.CENTRE_TIME):%F}")
    span = Span.of(of.value)
    async with reading(central.engine) as connection:
        found = await payments.read_day(connection, central.payments, operator, span, language)
    drawn = draw(
        "payments",
        language,
        operator,
        day=of,
        shown=found,
        differing=differing(found.lines),
        sums=SUMS,
        told=told,
        fault=fault[:300],
        reason_of=reason_of,
        amount=lambda value, line: amount_of(value, line.currency or "", line.pound, language),
        now=clock.now(),
    )
    return page(drawn, 422 if fault or of.wrong else 200)


async def _cashier(
    request: HttpRequest, central: Central, operator: Operator, number: str, *, fault: str = "", is_taken: bool = False
) -> Response[Any]:
    language, number = language_of(request), western(number)[:64]
    async with reading(central.engine) as connection:
        places = await names_of(connection, language)
        found = await payments.look_up(connection, operator, number, language, places)
    values = {"number": number, "found": found, "fault": fault, "is_taken": is_taken, "now": clock.now()}
    return page(draw("cashier", language, operator, **values), 422 if fault else 200)


def _span(day: str) -> Span:
    try:
        return Span.of(day or f"{clock.now().astimezone(clock.CENTRE_TIME):%F}")
    except ValueError as error:
        raise Problem(400, "no-such-day", str(error)) from error
