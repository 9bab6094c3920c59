"""The kiosk dies at any point of a payment: the next start says what became of it, and nothing that is not so."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from kiosk.desk.answers import PaperOutcome, PaymentPaper
from kiosk.desk.payments.paying import Paying
from kiosk.prompts.choosing import Done, Start
from kiosk.prompts.paid import PaidWaiting, PayCode
from kiosk.prompts.payment import BillShown, NotPaid, TypeBillNumber
from kiosk.prompts.payment_ended import PaymentEnded, Unpaid
from kiosk.prompts.state import HelpOffer
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import AskForHelp, Control, Home, OpenMaintenance, Text, Trouble
from offline_store.disk.database import Store
from offline_store.inquiries import asking
from tests.kit import payments as kit
from tests.kit.answering_rows import AnsweringRows
from tests.kit.clock import NOON
from tests.kit.payments import BILL_NO, bill, payment
from tests.visits.lobby import Lobby
from tests.visits.paying.test_pay_visit import TO_BILL, TO_CODE, central_says, told
from tests.visits.scripted_ui import Happens, ScriptedUi, Step

MOST_WRITES = 11


class Cut(BaseException):
    """The power goes."""


@pytest.fixture
def rows(lobby: Lobby, monkeypatch: pytest.MonkeyPatch) -> Iterator[AnsweringRows]:
    kit.make_known(lobby.place.store)
    lobby.paying = Paying(lobby.place.store, lobby.place.clock, lobby.tray)
    answering = AnsweringRows(lobby.place.store, {"bill": bill(), "payment-state": payment("marked")})
    answering.steps["payment"] = [payment("opened")]
    monkeypatch.setattr(asking, "keep", lambda *_: None)  # who dies tidies nothing up
    yield answering
    answering.close()


def dies(lobby: Lobby) -> Happens:
    """The process is killed while this screen stands."""
    return Happens(lambda: lobby.ui.ended.set())  # noqa: PLW0108 (the display is made later)


async def started_again(lobby: Lobby, *steps: Step) -> Any:
    """Start after a cut: another boot, another process, and what becomes of the payment on the screen."""
    lobby.place.clock.pass_time(minutes=2)
    lobby.place.clock.restart()
    lobby.tray.on_print = lambda: None
    lobby.paying = Paying(lobby.place.store, lobby.place.clock, lobby.tray)
    return await lobby.run(*steps)


@pytest.mark.parametrize("name", ["bill", "shown"])
async def test_before_a_code_was_shown_nothing_is_left_to_say(lobby: Lobby, rows: AnsweringRows, name: str) -> None:
    way = {"bill": TO_BILL[:-1], "shown": TO_BILL}[name]
    last = {"bill": TypeBillNumber, "shown": BillShown}[name]
    await lobby.run(*way, (last, dies(lobby)))
    ui = await started_again(lobby, (Start, dies(lobby)))
    assert [type(one) for one in ui.asked] == [Start]


def _at_code(lobby: Lobby, rows: AnsweringRows) -> list[Step]:
    return [*TO_CODE, (PayCode, dies(lobby))]


def _at_paid(lobby: Lobby, rows: AnsweringRows) -> list[Step]:
    return [*TO_CODE, (PayCode, central_says(rows, payment("paid"))), (PaidWaiting, dies(lobby))]


@pytest.mark.parametrize("way", [_at_code, _at_paid])
async def test_after_the_code_the_next_start_says_it_and_prints_the_receipt_where_it_is_wanted(
    lobby: Lobby, rows: AnsweringRows, way: Callable[[Lobby, AnsweringRows], list[Step]]
) -> None:
    await lobby.run(*way(lobby, rows))
    assert (lobby.tray.out, told(lobby)) == ([], [])
    ui = await started_again(lobby, (PaymentEnded, "reprint"), (PaymentEnded, Done()), (Start, dies(lobby)))
    found = ui.last(PaymentEnded)
    assert (found.ending, found.found, found.bill_no) == ("receipt", "after-cut", BILL_NO)
    assert [paper[0] for paper in lobby.tray.out] == [f"receipt {BILL_NO}"]
    assert told(lobby) == [("marked", "printed")]
    ui = await started_again(lobby, (Start, dies(lobby)))
    assert [type(one) for one in ui.asked] == [Start], "it was said"


@pytest.mark.parametrize("comes_out", [False, True])
async def test_a_cut_while_the_receipt_prints_is_said_again(lobby: Lobby, rows: AnsweringRows, comes_out: bool) -> None:
    def cut() -> None:
        if comes_out:
            lobby.tray.out.append(("the sheet that came out", False, None))
        raise Cut

    lobby.tray.on_print = cut
    with pytest.raises(Cut):
        await lobby.run(*TO_CODE, (PayCode, central_says(rows, payment("marked"))), (PaymentEnded, Done()))
    assert told(lobby) == []
    ui = await started_again(lobby, (PaymentEnded, Done()), (Start, dies(lobby)))
    assert ui.last(PaymentEnded).ending == "receipt"
    assert told(lobby) == [("marked", "none")]


async def test_one_that_ended_unpaid_names_no_button_where_none_stands(lobby: Lobby, rows: AnsweringRows) -> None:
    rows.answers["payment-state"] = payment("expired")
    await lobby.run(*_at_code(lobby, rows))
    ui = await started_again(lobby, (PaymentEnded, Done()), (Start, dies(lobby)))
    found = ui.last(PaymentEnded)
    assert found.became == Unpaid(can_retry=False)
    assert found.what_holds == (Text("payment.found"), Text("payment.expired_ask"))


async def test_without_a_line_after_the_cut_nothing_is_claimed(lobby: Lobby, rows: AnsweringRows) -> None:
    rows.answers["payment-state"] = ("failed", {"reason": "no-network"}, {})
    await lobby.run(*_at_code(lobby, rows))
    ui = await started_again(lobby, (PaymentEnded, "reprint"), (PaymentEnded, Done()), (Start, dies(lobby)))
    assert ui.last(PaymentEnded).ending == "unknown"
    assert [paper[0] for paper in lobby.tray.out] == [f"reference {BILL_NO}"]


async def test_its_paper_without_a_line_bears_the_time_at_which_it_was_opened(
    lobby: Lobby, rows: AnsweringRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = list[PaymentPaper]()

    def print_payment(paper: PaymentPaper, **_: object) -> PaperOutcome:
        papers.append(paper)
        return PaperOutcome("printed")

    monkeypatch.setattr(lobby.tray, "print_payment", print_payment)
    rows.answers["payment-state"] = ("failed", {"reason": "no-network"}, {})
    await lobby.run(*_at_code(lobby, rows))
    await started_again(lobby, (PaymentEnded, "reprint"), (PaymentEnded, Done()), (Start, dies(lobby)))
    assert [datetime.fromisoformat(one.now.at) for one in papers] == [NOON], "not that at which it can't be paid more"


async def test_what_was_unknown_for_want_of_a_line_is_said_by_the_next_visit_that_has_one(
    lobby: Lobby, rows: AnsweringRows
) -> None:
    rows.steps["payment-state"] = [("failed", {"reason": "no-network"}, {}), payment("marked")]
    await lobby.run(*_at_code(lobby, rows))
    ui = await started_again(
        lobby, (PaymentEnded, Done()), (Start, Home()), (PaymentEnded, Done()), (Start, Home()), (Start, dies(lobby))
    )
    assert [one.ending for one in ui.asked if isinstance(one, PaymentEnded)] == ["unknown", "receipt"]
    assert told(lobby) == [("marked", "none")]


async def test_while_central_stays_silent_the_next_visitors_see_nothing_of_it(
    lobby: Lobby, rows: AnsweringRows
) -> None:
    rows.answers["payment-state"] = ("failed", {"reason": "no-network"}, {})
    await lobby.run(*_at_code(lobby, rows))
    ui = await started_again(
        lobby, (PaymentEnded, Done()), (Start, Home()), (Start, Home()), (Start, Home()), (Start, dies(lobby))
    )
    assert [one.ending for one in ui.asked if isinstance(one, PaymentEnded)] == ["unknown"]
    assert [kind for kind, _ in rows.asked if kind == "payment-state"] == ["payment-state"] * 2, (
        "once more, and no more"
    )


async def test_who_leaves_it_by_the_button_leaves_it_to_nobody_else(lobby: Lobby, rows: AnsweringRows) -> None:
    await lobby.run(*_at_code(lobby, rows))
    ui = await started_again(lobby, (PaymentEnded, Home()), (Start, Home()), (Start, dies(lobby)))
    assert len([one for one in ui.asked if isinstance(one, PaymentEnded)]) == 1


async def test_nobody_there_leads_to_the_start_screen_and_nothing_counts_as_told(
    lobby: Lobby, rows: AnsweringRows
) -> None:
    await lobby.run(*_at_code(lobby, rows))
    await started_again(lobby, (PaymentEnded, lobby.passes(181)), (Start, dies(lobby)))
    assert told(lobby) == []


def _later(lobby: Lobby, seconds: float) -> list[Step]:
    """Let so many seconds go by over what became of it; then the printer goes, and is back."""

    async def act() -> None:
        await lobby.time.advance(seconds)
        lobby.situation.update(printer=Trouble.JAM)

    return [(PaymentEnded, Happens(act)), (PaymentEnded, lobby.changes(printer=None))]


async def test_who_touches_it_late_has_as_long_again_to_take_his_receipt(lobby: Lobby, rows: AnsweringRows) -> None:
    await lobby.run(*_at_code(lobby, rows))
    late = _later(lobby, 175)
    await started_again(lobby, *late, (PaymentEnded, "reprint"), *late, (PaymentEnded, Done()), (Start, dies(lobby)))
    assert [paper[0] for paper in lobby.tray.out] == [f"receipt {BILL_NO}"]
    assert told(lobby) == [("marked", "printed")]


async def test_a_number_for_help_that_is_taken_over_it_late_is_shown_to_its_end(
    lobby: Lobby, rows: AnsweringRows
) -> None:
    await lobby.run(*_at_code(lobby, rows))
    taken = ((PaymentEnded, AskForHelp()), (HelpOffer, "help_ticket"), (TakeTicket, lobby.passes(9)))
    await started_again(lobby, *_later(lobby, 175), *taken, (PaymentEnded, Done()), (Start, dies(lobby)))
    assert [paper[0] for paper in lobby.tray.out] == lobby.numbers()


@pytest.mark.parametrize("leaves", [Home(), OpenMaintenance()])
async def test_who_leaves_what_is_unknown_for_help_leaves_it_to_be_asked_for_once_more(
    lobby: Lobby, rows: AnsweringRows, leaves: Control
) -> None:
    rows.steps["payment-state"] = [("failed", {"reason": "no-network"}, {}), payment("marked")]
    await lobby.run(*_at_code(lobby, rows))
    ui = await started_again(
        lobby,
        (PaymentEnded, AskForHelp()),
        (HelpOffer, leaves),
        (PaymentEnded, Done()),
        (Start, Home()),
        (Start, dies(lobby)),
    )
    assert [one.ending for one in ui.asked if isinstance(one, PaymentEnded)] == ["unknown", "receipt"]


async def test_half_an_hour_later_nobody_waits_for_it(lobby: Lobby, rows: AnsweringRows) -> None:
    await lobby.run(*_at_code(lobby, rows))
    lobby.place.clock.pass_time(minutes=31)
    ui = await started_again(lobby, (Start, dies(lobby)))
    assert [type(one) for one in ui.asked] == [Start]


async def test_its_paper_says_later_what_became_of_it(lobby: Lobby, rows: AnsweringRows) -> None:
    rows.answers["payment-state"] = payment("marked")
    ui = await lobby.run(
        *TO_CODE,
        (PayCode, "i_paid"),
        (PaymentEnded, Done()),
        (Start, lobby.scans(f"SY1P:{kit.PAYMENT}")),
        (PaymentEnded, "reprint"),
        (PaymentEnded, Done()),
    )
    assert ui.last(PaymentEnded).ending == "receipt"
    assert [paper[0] for paper in lobby.tray.out] == [f"reference {BILL_NO}", f"receipt {BILL_NO}"]
    assert told(lobby) == [("opened", "printed"), ("marked", "printed")]


async def test_a_paper_of_another_kiosk_is_sent_there(lobby: Lobby, rows: AnsweringRows) -> None:
    ui = await lobby.run((Start, lobby.scans(f"SY1P:{kit.BILL}")), (NotPaid, Done()))
    assert ui.last(NotPaid).why == "not-here"
    assert rows.asked == []


def _cuts_at(number: int, rows: AnsweringRows, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes just before the kiosk's own transaction of this number would be on disk."""
    write, counted = Store.write, [0]

    def mortal(store: Store) -> Any:
        if not rows.is_its_thread():
            counted[0] += 1
            if counted[0] == number:
                raise Cut
        return write(store)

    monkeypatch.setattr(Store, "write", mortal)


@pytest.mark.parametrize("number", range(1, 13))
async def test_killed_before_each_write_no_code_is_forgotten_and_nothing_is_claimed(
    lobby: Lobby, rows: AnsweringRows, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    steps = (
        *TO_CODE,
        (PayCode, central_says(rows, payment("paid"))),
        (PaidWaiting, central_says(rows, payment("marked"))),
        (PaymentEnded, Done()),
    )
    ui = ScriptedUi(*steps)
    with monkeypatch.context() as cut:
        _cuts_at(number, rows, cut)
        is_cut = False
        try:
            await lobby.play(ui)
        except Cut:
            is_cut = True
    was_shown = any(isinstance(one, PayCode) for one in ui.asked)
    printed = [paper[0] for paper in lobby.tray.out]
    assert set(printed) <= {f"receipt {BILL_NO}"}
    assert not printed or rows.said[-1] == "marked", "no receipt without central's word"
    if told(lobby) or not was_shown:
        after = await started_again(lobby, (Start, dies(lobby)))
        assert [type(one) for one in after.asked] == [Start]
    else:
        after = await started_again(lobby, (PaymentEnded, Done()), (Start, dies(lobby)))
        assert after.last(PaymentEnded).ending == "receipt"
    assert is_cut == (number < MOST_WRITES), "each write was cut before"
