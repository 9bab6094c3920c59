"""Scenes of a claim that is shown: its number, and each reason why none comes of it at once."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.codes.claim_code import Claim
from kiosk.desk.answers import Booked
from kiosk.desk.claims.booking import Booking
from kiosk.prompts import booking
from kiosk.prompts.booking import AskingCentral, ChooseSeat, ClaimEnded, EndClaim, SeatBooked, WhoBooks
from kiosk.prompts.choosing import AboutServices, Done, ServiceInfo, ShowService, Start
from kiosk.prompts.claim import ClaimResult
from kiosk.prompts.ticket import TakeTicket, TicketOnScreen
from kiosk.prompts.ui import Trouble
from offline_store.inquiries.appointments import NotBooked, Seat
from offline_store.issuing.business_day import ZONE
from tests.kit.claims import KEY, KID, claim_at, code_of, make_known
from tests.kit.clock import NOON
from tests.screens.scenes.scene import Scene
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Step

_STRANGER = Ed25519PrivateKey.from_private_bytes(b"stranger" + bytes(24))
_SOON = claim_at(NOON + timedelta(minutes=12))


def _shows(claim: Claim, key: Ed25519PrivateKey = KEY, kid: str | None = None) -> Callable[[Lobby], list[Step]]:
    def way(lobby: Lobby) -> list[Step]:
        make_known(lobby.place.store, withdrawn=["dd" * 16])
        return [(Start, lobby.scans(code_of(claim, key, kid)))]

    return way


def _without_paper(lobby: Lobby) -> list[Step]:
    lobby.tray.trouble = Trouble.JAM
    return _shows(_SOON)(lobby)


def _again(lobby: Lobby) -> list[Step]:
    first = _shows(_SOON)(lobby)
    return [*first, (TakeTicket, Done()), *first]


class Central(Booking):
    """Answers at once, by what a scene is about."""

    def __init__(self, lobby: Lobby, why: str | None = None) -> None:
        super().__init__(lobby.place.store, lobby.place.clock, lobby.tray)
        self._why = why

    def seats(self, service: str, is_left: Callable[[], bool]) -> list[Seat] | NotBooked:
        del service, is_left
        days = [NOON + timedelta(days=day, hours=hour, minutes=10 * n) for day in range(1, 8) for hour in range(-2, 3)
                for n in range(6)]  # fmt: skip
        return [Seat(one.isoformat(), one.astimezone(ZONE), 10) for one in days]

    def book(
        self, service: str, seat: Seat, who: str, is_left: Callable[[], bool], *, people: int = 1
    ) -> Booked | NotBooked:
        del who, is_left
        if self._why is not None:
            return NotBooked(self._why)
        opens = seat.moment - timedelta(minutes=30)
        paper = "0193f3c2-7b1e-4c55-9a40-1d2f3a4b5c6d"
        return Booked(paper, service, seat.moment, opens, "SY1:CODE", "12345674", people)

    def cancel(self, code: str, is_left: Callable[[], bool]) -> NotBooked | None:
        del code, is_left
        return None if self._why is None else NotBooked(self._why)


_DAY = (NOON + timedelta(days=1, hours=-1)).astimezone(ZONE)


def _books(*steps: Step, why: str | None = None, trouble: Trouble | None = None) -> Callable[[Lobby], list[Step]]:
    def way(lobby: Lobby) -> list[Step]:
        make_known(lobby.place.store)
        lobby.booking, lobby.tray.trouble = Central(lobby, why), trouble
        return [(Start, "about"), (AboutServices, ShowService("clearance")), *steps]

    return way


_TO_PEOPLE: tuple[Step, ...] = ((ServiceInfo, "another_day"),)
_TO_DAY: tuple[Step, ...] = (*_TO_PEOPLE, (ChooseSeat, "1"))
_TO_HOUR: tuple[Step, ...] = (*_TO_DAY, (ChooseSeat, f"{_DAY:%Y-%m-%d}"))
_TO_TIME: tuple[Step, ...] = (*_TO_HOUR, (ChooseSeat, f"{_DAY:%H}"))
_TO_WHO: tuple[Step, ...] = (*_TO_TIME, (ChooseSeat, (NOON + timedelta(days=1, hours=-1)).isoformat()))
_TO_FAMILY_END: tuple[Step, ...] = (
    *_TO_PEOPLE, (ChooseSeat, "4"), *_TO_WHO[2:], (WhoBooks, "1234")
)  # fmt: skip
_TO_END: tuple[Step, ...] = (*_TO_WHO, (WhoBooks, "1234"))


def _ends(*steps: Step, why: str | None = None) -> Callable[[Lobby], list[Step]]:
    def way(lobby: Lobby) -> list[Step]:
        lobby.booking = Central(lobby, why)
        return [*_shows(claim_at(NOON + timedelta(days=2)))(lobby), (ClaimResult, "end_claim"), *steps]

    return way


CLAIMS: Mapping[str, Scene] = {
    "claim-in-time": Scene(TakeTicket, _shows(_SOON)),
    "claim-late": Scene(TakeTicket, _shows(claim_at(NOON - timedelta(minutes=40)))),
    "claim-noted": Scene(TakeTicket, _shows(claim_at(NOON - timedelta(days=1)))),
    "claim-jam": Scene(TicketOnScreen, _without_paper),
    "claim-early": Scene(ClaimResult, _shows(claim_at(NOON + timedelta(hours=1)))),
    "claim-other-day": Scene(ClaimResult, _shows(claim_at(NOON + timedelta(days=2)))),
    "claim-other-centre": Scene(ClaimResult, _shows(claim_at(centre="homs-new"))),
    "claim-used": Scene(ClaimResult, _again),
    "claim-expired": Scene(ClaimResult, _shows(claim_at(NOON - timedelta(days=4)))),
    "claim-withdrawn": Scene(ClaimResult, _shows(claim_at(id="dd" * 16))),
    "claim-forged": Scene(ClaimResult, _shows(claim_at(), _STRANGER, KID)),
    "claim-unverified": Scene(ClaimResult, _shows(claim_at(), _STRANGER)),
    "claim-service": Scene(ServiceInfo, _books()),
    "claim-asking": Scene(AskingCentral, _books(*_TO_PEOPLE)),
    "claim-people": Scene(ChooseSeat, _books(*_TO_PEOPLE)),
    "claim-day": Scene(ChooseSeat, _books(*_TO_DAY)),
    "claim-hour": Scene(ChooseSeat, _books(*_TO_HOUR)),
    "claim-time": Scene(ChooseSeat, _books(*_TO_TIME)),
    "claim-who": Scene(WhoBooks, _books(*_TO_WHO)),
    "claim-booked": Scene(SeatBooked, _books(*_TO_END)),
    "claim-booked-family": Scene(SeatBooked, _books(*_TO_FAMILY_END)),
    "claim-booked-jam": Scene(SeatBooked, _books(*_TO_END, trouble=Trouble.JAM)),
    **{
        f"claim-not-booked-{why}": Scene(booking.NotBooked, _books(*_TO_END, why=why))
        for why in (
            "late",
            "timed-out",
            "no-network",
            "slot-full",
            "open-claim",
            "too-many",
            "enough-here",
            "refused",
            "none-for-so-many",
        )
    },
    "claim-end": Scene(EndClaim, _ends()),
    "claim-ended": Scene(ClaimEnded, _ends((EndClaim, "confirm"))),
    "claim-not-ended": Scene(booking.NotBooked, _ends((EndClaim, "confirm"), why="not-open")),
}
