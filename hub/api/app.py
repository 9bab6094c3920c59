"""The composition root: an open hub in, a Litestar application out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from common.web.observed import observed
from hub.api import claims, commits, health, presses, sessions, takeover, tickets, voice
from hub.api.desk import appointments, services
from hub.api.live import boards, state
from hub.api.live.ticking import tick
from hub.api.managing import alarms, capacity, what_if, wishes
from hub.api.problem import EXCEPTION_HANDLERS
from hub.api.server.server import Serving
from hub.api.watching import watchers_only
from hub.pages import serving as serving_pages

REFUSED: Final = 400
"""A hall at rest asks its hub once a second: what is answered well stands in the log of facts, or was only a look."""


def create_app(serving: Serving) -> Litestar:
    """Build the application; what beats each second lives as long as it does."""

    @asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        await serving.run(serving.forgive_unjudged)
        ticking = asyncio.create_task(tick(serving))
        try:
            yield
        finally:
            ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticking
            serving.questions.close()
            serving.judges.shutdown()
            serving.threads.shutdown()  # the last question to another hub ends first
            serving.follower.close()

    return Litestar(
        route_handlers=[
            sessions.log_in,
            sessions.log_out,
            presses.press,
            presses.see_waiting,
            tickets.tickets,
            tickets.ask_for_help,
            claims.find,
            state.state,
            state.statement,
            state.stream,
            boards.tell_updates,
            wishes.set_day,
            wishes.set_counter,
            wishes.set_rules,
            wishes.acknowledge_help,
            wishes.enter_numbers,
            wishes.waiting,
            alarms.take_alarm,
            what_if.ask,
            services.set_service,
            appointments.ask_seats,
            appointments.book,
            appointments.end,
            capacity.see_day,
            capacity.change_day,
            capacity.take_back,
            takeover.events,
            takeover.resume_counter,
            commits.take_commits,
            takeover.promote_here,
            health.healthz,
            health.readyz,
            Router("/", route_handlers=[health.metrics_page], guards=[watchers_only(serving)]),
            voice.announcement,
            voice.script,
            serving_pages.counter,
            serving_pages.board,
            serving_pages.manager,
            serving_pages.what_if,
            serving_pages.group_colours,
            serving_pages.page_texts,
            serving_pages.asset,
        ],
        dependencies={"serving": Provide(lambda: serving, sync_to_thread=False)},
        exception_handlers=EXCEPTION_HANDLERS,
        middleware=[observed(serving.metrics.requests, logged_from=REFUSED)],
        lifespan=[running],
        openapi_config=OpenAPIConfig(
            title="Hub of a citizen-service centre",
            version="1",
            openapi_router=Router("/schema", route_handlers=[], guards=[watchers_only(serving)]),
            render_plugins=[JsonRenderPlugin()],
        ),
        logging_config=None,
    )
