"""Marks that central keeps itself: of each debt of each biller one, by whose payment, in their order."""

from datetime import UTC, datetime

import pytest

from central.payments.billers import kept
from central.payments.marks import debt_mark
from central.payments.ports.biller import Change, Changes, Mark, Marked
from central.payments.ports.errors import MarkRefused
from tests.central.payments.flow.conftest import Till, moment, till

__all__ = ["till"]
PAID_AT = datetime(2026, 11, 25, 9, tzinfo=UTC)


def mark(key: str, debt: str, amount: int = 12_500) -> Mark:
    return Mark(key, debt, amount, "SYP", "shamcash", "B1", PAID_AT)


async def test_a_debt_is_marked_once_and_by_no_other_debts_or_billers_mark(till: Till) -> None:
    vault = till.ring.vault()

    async def marked(biller: str, debt: str) -> bool:
        async with till.engine.connect() as connection:
            return await kept.is_marked(connection, biller, debt_mark(vault, biller, debt))

    assert not await marked("water", "D-1")
    async with till.engine.begin() as connection:
        first = await kept.keep(connection, vault, "water", mark("abcd-1", "D-1"))
    assert first == Marked("water-1-ABCD", moment())
    assert [await marked("water", "D-1"), await marked("water", "D-2"), await marked("power", "D-1")] == [
        True, False, False,
    ]  # fmt: skip
    async with till.engine.begin() as connection:
        assert await kept.keep(connection, vault, "water", mark("abcd-1", "D-1")) == first, "the same payment again"
        with pytest.raises(MarkRefused) as refused:
            await kept.keep(connection, vault, "water", mark("ef01-2", "D-1"))
        assert (refused.value.reason, refused.value.by) == ("paid-elsewhere", "abcd-1")
        others = [
            await kept.keep(connection, vault, "water", mark("ef01-2", "D-2")),
            await kept.keep(connection, vault, "power", mark("2345-3", "D-1")),
        ]
    assert [one.receipt for one in others] == ["water-2-EF01", "power-3-2345"]


async def test_a_billers_book_is_read_on_from_a_number_a_page_at_a_time(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = till.ring.vault()
    monkeypatch.setattr(kept, "PAGE", 2)
    async with till.engine.begin() as connection:
        for number, biller in enumerate(("water", "power", "water", "water"), start=1):
            await kept.keep(connection, vault, biller, mark(f"key{number}", f"D-{number}", number))
        told = [await kept.changes(connection, vault, "water", after) for after in (0, 1, 3, 4)]
    changes = {n: Change(n, f"D-{n}", "marked", n, f"water-{n}-KEY{n}", f"key{n}") for n in (1, 3, 4)}
    assert told == [
        Changes([changes[1], changes[3]], 3, True), Changes([changes[3], changes[4]], 4, False),
        Changes([changes[4]], 4, False), Changes([], 4, False),
    ]  # fmt: skip
