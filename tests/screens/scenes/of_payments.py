"""Scenes of a bill that is paid by telephone: each step, each end of it, and each reason why not."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from common.protocol.payments.answers import Begun, BillFound, PaymentNow
from kiosk.desk.payments.paying import Following, NotPaid, Paying
from kiosk.prompts import payment
from kiosk.prompts.choosing import Start, TakeNumber
from kiosk.prompts.order import OrderResult
from kiosk.prompts.paid import PaidWaiting, PayCode, PrintingPayment, ReceiptKnown
from kiosk.prompts.payment import BegunBefore, BillOrNumber, BillShown, ChooseOne, FindBill, TypeBillNumber
from kiosk.prompts.payment_ended import PaymentEnded
from kiosk.prompts.state import HelpOffer
from kiosk.prompts.ui import AskForHelp, Trouble
from offline_store.inquiries.asking import Asked
from tests.kit import payments as kit
from tests.kit.answering_rows import Said
from tests.screens.scenes.scene import Scene
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Step

_KEY = X25519PrivateKey.from_private_bytes(bytes(32))


def _now(said: Said) -> PaymentNow:
    return msgspec.convert(said[1] | said[2], PaymentNow)


class _Central(Paying):
    """Answers at once, by what a scene is about: `then` after the code."""

    def __init__(
        self, lobby: Lobby, *then: Said, why: str | None = None, bill_why: str | None = None, begun: Begun | None = None
    ) -> None:
        super().__init__(lobby.place.store, lobby.place.clock, lobby.tray)
        self._then = list(then)
        self._why, self._bill_why, self._begun = why, bill_why, begun
        self._lobby = lobby

    def bill(self, biller: str, fields: Mapping[str, str], is_left: Callable[[], bool]) -> BillFound | NotPaid:
        del biller, fields, is_left
        if self._bill_why is not None:
            return NotPaid(self._bill_why)
        _, clear, personal = kit.bill([kit.DEBT])
        return msgspec.convert(clear | personal, BillFound)

    def open(
        self,
        payer: str,
        is_left: Callable[[], bool],
        *,
        bill: str | None = None,
        order: str | None = None,
        instead_of: str | None = None,
    ) -> Following | NotPaid:
        del is_left, bill, instead_of
        if self._why is not None:
            return NotPaid(self._why, self._begun)
        stamp = self._lobby.place.clock.now()
        asked = Asked("", "payment", stamp.boot_time_ns + 600 * 10**9, stamp.boot_id, _KEY)
        return Following(asked, 1, _now(kit.payment("opened", payer=payer, biller="orders" if order else "homs-water")))

    def state(self, payment: str, is_left: Callable[[], bool]) -> PaymentNow | NotPaid:
        del payment, is_left
        return NotPaid("no-network")

    def follow(self, paid: Following, is_left: Callable[[], bool]) -> Following:
        while not self._then and not is_left():
            time.sleep(0.01)
        if is_left():
            return paid
        state, *said = self._then.pop(0)
        return Following(paid.asked, paid.revision + 1, _now((state, said[0], said[1])), state == "answered")


def _pays(
    *steps: Step,
    then: tuple[Said, ...] = (),
    why: str | None = None,
    bill_why: str | None = None,
    begun: Begun | None = None,
    trouble: Trouble | None = None,
    **setup: Any,
) -> Callable[[Lobby], list[Step]]:
    def way(lobby: Lobby) -> list[Step]:
        kit.make_known(lobby.place.store, kit.setup_of(**setup))
        lobby.paying, lobby.tray.trouble = _Central(lobby, *then, why=why, bill_why=bill_why, begun=begun), trouble
        return list(steps)

    return way


def _shows(code: str) -> Callable[[Lobby], list[Step]]:
    def way(lobby: Lobby) -> list[Step]:
        return [*_pays()(lobby), (Start, lobby.scans(code))]

    return way


def _unpaid_order(lobby: Lobby) -> list[Step]:
    return [*_pays(orders=True)(lobby), (Start, lobby.scans(lobby.place.app.code(paid=False)))]


_TO_WAY: tuple[Step, ...] = (
    (Start, TakeNumber("water-bill")),
    (BillOrNumber, "phone"),
)
_TO_NUMBER: tuple[Step, ...] = (*_TO_WAY, (FindBill, "type_number"))
_TO_BILL: tuple[Step, ...] = (*_TO_NUMBER, (TypeBillNumber, kit.SUBSCRIBER))
_TO_CODE: tuple[Step, ...] = (*_TO_BILL, (BillShown, "phone"))

_MANY = [kit.WATER, kit.POWER, kit.POWER | {"biller": "homs-telecom", "names": {"ar": "اتصالات حمص", "en": "Telecom"}}]


def _ended(*then: Said, trouble: Trouble | None = None) -> Scene:
    """Come to an end that central tells while the code is shown."""

    def way(lobby: Lobby) -> list[Step]:
        waits = lobby.passes(0)
        return [*_pays(then=then, trouble=trouble)(lobby), *_TO_CODE, (PayCode, waits)]

    return Scene(PaymentEnded, way)


def _left(answer: str, *, bank: bool = False) -> Scene:
    payers = [kit.BANK] if bank else [kit.WALLET]
    return Scene(PaymentEnded, _pays(*_TO_CODE, (PayCode, answer), payers=payers))


PAYMENTS: Mapping[str, Scene] = {
    "pay-or-number": Scene(BillOrNumber, _pays((Start, TakeNumber("water-bill")))),
    "help-bill": Scene(HelpOffer, _pays((Start, AskForHelp()), billers=[kit.WATER | {"service": None}])),
    "pay-biller": Scene(ChooseOne, _pays(*_TO_WAY, billers=_MANY)),
    "pay-find": Scene(FindBill, _pays(*_TO_WAY)),
    "pay-find-typed": Scene(FindBill, _pays(*_TO_WAY, billers=[kit.POWER])),
    "pay-number": Scene(TypeBillNumber, _pays(*_TO_NUMBER)),
    "pay-bill": Scene(BillShown, _pays(*_TO_BILL)),
    "pay-payer": Scene(ChooseOne, _pays(*_TO_CODE, payers=[kit.WALLET, kit.BANK])),
    "pay-code": Scene(PayCode, _pays(*_TO_CODE)),
    "pay-code-bank": Scene(PayCode, _pays(*_TO_CODE, payers=[kit.BANK])),
    "pay-paid": Scene(
        PaidWaiting,
        lambda lobby: [*_pays(then=(kit.payment("paid"),))(lobby), *_TO_CODE, (PayCode, lobby.passes(0))],
    ),
    "pay-printing": Scene(PrintingPayment, _pays(*_TO_CODE, (PayCode, "i_paid"))),
    "pay-receipt": _ended(kit.payment("marked")),
    "pay-receipt-jam": _ended(kit.payment("marked"), trouble=Trouble.JAM),
    "pay-entered": _ended(kit.payment("marked", seal=None)),
    "pay-entering": Scene(
        PaymentEnded,
        lambda lobby: [
            *_pays(then=(kit.payment("paid"),))(lobby), *_TO_CODE, (PayCode, lobby.passes(0)), (PaidWaiting, "stop")
        ],
    ),
    "pay-reference": _left("i_paid"),
    "pay-bank": _left("i_paid", bank=True),
    "pay-begun-before": Scene(
        BegunBefore, _pays(*_TO_CODE, why="being-paid", begun=Begun(kit.PAYMENT, "2026-11-24T08:12:00Z", "homs-new"))
    ),
    "pay-withdrawn": _ended(kit.payment("withdrawn")),
    "pay-expired": _ended(kit.payment("expired")),
    "pay-unknown": _ended(kit.payment("unknown", ends=True)),
    "pay-refund": _ended(kit.payment("refund-due", reason="reversed")),
    "pay-refunded": _ended(kit.payment("refunded")),
    **{
        f"pay-not-{why}": Scene(payment.NotPaid, _pays(*_TO_CODE, why=why))
        for why in ("no-network", "late", "timed-out", "being-paid", "payer-silent", "refused")
    },
    **{
        f"pay-no-bill-{why}": Scene(payment.NotPaid, _pays(*_TO_BILL, bill_why=why))
        for why in ("unknown-or-nothing-due", "biller-silent", "enough-here", "five-a-visit")
    },
    "pay-order": Scene(OrderResult, _unpaid_order),
    "receipt-genuine": Scene(ReceiptKnown, _shows(kit.seal())),
    "receipt-forged": Scene(ReceiptKnown, _shows(kit.seal(kit.STRANGER))),
    "receipt-other-kiosk": Scene(payment.NotPaid, _shows(f"SY1P:{kit.PAYMENT}")),
}  # fmt: skip
