"""GET /healthz, /readyz and /metrics: for the machine that watches the hub."""

from typing import Any, Literal

from litestar import MediaType, Response, get
from msgspec import Struct

from common.web.request import HttpRequest
from hub.api.server.server import ServingDep
from hub.api.watching import may_watch
from hub.engine.act import Look
from hub.engine.opening import beat
from hub.engine.status import over_issuing
from hub.takeover.holders import follower_silent_s, holders, silent_hubs
from offline_store.alarms import list_alarms


class Health(Struct, frozen=True):
    """The process answers."""

    status: Literal["ok"] = "ok"


@get("/healthz", summary="Is the process alive")
async def healthz() -> Health:
    """Answer without touching anything."""
    return Health()


@get("/readyz", summary="Is work taken")
async def readyz(request: HttpRequest, serving: ServingDep) -> Response[dict[str, Any]]:
    """Write to the database; 503 while the disk takes nothing. This machine and managers hear what needs a person."""
    is_told_all = await may_watch(request, serving)

    def work() -> dict[str, Any]:
        beat(serving.hub)
        with serving.hub.read() as look:
            said: dict[str, Any] = {"status": "ready", "leading": look.role == "leading", "term": look.term}
            if not is_told_all:
                return said
            said["warnings"] = _warnings(look)
            said["holders"] = holders(look)
        said["alarms"] = [alarm.code for alarm in list_alarms(serving.hub.store)]
        return said

    return Response(await serving.run(work), headers={"Cache-Control": "no-store"})


@get("/metrics", media_type=MediaType.TEXT, summary="Prometheus metrics")
async def metrics_page(serving: ServingDep) -> Response[bytes]:
    """The counters of this process and the state of the queue, in Prometheus' text format."""
    page = await serving.read(
        lambda look: serving.metrics.page(look, serving.presence.streams, follower_silent_s(look))
    )
    return Response(page, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


def _warnings(look: Look) -> list[str]:
    """Return what a person should look at, in plain words."""
    found = []
    if not look.centre.is_set_up:
        found.append("central has published no counters for this centre: nobody can open one")
    if not look.centre.clerks:
        found.append("central has named no clerks for this centre: nobody can log in")
    if look.is_recall_due:
        found.append("this hub may lack who was called before it led: nobody is called until central is heard")
    if look.alone_since is not None:
        found.append("neither central nor every other hub was heard: another hub may lead by now")
    found.extend(
        f"the standby {name} has not pulled for {int(silent_s)} s: a dead hub would lose what came since"
        for name, silent_s in silent_hubs(look).items()
    )
    found.extend(f"kiosk {one.kiosk} gave {one.given} numbers in ten minutes" for one in over_issuing(look))
    return found
