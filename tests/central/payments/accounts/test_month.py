"""The month's report says what was paid at a centre and what became of it, and names no subscriber."""

from sqlalchemy import select

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.insight.reports.month import count_month, together
from central.insight.reports.sheets import report_of
from tests.central.payments.accounts.day_of import paid, today
from tests.central.payments.accounts.test_refunds import due
from tests.central.payments.conftest import SUBSCRIBER, Town


async def test_a_month_has_what_was_entered_and_what_is_open(town: Town) -> None:
    await due(town)
    town.biller.owe("7654321", "D-2", 700)
    bill = await town.bill("7654321")
    said = await town.opened(bill["bill"])
    town.wallet.pay(said["answer"]["bill_no"])
    await town.tell(said["answer"]["bill_no"])
    await town.until(said["answer"]["payment"], "marked")
    ((centre,),) = await town.stage.all(select(kiosks.c.centre))
    month = await count_month(town.stage.engine, centre, today()[:7])
    for one in (month, together([month])):
        report = report_of(one, {}, "en", clock.now())
        (sheet,) = [one for one in report.sheets if one.key == "payments"]
        (row,) = sheet.rows
        assert row[2:] == (2, 1, "7 new Syrian pounds", 0, None, 1, "125 new Syrian pounds")
        assert SUBSCRIBER not in str(report)


async def test_another_centre_s_month_has_none_of_it(town: Town) -> None:
    await paid(town)
    month = await count_month(town.stage.engine, "homs-new", today()[:7])
    assert month.payments == {}
