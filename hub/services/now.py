"""What each service of this centre is like now, for pages, kiosks and central: one reading for all of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from common.protocol.queue.service_now import CentreNow, CentreState, GroupNow, ServiceNow, ServiceState, TodayWord
from hub.engine.act import Act, Look
from hub.engine.centre import Interruption
from hub.engine.status import counters_of, is_day_closed, waiting_of_all
from hub.estimates.forecast import Forecast
from hub.log.reading import all_counters, day_of_label, label_of
from hub.services.today import today_word, working_time_left_s
from offline_store.disk.sql import run
from offline_store.issuing.business_day import ZONE, business_date

STANDS_AFTER_US: Final = 15 * 60 * 1_000_000
_KEPT_US: Final = 5 * 1_000_000
_LEARNED: Final = "words-for-today"
_OPENED: Final = "day-opened-by"
_DAY_OPENED: Final = (
    "SELECT json_extract(body, '$.detail.by') FROM hub_events WHERE kind = 'day-opened' AND day = ? "
    "ORDER BY seq DESC LIMIT 1"
)
_CLOSED: Final = ("closed", "paused")


def services_now(look: Act | Look, forecast: Forecast | None = None) -> list[ServiceNow]:
    """Return what each service is like, by its code."""
    words = _words_for_today(look, forecast)
    found = []
    is_over = _is_over(look)  # it is the same for all of them
    for code, service in sorted(look.centre.services.items()):
        state: ServiceState = "closed" if is_over else _state_within_a_day(look, code)
        stop = look.centre.interrupted.get(code) if state == "interrupted" else None
        found.append(
            ServiceNow(
                service=code,
                state=state,
                reason=None if stop is None else stop.reason,
                since=None if stop is None else stop.since,
                until=None if stop is None else _until(look, stop),
                today=words.get(service.queue, "unknown") if state == "working" else "unknown",
            )
        )
    return found


def _until(look: Act | Look, stop: Interruption) -> str | None:
    """Return until when a service is expected to stand still: a time of today, or none."""
    if not look.stamp.tells_time:
        return None
    today = look.stamp.wall_time.astimezone(ZONE).date().isoformat()
    return stop.until if stop.until_on == today else None


def service_state(look: Act | Look, code: str) -> ServiceState:
    """Return whether a service works: closed outside its hours, and while no day is served; else as somebody said."""
    return "closed" if _is_over(look) else _state_within_a_day(look, code)


def _state_within_a_day(look: Act | Look, code: str) -> ServiceState:
    if not _is_open(look, code):
        return "closed"
    return "interrupted" if code in look.centre.interrupted else "working"


def is_open_now(look: Act | Look) -> bool:
    """Return whether the centre is within its hours, and today's day is not closed."""
    today = look.stamp.wall_time.astimezone(ZONE).date().isoformat()
    is_today = not look.stamp.tells_time or label_of(look.connection, look.day) == today
    return is_today and not is_day_closed(look) and _is_open(look, None)


def doubtful_groups(look: Act | Look) -> list[str]:
    """Return the groups of which a number that is taken now may not be called today."""
    if _is_closed(look):
        return []
    return sorted(group for group, word in _words_for_today(look, None).items() if word == "doubtful")


def told_today(look: Act | Look, service: str, queue: str) -> Literal["yes", "doubtful"] | None:
    """Return what somebody is told who takes a number now: that it is called today, or may not be; None for neither."""
    if service_state(look, service) != "working":
        return None
    word = _words_for_today(look, None).get(queue, "unknown")
    return None if word == "unknown" else word


def centre_now(look: Act | Look, forecast: Forecast, *, on_battery: bool = False) -> CentreNow:
    """Return what central is told of the centre beside its waiting list; `on_battery`: this machine is."""
    words = _words_for_today(look, forecast)
    groups = {}
    for queue, waiting in waiting_of_all(look).items():
        wait = forecast.of_new(queue).wait
        low_s, high_s = (None, None) if wait is None else wait.told_s
        groups[queue] = GroupNow(waiting=waiting, low_s=low_s, high_s=high_s, today=words.get(queue, "unknown"))
    return CentreNow(
        state=_centre_state(look, groups, on_battery), services=services_now(look, forecast), groups=groups
    )


def _centre_state(look: Act | Look, groups: Mapping[str, GroupNow], on_battery: bool) -> CentreState:
    if _is_closed(look):
        return "closed"
    if on_battery and not look.work.is_running:  # no counter's page is connected
        return "standing"
    works = any(one.state not in _CLOSED for one in counters_of(look))
    if works and any(one.waiting for one in groups.values()) and _stands(look):
        return "standing"
    return "open"


def _stands(look: Act | Look) -> bool:
    """Return whether nobody was called, and no counter opened, for a quarter of an hour of working time."""
    row = look.connection.exec_driver_sql(
        "SELECT work_us FROM hub_events WHERE day = ? AND kind IN ('called', 'counter-opened', 'day-opened') "
        "ORDER BY seq DESC LIMIT 1",
        (look.day,),
    ).scalar()
    return row is not None and look.work_us - int(row) > STANDS_AFTER_US


def _is_closed(look: Act | Look) -> bool:
    """Return whether the centre is closed: by its hours, by the day, or since a later day is open."""
    return _is_over(look) or not _is_open(look, None)


def _is_over(look: Act | Look) -> bool:
    """Return whether the day is over for the whole centre, whatever the hours say."""
    return is_day_closed(look) or _was_left_for_later(look)


def _was_left_for_later(look: Act | Look) -> bool:
    """Return whether a manager closed today's day for a later one; a day that a wrong clock named serves people."""
    if not look.stamp.tells_time or not _is_by_manager(look):
        return False
    label, today = label_of(look.connection, look.day), business_date(look.stamp.wall_time).isoformat()
    return label is not None and label > today and day_of_label(look.connection, today) is not None


def _is_by_manager(look: Act | Look) -> bool:
    """Return whether a manager opened the day that is served, at whichever hub; looked up once a day."""
    known = look.learned.get(_OPENED)
    if known is None or known[0] != (look.life, look.day):
        row = run(look.connection, _DAY_OPENED, (look.day,)).fetchone()
        known = look.learned[_OPENED] = ((look.life, look.day), row is not None and row[0] == "manager")
    return bool(known[1])


def time_of_hours(look: Act | Look) -> datetime | None:
    """Return the local time by which hours are judged, None where no clock tells it.

    One that is not sure, and says that the centre is closed while people work at its counters, is wrong.
    """
    now = look.stamp.local(ZONE)
    if now is None or look.stamp.is_sure or look.centre.hours.is_open(now):
        return now
    return None if any(one.state != "closed" for one in all_counters(look.connection)) else now


def _is_open(look: Act | Look, code: str | None) -> bool:
    """Return whether centre and service are within their hours; where nobody knows the time nothing is closed by it."""
    now = time_of_hours(look)
    if now is None:
        return True
    service = None if code is None else look.centre.services[code]
    hours = None if service is None else service.hours
    return look.centre.hours.is_open(now) and (hours is None or hours.is_open(now))


def _words_for_today(look: Act | Look, forecast: Forecast | None) -> Mapping[str, TodayWord]:
    """Return the word for today by group, read again after some seconds: every page and kiosk asks for it."""
    known = look.learned.get(_LEARNED)
    if known is None or look.line_us - known[0] > _KEPT_US or known[1] != look.day:
        known = look.learned[_LEARNED] = (look.line_us, look.day, _read_words(look, forecast or Forecast(look)))
    words: Mapping[str, TodayWord] = known[2]
    return words


def _read_words(look: Act | Look, forecast: Forecast) -> Mapping[str, TodayWord]:
    left_s = working_time_left_s(look)
    if left_s is None:
        return {}
    found = {queue: forecast.estimate_s_of_new(queue) for queue in look.centre.queues()}
    return {queue: today_word(look, one, left_s) for queue, one in found.items() if one is not None}
