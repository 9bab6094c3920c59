"""GET /healthz, /readyz and /metrics: for the machine that watches central."""

from typing import Literal

from litestar import MediaType, Response, get
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.transactions import reading
from central.base.tables.keys import app_keys
from central.kiosks import contacts
from central.offices.upkeep import copies, needs
from central.server.api import metrics
from central.server.api.server import CentralDep
from common.protocol.feed_message import DEMO_KEY_UNTIL
from common.web.problem import answers


class Health(Struct, frozen=True):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(Struct, frozen=True):
    """Whether work is taken, what an operator should look at, and the counts behind it."""

    status: Literal["ready"]
    warnings: list[str]
    conditions: dict[str, int]


@get("/healthz", summary="Is the process alive", operation_id="isAlive", tags=["operation"])
async def healthz() -> Health:
    """Answer without touching anything."""
    return Health()


@get("/readyz", responses=answers(503), summary="Is work taken", operation_id="isReady", tags=["operation"])
async def readyz(central: CentralDep) -> Readiness:
    """Reach the database and say what needs an operator; 503 while the database is away."""
    async with reading(central.engine) as connection:
        counts = await metrics.conditions(connection)
        demo = await demo_keys(connection)
    return Readiness("ready", warnings(demo, counts), counts)


@get(
    "/metrics",
    media_type=MediaType.TEXT,
    responses=answers(503),
    summary="Prometheus metrics",
    operation_id="readMetrics",
    tags=["operation"],
)
async def metrics_page(central: CentralDep) -> Response[str]:
    """The counters of this process and the state of the database, in Prometheus' text format."""
    async with reading(central.engine) as connection:
        counts = await metrics.conditions(connection)
        machines, backup = await contacts.in_service(connection), await copies.made_at(connection)
        todos = await needs.what_needs_somebody(connection, central.config)
    page = central.metrics.page(counts, machines=machines, backup=backup, needs=todos).decode()
    return Response(page, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


async def demo_keys(connection: AsyncConnection) -> list[str]:
    """The ids of published demo keys that are not revoked: with or without the file, kiosks believe them."""
    is_demo = app_keys.c.valid_from == 0, app_keys.c.valid_until == DEMO_KEY_UNTIL
    return list(await connection.scalars(select(app_keys.c.kid).where(*is_demo, app_keys.c.revoked_at.is_(None))))


def warnings(demo: list[str], counts: dict[str, int]) -> list[str]:
    """What an operator should look at, in plain words."""
    found = [
        f"the demo key {kid} of the citizen's app is published: who has it mints paid orders. Take it back: "
        f"""echo '{{"kid":"{kid}"}}' | central publish app-key-revoked -"""
        for kid in demo
    ]
    if counts["unsealable"]:
        found.append(f"{counts['unsealable']} items do not unseal: was a sealing key lost?")
    if counts["chain_gaps"]:
        found.append(f"{counts['chain_gaps']} chains have a gap: items are missing between others that came")
    if counts["findings"] > counts["unsealable"]:
        found.append("some items do not fit their chain or their code: see `central findings`")
    return found
