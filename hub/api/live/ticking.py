"""What the hub does by itself: each second it sees what others wrote, each five it notes where its clocks stand."""

import asyncio
from typing import Final, NamedTuple

from sqlalchemy import update

from hub.api.live.steps import Steps
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
from hub.services.interrupting import follow_orders, has_news
from offline_store.disk.sql import run

TICK_S: Final = 1.0
BEAT_TICKS: Final = 5
RECALL_TICKS: Final = 60
RETENTION_TICKS: Final = 3600
# Whatever anybody wrote: events, what the feed brought, and the day.
_MARK: Final = (
    "SELECT (SELECT cursor FROM feed), term, role, (SELECT max(seq) FROM hub_events), "
    "(SELECT sum(message_id) FROM centre_records), (SELECT max(id) || max(date) FROM business_days) FROM hub_state"
)


class _Mark(NamedTuple):
    """What was written last: the feed's cursor, the hub's term and role, and the ends of all else."""

    feed: str | None
    term: int
    role: str
    seq: int | None
    centre: int | None
    day: str | None


async def tick(serving: Serving) -> None:
    """Go on for as long as the application lives."""
    seconds = Seconds(serving)
    while True:
        await seconds.next()
        await asyncio.sleep(TICK_S)


class Seconds:
    """What each second brings, in steps of which none depends on another's success."""

    def __init__(self, serving: Serving) -> None:
        """Begin with nothing seen."""
        self._serving = serving
        self._steps = Steps(serving)
        self._recalling = Recalling(serving)
        self._number = 0
        self._seen: _Mark | None = None

    async def next(self) -> None:
        """Do what is due in the next second."""
        number, self._number = self._number, self._number + 1
        serving, do = self._serving, self._steps.do
        knows_leader = not serving.hub.asks_first or await self._steps.take("ask-first", self._recalling.ask_first)
        read: list[_Mark] = []
        if not await do("mark", lambda: read.append(_read_mark(serving))):
            return
        (mark,), seen = read, self._seen
        is_leading = mark.role == LEADING
        if not is_leading:
            await do("follow", lambda: _follow(serving))
        elif knows_leader:  # a hub that could not ask records nothing, lest another leads
            asks = seen is not None and (seen.role != LEADING or mark.feed != seen.feed)
            await self._lead(number, asks=asks or number % RECALL_TICKS == RECALL_TICKS - 1)
        if number % BEAT_TICKS == 0:
            await do("beat", lambda: _beat(serving))
        if mark != seen:
            self._seen = mark
            await do("certificate", lambda: _renew_certificate(serving))
            serving.changes.note()

    async def _lead(self, number: int, *, asks: bool) -> None:
        """Do what a hub that leads does; `asks`: it has begun to lead, or the feed has moved, so central answers."""
        serving, do = self._serving, self._steps.do
        await do("work", lambda: _work(serving))
        await do("day", lambda: _settle(serving))
        await do("orders", lambda: _follow_orders(serving))
        if number % BEAT_TICKS == 0:
            await do("others", lambda: _look_around(serving))
            await do("foretell", lambda: keep_foretold(serving.hub))
        if asks:
            self._recalling.ask()
        if number % RETENTION_TICKS == 0:
            await do("forget", lambda: forget_old(serving.hub))


def _follow(serving: Serving) -> None:
    serving.follower.look_around()
    serving.follower.pull()
    serving.follower.recover()  # a hub without its log leads again once all others have said that it did


def _look_around(serving: Serving) -> None:
    if not serving.follower.look_around():
        return
    with serving.hub.read() as look:
        is_news = look.alone_since is not None
    if is_news:
        with serving.hub.any_act() as act:
            act.leads_alone(alone=False)


def _renew_certificate(serving: Serving) -> None:
    """Take up the certificate that the feed brought: connections that are open stay, new ones see it."""
    if take_signed(serving.config, serving.own_record()) and serving.tls is not None:
        own = own_certificate(serving.config)
        serving.tls.load_cert_chain(own.certificate, own.key)


def _read_mark(serving: Serving) -> _Mark:
    with serving.hub.read() as look:
        return _Mark(*run(look.connection, _MARK).fetchone())


def _work(serving: Serving) -> None:
    """Let working time run or stand.

    It runs, too, while counters are waited for after a take-over: those who come meanwhile are not all of one moment.
    """
    hub = serving.hub
    with hub.read() as look:
        is_waited_for = any(counter.must_resume for counter in all_counters(look.connection))
    work_goes_on(hub, running=is_waited_for or serving.presence.counters_work(hub.clock.boottime()))


def _settle(serving: Serving) -> None:
    """Open the day that is due."""
    with serving.hub.act() as act:
        settle_day(act)


def _follow_orders(serving: Serving) -> None:
    with serving.hub.read() as look:
        if not has_news(look):
            return
    with serving.hub.act() as act:
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
