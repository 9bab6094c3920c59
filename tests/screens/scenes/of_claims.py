"""Scenes of a claim that is shown: its number, and each reason why none comes of it at once."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.codes.claim_code import Claim
from kiosk import prompts as p
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
        return [(p.Start, lobby.scans(code_of(claim, key, kid)))]

    return way


def _without_paper(lobby: Lobby) -> list[Step]:
    lobby.tray.trouble = p.Trouble.JAM
    return _shows(_SOON)(lobby)


def _again(lobby: Lobby) -> list[Step]:
    first = _shows(_SOON)(lobby)
    return [*first, (p.TakeTicket, p.Done()), *first]


CLAIMS: Mapping[str, Scene] = {
    "claim-in-time": Scene(p.TakeTicket, _shows(_SOON)),
    "claim-late": Scene(p.TakeTicket, _shows(claim_at(NOON - timedelta(minutes=40)))),
    "claim-noted": Scene(p.TakeTicket, _shows(claim_at(NOON - timedelta(days=1)))),
    "claim-jam": Scene(p.TicketOnScreen, _without_paper),
    "claim-early": Scene(p.ClaimResult, _shows(claim_at(NOON + timedelta(hours=1)))),
    "claim-other-day": Scene(p.ClaimResult, _shows(claim_at(NOON + timedelta(days=2)))),
    "claim-other-centre": Scene(p.ClaimResult, _shows(claim_at(centre="homs-new"))),
    "claim-used": Scene(p.ClaimResult, _again),
    "claim-expired": Scene(p.ClaimResult, _shows(claim_at(NOON - timedelta(days=4)))),
    "claim-withdrawn": Scene(p.ClaimResult, _shows(claim_at(id="dd" * 16))),
    "claim-forged": Scene(p.ClaimResult, _shows(claim_at(), _STRANGER, KID)),
    "claim-unverified": Scene(p.ClaimResult, _shows(claim_at(), _STRANGER)),
}
