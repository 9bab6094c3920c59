"""What something costs, as a sentence."""

from common.city.catalogue import Fee
from common.city.money import money
from kiosk.prompts.ui import Text


def fee_text(fee: Fee, copies: int = 1) -> Text:
    """Return the fee of so many copies as a sentence; whole units are written without their fractions."""
    due = fee.due_minor * copies
    return Text("service.fee_amount", {"money": money(due, fee.currency)}) if due else Text("service.fee_free")
