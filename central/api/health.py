"""GET /healthz, /readyz and /metrics: for the machine that watches central."""

from typing import Literal

from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from msgspec import Struct

from central import database, metrics
from central.api.problem import answers
from central.api.server import Central


class Health(Struct, frozen=True):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(Struct, frozen=True):
    """Whether work is taken, what an operator should look at, and the counts behind it."""

    status: Literal["ready"]
    warnings: list[str]
    conditions: dict[str, int]


@get("/healthz", summary="Is the process alive")
async def healthz() -> Health:
    """Answer without touching anything."""
    return Health()


@get("/readyz", responses=answers(503), summary="Is work taken")
async def readyz(central: NamedDependency[SkipValidation[Central]]) -> Readiness:
    """Reach the database and say what needs an operator; 503 while the database is away."""
    async with database.reading(central.engine) as connection:
        counts = await metrics.conditions(connection)
    return Readiness("ready", warnings(central, counts), counts)


@get("/metrics", media_type=MediaType.TEXT, responses=answers(503), summary="Prometheus metrics")
async def metrics_page(central: NamedDependency[SkipValidation[Central]]) -> Response[str]:
    """The counters of this process and the state of the database, in Prometheus' text format."""
    async with database.reading(central.engine) as connection:
        counts = await metrics.conditions(connection)
    page = central.metrics.page(counts).decode()
    return Response(page, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


def warnings(central: Central, counts: dict[str, int]) -> list[str]:
    """What an operator should look at, in plain words."""
    found = []
    if central.ring.has_demo_key():
        found.append("the demo key of the citizen's app is in use: anybody with this data folder can mint order codes")
    if counts["unsealable"]:
        found.append(f"{counts['unsealable']} items do not unseal: was a sealing key lost?")
    if counts["chain_gaps"]:
        found.append(f"{counts['chain_gaps']} chains have a gap: items are missing between others that came")
    if counts["findings"] > counts["unsealable"]:
        found.append("some items do not fit their chain or their code: see `central findings`")
    return found
