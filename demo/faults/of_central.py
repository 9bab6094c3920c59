"""Faults of central, of the network before it, and what its feed can close."""

import json
import signal
from datetime import datetime

from demo.faults.fault import Fault
from demo.town import Tables, Town
from offline_store.issuing.business_day import ZONE

SERVICE = "civil-affairs"


def _stop(town: Town) -> None:
    town.processes.stop("central")


def _start(town: Town) -> None:
    if not town.processes.is_running("central"):
        town.start_central()


def _hang(town: Town) -> None:
    town.processes.signal("central", signal.SIGSTOP)


def _wake(town: Town) -> None:
    town.processes.signal("central", signal.SIGCONT)


def _revoke_unheard(town: Town) -> None:
    """Revoke the kiosk, which hears of it once the citizen has a number: else it might close before the first touch."""
    town.processes.signal("forward", signal.SIGSTOP)
    identity = json.loads((town.config.data_dir / "enrolment.json").read_text(encoding="utf-8"))
    town.central("revoke", identity["kiosk"])


def _let_hear(town: Town) -> None:
    town.processes.signal("forward", signal.SIGCONT)


def another_hour(now: datetime) -> tuple[str, str]:
    """Return opening and closing time of a place that is closed at this moment."""
    return ("20:00", "21:00") if now.hour < 12 else ("01:00", "02:00")


def _closed_now() -> Tables:
    opens, closes = another_hour(datetime.now(ZONE))
    return {"kiosk": {"opens": opens, "closes": closes}}


def _close_service(town: Town) -> None:
    opens, closes = another_hour(datetime.now(ZONE))
    town.publish("catalogue", {"services": [{"code": SERVICE, "hours": {"opens": opens, "closes": closes}}]})


def _one_number_a_day(town: Town) -> None:
    town.publish("catalogue", {"services": [{"code": SERVICE, "daily_quota": 1}]})


def _take_the_last(town: Town) -> None:
    town.kiosk("issue", "--service", SERVICE, "--no-print")


FAULTS: dict[str, Fault] = {
    "central.down": Fault(begin=_stop, mend=_start, mark="strip.offline"),
    "central.refusing": Fault(
        begin=_revoke_unheard,
        after_ticket=_let_hear,
        ends_at="out",
        is_delivered=False,
    ),
    "network.away": Fault(begin=_hang, mend=_wake),
    "centre.closed": Fault(settings=_closed_now, face="centre_closed"),
    "service.closed": Fault(publish=_close_service, service="judicial-record"),
    "service.quota-full": Fault(
        publish=_one_number_a_day,
        begin=_take_the_last,
        refusal="quota",
    ),
}
