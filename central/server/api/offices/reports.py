"""Reports on the page and as files, and the log of acts."""

from typing import Annotated, Any, Final

from litestar import Response, get
from litestar.params import QueryParameter

from central.base import clock
from central.base.database.transactions import reading
from central.insight.public.texts import Language
from central.insight.reports.month import count_month
from central.insight.reports.sheets import Report, report_of
from central.insight.reports.writers import Format
from central.offices import operations
from central.offices.drawing import draw
from central.offices.operators import Operator
from central.publishing.in_force import service_names
from central.server.api.offices import typed
from central.server.api.offices.access import PREFIX, download, language_of, operator_of, page
from central.server.api.offices.fleet import names_of
from central.server.api.server import Central, CentralDep
from common.web.problem import Problem
from common.web.request import HttpRequest

_ACTS: Final = 200


@get(f"{PREFIX}/reports", include_in_schema=False)
async def reports(
    request: HttpRequest,
    central: CentralDep,
    centre: Annotated[str, QueryParameter(description="A centre's code")] = "",
    month: Annotated[str, QueryParameter(description="YYYY-MM")] = "",
) -> Response[Any]:
    """Show a centre's month."""
    operator = await operator_of(request, central)
    language = language_of(request)
    async with reading(central.engine) as connection:
        names = {code: name for code, name in (await names_of(connection, language)).items() if operator.may_see(code)}
    of = typed.asked(typed.month, month, f"{clock.now().astimezone(clock.CENTRE_TIME):%Y-%m}")
    is_asked = bool(centre) and of.wrong is None
    report = await _report(central, operator, language, centre, of.value, names) if is_asked else None
    drawn = draw(
        "reports",
        language,
        operator,
        names=names,
        centre=centre[:60],
        month=of,
        report=report,
        refused=is_asked and report is None,
    )
    return page(drawn, 422 if of.wrong else 404 if is_asked and report is None else 200)


@get(f"{PREFIX}/reports/file", include_in_schema=False)
async def report_file(
    request: HttpRequest,
    central: CentralDep,
    centre: Annotated[str, QueryParameter(description="A centre's code")],
    month: Annotated[str, QueryParameter(description="YYYY-MM")],
    form: Annotated[Format, QueryParameter(description="json, csv, xlsx or pdf")] = "pdf",
) -> Response[Any]:
    """Return a centre's month as a file."""
    operator = await operator_of(request, central)
    language = language_of(request)
    async with reading(central.engine) as connection:
        names = await names_of(connection, language)
    report = await _report(central, operator, language, centre, month, names)
    if report is None:
        raise Problem(404, "not-found", "there is no report for this centre or month")
    written = await central.office_files.write_report(report, form)
    async with central.engine.begin() as connection:
        await operations.note(
            connection, operator.name, "report-taken", {"centre": centre, "month": month, "form": form}
        )
    return download(written, f"{centre}-{month}.{form}")


@get(f"{PREFIX}/operations", include_in_schema=False)
async def acts(request: HttpRequest, central: CentralDep) -> Response[Any]:
    """Show an administrator what was done, the newest first."""
    operator = await operator_of(request, central)
    if operator.role != "administrator":
        raise Problem(403, "administrators-only", "the log of acts is an administrator's to see")
    async with reading(central.engine) as connection:
        newest = (await connection.execute(operations.newest.limit(_ACTS))).all()
        names = await names_of(connection, language_of(request))
    return page(draw("operations", language_of(request), operator, acts=operations.acts_of(newest), names=names))


async def _report(
    central: Central, operator: Operator, language: Language, centre: str, month: str, names: dict[str, str]
) -> Report | None:
    if centre not in names or not operator.may_see(centre):
        return None
    try:
        counted = await count_month(central.engine, centre, month)
    except ValueError:
        return None
    async with reading(central.engine) as connection:
        services = await service_names(connection, centre)
    return report_of(counted, services, language, clock.now(), names[centre])
