"""The demo's citizen before a window that is written down: what he touches, sees, gets, and when he gives up."""

from types import SimpleNamespace

import pytest

from demo.faults.fault import Step
from demo.processes import DemoFailed
from kiosk.prompts.paper import CameOut, NotOut
from kiosk.prompts.payment_ended import Became, PaymentEnded, Receipted, Told
from kiosk.prompts.ui import Text
from tests.demo.people.conftest import Make, Scene
from tests.demo.people.made_up import screen

START = screen("start")
TICKET = screen("ticket", number="A1001")


async def test_he_comes_to_the_start_screen_or_finds_another(scene: Make) -> None:
    made = scene(START)
    await made.citizen.come()
    assert (made.looked, made.told, made.window.waits) == (["1-start"], [], [("start", 20.0)])
    closed = scene(screen("out"))
    await closed.citizen.find("out")
    assert (closed.seen.face, closed.looked, closed.told) == ("out", ["1-out"], ["instead of the start screen: out"])


async def test_he_takes_a_number(scene: Make) -> None:
    made = scene(START, tile__card=TICKET, done=START)
    await made.citizen.take_ticket("card", None)
    assert made.window.did == ["tile:card", "done"]
    assert (made.seen.number, made.seen.trouble, made.seen.reprinted, made.seen.touches_lost) == (
        "A1001",
        None,
        False,
        0,
    )
    assert (made.looked, made.seen.screens) == (["1-ticket"], ["ticket", "start"])
    assert made.told == ["touched card: number A1001, the paper is in the slot"]


async def test_a_touch_that_nothing_heard_is_counted_and_done_again(scene: Make) -> None:
    made = scene(START, tile__card=[START, START, TICKET], done=START)
    await made.citizen.take_ticket("card", None)
    assert (made.window.did, made.seen.touches_lost) == (["tile:card"] * 3 + ["done"], 2)


async def test_who_was_refused_before_tries_again_for_a_while(scene: Make) -> None:
    no = screen("not_now")
    made = scene(START, tile__card=[no, no, TICKET], done=[START, START, START])
    made.seen.refusal = "not_now"
    await made.citizen.take_ticket("card", None)
    assert made.window.did == ["tile:card", "done"] * 3
    assert made.seen.number == "A1001"


NO_PAPER = screen("screen_ticket", number="A1001", trouble=SimpleNamespace(value="paper-out"))


async def test_a_number_without_a_paper_is_on_the_screen_and_its_copy_comes_once_it_is_mended(scene: Make) -> None:
    made, mended = scene(START, tile__card=NO_PAPER, reprint=[NO_PAPER, TICKET], done=START), []
    await made.citizen.take_ticket("card", lambda: mended.append(1))
    assert (made.window.did, mended) == (["tile:card", "reprint", "reprint", "done"], [1])
    assert (made.seen.trouble, made.seen.reprinted, made.looked) == ("paper-out", True, ["1-screen_ticket", "2-copy"])
    assert made.told == [
        "touched card: number A1001 on the screen, no paper (paper-out)",
        "the printer was mended: number A1001 again, marked as a copy",
    ]
    assert ("reprint", 20.0) in made.window.waits


async def test_what_nobody_can_mend_has_no_copy_and_an_offer_that_did_not_come_ends_the_play(scene: Make) -> None:
    made = scene(START, tile__card=NO_PAPER, done=START)
    await made.citizen.take_ticket("card", None)
    assert (made.window.did, made.seen.reprinted) == (["tile:card", "done"], False)
    made = scene(START, tile__card=NO_PAPER, done=START)
    made.window.missing.add("reprint")
    with pytest.raises(DemoFailed, match=r"^the printer was mended, but the paper was not offered again$"):
        await made.citizen.take_ticket("card", lambda: None)


async def test_he_is_refused_on_a_screen_or_by_the_start_screen_itself(scene: Make) -> None:
    made = scene(START, tile__card=screen("quota"), done=START)
    made.window.stage.offer("tile:card")
    await made.citizen.be_refused("card", "quota")
    assert (made.window.did, made.seen.refusal, made.looked) == (["tile:card", "done"], "quota", ["1-quota"])
    assert made.told == ["touched card: quota, no number"]
    made = scene(START)
    await made.citizen.be_refused("card", "quota")
    assert (made.window.did, made.seen.refusal, made.looked, made.told) == ([], "start", ["1-start"], [])


async def test_he_goes_a_way_of_his_own_looking_at_each_other_screen(scene: Make) -> None:
    result = screen("result", outcome="accepted")
    made = scene(START, help=screen("help"), more=screen("help"), take=TICKET, hand=result, home=START)
    ways = (("help", "help"), ("more", "help"), ("take", "ticket"), ("hand", "result"), ("home", "start"))
    await made.citizen.walk([Step(*way) for way in ways])
    assert made.looked == ["1-help", "2-ticket", "3-result", "4-start"]
    assert (made.seen.outcome, made.seen.outcomes) == ("accepted", ["accepted"])
    assert made.told == ["number A1001, the paper is in the slot", "touched help, more, take, hand, home"]
    assert made.window.did == ["help", "more", "take", "hand", "home"]


async def test_on_his_way_he_touches_again_what_did_not_answer_six_times_at_most(scene: Make) -> None:
    made = scene(START, help=[START, START, screen("help")])
    await made.citizen.walk([Step("help", "help")])
    assert made.window.did == ["help"] * 3
    made = scene(START)
    made.window.is_stuck = True
    with pytest.raises(DemoFailed):
        await made.citizen.walk([Step("help", "help")])
    assert made.window.did == ["help"] * 6


async def test_he_sees_a_text_come_and_go(scene: Make) -> None:
    made = scene(START)
    await made.citizen.see("ell", stands=True)
    await made.citizen.see("Bye", stands=False)
    assert (made.looked, made.told) == (
        ["1-stopped", "2-works-again"], ["the tile says “ell”", "the tile is as before"],
    )  # fmt: skip


CODE = screen("pay_code", code="http://wallet/1")


RECEIPTED = Receipted("W-1", CameOut())


async def pay(made: Scene, paid: list[str], became: Became = RECEIPTED) -> None:
    def by_telephone(address: str) -> None:
        paid.append(address)
        made.window.shown = PaymentEnded(became, None, Text("pay.amount"), "W-0001")

    await made.citizen.pay_a_bill("107", "wallet", by_telephone)


BILL = {
    "tile__water-bill": screen("bill_or_number"), "pay_here": screen("find_bill"),
    "type_number": screen("bill_number"), "ok": screen("bill"),
    "phone": screen("pay_choose"), "pick__wallet": CODE, "done": START,
}  # fmt: skip


async def test_he_pays_a_bill_by_the_telephone_and_takes_the_receipt(scene: Make) -> None:
    made, paid = scene(START, **BILL), list[str]()
    await pay(made, paid)
    assert made.window.did == [
        "tile:water-bill", "pay_here", "type_number",
        "digit:1", "digit:0", "digit:7", "ok", "phone", "pick:wallet", "done",
    ]  # fmt: skip
    assert (paid, made.seen.receipt, made.looked) == (
        ["http://wallet/1"], "W-1", ["1-bill", "2-pay_code", "3-payment"],
    )  # fmt: skip
    assert made.told == ["paid a bill by the telephone: receipt W-1, the paper is in the slot"]
    assert ("payment", 60.0) in made.window.waits
    assert made.seen.screens == [
        "bill_or_number", "find_bill", "bill_number", "bill", "pay_choose", "pay_code", "payment", "start",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "became", [Receipted("W-1", NotOut()), Told("entering", CameOut())], ids=lambda one: one.ending
)
async def test_a_bill_without_a_receipt_ends_the_play(scene: Make, became: Became) -> None:
    with pytest.raises(DemoFailed, match=f"^the bill was paid and the screen says {became.ending}$"):
        await pay(scene(START, **BILL), [], became)
