"""A claim's code held to the reader, on whatever screen: its number at once, or why not and an ordinary one."""

from datetime import timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.feed_message import CalendarDay
from common.protocol.queue.claim import ClaimFound
from kiosk.desk.claims.outcome import ClaimOutcome
from kiosk.flows.context import Hall, Judged
from kiosk.flows.situation import Conditions
from kiosk.language import Language
from kiosk.machine.power import PowerState, ServiceLevel
from kiosk.prompts.choosing import AboutServices, ChoosePriority, Done, MoreServices, Start, TakeNumber
from kiosk.prompts.claim import Became, ClaimResult, Elsewhere, Expired, ToCome, Unsigned, Used, Withdrawn
from kiosk.prompts.earlier_paper import EarlierPaper, TypeTicketDigits
from kiosk.prompts.order import HoldCode
from kiosk.prompts.state import HelpOffer, NotNow
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import AskForHelp, Home, Prompt, Text
from tests.kit.claims import KEY, KID, claim_at, code_of, make_known
from tests.kit.clock import NOON
from tests.visits.days.test_earlier_paper_visit import claims
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens

SOON = claim_at(NOON + timedelta(minutes=12))
TAKE = TakeNumber("clearance")


@pytest.fixture(autouse=True)
def known(lobby: Lobby) -> None:
    make_known(lobby.place.store, withdrawn=["dd" * 16])


async def test_one_scan_gives_the_number_and_says_when_he_is_expected(lobby: Lobby) -> None:
    ui = await lobby.run((Start, lobby.scans(code_of(SOON))), (TakeTicket, Done()))
    shown = ui.last(TakeTicket)
    assert shown.claim == Text("claim.expected", {"time": "12:12"})
    assert [paper[0] for paper in lobby.tray.out] == [shown.number]


async def test_an_appointment_whose_number_is_of_an_earlier_day_is_as_that_days_paper(lobby: Lobby) -> None:
    code = code_of(SOON)
    ui = await lobby.run(
        (Start, lobby.scans(code)), (TakeTicket, Done()), (Start, lobby.scans(code)), (ClaimResult, Done())
    )
    given, again = ui.last(TakeTicket).number, ui.last(ClaimResult)
    assert (again.outcome, again.number) == ("used", given)
    lobby.place.clock.pass_time(days=1)
    ui = await lobby.run((Start, lobby.scans(code)), (EarlierPaper, TAKE), (TakeTicket, Done()))
    known = ui.last(EarlierPaper).known
    assert known is not None
    assert (known.number, f"{known.day}", known.service) == (given, "2026-11-25", "clearance")
    noted = claims(lobby)[-1]
    assert noted is not None
    assert noted.kind == "carried"


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(hours=3)])
async def test_nobody_is_told_to_come_at_a_time_at_which_the_calendar_closes_by_now(
    lobby: Lobby, ahead: timedelta
) -> None:
    code = code_of(claim_at(NOON + ahead))
    ui = await lobby.run((Start, lobby.scans(code)), (ClaimResult, Done()))
    open_then = ui.last(ClaimResult).what_to_do
    lobby.place.days["2026-11-26"] = CalendarDay("2026-11-26", closed=True)
    lobby.place.days["2026-11-25"] = CalendarDay("2026-11-25", opens="08:00", closes="13:00")
    ui = await lobby.run((Start, lobby.scans(code)), (ClaimResult, Done()))
    assert [text.msgid for text in ui.last(ClaimResult).what_to_do] == ["claim_result.on", "claim_result.closed_do"]
    assert "claim_result.closed_do" not in [text.msgid for text in open_then]


@pytest.mark.parametrize("at", [MoreServices, HoldCode, AboutServices, ChoosePriority])
async def test_on_any_screen(lobby: Lobby, at: type[Prompt[object]]) -> None:
    ways: dict[type, object] = {
        MoreServices: "more",
        HoldCode: "order",
        AboutServices: "about",
        ChoosePriority: "priority",
    }
    lobby.place.overlay({"code": "civil-affairs", "fee": {"amount_minor": 0}})
    ui = await lobby.run(
        (Start, ways[at]),
        (at, lobby.scans(code_of(SOON))),
        (TakeTicket, Done()),
    )
    assert ui.last(TakeTicket).claim == Text("claim.expected", {"time": "12:12"})


async def test_on_battery_where_no_orders_are_taken_a_claim_is(lobby: Lobby) -> None:
    lobby.conditions = Conditions(power=PowerState.BATTERY, power_service=ServiceLevel.NO_ORDERS)
    ui = await lobby.run((Start, lobby.scans(code_of(SOON))), (TakeTicket, Done()))
    assert not ui.last(Start).order.is_offered
    assert ui.last(TakeTicket).claim == Text("claim.expected", {"time": "12:12"})


async def test_a_second_number_for_one_claim_is_said_to_be_as_any_other(lobby: Lobby) -> None:
    async def hub_judges() -> None:
        lobby.judged = lambda _: Judged("used")
        await lobby.time.advance(1)

    ui = await lobby.run((Start, lobby.scans(code_of(SOON))), (TakeTicket, Happens(hub_judges)), (TakeTicket, Done()))
    assert ui.last(TakeTicket).claim == Text("claim.claim_used")


STRANGER = Ed25519PrivateKey.generate()
NOT_NOW = {
    "early": (claim_at(NOON + timedelta(hours=1)), KEY),
    "other-day": (claim_at(NOON + timedelta(days=1)), KEY),
    "other-centre": (claim_at(centre="homs-new"), KEY),
    "expired": (claim_at(NOON - timedelta(days=4)), KEY),
    "withdrawn": (claim_at(id="dd" * 16), KEY),
    "unverified": (claim_at(), STRANGER),
}


@pytest.mark.parametrize("outcome", NOT_NOW)
async def test_why_not_and_an_ordinary_number_beside_it(lobby: Lobby, outcome: str) -> None:
    claim, key = NOT_NOW[outcome]
    ui = await lobby.run((Start, lobby.scans(code_of(claim, key))), (ClaimResult, TAKE), (TakeTicket, Done()))
    shown = ui.last(ClaimResult)
    assert (shown.outcome, shown.service) == (outcome, "clearance")
    assert (shown.names is None) is (outcome == "unverified"), "what nobody has signed is not repeated as true"
    (bears,) = claims(lobby)
    assert (bears is None) is (outcome != "unverified")
    if bears is not None:
        assert bears.code == code_of(claim, key)


async def test_of_a_service_that_is_gone_a_number_for_information_is_given_where_it_is_wanted(lobby: Lobby) -> None:
    gone = (Start, lobby.scans(code_of(claim_at(service="gone"))))
    await lobby.run(gone, (NotNow, Done()), gone, (NotNow, "help_ticket"), (TakeTicket, Done()))
    assert lobby.tray.out == [("X2001", False, "ar")]


async def test_what_is_no_claim_of_central_s_says_nothing_of_its_content(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, lobby.scans(code_of(claim_at(), STRANGER, KID))),
        (ClaimResult, "help_ticket"),
        (TakeTicket, Done()),
    )
    shown = ui.last(ClaimResult)
    assert (shown.outcome, shown.names, shown.service) == ("forged", None, None)


async def test_shown_again_it_says_the_number_that_it_gave(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, lobby.scans(code_of(SOON))),
        (TakeTicket, Done()),
        (Start, lobby.scans(code_of(SOON))),
        (ClaimResult, Done()),
    )
    shown = ui.last(ClaimResult)
    assert (shown.outcome, shown.number) == ("used", ui.last(TakeTicket).number)


NAMES = {"ar": "براءة ذمة", "en": "Clearance"}
WAYS: list[Became] = [
    *(Unsigned(one) for one in ("unreadable", "forged", "unverified")),
    *(
        ToCome(which, NAMES, NOON.date(), "10:30", "10:00", is_closed, can_end=False)
        for which in ("early", "other-day")
        for is_closed in (False, True)
    ),
    Elsewhere(NAMES, NOON.date(), "10:30", NAMES),
    Expired(NAMES, NOON.date()),
    Withdrawn(NAMES),
    Used(NAMES, None),
]


def test_every_outcome_has_words() -> None:
    assert {one.outcome for one in WAYS} == {one.value for one in ClaimOutcome if not one.gives_number}
    for code in ("ar", "en"):
        for became in WAYS:
            prompt = ClaimResult(became)
            for text in (prompt.title, *prompt.what_to_do):
                assert Language(code).text(text.msgid, **text.values) != text.msgid


DIGITS = SOON.digits
TYPED = ((Start, AskForHelp()), (HelpOffer, "earlier"))


def found(**changes: object) -> ClaimFound:
    at = int((NOON + timedelta(minutes=12)).timestamp())
    return msgspec.structs.replace(
        ClaimFound("ab" * 16, "booked", "clearance", at, 15, at + 172_800, used=False), **changes
    )


async def test_eight_digits_are_a_claim_by_the_hub_s_word(lobby: Lobby) -> None:
    lobby.hall, lobby.claims_of_hub = (lambda: Hall({})), {DIGITS: found()}
    ui = await lobby.run(*TYPED, (TypeTicketDigits, DIGITS), (TakeTicket, Done()))
    assert ui.last(TakeTicket).claim == Text("claim.expected", {"time": "12:12"})
    (bears,) = claims(lobby)
    assert bears is not None
    assert (bears.kind, bears.id, bears.code, bears.late_s) == ("booked", "ab" * 16, None, -720)


async def test_digits_that_gave_a_number_elsewhere_are_used(lobby: Lobby) -> None:
    lobby.hall, lobby.claims_of_hub = (lambda: Hall({})), {DIGITS: found(used=True)}
    ui = await lobby.run(*TYPED, (TypeTicketDigits, DIGITS), (ClaimResult, Done()))
    assert (ui.last(ClaimResult).outcome, ui.last(ClaimResult).number) == ("used", None)


async def test_without_a_hub_digits_are_those_of_an_earlier_paper(lobby: Lobby) -> None:
    lobby.claims_of_hub = {DIGITS: found()}
    await lobby.run(*TYPED, (TypeTicketDigits, DIGITS), (EarlierPaper, Home()))


async def test_five_tries_a_visit(lobby: Lobby) -> None:
    ui = await lobby.run(*TYPED, *[(TypeTicketDigits, "00000000")] * 5, (NotNow, Done()))
    assert ui.last(NotNow).why == Text("type_digits.enough")
