"""What the hub does by itself: each second it sees what others wrote, each five it notes where its clocks stand."""

import asyncio
from functools import partial
from typing import Final, NamedTuple

import structlog
from sqlalchemy import update

from common.machine.errors import PlainError, StoreError, places_of
from hub.api.server.recalling import Recalling
from hub.api.server.server import Serving
from hub.delivery.certificate import own_certificate, take_signed
from hub.engine.act import LEADING
from hub.engine.days import settle_day
from hub.engine.opening import work_goes_on
from hub.engine.retention import forget_old
from hub.foresight.kept import keep_foretold
from hub.log import tables
from hub.log.reading import all_counters
from hub.place import timeline
from hub.place.working_time import resume_work
from hub.services.interrupting import follow_orders, has_news

TICK_S: Final = 1.0
BEAT_TICKS: Final = 5
RECALL_TICKS: Final = 60
RETENTION_TICKS: Final = 3600
# Whatever anybody wrote: events, what the feed brought, and the day.
_MARK: Final = (
    "SELECT (SELECT cursor FROM feed), term, role, (SELECT max(seq) FROM hub_events), "
    "(SELECT sum(message_id) FROM centre_records), (SELECT max(id) || max(date) FROM business_days) FROM hub_state"
)

log = structlog.get_logger()


class _Mark(NamedTuple):
    """What was written last: the feed's cursor, the hub's term and role, and the ends of all else."""

    feed: str | None
    term: int
    role: str
    seq: int | None
    centre: int | None
    day: str | None


async def tick(serving: Serving) -> None:
    """Go on for as long as the application lives. A disk that refuses costs a line of the log, never the hub."""
    seen: _Mark | None = None
    is_failing = False
    number = 0
    recalling = Recalling(serving)
    while True:
        try:
            if serving.hub.asks_first:
                await recalling.ask_first()
            mark = await serving.run(lambda: _read_mark(serving))
            is_leading = mark.role == LEADING
            has_begun = is_leading and seen is not None and seen.role != LEADING
            await serving.run(partial(_lead, serving, begins=has_begun) if is_leading else partial(_follow, serving))
            if is_leading and number % BEAT_TICKS == 0:
                await serving.run(lambda: _look_around(serving))
                await serving.run(lambda: keep_foretold(serving.hub))
            if number % BEAT_TICKS == 0:
                await serving.run(lambda: _beat(serving))
            if is_leading and (has_begun or number % RECALL_TICKS == RECALL_TICKS - 1 or _has_moved(mark, seen)):
                recalling.ask()
            if number % RETENTION_TICKS == 0 and is_leading:
                await serving.run(lambda: forget_old(serving.hub))
            if mark != seen:
                seen = mark
                await serving.run(lambda: _renew_certificate(serving))
                serving.changes.note()
            is_failing = False
        except (StoreError, PlainError) as error:
            if not is_failing:
                log.warning("hub-store-unavailable", detail=str(error)[:300])
            is_failing = True
        except Exception as error:  # noqa: BLE001 - the task's edge: day, working time and log must go on
            if not is_failing:
                log.warning("second-interrupted", error=type(error).__name__, at=places_of(error))
            is_failing = True
        number += 1
        await asyncio.sleep(TICK_S)


def _follow(serving: Serving) -> None:
    serving.follower.look_around()
    serving.follower.pull()


def _look_around(serving: Serving) -> None:
    if serving.follower.look_around():
        serving.hub.is_unconfirmed = False


def _has_moved(mark: _Mark, seen: _Mark | None) -> bool:
    """Whether the feed has brought anything: central answers again."""
    return seen is not None and mark.feed != seen.feed


def _renew_certificate(serving: Serving) -> None:
    """Take up the certificate that the feed brought: connections that are open stay, new ones see it."""
    if take_signed(serving.config, serving.own_record()) and serving.tls is not None:
        own = own_certificate(serving.config)
        serving.tls.load_cert_chain(own.certificate, own.key)


def _read_mark(serving: Serving) -> _Mark:
    with serving.hub.read() as look:
        return _Mark(*look.connection.exec_driver_sql(_MARK).one())


def _lead(serving: Serving, *, begins: bool) -> None:
    """Let working time run or stand, and open the day that is due.

    It runs, too, while counters are waited for after a take-over: those who come meanwhile are not all of one moment.
    `begins`: this hub was promoted, maybe by another process; working time goes on from where the former leader's was.
    """
    hub = serving.hub
    if begins:
        with hub.any_act() as act:
            act.work = resume_work(act.connection, writes=True)
    with hub.read() as look:
        is_waited_for = any(counter.must_resume for counter in all_counters(look.connection))
    work_goes_on(hub, running=is_waited_for or serving.presence.counters_work(hub.clock.boottime()))
    with hub.act() as act:
        settle_day(act)
        if has_news(act):
            follow_orders(act)


def _beat(serving: Serving) -> None:
    hub, presence = serving.hub, serving.presence
    stamp = hub.clock.now()
    with hub.store.write() as connection:
        timeline.beat(connection, hub.timeline, hub.work.at(hub.timeline.at(stamp)), stamp)
        board: dict[str, str | float] = {"board_speaks": int(presence.board_speaks)}
        if (reach := presence.board_reach) is not None:
            board |= {"board_wanted_m": reach.wanted_m, "board_serves_m": reach.serves_m}
        if presence.board_heard_at is not None:  # since the hub was started: what was heard before stays
            board["board_heard_at"] = presence.board_heard_at
        connection.execute(update(tables.state).values(board))
