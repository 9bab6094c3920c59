"""`kiosk pay` and `kiosk verify`: the screen's path to a paid bill without the screen, and what a receipt's code is."""

import sys
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import msgspec
import typer

from common.machine.console import emit, told_to_stop
from common.machine.options import accepts_json
from common.protocol.codes.issued import Forged, Genuine, Unreadable, Unverified
from common.protocol.codes.receipt_code import Receipt
from common.protocol.payments.answers import PaymentNow, PaymentState
from kiosk.commands.console_input import LONGEST_LINE
from kiosk.commands.options import DEFAULT_CONFIG, Config, NoPrint
from kiosk.desk.answers import PaymentPaper
from kiosk.desk.payments.paying import Following, NotPaid, Paying
from kiosk.runtime.parts import open_paying
from kiosk.settings.settings import Settings

_NO_PAYMENT: Final = 2
"""The exit status where there is no payment now; 1 is one that did not end well."""
_VERDICTS: Final = {"genuine": 0, "forged": 1, "unverified": 3, "unreadable": 4}


@accepts_json
def pay(
    biller: Annotated[str | None, typer.Option(help="Whose bill, by its code.")] = None,
    payer: Annotated[str | None, typer.Option(help="By whom it is paid; left out, the first that is set up.")] = None,
    fields: Annotated[str | None, typer.Option(help='"-": what names the bill, as JSON on standard input.')] = None,
    order: Annotated[str | None, typer.Option(help="An order's id: its fee is paid.")] = None,
    no_print: NoPrint = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Pay a bill, or an order's fee, without the screen, by the same path: a line a state.

    Ends with status 0 only where it was paid and told; 1 where it ended otherwise; 2 where there is no payment now.
    """
    if (biller is None) == (order is None) or (biller is not None) != (fields == "-"):
        raise typer.BadParameter("give either --biller B --fields - or --order ORDER")
    asked = None if biller is None else _fields(sys.stdin.read(LONGEST_LINE))
    stop = told_to_stop()
    with open_paying(Settings(config), printing=not no_print) as paying:
        opened = _opened(paying, biller, asked, payer, order, stop.is_set)
        raise typer.Exit(0 if _told(paying, opened, stop.is_set) == "told" else 1)


def _fields(text: str) -> dict[str, str]:
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except msgspec.DecodeError:
        raise typer.BadParameter('standard input is no JSON object of texts, such as {"subscriber": "…"}') from None


def _opened(
    paying: Paying, biller: str | None, fields: dict[str, str] | None, payer: str | None, order: str | None, left: Any
) -> Following:
    """Find the bill and open its payment, or end with status 2 and why there is none."""
    setup = paying.setup()
    if setup is None:
        raise _none("not-set-up")
    by = payer or setup.payers[0].payer
    if biller is None:
        found = paying.open(by, left, order=order)
    else:
        bill = paying.bill(biller, fields or {}, left)
        if isinstance(bill, NotPaid):
            raise _none(bill.why)
        found = paying.open(by, left, bill=bill.bill)
    if isinstance(found, NotPaid):
        raise _none(found.why)
    return found


def _none(why: str) -> typer.Exit:
    print(f"no payment now: {why}", file=sys.stderr, flush=True)
    return typer.Exit(_NO_PAYMENT)


def _told(paying: Paying, following: Following, left: Any) -> PaymentState:
    """Say each state until the payment has ended, print its receipt, and record that it was told."""
    said: PaymentNow | None = None
    while True:
        if following.now != said:
            said = following.now
            _say(said, said.state)
        if following.is_over or left():
            break
        following = paying.follow(following, left)
    paying.keep(following.asked.id)
    now = following.now
    if following.lost is not None:
        asked = paying.state(now.payment, left)
        now = asked if isinstance(asked, PaymentNow) else now
    state: PaymentState = now.state
    if state in ("marked", "told"):
        paper = paying.print(PaymentPaper("receipt", now)) if paying.may_print(now) else None
        paying.tell(now.payment, "marked", paper)
        state = "told"
    else:
        state = state if state in ("expired", "withdrawn", "refund-due", "refunded") else "unknown"
        paying.tell(now.payment, state)
    if now is not said or state != now.state:
        _say(now, state)
    return state


def _say(now: PaymentNow, state: PaymentState) -> None:
    known = {
        "payment": now.payment,
        "state": state,
        "bill_no": now.bill_no,
        "amount": now.amount,
        "currency": now.currency,
        "show": now.show,
        "receipt": now.receipt,
    }
    emit({key: value for key, value in known.items() if value is not None})


@accepts_json
def verify(
    code: Annotated[
        str | None, typer.Argument(help="The code of a receipt, as scanned; left out: a line of input.")
    ] = (None),
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Say what the code of a receipt is, without any network.

    Ends with status 0 for genuine, 1 for forged, 3 where it can't be judged here, 4 where it is no code of a receipt.
    """
    text = sys.stdin.readline(LONGEST_LINE) if code is None or code == "-" else code
    with open_paying(Settings(config), printing=False) as paying:
        found = paying.judge(text.strip())
    match found:
        case Genuine(receipt):
            line = {"verdict": "genuine"} | _receipt(receipt)
        case Unverified(reason, claimed):
            line = {"verdict": "unverified", "reason": reason, "claimed": _receipt(claimed)}
        case Forged(reason):
            line = {"verdict": "forged", "reason": reason}
        case Unreadable(rule):
            line = {"verdict": "unreadable", "reason": rule}
    emit(line)
    raise typer.Exit(_VERDICTS[line["verdict"]])


def _receipt(receipt: Receipt) -> dict[str, Any]:
    paid = datetime.fromtimestamp(receipt.paid, UTC).isoformat().replace("+00:00", "Z")
    return {
        "payment": receipt.payment,
        "biller": receipt.biller,
        "receipt": receipt.biller_receipt,
        "payer": receipt.payer,
        "payer_receipt": receipt.payer_receipt,
        "bill_no": receipt.bill_no,
        "amount": receipt.amount,
        "currency": receipt.currency,
        "pound": receipt.pound,
        "paid_at": paid,
    }
