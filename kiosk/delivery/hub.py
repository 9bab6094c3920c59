"""What the centre's hub says, as flows and papers need it: who comes first, and who takes a call for staff.

The forwarder's process speaks with the hub; here only small files are read, in worker threads, and a word that is older
than 30 s is no word: but for what stood still, which stands until the hub says that it works again.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from common.machine.stamp import Clock, Stamp, told_time
from common.protocol.queue.call import Prospect, TakenTicket
from common.protocol.queue.claim import ClaimFound
from common.protocol.queue.service_now import OTHER_REASON, Elsewhere
from kiosk.desk.hours import times_of_day
from kiosk.flows.context import Hall, Judged
from kiosk.prompts.choosing import LastCall
from kiosk.prompts.ticket import Ahead, Outlook, Stopped
from kiosk.prompts.ui import Text, Words
from offline_store.issuing.business_day import ZONE
from offline_store.queue import digits
from offline_store.queue import help as help_calls
from offline_store.queue.word import HubWord, read_word

TAKEN_WITHIN_S: Final = 5.0
LOOK_EVERY_S: Final = 0.3
#: For so long a silent hub's last word that a service stands still is held to be so; then nobody can say.
STANDS_FOR_S: Final = 600.0
CALLS_SHOWN: Final = 3
CENTRES_SHOWN: Final = 3
ELSEWHERE_SHOWN: Final = timedelta(minutes=10)
# Central's clock may be a little ahead of this one.
CLOCKS_APART: Final = timedelta(minutes=1)
# Each without and with a reason.
_STOPPED: Final = {
    "now": ("service.stopped", "service.stopped_because"),
    "since a time": ("service.stopped_since", "service.stopped_since_because"),
    "since a day": ("service.stopped_since_day", "service.stopped_since_day_because"),
}
_log = structlog.get_logger(__name__)


class HubNews:
    """The hub's newest word.

    Args:
        data_dir: where the forwarder leaves it.
        clock: says how old it is, and whether a time of day may be shown.
        reasons: returns what the reasons are called for which services stand still, by code.
        elsewhere: returns central's last word on where these work.
    """

    def __init__(
        self,
        data_dir: Path,
        clock: Clock,
        reasons: Callable[[], Mapping[str, Words]] = dict[str, Words],
        elsewhere: Callable[[], Elsewhere | None] = lambda: None,
    ) -> None:
        self._data_dir = data_dir
        self._clock = clock
        self._reasons = reasons
        self._elsewhere = elsewhere

    def word(self) -> HubWord | None:
        """Return the hub's word where it holds now, None where it is too old or there is none."""
        found = read_word(self._data_dir)
        now = self._clock.now()
        return found if found is not None and found.is_fresh(now.boot_id, self._clock.boottime()) else None

    def times(self, stamp: Stamp) -> tuple[datetime, ...]:
        """Return the local times that may be right at a moment: see `times_of_day`."""
        return times_of_day(stamp, read_word(self._data_dir))

    def hall(self) -> Hall | None:
        """Return how many wait for each service and who was called last; None where nobody has said so lately.

        Of a hub that is silent only what it last said to stand still.
        """
        word = self.word()
        if word is None:
            stopped = self._last_stopped()
            return Hall({}, stopped=stopped, is_heard=False) if stopped else None
        calls = tuple(LastCall(call.number, call.counter) for call in word.calls[:CALLS_SHOWN])
        stopped = {
            code: replace(self._stopped(word, one), also_at=self._also_at(code))
            for code, one in word.queue.items()
            if one.state == "interrupted"
        }
        # Who takes a number that is refused is in none of these queues.
        works = {} if word.is_refused else {code: one for code, one in word.queue.items() if code not in stopped}
        waiting = {code: one.before for code, one in works.items()}
        preferred = {code: one.before_priority for code, one in works.items() if one.before_priority is not None}
        doubtful = frozenset(code for code, one in word.queue.items() if one.today == "doubtful")
        return Hall(waiting, calls, stopped, doubtful, preferred)

    def ahead(self, service: str, *, preferred: bool = False, closes: str | None = None) -> Outlook | None:
        """Return how many come before a number of this service that is taken now, and how long that may be.

        Of a service that stands still that it does.

        Args:
            service: its code.
            preferred: for somebody whose minutes count more. The hub tells no range for these.
            closes: when it closes today (`13:30`): said where the wait may end later.

        None where nobody has said so lately, or nobody knows what time it is: then nothing is shown.
        """
        word = self.word()
        if word is None:
            return self._last_stopped().get(service)
        if service not in word.queue:
            return None
        prospect = word.queue[service]
        if prospect.state == "interrupted":
            return self._stopped(word, prospect)
        if word.is_refused or not self._clock.now().tells_time:
            return None
        is_doubtful = prospect.today == "doubtful"
        told_at = datetime.fromisoformat(word.wall_time).astimezone(ZONE)
        as_of = f"{told_at:%H:%M}"
        if preferred:
            return None if prospect.before_priority is None else Ahead(prospect.before_priority, as_of)
        wait_min = _minutes(prospect)
        if wait_min is None or prospect.high_s is None:
            return Ahead(prospect.before, as_of, is_doubtful=is_doubtful)
        ends = told_at + timedelta(seconds=prospect.high_s)
        is_late = closes is not None and (ends.date() > told_at.date() or f"{ends:%H:%M}" > closes)
        return Ahead(prospect.before, as_of, wait_min, closes if is_late else None, is_doubtful)

    def _also_at(self, service: str) -> tuple[Text, ...]:
        """Say where else a service works and as of when; nothing that is older than ten minutes, or of unknown age."""
        word, now = self._elsewhere(), self._clock.now()
        if word is None or not now.tells_time:
            return ()
        places = [at for one in word.services if one.service == service for at in one.also_at]
        heard = [(datetime.fromisoformat(at.as_of).astimezone(ZONE), at.names) for at in places]
        fresh = [(at, names) for at, names in heard if -CLOCKS_APART <= now.wall_time - at <= ELSEWHERE_SHOWN]
        fresh.sort(key=lambda one: one[0], reverse=True)
        return tuple(
            Text("interrupted.also_at", {"centre": names, "time": f"{at:%H:%M}"}) for at, names in fresh[:CENTRES_SHOWN]
        )

    def judged(self, ticket_id: str) -> Judged | None:
        """Return what the hub made of a ticket's earlier paper; None where it has said nothing of it lately."""
        word = self.word()
        told = None if word is None else word.tickets.get(ticket_id)
        if word is None or told is None or told.claim is None:
            return None
        if told.before is None or not self._clock.now().tells_time:
            return Judged(told.claim)
        as_of = datetime.fromisoformat(word.wall_time).astimezone(ZONE)
        return Judged(told.claim, Ahead(told.before, f"{as_of:%H:%M}", _minutes(told)))

    def _last_stopped(self) -> Mapping[str, Stopped]:
        """Return what stands still by the last word of a silent hub, with its age; of long ago: what stood still."""
        word, now = read_word(self._data_dir), self._clock.now()
        if word is None:
            return {}
        age_s = word.age_s(now)
        is_sure = age_s is not None and age_s <= STANDS_FOR_S
        return {
            code: self._stopped(word, one) if is_sure else self._stood_still(word, now)
            for code, one in word.queue.items()
            if one.state == "interrupted"
        }

    @staticmethod
    def _stood_still(word: HubWord, now: Stamp) -> Stopped:
        if not (told_time(word.clock) and now.tells_time):
            return Stopped(Text("service.stood_still"), is_unsure=True)
        told_at, here = datetime.fromisoformat(word.wall_time).astimezone(ZONE), now.wall_time.astimezone(ZONE)
        if told_at.date() != here.date():
            return Stopped(Text("service.stood_still_on", {"day": told_at.date()}), is_unsure=True)
        return Stopped(Text("service.stood_still_at", {"time": f"{told_at:%H:%M}"}), is_unsure=True)

    def _stopped(self, word: HubWord, prospect: Prospect) -> Stopped:
        """Say of a service that stands still since when and why, by the clock of the hall."""
        told_at = datetime.fromisoformat(word.wall_time).astimezone(ZONE)
        reason = self._reasons().get(prospect.reason or "") if prospect.reason != OTHER_REASON else None
        since = None if prospect.since is None else datetime.fromisoformat(prospect.since).astimezone(ZONE)
        is_earlier = since is not None and since.date() != told_at.date()
        values: dict[str, str | date | Words] = {} if reason is None else {"reason": reason}
        if since is not None:
            values["since"] = since.date() if is_earlier else f"{since:%H:%M}"
        plain, because = _STOPPED["since a day" if is_earlier else "now" if since is None else "since a time"]
        is_ahead = prospect.until is not None and prospect.until > f"{told_at:%H:%M}"
        until = Text("service.until", {"time": prospect.until or ""}) if is_ahead else None
        as_of = f"{told_at:%H:%M}" if self._clock.now().tells_time else None
        return Stopped(Text(plain if reason is None else because, values), as_of, until)


def _minutes(told: Prospect | TakenTicket) -> tuple[int, int] | None:
    """Return the range of a wait in whole minutes, as wide as the hub's; None where it told none."""
    return None if told.low_s is None or told.high_s is None else (told.low_s // 60, -(-told.high_s // 60))


class StaffByHub:
    """Calls for staff that counters and manager see on their pages; see `kiosk.flows.context.StaffCalls`.

    Args:
        news: the hub's word.
        data_dir: where a call is left for the forwarder.
        sleep: waits so many seconds.
    """

    def __init__(
        self, news: HubNews, data_dir: Path, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._news = news
        self._data_dir = data_dir
        self._sleep = sleep
        self._is_there = False

    @property
    def is_there(self) -> bool:
        """Whether the hub has been heard of lately, as `watch` last saw it."""
        return self._is_there

    async def watch(self) -> None:
        """Keep looking whether the hub is there, so that nobody has to wait for the disk to know it."""
        while True:
            self._is_there = await asyncio.to_thread(self._news.word) is not None
            await self._sleep(LOOK_EVERY_S)

    async def call(self, call_id: str) -> bool:
        """Pass a call on; return whether the hub has taken it within five seconds."""
        try:
            await asyncio.to_thread(help_calls.ask, self._data_dir, call_id)
        except OSError as error:
            _log.error("help-not-written", reason=error.strerror)
            return False
        for _ in range(int(TAKEN_WITHIN_S / LOOK_EVERY_S)):
            if await self._state(call_id) is not None:
                return True
            await self._sleep(LOOK_EVERY_S)
        with contextlib.suppress(OSError):  # he hears that nobody was told, and so it is
            await asyncio.to_thread(help_calls.forget, self._data_dir)
        return False

    async def seen(self, call_id: str) -> None:
        """Wait until a member of staff has acknowledged this call."""
        while await self._state(call_id) != "seen":
            await self._sleep(LOOK_EVERY_S)

    async def _state(self, call_id: str) -> str | None:
        word = await asyncio.to_thread(self._news.word)
        state = None if word is None else word.help.get(call_id)
        return None if state is None else state.state


async def claim_by_digits(
    data_dir: Path, typed: str, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> ClaimFound | None:
    """Return the claim of eight digits; None where the hub knows none, or has not said so within five seconds."""
    asked = digits.DigitsAsked(str(uuid.uuid4()), typed)
    try:
        await asyncio.to_thread(digits.ask, data_dir, asked)
        for _ in range(int(TAKEN_WITHIN_S / LOOK_EVERY_S)):
            await sleep(LOOK_EVERY_S)
            found = await asyncio.to_thread(digits.found, data_dir, asked.id)
            if found is not None:
                return found.claim
        await asyncio.to_thread(digits.forget, data_dir)
    except OSError as error:
        _log.error("digits-not-written", reason=error.strerror)
    return None
