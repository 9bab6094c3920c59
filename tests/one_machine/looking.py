"""What central does of itself, and what everybody else sees of it, beside an odd machine."""

from collections.abc import AsyncIterator, Awaitable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from central.base import clock
from central.base.recurring import RecurringTask
from central.claims import keeping as claims_keeping
from central.commands.doctor.examination import examine
from central.inquiries import keeping as inquiries_keeping
from central.insight.centres import elsewhere, usual
from central.insight.reports import counted_days
from central.insight.reports.month import count_month
from central.insight.visits.recall import recall
from central.insight.visits.visit import visits_of
from central.kiosks import signed_time
from central.messages.sending import Sender as MessageSender
from central.offices.integrations.webhooks import WebhookDispatcher
from central.offices.upkeep import needs
from tests.central.conftest import Stage
from tests.one_machine.result import Result
from tests.one_machine.town import DAY, HONEST, NOW, ODD, TOKENS, Town

MONTH: Final = DAY[:7]


def stand_at(moment: datetime) -> None:
    clock.now = lambda: moment


async def at_work(town: Town, result: Result) -> None:
    """Run whatever central does by itself once, a day later too, and look over all with its doctor."""
    stage = town.stage
    for later in (timedelta(), timedelta(days=1)):
        stand_at(NOW + later)
        tasks: list[RecurringTask] = [
            counted_days.Keeper(stage.engine), signed_time.Keeper(stage.engine), elsewhere.Keeper(stage.engine),
            inquiries_keeping.Keeper(stage.engine), WebhookDispatcher(stage.engine, stage.ring, lambda *_: 204),
            claims_keeping.Keeper(stage.engine, stage.ring),
            usual.Keeper(stage.engine, usual.UsualReader(stage.engine)),
            MessageSender(stage.engine, stage.ring, post=lambda *_: 204),
        ]  # fmt: skip
        for task in tasks:
            await _unbroken(result, type(task).__module__, task.act())
        for centre in (HONEST, ODD):
            await _unbroken(result, f"month of {centre}", count_month(stage.engine, centre, MONTH))
            await _unbroken(result, f"recall of {centre}", recall(stage.engine, centre))
        await _unbroken(result, "doctor", _all(examine(stage.config, stage.config.data_dir / "none.pem")))
        await _unbroken(result, "needs", _needs(stage))
        await _unbroken(result, "visits", _all(visits_of(stage.engine, ODD, DAY)))
    stand_at(NOW)


async def _needs(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        for one in await needs.what_needs_somebody(connection, stage.config):
            for language in ("ar", "en"):
                one.row(language)


async def _all(things: AsyncIterator[object]) -> None:
    async for _ in things:
        pass


async def _unbroken(result: Result, name: str, work: Awaitable[object]) -> None:
    result.tasks += 1
    try:
        await work
    except Exception as error:  # noqa: BLE001 - it is what this is to find
        result.broken.append(f"{name}: {type(error).__name__} {error}"[:300])


async def looked_at(town: Town) -> dict[str, tuple[int, str]]:
    """Return what everybody else is answered: pages of the honest centre, whole; of all centres, the status alone."""
    found: dict[str, tuple[int, str]] = {}
    own = [*(f"/t/{token}?lang={language}" for token in TOKENS for language in ("ar", "en")), f"/centres/{HONEST}"]
    for path in own:
        answer = await town.stage.client.get(path)
        found[path] = answer.status_code, answer.text
    for path in _offices():
        answer = await town.stage.client.get(f"/offices/{path}".rstrip("/"), headers=town.office)
        found[f"of all /offices/{path}"] = answer.status_code, ""
    for path in ("/centres", "/centres.atom", f"/centres/{ODD}", "/v1/centres", "/healthz", "/readyz", "/schema"):
        found[f"of all {path}"] = (await town.stage.client.get(path)).status_code, ""
    answer = await town.stage.client.get("/v1/visits", headers=town.system)
    found["of all /v1/visits"] = answer.status_code, ""
    month = await count_month(town.stage.engine, HONEST, MONTH)
    found[f"month of {HONEST}"] = 200, msgspec.json.encode(month).decode()
    found[f"recall of {HONEST}"] = 200, msgspec.json.encode(await recall(town.stage.engine, HONEST)).decode()
    visits = [one async for one in visits_of(town.stage.engine, HONEST, DAY)]
    found[f"visits of {HONEST}"] = 200, msgspec.json.encode(visits).decode()
    feed = await town.stage.feed(town.kiosk)
    found["feed of the honest kiosk"] = 200, msgspec.json.encode(feed.messages).decode()
    return found


def _offices() -> tuple[str, ...]:
    return (
        "", "needs", "fleet", f"fleet?centre={ODD}", "people", "publish", "announcing", f"appointments?centre={ODD}",
        f"messages?month={MONTH}", "reports", f"reports?centre={HONEST}&month={MONTH}", "operations",
        f"reports?centre={ODD}&month={MONTH}", f"reports/{ODD}/{MONTH}.csv", f"reports/{ODD}/{MONTH}.xlsx",
    )  # fmt: skip
