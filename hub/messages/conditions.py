"""What stands now that staff has to know: read from the store and this machine, and for how long it has stood."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from common.machine.errors import PlainError
from common.messages.kind import Alarm
from common.protocol.queue.call import KioskNeed
from hub.delivery.certificate import own_certificate
from hub.engine.act import Look
from hub.messages.kiosks import kiosks_heard
from hub.place.power import is_on_battery
from hub.services.now import is_open_now
from hub.settings import HubConfig
from hub.takeover.holders import silent_hubs
from offline_store.alarms import Alarm as StoreAlarm
from offline_store.delivery.delivery_status import UNREACHABLE, UNVERIFIED, last_failure

#: How long each has to stand before anybody is told, in seconds.
AFTER_S: Final[dict[Alarm, float]] = {
    "kiosk-silent": 600,
    "paper-out": 60,
    "on-battery": 120,
    "printer-cutter": 60,
    "follower-gone": 300,
    "certificate-ending": 0,
    "interruption-long": 3600,
    "no-internet": 1800,
}
CERTIFICATE_DUE: Final = timedelta(days=14)
_OF_KIOSKS: Final[tuple[KioskNeed, ...]] = ("paper-out", "printer-cutter", "on-battery")


_NO_CONNECTION: Final = (UNREACHABLE, UNVERIFIED)
UNTRUSTED: Final = "untrusted"
"""Something answers that is not proven to be central: a provider's page of payment, or another machine."""
CENTRAL: Final = "central"
"""Central's own end answers, by its pinned certificate, and with errors: it is not the internet that is gone."""


class Condition(Struct, frozen=True):
    """One that stands: of which machine or service (empty: this hub), and for how many seconds where that is known.

    Of `no-internet` the machine is what answers in central's place: nothing (empty), UNTRUSTED or CENTRAL.
    """

    kind: Alarm
    machine: str = ""
    age_s: float | None = None

    @property
    def name(self) -> str:
        """What tells it from all others; whatever ails the connection is one, for it changes from hour to hour."""
        return "no-internet/" if self.kind == "no-internet" else f"{self.kind}/{self.machine}"


def conditions(
    look: Look,
    config: HubConfig,
    alarms: list[StoreAlarm],
    watched_s: float,
    on_battery: Callable[[], bool] = is_on_battery,
) -> list[Condition]:
    """Return all that stands now, for however long; what concerns the hall only while it is open.

    `watched_s`: for how long who asks has seen the hall open under this hub. A kiosk could not be heard before.
    """
    found = [*_of_hub(look, alarms, on_battery), *_of_certificate(config)]
    return [*found, *_of_kiosks(look, watched_s), *_of_services(look)] if is_open_now(look) else found


def _of_hub(look: Look, alarms: list[StoreAlarm], on_battery: Callable[[], bool]) -> Iterator[Condition]:
    if on_battery():
        yield Condition("on-battery")
    for name, silent_s in silent_hubs(look).items():
        yield Condition("follower-gone", name, silent_s)
    for one in alarms:
        if one.code in _NO_CONNECTION:
            what = _what_answers(one.code, last_failure(look.connection))
            yield Condition("no-internet", what, max(0.0, look.stamp.unix_s - one.since_at))


def _what_answers(alarm: str, failure: str) -> str:
    status = failure.removeprefix("status-") if failure.startswith("status-") else ""
    if alarm == UNREACHABLE and not status:
        return ""
    # 511 (RFC 6585) is a portal's by definition; central leads nobody elsewhere.
    return CENTRAL if status == "429" or (status[:1] == "5" and status != "511") else UNTRUSTED


def _of_certificate(config: HubConfig) -> Iterator[Condition]:
    if not config.is_secure:
        return
    try:
        ends_at = own_certificate(config).ends_at
    except PlainError:
        return  # the hub does not serve without one, and its doctor says so
    if ends_at - datetime.now(UTC) < CERTIFICATE_DUE:
        yield Condition("certificate-ending", f"{ends_at:%Y/%m/%d}")


def _of_kiosks(look: Look, watched_s: float) -> Iterator[Condition]:
    heard = kiosks_heard(look)
    for kiosk in look.centre.kiosks.values():
        if kiosk.revoked or kiosk.id not in heard:
            continue
        needs, silent_s = heard[kiosk.id]
        if silent_s > AFTER_S["kiosk-silent"]:
            yield Condition("kiosk-silent", kiosk.id, min(silent_s, watched_s))
            continue  # what it said before is too old
        yield from (Condition(kind, kiosk.id) for kind in _OF_KIOSKS if kind in needs)


def _of_services(look: Look) -> Iterator[Condition]:
    for code, one in look.centre.interrupted.items():
        if code not in look.centre.services:  # central has taken it out of the catalogue: nobody comes for it
            continue
        since = None if one.since is None else datetime.fromisoformat(one.since)
        age = None if since is None else (look.stamp.wall_time - since).total_seconds()
        yield Condition("interruption-long", code, age)
