"""What something costs, as a sentence."""

from kiosk.catalogue import Fee
from kiosk.prompts import Text


def fee_text(fee: Fee, copies: int = 1) -> Text:
    """Return the fee of so many copies as a sentence; whole pounds are written without their hundredths."""
    due = fee.due_minor * copies
    if due == 0:
        return Text("service.fee_free")
    whole, rest = divmod(due, 100)
    amount = f"{whole:,}" + (f".{rest:02}" if rest else "")
    if fee.currency == "SYP":
        return Text("service.fee_amount", {"amount": amount})
    return Text("service.fee_other", {"amount": amount, "currency": fee.currency})
