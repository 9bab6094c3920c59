"""Scenes of help, of time limits, and of a kiosk that can't do what was asked."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from common.city.catalogue import Hours
from common.protocol.feed_message import CalendarDay
from kiosk import prompts as p
from kiosk.flows.situation import Conditions
from kiosk.machine.power import ServiceLevel
from tests.kit.notices import LONGEST_NOTICE
from tests.screens.scenes.scene import Scene
from tests.visits.lobby import Lobby, Staff
from tests.visits.scripted_ui import Happens, Step


def _resting(lobby: Lobby, conditions: Conditions) -> list[Step]:
    lobby.conditions = conditions
    return []


def _out(reason: p.OutReason, until: p.Text | None = None) -> Scene:
    return Scene(p.OutOfService, lambda lobby: _resting(lobby, Conditions(out=reason, out_until=until)))


def _printer_needed(lobby: Lobby) -> list[Step]:
    lobby.centre = replace(lobby.centre, paperless=False)
    return _resting(lobby, Conditions(printer=p.Trouble.PAPER_OUT))


def _another_kiosk(lobby: Lobby) -> list[Step]:
    lobby.centre = replace(lobby.centre, has_others=True)
    return _resting(lobby, Conditions(out=p.OutReason.MOVED_DISK))


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
    lobby.place.overlay({"code": "commercial-bank", "hours": {"opens": "08:00", "closes": "11:00"}})
    return [(p.Start, p.TakeNumber("commercial-bank"))]


def _last_number(lobby: Lobby) -> list[Step]:
    lobby.place.overlay({"code": "judicial-record", "daily_quota": 1})
    tap = p.TakeNumber("judicial-record")
    return [(p.Start, tap), (p.TakeTicket, p.Done()), (p.Start, tap)]


def _damaged(lobby: Lobby) -> list[Step]:
    (lobby.place.store.data_dir / "store.damaged").write_text("test", encoding="utf-8")
    return [(p.Start, p.TakeNumber("water-bill"))]


def _faults(times: int) -> list[Step]:
    fault = RuntimeError("a fault of ours")
    steps: list[Step] = [(p.Start, fault), (p.NotNow, p.Done())]
    return (steps * times)[:-1]


def _help(lobby: Lobby, became: str | None = None) -> list[Step]:
    lobby.staff = staff = Staff(takes=became != "not_sent")
    asked: Step = (p.Start, p.AskForHelp())
    if became is None:
        return [asked]
    after = {"seen": Happens(staff.acknowledged.set), "unanswered": lobby.passes(120)}
    waited: list[Step] = [(p.HelpResult, after[became])] if became in after else []
    return [asked, (p.HelpOffer, "call"), *waited]


STATES: Mapping[str, Scene] = {
    "still-there": Scene(p.StillThere, lambda lobby: [(p.Start, "more"), (p.MoreServices, lobby.passes(45))]),
    "language": Scene(p.ChooseLanguage, lambda _: [(p.Start, p.OpenLanguages())]),
    "voice": Scene(p.VoiceOptions, lambda _: [(p.Start, p.SetSpeech(True)), (p.Start, p.AdjustVoice())]),
    "closed": Scene(p.CentreClosed, lambda lobby: _closed(lobby, "08:00", "11:00")),
    "closed-holiday": Scene(p.CentreClosed, lambda lobby: _holiday(lobby, "2026-11-25")),
    "start-holiday-tomorrow": Scene(p.Start, lambda lobby: _holiday(lobby, "2026-11-26")),
    "start-notice": Scene(p.Start, _notice),
    "announcement": Scene(p.Announcement, lambda lobby: [*_notice(lobby), (p.Start, "announcement")]),
    "closed-opens-today": Scene(p.CentreClosed, lambda lobby: _closed(lobby, "13:00", "15:00")),
    "closed-service": Scene(p.Closed, _service_closes),
    "not-an-order": Scene(
        p.NotAnOrder, lambda lobby: [(p.Start, "more"), (p.MoreServices, lobby.scans("4006381333931"))]
    ),
    "quota-full": Scene(p.QuotaFull, _last_number),
    "not-now": Scene(p.NotNow, lambda _: [(p.Start, p.TakeNumber("gone"))]),
    "not-now-store": Scene(p.NotNow, _damaged),
    "not-now-fault": Scene(p.NotNow, lambda _: _faults(1)),
    "power-going": Scene(
        p.PowerGoing,
        lambda lobby: _resting(lobby, Conditions(power_service=ServiceLevel.STOPPING, battery_minutes=4)),
    ),
    "out-maintenance": _out(p.OutReason.MAINTENANCE, p.Text("maintenance.public.until", {"time": "11:30"})),
    "out-no-day": _out(p.OutReason.NO_DAY),
    "out-store": _out(p.OutReason.STORE),
    "out-moved-disk": _out(p.OutReason.MOVED_DISK),
    "out-revoked": _out(p.OutReason.REVOKED),
    "out-changing-paper": _out(p.OutReason.CHANGING_PAPER),
    "out-others": Scene(p.OutOfService, _another_kiosk),
    "out-printer": Scene(p.OutOfService, _printer_needed),
    "out-unexpected": Scene(p.OutOfService, lambda _: _faults(3)),
    "help": Scene(p.HelpOffer, lambda _: [(p.Start, p.AskForHelp())]),
    "help-call": Scene(p.HelpOffer, _help),
    "help-calling": Scene(p.Calling, lambda lobby: _help(lobby, "asked")),
    **{
        f"help-{became.replace('_', '-')}": Scene(p.HelpResult, partial(_help, became=became))
        for became in ("asked", "seen", "unanswered", "not_sent")
    },
}
