"""Billers of files: each row that does not fit is named, each mark goes out once."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.config import CentralConfig
from central.base.tables.paid.books import kept_marks
from central.payments.billers import file
from central.payments.ports.opening import Means
from central.payments.running import BILLERS
from tests.central.payments.test_ports import HEAD, mark


async def test_each_row_of_a_file_that_does_not_fit_is_named_and_the_others_are_taken(
    means: Callable[..., Means],
) -> None:
    own = means("power", {})
    rows = [
        "1,A,D-1,2026-10,100,SYP,new,2026-12-31",
        "1,A,D-1,2026-11,100,SYP,new,2026-12-31",
        "1,A,D-2,2026-10,100,SYP,old,",
        "1,A,D-3,2026-10,-5,SYP,new,",
        "1,A,D-4,2026-10,1.5,SYP,new,",
        "1,A,D-5",
        "S P A C E,A,D-6,2026-10,100,SYP,new,",
        "2,B,D-7,,100,SYP,new,",
    ]
    async with own.engine.begin() as connection:
        taken = await file.take_debts(connection, own.ring.vault(), "power", "new", HEAD + "\n".join(rows))
        with pytest.raises(ValueError, match="head"):
            await file.take_debts(connection, own.ring.vault(), "power", "new", "a;b\n")
    assert taken.debts == 2
    assert [one.split(":")[0] for one in taken.bad] == [f"line {number}" for number in (3, 4, 5, 6, 7, 8)]
    assert "S P A C E" not in str(taken.bad)


@pytest.mark.parametrize("n", [5, 9_999])
async def test_a_row_whose_quotes_stay_open_takes_no_other_with_it(means: Callable[..., Means], n: int) -> None:
    own = means("power", {})
    rows = ["1,A,D-1,,100,SYP,new,", '2,"B,D-2,,100,SYP,new,', *(f"{at},C,D-{at},,100,SYP,new," for at in range(3, n))]
    async with own.engine.begin() as connection:
        taken = await file.take_debts(connection, own.ring.vault(), "power", "new", HEAD + "\r\n".join(rows))
    assert (taken.debts, taken.bad) == (n - 2, ["line 3: 2 cells, 8 are right"])


async def test_marks_go_out_once_and_stay_marked_whatever_a_later_file_says(means: Callable[..., Means]) -> None:
    own = means("power", {"names": {"ar": "ك", "en": "P"}})
    vault, text = own.ring.vault(), HEAD + "7,A,D-1,,100,SYP,new,\n"
    biller, one = BILLERS["file"](own), mark(amount=100)
    async with own.engine.begin() as connection:
        await file.take_debts(connection, vault, "power", "new", text)
    done = await biller.mark(one)
    async with own.engine.begin() as connection:
        out = await file.give_marks(connection, vault, "power")
        assert await file.give_marks(connection, vault, "power") == "debt,amount,currency,payment,at\n"
        assert await file.give_marks(connection, vault, "power", again=True) == out
        await file.take_debts(connection, vault, "power", "new", text)
    assert out == f"debt,amount,currency,payment,at\nD-1,100,SYP,{one.key},{done.at}\n"
    assert await biller.inquire({"subscriber": "7"}) is None


async def test_no_receipt_is_given_twice_not_even_by_a_central_that_was_set_back(means: Callable[..., Means]) -> None:
    own = means("power", {"names": {"ar": "ك", "en": "P"}})
    biller, receipts = BILLERS["file"](own), []
    for _ in range(2):
        async with own.engine.begin() as connection:
            await connection.execute(delete(kept_marks))  # the copy is of before
            await file.take_debts(connection, own.ring.vault(), "power", "new", HEAD + "7,A,D-1,,100,SYP,new,\n")
        receipts.append((await biller.mark(mark(amount=100))).receipt)
    assert receipts[0] != receipts[1]


class _Between:
    """A connection beside which something happens once it has read."""

    def __init__(self, connection: AsyncConnection, happens: Callable[[], Awaitable[object]]) -> None:
        self._connection, self._happens = connection, [happens]

    async def execute(self, statement: Any) -> Any:
        found = await self._connection.execute(statement)
        if self._happens:
            await self._happens.pop()()
        return found


async def test_a_mark_that_is_kept_while_the_file_is_written_goes_out_with_the_next(
    means: Callable[..., Means], config: CentralConfig
) -> None:
    if not config.is_postgres:
        pytest.skip("SQLite lets nobody write in between")
    own = means("power", {"names": {"ar": "ك", "en": "P"}})
    vault, text = own.ring.vault(), HEAD + "7,A,D-1,,100,SYP,new,\n8,B,D-2,,100,SYP,new,\n"
    biller = BILLERS["file"](own)
    async with own.engine.begin() as connection:
        await file.take_debts(connection, vault, "power", "new", text)
    await biller.mark(mark(amount=100))
    async with own.engine.begin() as connection:
        late = _Between(connection, lambda: biller.mark(mark(amount=100, debt="D-2")))
        assert "D-1," in await file.give_marks(cast("AsyncConnection", late), vault, "power")
    async with own.engine.begin() as connection:
        assert "D-2," in await file.give_marks(connection, vault, "power")


def onto_a_full_disk(command: list[str]) -> int:
    """Run a command whose output finds no room; return its exit status."""
    with Path("/dev/full").open("wb") as full:
        return subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60).returncode


async def test_marks_that_the_disk_did_not_take_are_not_given_out(
    means: Callable[..., Means], config: CentralConfig
) -> None:
    own = means("power", {"names": {"ar": "ك", "en": "P"}})
    vault = own.ring.vault()
    async with own.engine.begin() as connection:
        await file.take_debts(connection, vault, "power", "new", HEAD + "7,A,D-1,,100,SYP,new,\n")
    await BILLERS["file"](own).mark(mark(amount=100))
    where = ["--data", str(config.data_dir)]
    if config.is_postgres:
        where += ["--database", config.database_url.replace("+asyncpg", "")]
    command = [sys.executable, "-m", "central", "payments", "give-out", "power", *where]
    assert await asyncio.to_thread(onto_a_full_disk, command) != 0
    async with own.engine.begin() as connection:
        assert "D-1," in await file.give_marks(connection, vault, "power")
