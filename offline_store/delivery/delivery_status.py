"""How delivery goes, in one row and a few alarms: written by the forwarder, read by the screens."""

from typing import Final

from sqlalchemy import Connection, bindparam, null, select, update

from common.machine.stamp import Stamp
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.sql import precompiled, run

UNREACHABLE: Final = "central-unreachable"
REFUSES: Final = "central-refuses-kiosk"
UNVERIFIED: Final = "central-not-verified"
SLOW: Final = "central-slow"
# What a failed call means for a technician. Codes that are not here (partial, refused, too-large) concern items.
_ALARM_OF: Final = {
    "unauthorised": REFUSES,
    "kiosk-revoked": REFUSES,
    "unverified": UNVERIFIED,
    "tls": UNVERIFIED,
    "certificate-dates": UNREACHABLE,
    "dns": UNREACHABLE,
    "connection-refused": UNREACHABLE,
    "no-route": UNREACHABLE,
    "timeout": UNREACHABLE,
    "network": UNREACHABLE,
    "too-slow": SLOW,
}
MAX_ERROR_LENGTH: Final = 300
_SUCCESS: Final = precompiled(
    update(tables.delivery).values(last_success_at=bindparam("now"), last_error=null(), next_attempt_at=null())
)


def record_success(store: Store, stamp: Stamp, ended: tuple[str, ...] = ()) -> None:
    """Note that all was delivered and heard; the alarms of delivery have ended, and those named."""
    with store.write() as connection:
        run(connection, _SUCCESS, {"now": stamp.unix_s})
        for code in (UNREACHABLE, REFUSES, UNVERIFIED, SLOW, *ended):
            clear_alarm(connection, code)


def record_failure(store: Store, stamp: Stamp, code: str, text: str, delay_s: float) -> None:
    """Note what failed and when the next attempt is. `code`: of the DeliveryError; `status-N` means central is ill.

    The code stands before the line, `dns: central's name…`, so that a screen can say it in its own words.
    """
    alarm = UNREACHABLE if code.startswith("status-") else _ALARM_OF.get(code)
    with store.write() as connection:
        connection.execute(
            update(tables.delivery).values(
                last_error=f"{code}: {text}"[:MAX_ERROR_LENGTH],
                last_error_at=stamp.unix_s,
                next_attempt_at=stamp.unix_s + round(delay_s),
            )
        )
        for other in (UNREACHABLE, REFUSES, UNVERIFIED, SLOW):
            if other != alarm:
                clear_alarm(connection, other)
        if alarm is not None:
            raise_alarm(connection, alarm, text, stamp)


def last_failure(connection: Connection) -> str:
    """Return the code of the attempt that failed last; empty where all went well since."""
    stored = connection.scalar(select(tables.delivery.c.last_error))
    return "" if stored is None else split_error(stored)[0]


def split_error(stored: str) -> tuple[str, str]:
    """Take a stored error apart: code and line."""
    code, _, text = stored.partition(": ")
    return code, text


def request_try_now(store: Store) -> None:
    """Ask the forwarder to deliver at once, from any process: the technician's button. Raises StoreUnavailable."""
    with store.write() as connection:
        connection.execute(update(tables.delivery).values(try_now=tables.delivery.c.try_now + 1))


def try_now_count(store: Store) -> int:
    """Return how often somebody has asked."""
    with store.read() as connection:
        return int(connection.execute(select(tables.delivery.c.try_now)).scalar_one())
