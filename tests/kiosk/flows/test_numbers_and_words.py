"""What is said of a service before its number, and how a touch for a number goes on, whatever becomes of it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec.structs import replace

from common.city.catalogue import INFORMATION, Fee, Hours, load_catalogue
from kiosk.desk.desk import Refusal, Refused
from kiosk.flows import service as of_service
from kiosk.flows import ticket as of_ticket
from kiosk.flows.context import Hall
from kiosk.flows.ordering.fees import fee_text
from kiosk.prompts.choosing import Done, Interrupted, ServiceInfo, TakeNumber
from kiosk.prompts.ticket import Stopped
from kiosk.prompts.ui import OFFERED, Availability, Text
from tests.kit.clock import HandClock

CATALOGUE = load_catalogue()
TIMES: Any = {"opens": "08:00", "closes": "14:30"}
STOPPED = Stopped(Text("why"), "11:30", Text("until"), (Text("there"),))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("sat", "sun", "mon", "tue", "wed", "thu", "fri"), Text("service.hours_daily", TIMES)),
        (("sat", "sun", "mon", "tue", "wed", "thu"), Text("service.hours_but_friday", TIMES)),
        (("sun", "mon", "tue", "wed", "thu"), Text("service.hours_but_weekend", TIMES)),
        (("sat", "sun", "mon", "tue", "wed", "fri"), Text("service.hours_some_days", TIMES | {"days": 6, "n": 6})),
        (("mon",), Text("service.hours_some_days", TIMES | {"days": 1, "n": 1})),
    ],
)
def test_hours_are_said_by_the_days_that_are_left_out(days: Any, said: Text) -> None:
    assert of_service.hours_text(Hours(**TIMES, days=days)) == said


@pytest.mark.parametrize(
    ("reason", "take"),
    [
        (None, OFFERED), (Refusal.CLOSED, "service.closed_now"), (Refusal.QUOTA_FULL, "service.quota_full"),
        (Refusal.INTERRUPTED, "service.stopped"), (Refusal.UNKNOWN_SERVICE, "service.disabled"),
    ],
)  # fmt: skip
def test_a_service_s_page_says_all_that_is_known_of_it(
    monkeypatch: pytest.MonkeyPatch, reason: Refusal | None, take: Any
) -> None:
    monkeypatch.setattr(of_service, "phone_availability", lambda _: "by phone")
    monkeypatch.setattr(of_service, "card_availability", lambda _: "by card")
    plain = CATALOGUE.known["clearance"]
    refused = None if reason is None else Refused(reason, "")
    offered = take if take is OFFERED else Availability(False, Text(take))
    rich = replace(plain, fee=Fee(1000, "EUR"), papers=(plain.names,), hours=Hours(**TIMES), orderable=True)
    ctx = cast("Any", None)
    fee, hours = fee_text(Fee(1000, "EUR")), of_service.hours_text(Hours(**TIMES))
    assert of_service._info(ctx, rich, refused, True) == ServiceInfo(
        "clearance", plain.names, (plain.names,), fee, hours, offered, cast("Any", "by phone"), cast("Any", "by card"),
        True,
    )  # fmt: skip
    poor = replace(plain, fee=None, papers=(), hours=None, orderable=False)
    assert of_service._info(ctx, poor, refused, False) == ServiceInfo("clearance", plain.names, take=offered)


class Touch:
    """A touch for a number: what the hall and the desk say to it, and all that it led to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: Any, halls: Any = (), chosen: str = "done") -> None:
        self.did: list[Any] = []
        said, seen = iter(answers), iter(halls)

        def issue(service: str, *, intention: str, priority: str, claim: object, is_told: bool) -> Any:
            assert intention
            assert is_told is any(isinstance(one, Interrupted) for one in self.did)
            self.did.append(("issue", service, priority, claim))
            return next(said)

        async def say_refused(_ctx: object, service: str, refused: Refused, *, books: bool) -> str:
            assert not books
            self.did.append(("refused", service, refused.reason))
            return chosen

        async def hand_over(_ctx: object, ticket: object) -> None:
            self.did.append(("handed", ticket))

        async def ask(prompt: object) -> Any:
            self.did.append(prompt)
            return TakeNumber("clearance") if chosen == "take" else Done()

        monkeypatch.setattr(of_ticket, "say_refused", say_refused)
        monkeypatch.setattr(of_ticket, "hand_over", hand_over)
        self.ctx = cast("Any", SimpleNamespace(
            desk=SimpleNamespace(issue=issue), memory=SimpleNamespace(priority="infant"), ui=SimpleNamespace(ask=ask),
            hall=lambda: next(seen, None), catalogue=lambda: CATALOGUE, clock=HandClock(),
            books=lambda: False,
        ))  # fmt: skip


def refused(reason: Refusal) -> Refused:
    return Refused(reason, "")


STANDS = Hall({}, stopped={"clearance": STOPPED})
ASKED = Interrupted("clearance", CATALOGUE.names("clearance"), Text("why"), Text("until"), True, (Text("there"),))
ISSUED = ("issue", "clearance", "infant", "claim")
NO_INFORMATION = ("refused", INFORMATION, Refusal.CLOSED)
OF_INFORMATION = ("issue", INFORMATION, "infant", None)


@pytest.mark.parametrize(
    ("answers", "halls", "chosen", "did"),
    [
        (["paper"], [], "done", [ISSUED, ("handed", "paper")]),
        (["paper"], [Hall({})], "done", [ISSUED, ("handed", "paper")]),
        ([], [STANDS], "done", [ASKED]),
        (["paper"], [STANDS], "take", [ASKED, ISSUED, ("handed", "paper")]),
        ([refused(Refusal.INTERRUPTED)], [None, STANDS], "done", [ISSUED, ASKED]),
        (
            [refused(Refusal.CLOSED)], [None, STANDS], "done",
            [ISSUED, ("refused", "clearance", Refusal.CLOSED)],
        ),
        (
            [refused(Refusal.INTERRUPTED), "other"], [], "help_ticket",
            [ISSUED, ("refused", "clearance", Refusal.INTERRUPTED), OF_INFORMATION, ("handed", "other")],
        ),
        (
            [refused(Refusal.CLOSED), refused(Refusal.CLOSED)], [], "help_ticket",
            [ISSUED, ("refused", "clearance", Refusal.CLOSED), OF_INFORMATION, NO_INFORMATION],
        ),
    ],
)  # fmt: skip
async def test_a_touch_leads_to_a_number_or_to_why_not_and_to_one_for_information_once(
    monkeypatch: pytest.MonkeyPatch, answers: list[Any], halls: list[Any], chosen: str, did: list[Any]
) -> None:
    touch = Touch(monkeypatch, *answers, halls=halls, chosen=chosen)
    await of_ticket.take_number(touch.ctx, "clearance", cast("Any", "claim"))
    assert touch.did == did
