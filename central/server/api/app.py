"""The composition root: config in, a Litestar application out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from central.base import sandbox
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.claims import keeping as claims_keeping
from central.inquiries import keeping as inquiries_keeping
from central.inquiries import kinds
from central.inquiries.answerers import Answerers
from central.inquiries.polls import Polls
from central.insight.centres import elsewhere, usual
from central.insight.centres.copies import Copies
from central.insight.centres.reading import CentresReader
from central.insight.reports import counted_days
from central.intake.unsealing.unsealing import Unsealer
from central.keys.keys import KeyRing
from central.kiosks import signed_time
from central.kiosks.contacts import Contacts
from central.messages.needs import OfNeed
from central.messages.sending import Sender
from central.offices.day_seats import answering as day_seats
from central.offices.integrations import webhooks
from central.payments import inquiries as of_payments
from central.payments import keeping as payments_keeping
from central.payments import running as payments_running
from central.payments import settings as payments_settings
from central.payments import setup as payments_setup
from central.server.api import centres, claims, health, integrations, messages, ticket_page
from central.server.api import sandbox as sandbox_api
from central.server.api.kiosks import batches, enrolments, feed, inquiries, recall
from central.server.api.kiosks import time as time_api
from central.server.api.metrics import Metrics
from central.server.api.offices import acts as office_acts
from central.server.api.offices import announcing, appointments, fleet, login, needs, people, publishing, reports
from central.server.api.offices import messages as messages_page
from central.server.api.offices import payments as payments_page
from central.server.api.paying import receipts, told
from central.server.api.problem import EXCEPTION_HANDLERS
from central.server.api.schema import in_ecma
from central.server.api.server import Central
from common.messages.channels import Channels
from common.web.observed import observed
from common.web.request import HttpRequest


def create_app(config: CentralConfig, answerers: Answerers = kinds.ANSWERERS) -> Litestar:
    """Build the application over a prepared database; the unsealing task lives as long as it does."""
    return app_of(open_parts(config, answerers))


def open_parts(config: CentralConfig, answerers: Answerers = kinds.ANSWERERS) -> Central:
    """Open what the request handlers share, over a prepared database."""
    engine = open_engine(config.database_url)
    ring = KeyRing(config.keys_dir)
    centres_reader = CentresReader(engine)
    parts = Unsealer(engine, ring), Metrics(), Contacts(engine), centres_reader, Copies(centres_reader), Polls(engine)
    settings = None if config.payments is None else payments_settings.load(config.payments)
    desk = payments_running.opened(settings, engine, ring, config.public_url)
    return Central(
        config, engine, ring, *parts, {**of_payments.answerers(desk), **day_seats.ANSWERERS, **answerers}, desk
    )


def app_of(central: Central) -> Litestar:
    """Build the application that serves these parts, and closes them when it ends."""
    config, engine, ring, desk = central.config, central.engine, central.ring, central.payments

    @asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        await payments_setup.begin(engine, ring, desk)
        dispatcher = webhooks.WebhookDispatcher(engine, ring)
        keepers = (
            counted_days.Keeper(engine),
            signed_time.Keeper(engine),
            elsewhere.Keeper(engine),
            inquiries_keeping.Keeper(engine),
            claims_keeping.Keeper(engine, ring),
            payments_keeping.Worker(engine, ring, desk),
            payments_keeping.BooksKeeper(engine, ring, desk),
        )
        channels = Channels(config.messages.kept_in(config.data_dir), "http")
        sender = Sender(engine, ring, channels, needs=OfNeed(config, ring))
        helpers = *keepers, usual.Keeper(engine, central.centres.usual), dispatcher, sender, central.contacts
        tasks = [asyncio.create_task(helper.run()) for helper in helpers]
        if config.unseals:
            tasks.append(asyncio.create_task(central.unsealer.run()))
        try:
            yield
        finally:
            central.unsealer.stop()
            for helper in helpers:
                helper.stop()
            await asyncio.gather(*tasks)
            await engine.dispose()

    return Litestar(
        route_handlers=[
            enrolments.enrol,
            batches.deliver,
            feed.read,
            inquiries.ask,
            inquiries.wait,
            recall.queue,
            time_api.tell,
            integrations.tell_states,
            integrations.read_states,
            integrations.read_visits,
            claims.read_seats,
            claims.hold,
            claims.claim,
            claims.cancel,
            claims.read_claims,
            messages.put_contact,
            messages.watch,
            messages.read_messages,
            told.told,
            health.healthz,
            health.readyz,
            health.metrics_page,
            ticket_page.ticket_page,
            ticket_page.answer_page,
            ticket_page.ticket_file,
            receipts.verify,
            receipts.receipt,
            centres.data,
            centres.usual,
            centres.page,
            centres.page_of_centre,
            centres.page_file,
            centres.atom,
            login.entrance,
            login.login_page,
            login.log_in,
            login.log_out,
            login.choose_language,
            login.file,
            fleet.fleet,
            fleet.machine,
            fleet.mute,
            needs.needs,
            people.people_page,
            people.appoint,
            people.withdraw,
            people.code,
            people.tell_staff,
            people.confirm_address,
            people.revoke,
            publishing.publish_page,
            publishing.catalogue_form,
            publishing.publish_hours,
            publishing.publish_catalogue,
            announcing.announcing_page,
            appointments.appointments_page,
            appointments.book,
            appointments.cancel,
            appointments.change,
            appointments.take_back,
            announcing.publish_day,
            announcing.take_day_back,
            announcing.publish_notice,
            announcing.take_notice_back,
            messages_page.messages_page,
            payments_page.day_page,
            payments_page.refund,
            payments_page.day_file,
            payments_page.cashier_page,
            payments_page.take_cash,
            reports.reports,
            reports.report_file,
            reports.acts,
            *(sandbox_api.HANDLERS if sandbox.is_open() else ()),
        ],
        after_request=sandbox_api.say_so if sandbox.is_open() else None,
        dependencies={"central": Provide(lambda: central, sync_to_thread=False)},
        exception_handlers=EXCEPTION_HANDLERS | office_acts.EXCEPTION_HANDLERS,
        middleware=[observed(central.metrics.requests)],
        lifespan=[running],
        openapi_config=OpenAPIConfig(
            title="Central server of the citizen-service kiosks",
            version="1",
            path="/schema",
            components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
            render_plugins=[_Schema()],
        ),
        logging_config=None,
    )


class _Schema(JsonRenderPlugin):
    """The schema as JSON."""

    def render(self, request: HttpRequest, openapi_schema: dict[str, Any]) -> bytes:
        return in_ecma(super().render(request, openapi_schema))
