"""Scenes of help, of time limits, and of a kiosk that can't do what was asked."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from common.city.catalogue import Hours
from common.protocol.feed_message import CalendarDay
from kiosk.desk.desk import new_intention
from kiosk.flows.situation import Conditions
from kiosk.machine.power import ServiceLevel
from kiosk.prompts.choosing import Announcement, Done, MoreServices, Start, TakeNumber
from kiosk.prompts.state import (
    Calling,
    CentreClosed,
    ChooseLanguage,
    Closed,
    HelpOffer,
    HelpResult,
    NotAnOrder,
    NotNow,
    OutOfService,
    PowerGoing,
    QuotaFull,
    StillThere,
    VoiceOptions,
)
from kiosk.prompts.ui import AdjustVoice, AskForHelp, OpenLanguages, OutReason, SetSpeech, Text, Trouble
from tests.kit.notices import LONGEST_NOTICE
from tests.screens.scenes.scene import Scene
from tests.visits.lobby import Lobby, Staff
from tests.visits.scripted_ui import Happens, Step, TooLate


def _resting(lobby: Lobby, conditions: Conditions) -> list[Step]:
    lobby.conditions = conditions
    return []


def _out(reason: OutReason, until: Text | None = None) -> Scene:
    return Scene(OutOfService, lambda lobby: _resting(lobby, Conditions(out=reason, out_until=until)))


def _printer_needed(lobby: Lobby) -> list[Step]:
    lobby.centre = replace(lobby.centre, paperless=False)
    return _resting(lobby, Conditions(printer=Trouble.PAPER_OUT))


def _another_kiosk(lobby: Lobby) -> list[Step]:
    lobby.centre = replace(lobby.centre, has_others=True)
    return _resting(lobby, Conditions(out=OutReason.MOVED_DISK))


def _closed(lobby: Lobby, opens: str, closes: str) -> list[Step]:
    lobby.hours = lambda: Hours(opens=opens, closes=closes)
    return []


def _holiday(lobby: Lobby, day: str) -> list[Step]:
    names = {"ar": "عيد الفطر السعيد", "en": "Eid al-Fitr"}
    lobby.hours = lambda: Hours(opens="08:00", closes="14:00")
    lobby.days[day] = CalendarDay(day, closed=True, names=names)
    return []


def _notice(lobby: Lobby) -> list[Step]:
    lobby.notices.append(LONGEST_NOTICE)
    return []


def _service_closes(lobby: Lobby) -> list[Step]:
    closed = {"code": "commercial-bank", "hours": {"opens": "08:00", "closes": "11:00"}}
    touch = TooLate(TakeNumber("commercial-bank"), partial(lobby.place.overlay, closed))
    return [(Start, "more"), (MoreServices, touch)]


def _service_goes(lobby: Lobby) -> list[Step]:
    gone = {"code": "water-bill", "offered": False}
    return [(Start, TooLate(TakeNumber("water-bill"), partial(lobby.place.overlay, gone)))]


def _last_number(lobby: Lobby) -> list[Step]:
    lobby.place.overlay({"code": "judicial-record", "daily_quota": 1})
    last = partial(lobby.place.desk.issue, "judicial-record", intention=new_intention())
    return [(Start, TooLate(TakeNumber("judicial-record"), last))]


def _damaged(lobby: Lobby) -> list[Step]:
    (lobby.place.store.data_dir / "store.damaged").write_text("test", encoding="utf-8")
    return [(Start, TakeNumber("water-bill"))]


def _faults(times: int) -> list[Step]:
    fault = RuntimeError("a fault of ours")
    steps: list[Step] = [(Start, fault), (NotNow, Done())]
    return (steps * times)[:-1]


def _help(lobby: Lobby, became: str | None = None) -> list[Step]:
    lobby.staff = staff = Staff(takes=became != "not_sent")
    asked: Step = (Start, AskForHelp())
    if became is None:
        return [asked]
    after = {"seen": Happens(staff.acknowledged.set), "unanswered": lobby.passes(120)}
    waited: list[Step] = [(HelpResult, after[became])] if became in after else []
    return [asked, (HelpOffer, "call"), *waited]


STATES: Mapping[str, Scene] = {
    "still-there": Scene(StillThere, lambda lobby: [(Start, "more"), (MoreServices, lobby.passes(45))]),
    "language": Scene(ChooseLanguage, lambda _: [(Start, OpenLanguages())]),
    "voice": Scene(VoiceOptions, lambda _: [(Start, SetSpeech(True)), (Start, AdjustVoice())]),
    "closed": Scene(CentreClosed, lambda lobby: _closed(lobby, "08:00", "11:00")),
    "closed-holiday": Scene(CentreClosed, lambda lobby: _holiday(lobby, "2026-11-25")),
    "start-holiday-tomorrow": Scene(Start, lambda lobby: _holiday(lobby, "2026-11-26")),
    "start-notice": Scene(Start, _notice),
    "announcement": Scene(Announcement, lambda lobby: [*_notice(lobby), (Start, "announcement")]),
    "closed-opens-today": Scene(CentreClosed, lambda lobby: _closed(lobby, "13:00", "15:00")),
    "closed-service": Scene(Closed, _service_closes),
    "not-an-order": Scene(NotAnOrder, lambda lobby: [(Start, "more"), (MoreServices, lobby.scans("4006381333931"))]),
    "quota-full": Scene(QuotaFull, _last_number),
    "not-now": Scene(NotNow, _service_goes),
    "not-now-store": Scene(NotNow, _damaged),
    "not-now-fault": Scene(NotNow, lambda _: _faults(1)),
    "power-going": Scene(
        PowerGoing,
        lambda lobby: _resting(lobby, Conditions(power_service=ServiceLevel.STOPPING, battery_minutes=4)),
    ),
    "out-maintenance": _out(OutReason.MAINTENANCE, Text("maintenance.public.until", {"time": "11:30"})),
    "out-no-day": _out(OutReason.NO_DAY),
    "out-store": _out(OutReason.STORE),
    "out-moved-disk": _out(OutReason.MOVED_DISK),
    "out-revoked": _out(OutReason.REVOKED),
    "out-changing-paper": _out(OutReason.CHANGING_PAPER),
    "out-others": Scene(OutOfService, _another_kiosk),
    "out-printer": Scene(OutOfService, _printer_needed),
    "out-unexpected": Scene(OutOfService, lambda _: _faults(3)),
    "help": Scene(HelpOffer, lambda _: [(Start, AskForHelp())]),
    "help-call": Scene(HelpOffer, _help),
    "help-calling": Scene(Calling, lambda lobby: _help(lobby, "asked")),
    **{
        f"help-{became.replace('_', '-')}": Scene(HelpResult, partial(_help, became=became))
        for became in ("asked", "seen", "unanswered", "not_sent")
    },
}
