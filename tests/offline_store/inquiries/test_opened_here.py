"""A payment is known where it was opened, and nowhere else; one that is opened again counts once more."""

import msgspec

from common.protocol.payments.answers import PaymentNow
from offline_store.disk.database import Store
from offline_store.inquiries import payments
from tests.kit.clock import HandClock

NOW = PaymentNow(
    "5f1c9e1e-93a4-4d1c-9a5b-0d3c8a2f6b10", "opened", "261129-AAAA-BBBB-CCCC", "water", "wallet", 12_500, "SYP", "new",
    "2026-11-29T07:10:00.000000Z", "2026-11-29T07:00:00.000000Z",
)  # fmt: skip
FIRST, SECOND = "0b0f5a44-1f9a-4c56-8c5e-0a6f6e0d9b01", "0b0f5a44-1f9a-4c56-8c5e-0a6f6e0d9b02"


def test_a_payment_is_found_where_it_was_opened_alone(store: Store) -> None:
    clock = HandClock()
    assert payments.opened_here(store, NOW.payment) is None
    payments.note(store, FIRST, NOW, clock.now())
    found = payments.opened_here(store, NOW.payment)
    assert found is not None
    assert (found.inquiry, found.bill_no, found.state, found.told) == (FIRST, NOW.bill_no, "opened", None)
    assert payments.opened_here(store, FIRST) is None


def test_what_was_told_ends_it_until_it_is_opened_again(store: Store) -> None:
    clock = HandClock()
    payments.note(store, FIRST, NOW, clock.now())
    payments.told(store, NOW.payment, "expired", "none", clock.now())
    assert payments.untold(store) == []
    payments.note(store, FIRST, msgspec.structs.replace(NOW, state="expired"), clock.now())
    assert payments.untold(store) == []  # the same question: what was told of it holds
    payments.note(store, SECOND, NOW, clock.now())
    assert [one.inquiry for one in payments.untold(store)] == [SECOND]
